//! `vault.json` and what lies beside it on the disk: written whole or not at all, readable by its
//! owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::VaultError;
use crate::slot::Contents;

const NAME: &str = "vault.json";
const LOCK: &str = "vault.lock";
/// No vault that Bureau writes comes near this.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// The vault's contents; `None` if there is no vault.
pub(crate) fn read(folder: &Path) -> Result<Option<Contents>, VaultError> {
    let file = folder.join(NAME);
    match fs::metadata(&file) {
        Ok(metadata) if metadata.len() > SIZE_LIMIT => {
            return Err(VaultError::Damaged("it is far too large".to_owned()));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(VaultError::Storage { file, source }),
    }
    let bytes = fs::read(&file).map_err(|source| VaultError::Storage { file, source })?;
    Contents::parse(&bytes).map(Some)
}

/// Puts the contents in place of the file's. A crash leaves the old file or the new one whole.
pub(crate) fn write(folder: &Path, contents: &Contents) -> Result<(), VaultError> {
    let json = serde_json::to_vec_pretty(contents)
        .map_err(|error| VaultError::Damaged(error.to_string()))?;
    replace(folder, NAME, &json)
}

/// Puts these bytes in place of a file's, whole or not at all. The caller holds the lock.
pub(crate) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let temporary = folder.join(format!("{name}.new"));
    let failed = |file: PathBuf| move |source| VaultError::Storage { file, source };
    write_durably(&temporary, bytes).map_err(failed(temporary.clone()))?;
    let file = folder.join(name);
    fs::rename(&temporary, &file).map_err(failed(file))?;
    sync_folder(folder).map_err(failed(folder.to_owned()))
}

/// Takes the file away, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<(), VaultError> {
    let file = folder.join(NAME);
    match fs::remove_file(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(VaultError::Storage { file, source }),
        Ok(()) => sync_folder(folder)
            .map_err(|source| VaultError::Storage { file: folder.to_owned(), source }),
    }
}

/// Keeps other processes from changing the vault until the file is dropped. Makes the folder,
/// for its owner alone.
pub(crate) fn lock(folder: &Path) -> Result<File, VaultError> {
    let failed = |file: &Path| {
        let file = file.to_owned();
        move |source| VaultError::Storage { file, source }
    };
    make_private_folder(folder).map_err(failed(folder))?;
    let name = folder.join(LOCK);
    let file = private().truncate(false).open(&name).map_err(failed(&name))?;
    file.lock().map_err(failed(&name))?;
    Ok(file)
}

fn write_durably(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().truncate(true).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the rename itself survive a loss of power. Windows has no such call and needs none.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
