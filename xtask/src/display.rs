//! A display that nobody looks at, for the tests of the real window.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::process::{Problem, not_started};

/// A running Xvfb; it ends with this.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts one under a number that is free.
    pub fn start() -> Result<Self, Problem> {
        Self::from(Command::new("Xvfb"))
    }

    /// The same, with what it shows kept in this folder's file `Xvfb_screen0`, as `xwd` writes it.
    pub fn pictured(folder: &Path) -> Result<Self, Problem> {
        let mut command = Command::new("Xvfb");
        command.arg("-fbdir").arg(folder);
        Self::from(command)
    }

    fn from(mut command: Command) -> Result<Self, Problem> {
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().map_err(|error| not_started(&command, &error))?;
        let mut number = String::new();
        if let Some(stdout) = server.stdout.take() {
            // An empty answer is told below.
            let _ = BufReader::new(stdout).read_line(&mut number);
        }
        match number.trim().parse::<u32>() {
            Ok(number) => Ok(Self { server, name: format!(":{number}") }),
            Err(_) => Err(Problem("Xvfb did not start; run it by hand to see why".to_owned())),
        }
    }

    /// Lets a command draw on it.
    pub fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables()).env_remove("WAYLAND_DISPLAY")
    }

    /// What a program has to be told to draw on it.
    pub fn variables(&self) -> [(&'static str, &str); 3] {
        [
            ("DISPLAY", &self.name),
            ("GDK_BACKEND", "x11"),
            // There is no graphics card to share buffers with.
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ]
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
