//! A real OpenID Connect provider (`oidc/provider.js`) with a model endpoint that wants its tokens,
//! and a person in a browser (`oidc/browser.js`).

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::profile::workspace;

/// A provider and its endpoint, until it is dropped.
pub struct Oidc {
    node: Child,
    /// It also writes warnings there, and would end if nobody could read them.
    _told: BufReader<ChildStdout>,
    /// The provider's issuer.
    pub issuer: String,
    /// The base address of the endpoint.
    pub endpoint: String,
}

impl Oidc {
    /// What it knows Bureau by.
    pub const CLIENT: &str = "bureau";

    /// Starts one; `options` are those of `provider.js`.
    pub fn start(options: &Value) -> Self {
        let mut node = node("provider.js")
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node; cargo xtask test installs it with oidc-provider");
        let mut line = String::new();
        let mut stdout = BufReader::new(node.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line)
            .expect("the provider starts; `npm ci` in tests/oidc installs what it needs");
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { node, _told: stdout, issuer: text("issuer"), endpoint: text("endpoint") }
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

/// A person signs in at this address; `options` are those of `browser.js`. Gives what came of it.
pub fn browse(address: &str, options: &Value) -> Value {
    let output = node("browser.js").args([address, &options.to_string()]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// A folder with an `xdg-open` that signs in as a person would. To be the first of `PATH`.
pub fn browser_script() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("xdg-open");
    let browser = file("browser.js");
    std::fs::write(&script, format!("#!/bin/sh\nexec node '{}' \"$1\"\n", browser.display()))
        .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn file(name: &str) -> PathBuf {
    workspace().join("tests/oidc").join(name)
}

fn node(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(file(name));
    command
}
