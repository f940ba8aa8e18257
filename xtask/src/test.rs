//! `cargo xtask test`: everything that must hold before a change lands.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::display::Display;
use crate::packages::{self, Purpose};
use crate::process::{Problem, command, not_started};
use crate::tools::{self, DENY, NEXTEST, TAURI_DRIVER};
use crate::{installation, model, python, ui, workspace};

/// The first words of the checks' names, by which some of them can be chosen.
const PARTS: &[&str] = &["format", "licences", "clippy", "page", "build", "rust"];
/// Chooses what takes long, too: all of it, where no part is named.
const FULL: &str = "--full";
/// The parts that only [`FULL`] has.
const FULL_PARTS: &[&str] = &["languages", "installation"];
/// Where the last full run is told.
const REPORT: &str = "docs/full-test.md";
/// What stands above it there.
const HEAD: &str = "# The last full test\n\nWritten by `cargo xtask test --full`. Each part stands as it came out when it \
    was last run; one that never was is not named.\n";

/// How one group of checks came out.
struct Outcome {
    name: &'static str,
    told: Told,
    seconds: u64,
}

/// What a runner's output tells.
#[derive(Default)]
struct Told {
    passed: u32,
    failed: u32,
    /// Of those that passed, how many only did so at a second try.
    flaky: u32,
    /// What held, of checks that say it themselves.
    held: Vec<String>,
    /// The lines that say what failed, to be repeated where they are looked for: at the end.
    failures: Vec<String>,
}

impl Told {
    /// So many lines say enough; the rest stands where it was printed.
    const MOST_FAILURES: usize = 20;

    fn and(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        self.flaky += other.flaky;
        self.held.extend(other.held);
        self.failures.extend(other.failures);
        self
    }
}

/// Installs what is missing, runs every check even after one has failed, and tells the sum.
/// `parts` chooses among [`PARTS`]; none means all of them. After [`FULL`] there are more.
pub fn run(parts: &[&str]) -> Result<ExitCode, Problem> {
    let (full, parts) = match parts {
        [FULL, rest @ ..] => (true, rest),
        _ => (false, parts),
    };
    let known = if full { [PARTS, FULL_PARTS].concat() } else { PARTS.to_vec() };
    if let Some(unknown) = parts.iter().find(|part| !known.contains(part)) {
        let known = known.join(", ");
        return Err(Problem(format!("there is no check “{unknown}”; there are {known}")));
    }
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|p| name.starts_with(p));
    let mut outcomes = Vec::new();
    if PARTS.iter().any(|part| wanted(part)) {
        outcomes.extend(usual(&wanted)?);
    }
    if full && wanted("languages") {
        outcomes.push(spoken()?);
    }
    if full && wanted("installation") {
        outcomes.push(installed());
    }
    let table = table(&outcomes);
    println!("\n{table}");
    if full {
        report(&outcomes)?;
    }
    let failed = outcomes.iter().any(|outcome| outcome.told.failed > 0);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Keeps what a full run told where it can be read.
fn report(outcomes: &[Outcome]) -> Result<(), Problem> {
    let file = workspace::root().join(REPORT);
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    std::fs::write(&file, reported(&before, outcomes))
        .map_err(|error| Problem(format!("{} cannot be written: {error}", file.display())))
}

/// The report with these outcomes in the place of the same parts' last ones.
fn reported(before: &str, outcomes: &[Outcome]) -> String {
    let again = |part: &str| {
        outcomes.iter().any(|outcome| part.trim_start().starts_with(&format!("{} ", outcome.name)))
    };
    let mut kept = String::new();
    let mut keeps = false;
    for line in before.lines() {
        if let Some(part) = VERDICTS.iter().find_map(|verdict| line.strip_prefix(verdict)) {
            keeps = !again(part);
        } else if !line.starts_with(BELOW) {
            keeps = false;
        }
        if keeps {
            kept.extend([line, "\n"]);
        }
    }
    let new: String = outcomes.iter().flat_map(|outcome| [lines(outcome), "\n".into()]).collect();
    format!("{HEAD}\n```\n{kept}{new}```\n")
}

/// Every screen in every language: what the page's own tests do for one language each in turn.
fn spoken() -> Result<Outcome, Problem> {
    packages::install(Purpose::Tests)?;
    ui::install()?;
    let mut screens = ui::npm(&["run", "e2e", "--", "presentation.spec.ts"]);
    screens.env("BUREAU_EVERY_LANGUAGE", "1");
    outcome("languages", &mut screens, Count::Playwright)
}

/// The packages, in a clean Debian.
fn installed() -> Outcome {
    let name = "installation";
    eprintln!("\n▸ {name}");
    let begun = Instant::now();
    let mut told = Told::default();
    let checked = installation::check(&mut |what| {
        eprintln!("✓ {what}");
        told.passed += 1;
        told.held.push(what);
    });
    if let Err(Problem(problem)) = checked {
        told.failed = 1;
        told.failures.push(problem);
    }
    Outcome { name, told, seconds: begun.elapsed().as_secs() }
}

/// What `cargo xtask test` does.
fn usual(wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Outcome>, Problem> {
    packages::install(Purpose::Tests)?;
    ui::install()?;
    ui::install_provider()?;
    ui::build()?;
    model::fetch()?;
    for tool in [&NEXTEST, &DENY, &TAURI_DRIVER] {
        tools::install(tool)?;
    }
    let python = python::environment()?;
    let display = Display::start()?;

    let cargo = |arguments: &[&str]| {
        let mut cargo = command("cargo");
        cargo.args(arguments);
        cargo
    };
    let mut rust_tests = cargo(&["nextest", "run", "--workspace", "--locked", "--color", "never"]);
    display.on(tools::on(&mut rust_tests)).env("BUREAU_TEST_LLAMA_SERVER", &python);
    let licences = &["deny", "--all-features", "check", "licenses", "bans", "sources"];
    let checks = [
        ("format", cargo(&["fmt", "--all", "--check"]), Count::Whole),
        ("licences, bans, sources", cargo(licences), Count::Whole),
        (
            "clippy",
            cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
            Count::Whole,
        ),
        ("page: types", ui::npm(&["run", "check"]), Count::Whole),
        ("page: lint", ui::npm(&["run", "lint"]), Count::Whole),
        ("page: unit tests", ui::npm(&["run", "test"]), Count::Vitest),
        ("page: in Chromium", ui::npm(&["run", "e2e"]), Count::Playwright),
        // The tests start these programs. With all targets, as everywhere here: another choice
        // would choose other features of what is built from C, and build that again.
        ("build", cargo(&["build", "--workspace", "--all-targets", "--locked"]), Count::Whole),
        ("rust, the programs, the window", rust_tests, Count::Nextest),
    ];
    let mut outcomes = Vec::new();
    for (name, mut check, count) in checks.into_iter().filter(|(name, ..)| wanted(name)) {
        outcomes.push(outcome(name, tools::on(&mut check), count)?);
    }
    Ok(outcomes)
}

/// How the number of tests is read from what a runner prints.
#[derive(Clone, Copy)]
enum Count {
    /// The whole is one check.
    Whole,
    /// `Summary [ 1.2s] 10 tests run: 9 passed (1 flaky), 1 failed, 2 skipped`
    Nextest,
    /// `Tests  1 failed | 9 passed (10)`
    Vitest,
    /// `1 failed`, `1 flaky` and `9 passed (3.2s)` on lines of their own
    Playwright,
}

impl Count {
    fn concerns(self, line: &str) -> bool {
        let line = line.trim_start();
        match self {
            Self::Whole => false,
            Self::Nextest => line.starts_with("Summary ["),
            Self::Vitest => line.starts_with("Tests "),
            Self::Playwright => line.starts_with(|c: char| c.is_ascii_digit()),
        }
    }
}

fn outcome(name: &'static str, check: &mut Command, count: Count) -> Result<Outcome, Problem> {
    eprintln!("\n▸ {name}");
    let begun = Instant::now();
    check
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = check.spawn().map_err(|error| not_started(check, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors = std::thread::spawn(move || stderr.map(|s| show(s, count)).unwrap_or_default());
    let told = stdout.map(|s| show(s, count)).unwrap_or_default();
    let mut told = told.and(errors.join().unwrap_or_default());
    let status = child.wait().map_err(|error| not_started(check, &error))?;
    if matches!(count, Count::Whole) {
        told.passed = u32::from(status.success());
    }
    // A runner that ends badly without a failed test has failed itself.
    if !status.success() && told.failed == 0 {
        told.failed = 1;
    }
    Ok(Outcome { name, told, seconds: begun.elapsed().as_secs() })
}

/// Passes the output on, and gathers what it tells of passed and failed tests.
fn show(output: impl Read, count: Count) -> Told {
    let mut told = Told::default();
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // Nobody is left to tell where standard error is gone.
        let _ = std::io::stderr().write_all(&line);
        let text = String::from_utf8_lossy(&line);
        if count.concerns(&text) {
            told.passed += number_before(&text, "passed");
            told.failed += number_before(&text, "failed");
            told.flaky += number_before(&text, "flaky");
        }
        let text = text.trim();
        if says_what_failed(text) && !told.failures.iter().any(|known| known == text) {
            told.failures.push(text.to_owned());
        }
        line.clear();
    }
    told
}

/// As nextest (`FAIL [`, `TIMEOUT [`, `SIGSEGV [`), vitest (`FAIL  `), Playwright (`✘`, then
/// `Error:`) and the compilers (`error:`, `error[E0308]:`) begin such lines.
fn says_what_failed(line: &str) -> bool {
    ["FAIL", "TIMEOUT", "SIG", "✘", "Error:", "error"].iter().any(|word| line.starts_with(word))
}

fn number_before(line: &str, word: &str) -> u32 {
    let words: Vec<_> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let place = words.iter().position(|w| *w == word).unwrap_or(0);
    place.checked_sub(1).and_then(|before| words[before].parse().ok()).unwrap_or(0)
}

/// How a part came out, as its line begins.
const VERDICTS: [&str; 2] = ["ok    ", "FAILED"];

/// What begins the lines below it.
const BELOW: &str = "        ";

/// How one part came out, and below it what held and what failed.
fn lines(Outcome { name, told, seconds }: &Outcome) -> String {
    let Told { passed, failed, flaky, held, failures } = told;
    let verdict = VERDICTS[usize::from(*failed > 0)];
    let again = if *flaky > 0 { format!(", {flaky} at a second try") } else { String::new() };
    let mut lines = vec![format!(
        "{verdict}  {name:<32} {passed:>5} passed {failed:>4} failed {seconds:>5} s{again}"
    )];
    lines.extend(held.iter().map(|line| format!("{BELOW}✓ {line}")));
    if *failed > 0 || *flaky > 0 {
        let most = failures.iter().take(Told::MOST_FAILURES);
        lines.extend(most.map(|line| format!("{BELOW}{line}")));
    }
    lines.join("\n")
}

/// The sum, as a table.
fn table(outcomes: &[Outcome]) -> String {
    let mut lines: Vec<String> = outcomes.iter().map(lines).collect();
    let passed: u32 = outcomes.iter().map(|o| o.told.passed).sum();
    let failed: u32 = outcomes.iter().map(|o| o.told.failed).sum();
    lines.push(format!("{passed} passed, {failed} failed\n"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_words_are_read() {
        let counted = |count, text: &str| {
            let told = show(text.as_bytes(), count);
            (told.passed, told.failed, told.flaky)
        };
        let nextest =
            "    Summary [  12.3s] 10 tests run: 8 passed (1 slow, 3 flaky), 2 failed, 3 skipped\n";
        assert_eq!(counted(Count::Nextest, nextest), (8, 2, 3));
        assert_eq!(counted(Count::Vitest, "      Tests  1 failed | 9 passed (10)\n"), (9, 1, 0));
        assert_eq!(
            counted(Count::Playwright, "  1 failed\n    a › b\n  2 flaky\n  9 passed (3.2s)\n"),
            (9, 1, 2)
        );
        assert_eq!(counted(Count::Whole, "9 passed"), (0, 0, 0));
    }

    #[test]
    fn what_failed_is_said_again() {
        let output =
            "  ✓  1 a › b (1s)\n  ✘  2 a › c (2s)\n    Error: too late\n  ✘  2 a › c (2s)\n";
        assert_eq!(
            show(output.as_bytes(), Count::Playwright).failures,
            ["✘  2 a › c (2s)", "Error: too late"]
        );
    }

    #[test]
    fn a_full_run_of_some_parts_keeps_what_the_others_came_to() {
        let outcome = |name, failed, held: &str| {
            let told = Told { passed: 1, failed, held: vec![held.into()], ..Told::default() };
            Outcome { name, told, seconds: 1 }
        };
        let first = reported("", &[outcome("one", 0, "a"), outcome("two", 0, "b")]);
        let second = reported(&first, &[outcome("two", 1, "c")]);
        assert_eq!(second, reported("", &[outcome("one", 0, "a"), outcome("two", 1, "c")]));
        assert!(second.contains("✓ a") && second.contains("✓ c") && !second.contains("✓ b"));
    }
}
