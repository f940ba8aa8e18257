//! The numbers of footnotes, in the order in which the text first refers to them.

use std::collections::HashMap;

/// Numbers given so far.
#[derive(Debug, Default)]
pub struct Numbers {
    order: Vec<String>,
    /// The number of each label, and the segment that referred to it first.
    numbers: HashMap<String, (usize, usize)>,
}

impl Numbers {
    /// The number of a footnote to which a segment refers, and whether that segment is the first.
    pub fn refer(&mut self, label: &str, segment: usize) -> (usize, bool) {
        if let Some((number, first)) = self.numbers.get(label) {
            return (*number, *first == segment);
        }
        self.order.push(label.to_owned());
        self.numbers.insert(label.to_owned(), (self.order.len(), segment));
        (self.order.len(), true)
    }

    /// The number of a footnote; `None` if nothing refers to it.
    pub fn get(&self, label: &str) -> Option<usize> {
        self.numbers.get(label).map(|(number, _)| *number)
    }

    /// The labels behind the first `count`, with their numbers.
    pub fn after(&self, count: usize) -> HashMap<String, usize> {
        let labels = self.order.iter().enumerate().skip(count);
        labels.map(|(index, label)| (label.clone(), index + 1)).collect()
    }

    /// How many were given by the segments before this one.
    pub fn before(&self, segment: usize) -> usize {
        let earlier = |label: &String| self.numbers.get(label).is_some_and(|(_, s)| *s < segment);
        self.order.partition_point(earlier)
    }

    /// How many were given.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Takes back all but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        for label in self.order.drain(count.min(self.order.len())..) {
            self.numbers.remove(&label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_first_references() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.refer("b", 0), (1, true));
        assert_eq!(numbers.refer("a", 0), (2, true));
        assert_eq!(numbers.refer("b", 1), (1, false));
        assert_eq!((numbers.before(0), numbers.before(1)), (0, 2));
        assert_eq!(numbers.after(1), [("a".to_owned(), 2)].into());
        numbers.truncate(1);
        assert_eq!((numbers.get("a"), numbers.get("b"), numbers.len()), (None, Some(1), 1));
    }
}
