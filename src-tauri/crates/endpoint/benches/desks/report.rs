//! What was seen, in words.

use std::time::Duration;

use crate::desk::Desks;
use crate::table::Row;
use crate::{GOAL, Stretch, model};

/// Prints what the gateway gives to so many desks.
pub fn capacity(count: usize, pause: Duration, desks: &Desks, seen: &Stretch) {
    let seconds = (seen.to - seen.from).as_secs_f64();
    let answers = desks.answers(seen.from, seen.to) as f64 / seconds;
    let first = |share| desks.first_word(seen.from, seen.to, share).as_millis();
    let pace = match pause.as_secs() {
        0 => "ask without a pause".to_owned(),
        pause => format!("ask every {pause} s"),
    };
    println!(
        "{count:>5} desks {pace}: {answers:.1} answers/s ({:.0} pieces/s), first word p50 {} ms, \
         p95 {} ms (the model's own: {} ms); told to people: {}",
        answers * model::PIECES as f64,
        first(0.5),
        first(0.95),
        model::FIRST.as_millis(),
        failures(desks, seen),
    );
}

/// Prints what an outage was like, and gives its row of the table.
pub fn outage(what: &str, desks: &Desks, normal: &Stretch, seen: &Stretch) -> Row {
    let (failed, served, longest) = desks.served_again(seen.from, seen.to);
    println!(
        "{what}: {} requests before the gateway (normal: {}), {} passed on (normal: {}); told to \
         people: {}; last failure {:.1} s after the end; of {failed} desks that had failed {served} \
         had an answer within {:.0} s, asking at their own pace",
        seen.arrived,
        normal.arrived,
        seen.passed_on,
        normal.passed_on,
        failures(desks, seen),
        desks.last_failure_after(seen.to).as_secs_f64(),
        longest.as_secs_f64(),
    );
    let ratio = seen.arrived as f64 / normal.arrived as f64;
    Row {
        what: format!("1,000 desks, 60 s, {what}: requests against normal"),
        measured: format!("{ratio:.2} × ({} against {})", seen.arrived, normal.arrived),
        goal: format!("≤ {GOAL} ×"),
        met: seen.arrived > 0 && ratio <= GOAL,
    }
}

fn failures(desks: &Desks, seen: &Stretch) -> String {
    let failures = desks.failures(seen.from, seen.to);
    let told: Vec<_> = failures.iter().map(|(code, count)| format!("{count} × {code}")).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}
