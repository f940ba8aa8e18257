//! A profile of its own for each test, and the built programs run on it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::Endpoint;

/// The passphrase of every test's history.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// Folders that only one test knows, and that vanish with it.
pub struct Profile {
    root: TempDir,
}

/// What a program printed, and how it ended.
#[derive(Debug)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
}

impl Output {
    /// Its lines as JSON.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect()
    }

    /// Itself, if the program ended well.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::new()
    }
}

impl Profile {
    /// Empty folders, and a file with the passphrase.
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["config", "data", "home", "cache", "tmp", "runtime"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        let profile = Self { root };
        std::fs::write(profile.passphrase_file(), format!("{PASSPHRASE}\n")).unwrap();
        profile
    }

    /// The folder that holds all the others.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// The file that `BUREAU_PASSPHRASE_FILE` names.
    pub fn passphrase_file(&self) -> PathBuf {
        self.root().join("passphrase")
    }

    /// Writes a `config.toml` with this endpoint and this default model.
    pub fn configure_endpoint(&self, endpoint: &Endpoint, model: &str) {
        let address = endpoint.address();
        self.configure(&format!(
            "[settings]\nmodel = \"{model}\"\n[endpoints.work]\naddress = \"{address}\"\n"
        ));
    }

    /// Writes `config.toml`.
    pub fn configure(&self, toml: &str) {
        std::fs::write(self.root().join("config/config.toml"), toml).unwrap();
    }

    /// Writes the organisation's policy, for every program that is started from then on.
    pub fn govern(&self, toml: &str) {
        std::fs::write(self.policy_file(), toml).unwrap();
    }

    fn policy_file(&self) -> PathBuf {
        self.root().join("policy.toml")
    }

    /// A command on this profile, without the session's keychain and without any of the
    /// caller's own settings.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BUREAU_") {
                command.env_remove(name);
            }
        }
        command
            .env("BUREAU_CONFIG_DIR", self.root().join("config"))
            .env("BUREAU_DATA_DIR", self.data())
            .env("BUREAU_PASSPHRASE_FILE", self.passphrase_file())
            .env("HOME", self.root().join("home"))
            .env("XDG_CACHE_HOME", self.root().join("cache"))
            .env("XDG_RUNTIME_DIR", self.root().join("runtime"))
            .env("TMPDIR", self.root().join("tmp"))
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("NO_PROXY", "127.0.0.1,localhost");
        if self.policy_file().exists() {
            command.env("BUREAU_POLICY_FILE", self.policy_file());
        }
        command
    }

    /// The terminal program with these arguments, nothing on its standard input.
    pub fn bureau(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(program("bureau"));
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs the terminal program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(&mut self.bureau(arguments))
    }

    /// The same, with the endpoint at this address.
    pub fn run_with(&self, endpoint: &str, arguments: &[&str]) -> Output {
        finish(
            self.bureau(arguments).env("BUREAU_ENDPOINT", endpoint).env("BUREAU_MODEL", "scripted"),
        )
    }

    /// Runs the terminal program with this text on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.bureau(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        output_of(child.wait_with_output().unwrap())
    }
}

/// Runs a command to its end.
fn finish(command: &mut Command) -> Output {
    output_of(command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")))
}

fn output_of(output: std::process::Output) -> Output {
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// Sends a process the signal of Ctrl-C.
pub fn interrupt(process: u32) {
    let sent = Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(sent.unwrap().success());
}

/// The workspace's folder.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A program of the workspace, built beside this test.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is not built: run `cargo build --workspace --bins`",
        program.display()
    );
    program
}
