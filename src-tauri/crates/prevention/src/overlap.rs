//! Which of several findings at one place is told.

use crate::Finding;
use crate::action::Action;
use crate::candidate::Certainty;

/// A finding, and how sure its detector is.
pub(crate) struct Weighed {
    pub finding: Finding,
    pub certainty: Certainty,
}

/// Of findings that overlap the strictest is told, then the surest, then the longest; what of
/// another must not go either is added to it. What remains does not overlap, and is in order.
pub(crate) fn resolved(mut all: Vec<Weighed>) -> Vec<Finding> {
    all.sort_by(|a, b| {
        let length = |w: &Weighed| w.finding.range.len();
        b.finding
            .action
            .cmp(&a.finding.action)
            .then(b.certainty.cmp(&a.certainty))
            .then(length(b).cmp(&length(a)))
            .then(a.finding.range.start.cmp(&b.finding.range.start))
    });
    let mut told: std::collections::BTreeMap<usize, Finding> = std::collections::BTreeMap::new();
    for Weighed { mut finding, .. } in all {
        let mut beside = Vec::new();
        // Those that are told do not overlap, so they are few before the end of this one.
        for (start, other) in told.range(..finding.range.end).rev() {
            if other.range.end <= finding.range.start {
                break;
            }
            beside.push(*start);
        }
        let Some((&last, rest)) = beside.split_first() else {
            told.insert(finding.range.start, finding);
            continue;
        };
        if finding.action < Action::Ask {
            continue;
        }
        // None of it may go unasked: the first of those it overlaps takes it, and the others with it.
        let first = rest.last().copied().unwrap_or(last);
        let Some(mut kept) = told.remove(&first) else { continue };
        finding.range.start = finding.range.start.min(kept.range.start);
        finding.range.end = finding.range.end.max(kept.range.end);
        for start in beside.iter().filter(|start| **start != first) {
            if let Some(other) = told.remove(start) {
                finding.range.end = finding.range.end.max(other.range.end);
                kept.action = kept.action.max(other.action);
            }
        }
        kept.range = finding.range;
        told.insert(kept.range.start, kept);
    }
    told.into_values().collect()
}
