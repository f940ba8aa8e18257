//! The packages in a clean Debian: installed, used, upgraded and taken away again.

mod screen;
mod system;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use system::{PERSON, System};

use crate::display::Display;
use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::{model, package};

/// What the packages are upgraded from: the same programs under a lower version.
const PREVIOUS: &str = "0.0.1";
const QUESTION: &str = "Why is the sky blue?";
/// How xdotool finds the window.
const WINDOW: [&str; 4] = ["search", "--onlyvisible", "--name", "Bureau"];
/// What the window is asked: another question each time, since all stay in the history.
const WINDOW_QUESTIONS: [&str; 3] = ["Is grass green?", "Is snow white?", "Is coal black?"];
/// A page with its text has more than a thousand; an empty window has few.
const COLOURS: usize = 300;
/// A policy that an administrator has put there.
const POLICY: &str = "etc/bureau/policy.toml";
/// Each shell, and what has it complete `bureau summ` by what a package has put where it looks.
const SHELLS: [(&str, &str); 3] = [
    (
        "bash",
        r#"
. /usr/share/bash-completion/completions/bureau
COMP_WORDS=(bureau summ) COMP_CWORD=1
_bureau bureau summ bureau
echo "${COMPREPLY[@]}"
"#,
    ),
    // It completes only in a terminal.
    (
        "zsh",
        r#"
zmodload zsh/zpty
zpty shell 'TERM=dumb zsh -fi'
zpty -w shell 'autoload -U compinit; compinit -D; echo rea''dy'
zpty -r -m shell seen '*ready*'
zpty -n -w shell $'bureau summ\t'
zpty -r -m shell seen '*summarize*'
echo "$seen"
"#,
    ),
    ("fish", "complete -C 'bureau summ'"),
];

/// Goes through the life of an installation, and tells each thing that held.
pub fn check(held: &mut dyn FnMut(String)) -> Result<(), Problem> {
    packages::install(Purpose::Installation)?;
    let newest = package::make()?;
    let previous = package::debs_of(PREVIOUS)?;

    let system = System::make(package::folder().join("clean-debian"))?;
    let before = files(&system)?;
    system.write(&format!("home/{PERSON}/passphrase"), "an installed passphrase", "644")?;
    system.write(POLICY, "", "644")?;
    system.output("apt-get", &["update", "-q"])?;
    // A desktop has a bus for its programs; Bash every system has.
    let others = ["dbus", "zsh", "fish"];
    let quietly = ["install", "-y", "-q", "--no-install-recommends"];
    system.output("apt-get", &[&quietly[..], &others].concat())?;

    install(&system, &previous)?;
    expect(version(&system)? == PREVIOUS, "the previous version was not installed")?;
    held("it installs in a clean Debian".to_owned());
    integration(&system)?;
    held("the desktop entry opens bureau:// links; the manual is there".to_owned());
    completions(&system)?;
    held("bash, zsh and fish complete the commands".to_owned());

    let answer = ask(&system)?;
    let beginning: String = answer.chars().take(60).collect();
    held(format!("the built-in model answers: {beginning}…"));
    let [first, upgraded, of_rpm] = WINDOW_QUESTIONS;
    let colours = window(&system, first)?;
    held(format!(
        "the window opens, shows its page ({colours} colours), and keeps what it is asked"
    ));

    install(&system, &newest.debs)?;
    expect(version(&system)? == package::VERSION, "the newest version was not installed")?;
    let kept = system.output_of_person("bureau", &["history", "search", "sky"])?;
    expect(kept.contains(QUESTION), "the history is gone after the upgrade")?;
    system.output_of_person("bureau", &["history", "verify"])?;
    ask(&system)?;
    window(&system, upgraded)?;
    held(format!(
        "upgraded from {PREVIOUS}, it still has its history, answers and opens its window"
    ));

    system.output("apt-get", &["purge", "-y", "-q", "bureau", "bureau-model"])?;
    let left = left(&system, &before)?;
    let forgotten = forgotten(&left);
    expect(forgotten.is_empty(), &format!("purging leaves {}", forgotten.join(", ")))?;
    expect(system.path(POLICY).is_file(), "purging takes the organisation's policy away")?;
    expect(left.iter().any(|file| file.contains("/home/")), "purging takes histories away")?;
    held("purged, nothing of it is left but the person's history and the policy".to_owned());

    rpms(&system, &newest.rpms, &before, of_rpm)?;
    held(
        "the .rpm’s programs open the same history and a window; erased, they leave nothing"
            .to_owned(),
    );

    let size = package::size(&newest.debs[0]);
    expect(size < package::BOUND, &format!("the .deb takes {size} bytes without the model"))?;
    held(format!("the .deb takes {size} bytes without the model"));
    Ok(())
}

fn install(system: &System, packages: &[PathBuf]) -> Result<(), Problem> {
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    let mut places = Vec::new();
    for package in packages {
        let name = package.file_name().unwrap_or_default().to_string_lossy();
        let place = format!("/srv/{name}");
        system.copy(package, &place, "644")?;
        places.push(place);
    }
    arguments.extend(places.iter().map(String::as_str));
    system.output("apt-get", &arguments)?;
    for place in &places {
        system.output("rm", &[place])?;
    }
    Ok(())
}

/// The same programs by the other packages. What these would depend on is there, by Debian's names.
fn rpms(
    system: &System,
    packages: &[PathBuf],
    before: &[String],
    question: &str,
) -> Result<(), Problem> {
    system.output("apt-get", &["install", "-y", "-q", "--no-install-recommends", "rpm"])?;
    let rpm = |arguments: &[&str]| {
        let ours = ["--force-debian", "--nodeps"];
        system.output("rpm", &[&ours[..], arguments].concat())
    };
    for package in packages {
        system.copy(package, "/srv/package.rpm", "644")?;
        rpm(&["--install", "/srv/package.rpm"])?;
        system.output("rm", &["/srv/package.rpm"])?;
    }
    integration(system)?;
    completions(system)?;
    let kept = system.output_of_person("bureau", &["history", "search", "sky"])?;
    expect(kept.contains(QUESTION), "the programs of the .rpm do not open the history")?;
    ask(system)?;
    window(system, question)?;
    rpm(&["--erase", "bureau", "bureau-model"])?;
    let forgotten = forgotten(&left(system, before)?);
    expect(forgotten.is_empty(), &format!("erasing leaves {}", forgotten.join(", ")))
}

/// What is there that was not before anything was installed.
fn left(system: &System, before: &[String]) -> Result<Vec<String>, Problem> {
    Ok(files(system)?.into_iter().filter(|file| !before.contains(file)).collect())
}

/// What of it is neither the person's nor the organisation's.
fn forgotten(left: &[String]) -> Vec<String> {
    let ours = |file: &&String| {
        !file.starts_with(&format!("/home/{PERSON}/")) && !file.starts_with("/etc/bureau")
    };
    left.iter().filter(ours).cloned().collect()
}

fn version(system: &System) -> Result<String, Problem> {
    system.output("dpkg-query", &["-W", "-f", "${Version}", "bureau"])
}

fn integration(system: &System) -> Result<(), Problem> {
    let entry = fs::read_to_string(system.path("usr/share/applications/io.bureau.desktop.desktop"));
    let entry = entry.unwrap_or_default();
    expect(entry.contains("MimeType=x-scheme-handler/bureau;"), "links have no desktop entry")?;
    let page = system.path("usr/share/man/man1/bureau-ask.1");
    expect(page.is_file(), &format!("{} is missing", page.display()))
}

/// Asks each shell itself: its file could lie where it does not look, or be none that it reads.
fn completions(system: &System) -> Result<(), Problem> {
    for (shell, script) in SHELLS {
        let shown = system.output_of_person("timeout", &["30", shell, "-c", script])?;
        let offered = shown.contains("summarize");
        expect(offered, &format!("{shell} completes no command of bureau: {shown}"))?;
    }
    Ok(())
}

fn ask(system: &System) -> Result<String, Problem> {
    let model = ["ask", "--model", model::NAME, QUESTION];
    let answer = system.output_of_person("bureau", &model)?;
    expect(answer.chars().count() > 20, &format!("the built-in model's answer is “{answer}”"))?;
    Ok(answer)
}

/// Opens the window, waits until a page is shown in it, and asks there as a person would: colours
/// an error has as well, but only Bureau's own page, at work, brings the question into the history.
/// Gives how many colours the page has.
fn window(system: &System, question: &str) -> Result<usize, Problem> {
    let folder = package::folder().join("display");
    fs::create_dir_all(&folder)
        .map_err(|error| Problem(format!("{} cannot be made: {error}", folder.display())))?;
    let display = Display::pictured(&folder)?;
    let picture = folder.join("Xvfb_screen0");
    expect(screen::colours(&picture) < COLOURS, "something is shown before the window is")?;
    let mut program =
        system.start(&display.variables(), &["dbus-run-session", "--", "bureau-desktop"])?;
    let begun = Instant::now();
    let (mut shown, mut asked) = (0, false);
    while begun.elapsed() < Duration::from_secs(90) && !asked {
        std::thread::sleep(Duration::from_millis(500));
        if !is_open(&display) {
            continue;
        }
        shown = screen::colours(&picture);
        if shown >= COLOURS {
            // What is typed too early is lost.
            type_in(&display, question)?;
            asked = is_kept(system, question)?;
        }
    }
    let _ = program.kill();
    let _ = program.wait();
    expect(shown >= COLOURS, &format!("the window shows no page ({shown} colours)"))?;
    expect(asked, "what is typed in the window does not come into the history")?;
    Ok(shown)
}

/// Types a question into the window, and sends it.
fn type_in(display: &Display, question: &str) -> Result<(), Problem> {
    let mut xdotool = command("xdotool");
    display.on(xdotool.args(WINDOW).args(["windowfocus", "--sync"]));
    process::output(xdotool.args(["type", "--args", "1", question, "key", "Return"])).map(drop)
}

/// Whether a question is in the history within a few moments.
fn is_kept(system: &System, question: &str) -> Result<bool, Problem> {
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(500));
        if system.output_of_person("bureau", &["history", "search", question])?.contains(question) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_open(display: &Display) -> bool {
    let mut xdotool = command("xdotool");
    display.on(xdotool.args(WINDOW));
    process::output(&mut xdotool).is_ok_and(|windows| !windows.is_empty())
}

/// Every file and folder with the program's name, and so all that could be left of it.
fn files(system: &System) -> Result<Vec<String>, Problem> {
    let found = system.output("find", &["/", "-xdev", "-name", "*bureau*"])?;
    Ok(found.lines().map(str::to_owned).collect())
}

fn expect(holds: bool, otherwise: &str) -> Result<(), Problem> {
    if holds { Ok(()) } else { Err(Problem(otherwise.to_owned())) }
}
