//! `cargo xtask run | test | bench | package | screenshots | model`: what a newcomer and a continuous integration need,
//! each as one command that installs what is missing.

#[cfg(test)]
mod accessibility;
mod bench;
#[cfg(test)]
mod controls;
mod display;
mod installation;
mod model;
mod package;
mod packages;
mod process;
mod python;
mod run;
mod test;
mod tools;
mod ui;
mod workspace;

use std::process::ExitCode;

use process::Problem;

const USAGE: &str = "\
cargo xtask run                 build everything and open the window
cargo xtask run -- ARGUMENTS    build the terminal program and run it with these arguments
cargo xtask test                every check and test
cargo xtask test PART…          some of them: format, licences, clippy, page, build, rust
cargo xtask test --full         all of them, and what takes long: languages, installation
cargo xtask bench               measure what Bureau promises about speed
cargo xtask bench PART…         some of it: rendering, streaming, first, asking, page, window, desks
cargo xtask package             make the packages that are installed on desks
cargo xtask sign KEY ADDRESS FILE…  sign packages for updates that lie below an address, and write latest.json
cargo xtask screenshots         picture every screen, in each size, language and theme
cargo xtask model               fetch the built-in model";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["run"] => run::window(),
        ["run", "--", rest @ ..] | ["run", rest @ ..] => run::terminal(rest),
        ["test", parts @ ..] => test::run(parts),
        ["bench", parts @ ..] => bench::run(parts),
        ["package"] => package::run(),
        ["sign", key, address, files @ ..] if !files.is_empty() => {
            package::sign(key, address, files)
        }
        ["screenshots"] => ui::screenshots(),
        ["model"] => model::fetch(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(code) => code,
        Err(Problem(problem)) => {
            eprintln!("\n✗ {problem}");
            ExitCode::FAILURE
        }
    }
}
