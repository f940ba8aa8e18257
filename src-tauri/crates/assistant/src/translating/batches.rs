//! Which texts go into one request.

use std::collections::HashMap;

/// The most bytes of texts in a request: the answer is as long, and models write less than they read.
const BYTES: usize = 6_000;
/// The most texts in a request: of more a model loses count.
const TEXTS: usize = 40;

/// The different texts, each with the places where it stands.
pub(super) fn different<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(&'a str, Vec<usize>)> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut different: Vec<(&str, Vec<usize>)> = Vec::new();
    for (place, text) in texts.enumerate() {
        let which = *known.entry(text).or_insert(different.len());
        match different.get_mut(which) {
            Some((_, places)) => places.push(place),
            None => different.push((text, vec![place])),
        }
    }
    different
}

/// Puts texts of these lengths into requests, in their order; none but a single one takes more than
/// `room` bytes. A small model gets each by itself.
pub(super) fn batches(lengths: &[usize], room: usize, small: bool) -> Vec<Vec<usize>> {
    let most = room.min(BYTES);
    let texts = if small { 1 } else { TEXTS };
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut bytes = 0;
    for (place, length) in lengths.iter().enumerate() {
        match batches.last_mut().filter(|batch| batch.len() < texts && bytes + length <= most) {
            Some(batch) => {
                batch.push(place);
                bytes += length;
            }
            None => {
                batches.push(vec![place]);
                bytes = *length;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_stands_twice_is_asked_for_once() {
        let texts = ["a", "b", "a"];
        assert_eq!(different(texts.into_iter()), [("a", vec![0, 2]), ("b", vec![1])]);
    }

    proptest! {
        #[test]
        fn all_texts_are_asked_for_once_and_in_order(
            lengths in prop::collection::vec(1_usize..9_000, 0..60),
            room in 10_usize..20_000,
            small: bool,
        ) {
            let batches = batches(&lengths, room, small);
            let all: Vec<usize> = batches.concat();
            prop_assert_eq!(all, (0..lengths.len()).collect::<Vec<_>>());
            for batch in batches {
                let bytes: usize = batch.iter().map(|place| lengths[*place]).sum();
                prop_assert!(batch.len() == 1 || !small && bytes <= room);
            }
        }
    }
}
