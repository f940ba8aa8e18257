//! Who does what is recorded.

/// The account, the machine and the program of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The machine's name.
    pub host: String,
    /// The operating system's name for the account, which no variable of the environment changes.
    pub account: String,
    /// The program and its version.
    pub program: String,
}

impl Who {
    /// This process, which is of this program.
    pub fn of_this_process(program: &str) -> Self {
        let unknown = |_| "unknown".to_owned();
        Self {
            host: whoami::fallible::hostname().unwrap_or_else(unknown),
            account: whoami::fallible::username().unwrap_or_else(unknown),
            program: program.to_owned(),
        }
    }
}
