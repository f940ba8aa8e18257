//! Where a policy lies on this platform.

use std::path::{Path, PathBuf};

use crate::{Policy, PolicyError, store};

/// Names a policy's file, which is heeded only where there is no managed policy: so it can forbid,
/// and cannot take away what is forbidden.
pub const POLICY_FILE_VARIABLE: &str = "BUREAU_POLICY_FILE";

/// The files that only an administrator can write, and that hold the policy of this machine where
/// the system itself keeps none (macOS by configuration profiles, Windows by Group Policy).
pub fn managed_files() -> [PathBuf; 2] {
    let folder = if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/bureau")
    } else if cfg!(windows) {
        std::env::var_os("ProgramData")
            .map_or_else(|| r"C:\ProgramData".into(), PathBuf::from)
            .join("bureau")
    } else {
        PathBuf::from("/etc/bureau")
    };
    [folder.join("policy.toml"), folder.join("policy.json")]
}

impl Policy {
    /// The policy of this machine; the default one where there is none.
    ///
    /// # Errors
    /// [`PolicyError`] where there is one that cannot be used: then no program may go on.
    pub fn of_this_machine() -> Result<Self, PolicyError> {
        let named = std::env::var_os(POLICY_FILE_VARIABLE).filter(|name| !name.is_empty());
        let files = managed_files();
        // What the system keeps goes before a file, and is never put together with one: a rule that
        // is in only one of them would be missed.
        match store::kept()? {
            Some(policy) => Ok(policy),
            None => Self::of_files(&files, named.map(PathBuf::from).as_deref()),
        }
    }

    /// The policy of these managed files, or else of the one that is named.
    fn of_files(managed: &[PathBuf; 2], named: Option<&Path>) -> Result<Self, PolicyError> {
        let there = |file: &Path| {
            file.try_exists()
                .map_err(|source| PolicyError::Unreadable { file: file.to_owned(), source })
        };
        let [first, second] = managed;
        match (there(first)?, there(second)?, named) {
            (true, true, _) => {
                Err(PolicyError::Ambiguous { first: first.clone(), second: second.clone() })
            }
            (true, false, _) => Self::read(first),
            (false, true, _) => Self::read(second),
            (false, false, Some(file)) if there(file)? => Self::read(file),
            (false, false, Some(file)) => Err(PolicyError::Missing { file: file.to_owned() }),
            (false, false, None) => Ok(Self::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn version(managed: &[PathBuf; 2], named: Option<&Path>) -> Result<u64, PolicyError> {
        Policy::of_files(managed, named).map(|policy| policy.version)
    }

    #[test]
    fn the_managed_policy_goes_before_one_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let managed = ["policy.toml", "policy.json"].map(|name| folder.path().join(name));
        let named = folder.path().join("named.toml");
        assert_eq!(version(&managed, None).unwrap(), 0);
        assert!(matches!(version(&managed, Some(&named)), Err(PolicyError::Missing { .. })));
        fs::write(&named, "version = 1").unwrap();
        assert_eq!(version(&managed, Some(&named)).unwrap(), 1);
        fs::write(&managed[1], r#"{"version": 2}"#).unwrap();
        assert_eq!(version(&managed, Some(&named)).unwrap(), 2);
        fs::write(&managed[0], "version = 3").unwrap();
        assert!(matches!(version(&managed, None), Err(PolicyError::Ambiguous { .. })));
    }

    #[test]
    fn a_managed_policy_with_a_mistake_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let managed = ["policy.toml", "policy.json"].map(|name| folder.path().join(name));
        let named = folder.path().join("named.toml");
        fs::write(&named, "version = 1").unwrap();
        fs::write(&managed[0], "versoin = 3").unwrap();
        assert!(matches!(version(&managed, Some(&named)), Err(PolicyError::Malformed { .. })));
        fs::remove_file(&managed[0]).unwrap();
        fs::create_dir(&managed[0]).unwrap();
        assert!(matches!(version(&managed, Some(&named)), Err(PolicyError::Unreadable { .. })));
    }
}
