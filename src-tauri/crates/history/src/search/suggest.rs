//! A misspelt query, put right by the words of one's own history.

use rusqlite::{CachedStatement, Connection, params};

use super::query::Query;
use super::{MATCH_END, MATCH_START, Order, text};
use crate::{History, HistoryError};

/// The tables that list the words of the indexes.
const WORDS: [&str; 3] = ["message_word", "title_word", "attachment_word"];
/// No index is asked for more words than this.
const LOOKS: usize = 4000;
/// More than so many messages with a word make it no better.
const COMMON: i64 = 1000;

impl History {
    /// The query with each word that no title, message or file holds replaced by the nearest one
    /// that does, if there is such a word and all of them have one; else `None`. Near are words of
    /// one different, missing, added or exchanged letter, or of two in a word of six letters or
    /// more with the same first one; the most frequent of the nearest is taken.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn suggest(&self, query: &str) -> Result<Option<String>, HistoryError> {
        let mut replaced = Vec::new();
        for word in Query::parse(query).sought() {
            let tokens: Vec<_> = text::tokens(&word.text).collect();
            for (place, token) in tokens.iter().enumerate() {
                // Words of other scripts are found by their parts; numbers have no spelling.
                let is_spelt = !text::is_pair(&token.folded)
                    && token.folded.chars().all(|c| c.is_alphabetic());
                let may_go_on = word.is_beginning && place + 1 == tokens.len();
                if !is_spelt || self.is_known(&token.folded, may_go_on)? {
                    continue;
                }
                let Some(nearest) = self.nearest(&token.folded)? else { return Ok(None) };
                let start = word.range.start;
                replaced.push((start + token.range.start..start + token.range.end, nearest));
            }
        }
        if replaced.is_empty() {
            return Ok(None);
        }
        let mut suggestion = query.to_owned();
        for (range, word) in replaced.into_iter().rev() {
            suggestion.replace_range(range, &word);
        }
        Ok(Some(suggestion))
    }

    /// Whether a word is in the history, or begins one if it `may_go_on`.
    fn is_known(&self, word: &str, may_go_on: bool) -> Result<bool, HistoryError> {
        let connection = self.connection();
        for table in WORDS {
            let next = next_word(&mut words(&connection, table)?, word)?;
            if next.is_some_and(|next| next == word || (may_go_on && next.starts_with(word))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nearest word, as it was last written.
    fn nearest(&self, word: &str) -> Result<Option<String>, HistoryError> {
        let word: Vec<_> = word.chars().collect();
        let best = {
            let connection = self.connection();
            let mut near = Vec::new();
            for table in WORDS {
                near.extend(near_words(&mut words(&connection, table)?, &word)?);
            }
            let least = near.iter().map(|(distance, _)| *distance).min();
            let mut best = None;
            for (_, word) in near.into_iter().filter(|(distance, _)| Some(*distance) == least) {
                let frequency: i64 = connection
                    .prepare_cached(
                        "SELECT count(*) FROM
                             (SELECT 1 FROM message_index WHERE message_index MATCH ?1 LIMIT ?2)",
                    )?
                    .query_row(params![format!("text : \"{word}\""), COMMON], |row| row.get(0))?;
                if best.as_ref().is_none_or(|(most, _)| frequency > *most) {
                    best = Some((frequency, word));
                }
            }
            best
        };
        let Some((_, word)) = best else { return Ok(None) };
        // What is written in deleted conversations alone is not told.
        let found = self.search(&format!("\"{word}\""), Order::Newest, 1)?;
        let written = found.first().and_then(|found| {
            let (_, rest) = found.snippet.split_once(MATCH_START)?;
            Some(rest.split_once(MATCH_END)?.0.to_lowercase())
        });
        Ok(written)
    }
}

/// The statement that finds the next word of an index.
fn words<'a>(connection: &'a Connection, table: &str) -> Result<CachedStatement<'a>, HistoryError> {
    // The words come in order, by their bytes; sorting them would read all.
    Ok(connection.prepare_cached(&format!("SELECT term FROM {table} WHERE term >= ?1 LIMIT 1"))?)
}

/// The first word from here on.
fn next_word(words: &mut CachedStatement<'_>, from: &str) -> Result<Option<String>, HistoryError> {
    let mut rows = words.query([from])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// The words near this one, and how far each is from it.
///
/// The words are walked in order. Where none with the same beginning as the next one can be near,
/// all of these are passed over at once, so that few of a large vocabulary are looked at.
fn near_words(
    words: &mut CachedStatement<'_>,
    word: &[char],
) -> Result<Vec<(usize, String)>, HistoryError> {
    let most = match word.len() {
        0..3 => return Ok(Vec::new()),
        3..6 => 1,
        _ => 2,
    };
    let mut near = Vec::new();
    let mut from = String::new();
    for _ in 0..LOOKS {
        let Some(next) = next_word(words, &from)? else { break };
        let letters: Vec<_> = next.chars().collect();
        let most = if letters.first() == word.first() { most } else { 1 };
        match compare(word, &letters, most) {
            Comparison::Near(distance) => near.push((distance, next.clone())),
            Comparison::Far => {}
            Comparison::FarFrom(beginning) => {
                from = letters[..beginning].iter().collect();
                match letters.get(beginning).and_then(|last| following(*last)) {
                    Some(last) => from.push(last),
                    None => from.push(char::MAX),
                }
                continue;
            }
        }
        // The next word after this one.
        from = next;
        from.push('\u{1}');
    }
    Ok(near)
}

fn following(letter: char) -> Option<char> {
    (u32::from(letter) + 1..=u32::from(char::MAX)).find_map(char::from_u32)
}

enum Comparison {
    /// At this distance.
    Near(usize),
    Far,
    /// So is every word that has the letters up to and with this place.
    FarFrom(usize),
}

/// Compares a word with another by the optimal string alignment distance: letters exchanged with
/// their neighbour, replaced, added or left out (a restricted Damerau–Levenshtein distance, see
/// <https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance>).
fn compare(word: &[char], other: &[char], most: usize) -> Comparison {
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    for (row, letter) in other.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, wanted) in word.iter().enumerate() {
            let replaced = last[column] + usize::from(wanted != letter);
            let mut distance = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *wanted == other[row - 1] && word[column - 1] == *letter {
                distance = distance.min(before_last[column - 1] + 1);
            }
            next.push(distance);
        }
        // An exchange reaches over one row, and costs one.
        let is_far = |row: &[usize], most| row.iter().all(|distance| *distance > most);
        if is_far(&next, most) && is_far(&last, most - 1) {
            return Comparison::FarFrom(row);
        }
        before_last = std::mem::replace(&mut last, next);
    }
    match last[word.len()] {
        distance if distance <= most => Comparison::Near(distance),
        _ => Comparison::Far,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
        let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
        match compare(&one, &other, most) {
            Comparison::Near(distance) => Some(distance),
            _ => None,
        }
    }

    #[test]
    fn slips_are_near() {
        for (wrong, right, expected) in [
            ("reunion", "reunion", Some(0)),
            ("reunoin", "reunion", Some(1)),
            ("reunin", "reunion", Some(1)),
            ("eunion", "reunion", Some(1)),
            ("erunion", "reunion", Some(1)),
            ("rreuniom", "reunion", Some(2)),
            ("xxxnion", "reunion", None),
        ] {
            assert_eq!(distance(wrong, right, 2), expected, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_passed_over_is_far(word in "[ab]{1,7}", other in "[ab]{1,7}", rest in "[ab]{0,4}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            if let Comparison::FarFrom(place) = compare(&letters(&word), &letters(&other), 1) {
                let like = format!("{}{rest}", &other[..=place]);
                prop_assert_eq!(distance(&word, &like, 1), None);
            }
            prop_assert_eq!(distance(&word, &other, 9), distance(&other, &word, 9));
        }
    }
}
