//! What is told when Bureau itself is at fault.

use conversation::{Failure, FailureCode};

/// From now on a panic tells on standard error where it happened, and not the text that it
/// happened over, which may be a conversation's. `program` is the name to tell it by.
pub fn tell_defects_by_place(program: &'static str) {
    std::panic::set_hook(Box::new(move |panic| match panic.location() {
        Some(place) => eprintln!("{program}: defect at {place}"),
        None => eprintln!("{program}: defect"),
    }));
}

/// What should never go wrong has gone wrong.
pub(crate) fn unexpected(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureCode::Internal, format!("a defect in Bureau: {error}"))
}
