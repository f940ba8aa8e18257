//! What the operating system must provide.

use std::path::Path;
use std::process::Command;

use crate::process::{self, Problem};

/// What a package is called where.
struct Package {
    debian: &'static str,
    fedora: &'static str,
}

const fn package(debian: &'static str, fedora: &'static str) -> Package {
    Package { debian, fedora }
}

/// To build the terminal program and fetch its model.
const TERMINAL: &[Package] = &[
    package("build-essential", "gcc-c++"),
    package("pkg-config", "pkgconf-pkg-config"),
    package("cmake", "cmake"),
    package("clang", "clang"),
    package("libclang-dev", "clang-devel"),
    package("perl", "perl"),
    package("python3", "python3"),
];

/// To build and open the window, besides.
const WINDOW: &[Package] = &[
    package("libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel"),
    package("xvfb", "xorg-x11-server-Xvfb"),
    package("webkit2gtk-driver", "webkit2gtk-driver"),
];

/// To test everything, besides.
const TESTS: &[Package] = &[
    package("chromium", "chromium"),
    package("dbus", "dbus-daemon"),
    package("gnome-keyring", "gnome-keyring"),
    package("fonts-dejavu-core", "dejavu-sans-fonts"),
    package("bsdutils", "util-linux-script"),
    package("libreoffice-writer-nogui", "libreoffice-writer"),
    package("libreoffice-impress-nogui", "libreoffice-impress"),
    package("libreoffice-calc-nogui", "libreoffice-calc"),
    package("poppler-utils", "poppler-utils"),
    package("rsyslog", "rsyslog"),
    package("rsyslog-gnutls", "rsyslog-gnutls"),
    package("rsyslog-openssl", "rsyslog-openssl"),
    package("age", "age"),
    // A smart card without a card, and certificates as others make them.
    package("softhsm2", "softhsm"),
    package("openssl", "openssl"),
];

/// To make packages, besides what the window needs.
const PACKAGES: &[Package] = &[
    package("dpkg-dev", "dpkg-dev"),
    package("rpm", "rpm-build"),
    package("xz-utils", "xz"),
    package("appstream", "appstream"),
    package("desktop-file-utils", "desktop-file-utils"),
];

/// To install them in a system that is made for it, besides.
const INSTALLATION: &[Package] =
    &[package("debootstrap", "debootstrap"), package("xdotool", "xdotool")];

/// What the packages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The terminal program.
    Terminal,
    /// The window.
    Window,
    /// The tests.
    Tests,
    /// Making packages.
    Packages,
    /// The test that installs them.
    Installation,
}

/// Installs what is missing for this purpose, or says what to install.
pub fn install(purpose: Purpose) -> Result<(), Problem> {
    if !cfg!(target_os = "linux") {
        require_programs()?;
        return Ok(());
    }
    let mut packages: Vec<&Package> = TERMINAL.iter().collect();
    if purpose != Purpose::Terminal {
        packages.extend(WINDOW);
    }
    if purpose == Purpose::Tests {
        packages.extend(TESTS);
    }
    if matches!(purpose, Purpose::Packages | Purpose::Installation) {
        packages.extend(PACKAGES);
    }
    if purpose == Purpose::Installation {
        packages.extend(INSTALLATION);
    }
    if Path::new("/usr/bin/apt-get").exists() {
        let mut names: Vec<_> = packages.iter().map(|p| p.debian).collect();
        names.extend(pip());
        names.extend(venv(purpose));
        let missing =
            missing(names, "dpkg-query", &["-W", "-f", "${db:Status-Status}"], "installed");
        return apt(&missing);
    }
    if Path::new("/usr/bin/dnf").exists() {
        let mut names: Vec<_> = packages.iter().map(|p| p.fedora).collect();
        names.extend(pip());
        let missing = missing(names, "rpm", &["-q"], "");
        return as_root("dnf", &["install", "-y"], &missing);
    }
    let names: Vec<_> = packages.iter().map(|p| p.debian).collect();
    eprintln!(
        "▸ this system has neither apt nor dnf; please install what Debian calls: {}",
        names.join(" ")
    );
    require_programs()
}

/// Python's installer, which Debian and Fedora pack apart; a Python from elsewhere brings it.
fn pip() -> Option<&'static str> {
    (!process::answers("python3", &["-m", "pip", "--version"])).then_some("python3-pip")
}

/// What makes Python's environments, which Debian alone packs apart.
fn venv(purpose: Purpose) -> Option<&'static str> {
    let there = || process::answers("python3", &["-c", "import ensurepip"]);
    (purpose == Purpose::Tests && !there()).then_some("python3-venv")
}

fn missing(names: Vec<&str>, program: &str, query: &[&str], installed: &str) -> Vec<String> {
    let is_missing = |name: &&str| {
        let output = Command::new(program).args(query).arg(name).output();
        !output.is_ok_and(|o| {
            o.status.success() && String::from_utf8_lossy(&o.stdout).starts_with(installed)
        })
    };
    names.into_iter().filter(is_missing).map(str::to_owned).collect()
}

fn apt(missing: &[String]) -> Result<(), Problem> {
    if missing.is_empty() {
        return as_root("apt-get", &[], missing);
    }
    // Old lists name packages that are gone; where they cannot be brought up to date, the
    // installation says so.
    let mut update = root_command("apt-get");
    let _ = process::succeeds(update.args(["update", "-q"]))?;
    as_root("apt-get", &["install", "-y", "-q", "--no-install-recommends"], missing)
}

fn as_root(program: &str, arguments: &[&str], missing: &[String]) -> Result<(), Problem> {
    let what = "system packages";
    if missing.is_empty() {
        process::skipped(what);
        return Ok(());
    }
    let list = missing.join(" ");
    let advice = format!("install them yourself and try again: {list}");
    let mut command = root_command(program);
    process::step(&format!("{what} ({list})"), command.args(arguments).args(missing), &advice)
}

/// A program that is run as root.
pub fn root_command(program: &str) -> Command {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    let mut command = process::command(if is_root { program } else { "sudo" });
    if !is_root {
        command.arg(program);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Where packages cannot be installed for them, people are told which programs are missing.
fn require_programs() -> Result<(), Problem> {
    let missing: Vec<_> = ["cmake", "clang", "python3"]
        .into_iter()
        .filter(|p| !process::answers(p, &["--version"]))
        .collect();
    if missing.is_empty() {
        process::skipped("system packages");
        return Ok(());
    }
    Err(Problem(format!("please install {} and try again", missing.join(", "))))
}
