//! What a detector gives, before overlaps are resolved.

use std::ops::Range;

use crate::Kind;

/// How sure a detector is: of two that overlap, the surer one is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Its shape, or an entropy, makes it likely.
    Shape,
    /// Words beside it say what it is.
    Context,
    /// A list holds it, or its vendor's prefix.
    Listed,
    /// Its checksum is right.
    Checksum,
}

/// Something that may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub kind: Kind,
    pub range: Range<usize>,
    pub certainty: Certainty,
    /// The organisation's own list or pattern, by its place in the rules.
    pub rule: Option<usize>,
}

impl Candidate {
    pub fn new(kind: Kind, range: Range<usize>, certainty: Certainty) -> Self {
        Self { kind, range, certainty, rule: None }
    }
}
