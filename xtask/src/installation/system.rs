//! A clean Debian, of nothing but what every Debian has, in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::packages::root_command;
use crate::process::{self, Problem, command, not_started};

/// Who works there.
pub const PERSON: &str = "person";

/// Gives a program, in a world of processes and mounts that ends with it, what a system would.
const ENTER: &str = r#"
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
mkdir -p "$0/tmp/.X11-unix"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"; fi
exec chroot "$@"
"#;

/// The system; its folder goes with this.
pub struct System {
    root: PathBuf,
}

impl System {
    /// Makes one of this machine's release, from the mirror that this machine uses.
    pub fn make(root: PathBuf) -> Result<Self, Problem> {
        let (mirror, release) = mirror()?;
        let system = Self { root };
        system.remove()?;
        let mut debootstrap = root_command("debootstrap");
        debootstrap.args(["--variant=minbase", &release]).arg(&system.root).arg(mirror);
        process::step(
            "a clean Debian",
            debootstrap.stdout(Stdio::null()),
            "name a mirror in BUREAU_TEST_DEBIAN_MIRROR",
        )?;
        // No service is started in it, as in every system that is only a folder.
        system.write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", "755")?;
        system.output("useradd", &["--create-home", PERSON])?;
        Ok(system)
    }

    /// A place in it as it is seen from outside.
    pub fn path(&self, place: &str) -> PathBuf {
        self.root.join(place.trim_start_matches('/'))
    }

    /// Puts a file into it.
    pub fn copy(&self, file: &Path, place: &str, mode: &str) -> Result<(), Problem> {
        let mut install = root_command("install");
        install.args(["-D", "--mode", mode]).arg(file).arg(self.path(place));
        process::output(&mut install).map(drop)
    }

    /// Writes a file in it.
    pub fn write(&self, place: &str, text: &str, mode: &str) -> Result<(), Problem> {
        let file = self.root.with_extension("file");
        fs::write(&file, text)
            .map_err(|error| Problem(format!("{} cannot be written: {error}", file.display())))?;
        let copied = self.copy(&file, place, mode);
        let _ = fs::remove_file(&file);
        copied
    }

    /// What a program prints that its administrator runs.
    pub fn output(&self, program: &str, arguments: &[&str]) -> Result<String, Problem> {
        process::output(
            self.enter(&[])
                .args(["/usr/bin/env", "-i"])
                .args(administrator())
                .arg(program)
                .args(arguments),
        )
    }

    /// What a program prints that the person runs.
    pub fn output_of_person(&self, program: &str, arguments: &[&str]) -> Result<String, Problem> {
        process::output(self.as_person(&[]).arg(program).args(arguments))
    }

    /// Starts a program of the person, with these variables.
    pub fn start(&self, variables: &[(&str, &str)], program: &[&str]) -> Result<Child, Problem> {
        let mut command = self.as_person(variables);
        command.args(program).stdin(Stdio::null());
        command.spawn().map_err(|error| not_started(&command, &error))
    }

    fn as_person(&self, variables: &[(&str, &str)]) -> Command {
        let mut command = self.enter(&[&format!("--userspec={PERSON}:{PERSON}")]);
        command.args(["/usr/bin/env", "-i"]);
        command.args(variables.iter().map(|(name, value)| format!("{name}={value}"))).args([
            "PATH=/usr/bin:/bin",
            "LANG=C.UTF-8",
            &format!("HOME=/home/{PERSON}"),
            &format!("BUREAU_PASSPHRASE_FILE=/home/{PERSON}/passphrase"),
        ]);
        command
    }

    fn enter(&self, options: &[&str]) -> Command {
        let mut command = root_command("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER]);
        command.arg(&self.root).args(options).arg(&self.root);
        command
    }

    fn remove(&self) -> Result<(), Problem> {
        let mut rm = root_command("rm");
        rm.args(["-rf", "--one-file-system"]).arg(&self.root);
        process::output(&mut rm).map(drop)
    }
}

impl Drop for System {
    fn drop(&mut self) {
        if let Err(problem) = self.remove() {
            eprintln!("{problem}");
        }
    }
}

fn administrator() -> [&'static str; 3] {
    ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
}

/// The mirror and release that this machine takes its own packages from.
fn mirror() -> Result<(String, String), Problem> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .ok_or_else(|| Problem("only on Debian can a Debian be made".to_owned()))?;
    if let Ok(mirror) = std::env::var("BUREAU_TEST_DEBIAN_MIRROR") {
        return Ok((mirror, release.to_owned()));
    }
    let mut apt = command("apt-get");
    apt.args(["indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"]);
    let told = process::output(&mut apt)?;
    let mirrors = told.lines().filter_map(|line| line.split_once(' '));
    let found = mirrors.into_iter().find(|(_, codename)| *codename == release);
    let (mirror, release) = found.ok_or_else(|| {
        Problem("apt names no mirror of its release; BUREAU_TEST_DEBIAN_MIRROR can".to_owned())
    })?;
    Ok((mirror.to_owned(), release.to_owned()))
}
