//! A misspelt query, put right by the words of one's own history.

use rusqlite::{CachedStatement, Connection, params};

use super::query::Query;
use super::{MATCH_END, MATCH_START, Order};
use crate::{History, HistoryError};

/// The tables that list the words of the indexes.
const WORDS: [&str; 3] = ["message_word", "title_word", "attachment_word"];
/// No index is asked for more words than this.
const LOOKS: usize = 1000;
/// More than so many messages with a word make it no better.
const COMMON: i64 = 1000;

/// Longer words are no misspelt ones; comparing them would cost much.
const LONGEST: usize = 40;

impl History {
    /// The query with each word that no title, message or file holds replaced by the nearest one
    /// that does, if there is such a word, all of them have one, and it then finds something; else
    /// `None`. Near are words of
    /// one different, missing, added or exchanged letter that begin with its first or second one,
    /// or of two in a word of six letters or more that begin with the same; the most frequent of
    /// the nearest is taken.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn suggest(&self, query: &str) -> Result<Option<String>, HistoryError> {
        let mut replaced = Vec::new();
        for word in Query::parse(query).sought() {
            let tokens: Vec<_> = words::tokens(&word.text).collect();
            for (place, token) in tokens.iter().enumerate() {
                // Words of other scripts are found by their parts; numbers have no spelling.
                let is_spelt = !words::is_pair(&token.folded)
                    && token.folded.chars().all(|c| c.is_alphabetic());
                let may_go_on = word.is_beginning && place + 1 == tokens.len();
                if !is_spelt
                    || token.folded.chars().count() > LONGEST
                    || self.is_known(&token.folded, may_go_on)?
                {
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
        // Each word is there, but not everything that holds one of them holds the others.
        let finds = !self.search(&suggestion, Order::Newest, 1)?.is_empty();
        Ok(finds.then_some(suggestion))
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
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    };
    for most in 1..=most {
        let mut near = Vec::new();
        // A slip may be in the first letter where that was exchanged with the next. Walking to
        // other ones leads past the longest lists of messages, those of short words.
        let firsts = if most == 1 && word[0] != word[1] { &word[..2] } else { &word[..1] };
        for first in firsts {
            near.extend(words_within(words, word, most, *first)?);
        }
        if !near.is_empty() {
            return Ok(near);
        }
    }
    Ok(Vec::new())
}

/// The words at this distance or less that begin with `first`.
fn words_within(
    words: &mut CachedStatement<'_>,
    word: &[char],
    most: usize,
    first: char,
) -> Result<Vec<(usize, String)>, HistoryError> {
    let mut letters_of_word = word.to_vec();
    letters_of_word.sort_unstable();
    letters_of_word.dedup();
    let mut near = Vec::new();
    let mut from = match rests(word, &[first], most) {
        Some(rests) => first.to_string() + &rests.into_iter().min().unwrap_or_default(),
        None => first.to_string(),
    };
    for _ in 0..LOOKS {
        let Some(next) = next_word(words, &from)? else { break };
        if !next.starts_with(first) {
            break;
        }
        let letters: Vec<_> = next.chars().collect();
        // What follows is asked for by the first word that could be near, which lies behind the
        // long list of the messages that hold a common one.
        from = match compare(word, &letters, most) {
            Comparison::FarFrom(place) => {
                let beginning: String = letters[..place].iter().collect();
                // Where this letter leads too far, so does every one that is not in the word.
                let later = letters_of_word.iter().filter(|letter| **letter > letters[place]);
                let first =
                    later.map(|letter| format!("{beginning}{letter}")).find_map(
                        |from| match rests(word, &from.chars().collect::<Vec<_>>(), most) {
                            Some(rests) => rests.into_iter().min().map(|rest| from + &rest),
                            None => Some(from),
                        },
                    );
                match first {
                    Some(first) => first,
                    None if place == 0 => break,
                    // Past all words with this beginning.
                    None => format!("{beginning}{}", char::MAX),
                }
            }
            comparison => {
                if let Comparison::Near(distance) = comparison {
                    near.push((distance, next.clone()));
                }
                let rest = match rests(word, &letters, most) {
                    Some(rests) => rests.into_iter().filter(|rest| !rest.is_empty()).min(),
                    None => Some("\u{1}".to_owned()),
                };
                next + &rest.unwrap_or(char::MAX.to_string())
            }
        };
    }
    Ok(near)
}

enum Comparison {
    /// At this distance.
    Near(usize),
    Far,
    /// So is every word that has the letters up to and with this place.
    FarFrom(usize),
}

/// Compares a word with another.
fn compare(word: &[char], other: &[char], most: usize) -> Comparison {
    let distances = distances(word, other);
    let is_far = |row: &[usize], most| row.iter().all(|distance| *distance > most);
    // An exchange reaches over one row, and costs one.
    let far =
        |place: &usize| is_far(&distances[place + 1], most) && is_far(&distances[*place], most - 1);
    match (0..other.len()).find(far) {
        Some(place) => Comparison::FarFrom(place),
        None if distances[other.len()][word.len()] <= most => {
            Comparison::Near(distances[other.len()][word.len()])
        }
        None => Comparison::Far,
    }
}

/// What may follow these letters in words that are near; `None` where that can be anything.
fn rests(word: &[char], beginning: &[char], most: usize) -> Option<Vec<String>> {
    let distances = distances(word, beginning);
    let (before, now) = (&distances[beginning.len() - 1], &distances[beginning.len()]);
    if now.iter().any(|distance| *distance < most) {
        return None;
    }
    // No slip is left: the rest is that of the word, or two letters are just being exchanged.
    let as_written = (0..=word.len())
        .filter(|column| now[*column] == most)
        .map(|column| word[column..].iter().collect::<String>());
    let exchanged = (1..word.len())
        .filter(|column| before[column - 1] < most && beginning.last() == Some(&word[*column]))
        .map(|column| [&word[column - 1..column], &word[column + 1..]].concat().iter().collect());
    Some(as_written.chain(exchanged).collect())
}

/// The optimal string alignment distances of the beginnings of two words, a row for each of the
/// other's, a column for each of the word's: letters exchanged with their neighbour, replaced,
/// added or left out (a restricted Damerau–Levenshtein distance, see
/// <https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance>).
fn distances(word: &[char], other: &[char]) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = vec![(0..=word.len()).collect()];
    for (row, letter) in other.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, wanted) in word.iter().enumerate() {
            let replaced = rows[row][column] + usize::from(wanted != letter);
            let mut distance = replaced.min(rows[row][column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *wanted == other[row - 1] && word[column - 1] == *letter {
                distance = distance.min(rows[row - 1][column - 1] + 1);
            }
            next.push(distance);
        }
        rows.push(next);
    }
    rows
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
            let near = format!("{other}{rest}");
            if distance(&word, &near, 1).is_some()
                && let Some(rests) = rests(&letters(&word), &letters(&other), 1)
            {
                prop_assert!(rests.contains(&rest), "{near}");
            }
            prop_assert_eq!(distance(&word, &other, 9), distance(&other, &word, 9));
        }
    }
}
