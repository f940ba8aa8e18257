//! Where configuration and data lie on this platform.

use std::path::PathBuf;

use conversation::{Failure, FailureCode};

/// The folders of one profile.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Holds `config.toml`, which a person or an administrator may write.
    pub config: PathBuf,
    /// Holds the vault and the encrypted history.
    pub data: PathBuf,
}

/// The platform names no home for this user.
#[derive(Debug, thiserror::Error)]
#[error("there is no home folder; set BUREAU_CONFIG_DIR and BUREAU_DATA_DIR to two folders")]
pub struct NoFolders;

impl From<NoFolders> for Failure {
    fn from(error: NoFolders) -> Self {
        Failure::new(FailureCode::Configuration, error.to_string())
    }
}

impl Folders {
    /// `BUREAU_CONFIG_DIR` and `BUREAU_DATA_DIR` where set, the platform's folders otherwise
    /// (XDG on Linux, Application Support on macOS, AppData on Windows).
    ///
    /// # Errors
    /// [`NoFolders`] if neither says where.
    pub fn from_environment() -> Result<Self, NoFolders> {
        let platform = directories::ProjectDirs::from("", "", "bureau");
        let folder = |name: &str, platform: Option<PathBuf>| {
            std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from).or(platform)
        };
        let config = platform.as_ref().map(|p| p.config_dir().to_owned());
        let data = platform.as_ref().map(|p| p.data_local_dir().to_owned());
        Ok(Self {
            config: folder("BUREAU_CONFIG_DIR", config).ok_or(NoFolders)?,
            data: folder("BUREAU_DATA_DIR", data).ok_or(NoFolders)?,
        })
    }

    /// The configuration's file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The history's file.
    pub fn history_file(&self) -> PathBuf {
        self.data.join("history.db")
    }
}
