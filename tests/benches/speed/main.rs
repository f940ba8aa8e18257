//! What Bureau promises about speed, measured: each value is printed beside its goal, met or
//! not. Values are ratios within one run where they can be, since machines differ.

mod answer;
mod ask;
mod cpu;
mod first_token;
mod million;
mod render;
mod stream;
mod table;
mod window;

use whole_program::Profile;

fn main() {
    // The stream's bench starts this program again as the server that replays it.
    if stream::serve_if_asked() {
        return;
    }
    let mut rows = Vec::new();
    for (name, measure) in [
        ("rendering", render::measure as fn() -> Vec<table::Row>),
        ("streaming", stream::measure),
        ("first token", first_token::measure),
    ] {
        eprintln!("measuring {name} …");
        rows.extend(measure());
    }
    let profile = million::profile();
    for (name, measure) in [
        ("asking", ask::measure as fn(&Profile) -> Vec<table::Row>),
        ("the window", window::measure),
    ] {
        eprintln!("measuring {name} …");
        rows.extend(measure(&profile));
    }
    table::print(&rows);
}
