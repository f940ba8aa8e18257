//! What was seen, in words.

use crate::desk::{Desks, Pace};
use crate::table::Row;
use crate::{DESKS, GOAL, Stretch, model};

/// Prints what the gateway gives to desks at this pace.
pub fn capacity(pace: Pace, desks: &Desks, seen: &Stretch) {
    let seconds = (seen.to - seen.from).as_secs_f64();
    let answers = desks.answers(seen.from, seen.to) as f64 / seconds;
    let first = |share| desks.first_word(seen.from, seen.to, share).as_millis();
    let often = match pace.pause.as_secs() {
        0 => "without a pause".to_owned(),
        pause => format!("every {pause} s"),
    };
    println!(
        "{:>5} desks ask {often} for {} pieces: {answers:.1} answers/s, {:.0} pieces/s; first word \
         p50 {} ms, p95 {} ms, of which the model's own {} ms; told to people: {}",
        pace.desks,
        pace.pieces,
        answers * f64::from(pace.pieces),
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
        "{what}: people asked {} questions; {} requests before the gateway (normal: {}), {} passed on (normal: {}); told to \
         people: {}; last failure {:.1} s after the end; of {failed} desks that had failed {served} \
         had an answer within {:.0} s, asking at their own pace",
        desks.questions(seen.from, seen.to),
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
        what: format!("{DESKS} desks, 60 s, {what}: requests against normal"),
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
