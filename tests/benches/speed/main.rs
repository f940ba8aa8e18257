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
        ("asking", ask::measure),
    ] {
        eprintln!("measuring {name} …");
        rows.extend(measure());
    }
    table::print(&rows);
}
