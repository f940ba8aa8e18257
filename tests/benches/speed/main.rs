//! What Bureau promises about speed, measured: each value is printed beside its goal, met or
//! not. Values are ratios within one run where they can be, since machines differ.

mod answer;
mod ask;
mod documents;
mod first_token;
mod import;
mod million;
mod page;
mod pdf_corpus;
mod prevention;
mod prose;
mod record;
mod render;
mod search;
mod stream;
mod table;
mod window;

use std::cell::LazyCell;
use std::process::ExitCode;

use whole_program::Profile;

/// How a part is measured.
#[derive(Clone, Copy)]
enum Measure {
    /// By itself.
    Alone(fn() -> Vec<table::Row>),
    /// On a history of a million messages, made once.
    OnMillion(fn(&Profile) -> Vec<table::Row>),
}

/// The parts, by the names whose beginnings choose some of them.
const PARTS: [(&str, Measure); 11] = [
    ("rendering", Measure::Alone(render::measure)),
    ("streaming", Measure::Alone(stream::measure)),
    ("first token", Measure::Alone(first_token::measure)),
    ("asking", Measure::OnMillion(ask::measure)),
    ("search", Measure::OnMillion(search::measure)),
    ("documents", Measure::Alone(documents::measure)),
    ("pdf corpus", Measure::Alone(pdf_corpus::measure)),
    ("importing", Measure::Alone(import::measure)),
    ("prevention", Measure::Alone(prevention::measure)),
    ("page", Measure::Alone(page::measure)),
    ("window", Measure::OnMillion(window::measure)),
];

fn main() -> ExitCode {
    // The stream's bench starts this program again as the server that replays it.
    if stream::serve_if_asked() {
        return ExitCode::SUCCESS;
    }
    // Cargo adds an option of its own.
    let words: Vec<_> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let means = |word: &String, name: &str| name.starts_with(word.as_str());
    if let Some(unknown) =
        words.iter().find(|word| !PARTS.iter().any(|(name, _)| means(word, name)))
    {
        let names = PARTS.map(|(name, _)| name).join(", ");
        eprintln!("there is no part “{unknown}”; there are {names}");
        return ExitCode::from(2);
    }
    let million = LazyCell::new(million::profile);
    let mut rows = Vec::new();
    for (name, measure) in PARTS {
        if words.is_empty() || words.iter().any(|word| means(word, name)) {
            eprintln!("measuring {name} …");
            rows.extend(match measure {
                Measure::Alone(measure) => measure(),
                Measure::OnMillion(measure) => measure(&million),
            });
        }
    }
    table::print(&rows);
    ExitCode::SUCCESS
}
