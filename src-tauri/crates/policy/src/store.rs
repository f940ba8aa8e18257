//! Where the system itself keeps what an administrator decides, beside the managed files.

use crate::{Policy, PolicyError};

/// What the system keeps; `None` where it keeps nothing for Bureau.
#[cfg(not(any(windows, target_os = "macos")))]
pub(crate) fn kept() -> Result<Option<Policy>, PolicyError> {
    Ok(None)
}

/// What Group Policy or another administrator's tool wrote into the registry, where only
/// administrators can write.
#[cfg(windows)]
pub(crate) fn kept() -> Result<Option<Policy>, PolicyError> {
    use windows_registry::LOCAL_MACHINE;

    const PATH: &str = r"SOFTWARE\Policies\Bureau";
    let origin = format!(r"HKEY_LOCAL_MACHINE\{PATH}");
    let malformed = |error: windows_registry::Result<()>| PolicyError::Malformed {
        origin: origin.clone(),
        problem: error.err().map(|error| error.message()).unwrap_or_default(),
    };
    let key = match LOCAL_MACHINE.open(PATH) {
        Ok(key) => read(&key).map_err(|error| malformed(Err(error)))?,
        // HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)
        Err(error) if error.code().0 as u32 == 0x8007_0002 => return Ok(None),
        Err(error) => return Err(malformed(Err(error))),
    };
    if key.values.is_empty() && key.keys.is_empty() {
        return Ok(None);
    }
    Policy::of_registry(&origin, key).map(Some)
}

#[cfg(windows)]
fn read(key: &windows_registry::Key) -> windows_registry::Result<crate::registry::Key> {
    use windows_registry::Type;

    use crate::registry::{Entry, Key};

    let mut whole = Key::default();
    for (name, value) in key.values()? {
        let entry = match value.ty() {
            Type::U32 | Type::U64 => Entry::Number(key.get_u64(&name)?),
            Type::MultiString => Entry::Texts(key.get_multi_string(&name)?),
            _ => Entry::Text(key.get_string(&name)?),
        };
        whole.values.insert(name, entry);
    }
    for name in key.keys()? {
        let inner = read(&key.open(&name)?)?;
        whole.keys.insert(name, inner);
    }
    Ok(whole)
}

/// What a configuration profile of macOS set.
#[cfg(target_os = "macos")]
pub(crate) fn kept() -> Result<Option<Policy>, PolicyError> {
    let file = std::path::Path::new("/Library/Managed Preferences/io.bureau.desktop.plist");
    let malformed =
        |problem: String| PolicyError::Malformed { origin: file.display().to_string(), problem };
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(PolicyError::Unreadable { file: file.to_owned(), source }),
    };
    let policy: Policy = plist::from_bytes(&text).map_err(|error| malformed(error.to_string()))?;
    policy.checked().map(Some).map_err(malformed)
}
