//! What a person types to search, as a [`Query`]. Every text is one.
//!
//! Words, phrases in quotes and filters, all of which must hold; `OR` between two words or between
//! two filters asks for one of them, and `-` before anything asks for what does not hold it. What
//! looks like a filter and is none is a word.

use std::ops::Range;

use conversation::{ConversationId, Role, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::facets::Facet;
use super::place::Place;

/// A query is read to this many bytes.
const BYTE_LIMIT: usize = 4096;
/// More words, phrases and filters than this are left out.
const ITEM_LIMIT: usize = 32;

/// A word, or a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub text: String,
    /// Where the text stands in the query.
    pub range: Range<usize>,
    /// Whether the last word of it may be the beginning of one.
    pub is_beginning: bool,
}

/// What is looked for: everything in here holds at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Of each group, one.
    pub words: Vec<Vec<Word>>,
    pub without: Vec<Word>,
    /// Of each group, one.
    pub facets: Vec<Vec<Facet>>,
    pub without_facets: Vec<Facet>,
    /// The conversation's title holds all of these words.
    pub titles: Vec<Word>,
    /// And none of these.
    pub without_titles: Vec<Word>,
    /// Of each group, the conversation is in one.
    pub places: Vec<Vec<Place>>,
    pub without_places: Vec<Place>,
    /// The conversations that titles and places mean, once they have been looked up.
    pub known: Option<Vec<ConversationId>>,
    /// Made at this moment or later.
    pub since: Option<Timestamp>,
    /// Made before this moment.
    pub until: Option<Timestamp>,
}

/// What an OR may join: two of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Facet,
    Place,
}

/// One thing between spaces.
enum Item {
    Word(Word),
    Facet(Facet),
    Title(Vec<Word>),
    Place(Place),
    Before(Timestamp),
    After(Timestamp),
}

impl Query {
    pub fn parse(query: &str) -> Self {
        let query = &query[..query.floor_char_boundary(BYTE_LIMIT)];
        let mut result = Self::default();
        // Of the last item, if an OR may join it to the next one.
        let mut last = None;
        let mut joins = false;
        let mut reader = Reader { query, place: 0 };
        for _ in 0..ITEM_LIMIT {
            let Some((part, is_negated)) = reader.next() else { break };
            if part.is_or() && !is_negated {
                joins = last.is_some();
                continue;
            }
            let Some(item) = part.item() else { continue };
            let kind = match &item {
                Item::Word(_) if !is_negated => Some(Kind::Word),
                Item::Facet(_) if !is_negated => Some(Kind::Facet),
                Item::Place(_) if !is_negated => Some(Kind::Place),
                _ => None,
            };
            let joins_last = joins && kind == last;
            (last, joins) = (kind, false);
            result.add(item, is_negated, joins_last);
        }
        result
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for what only a message can be.
    pub fn is_of_messages(&self) -> bool {
        // A title of which only is known what it must not hold could be any.
        (self.words.is_empty() && (self.places.is_empty() || !self.without.is_empty()))
            || !self.facets.is_empty()
            || !self.without_facets.is_empty()
            || !self.titles.is_empty()
            || !self.without_titles.is_empty()
    }

    /// The words that are to be marked where they are found.
    pub fn sought(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().flatten()
    }

    fn add(&mut self, item: Item, is_negated: bool, joins_last: bool) {
        match (item, is_negated) {
            (Item::Word(word), false) => join(&mut self.words, word, joins_last),
            (Item::Word(word), true) => self.without.push(word),
            (Item::Facet(facet), false) => join(&mut self.facets, facet, joins_last),
            (Item::Facet(facet), true) => self.without_facets.push(facet),
            (Item::Title(words), false) => self.titles.extend(words),
            (Item::Title(words), true) => self.without_titles.extend(words),
            (Item::Place(place), false) => join(&mut self.places, place, joins_last),
            (Item::Place(place), true) => self.without_places.push(place),
            (Item::Before(moment), false) | (Item::After(moment), true) => {
                self.until = Some(self.until.map_or(moment, |until| until.min(moment)));
            }
            (Item::After(moment), false) | (Item::Before(moment), true) => {
                self.since = self.since.max(Some(moment));
            }
        }
    }
}

fn join<T>(groups: &mut Vec<Vec<T>>, item: T, joins_last: bool) {
    match groups.last_mut() {
        Some(group) if joins_last => group.push(item),
        _ => groups.push(vec![item]),
    }
}

/// A part of the query, before it is known what it means.
struct Part<'a> {
    /// Up to the quotes or the next space.
    plain: &'a str,
    /// What follows in quotes.
    quoted: Option<&'a str>,
    /// Both, and the quotes.
    whole: &'a str,
    /// Where it begins in the query.
    start: usize,
    /// Whether the query ends with it, so that it may be still being written.
    is_last: bool,
}

impl Part<'_> {
    fn is_or(&self) -> bool {
        self.plain == "OR" && self.quoted.is_none()
    }

    fn item(&self) -> Option<Item> {
        if let Some(filter) = self.filter() {
            return Some(filter);
        }
        match self.quoted {
            Some(quoted) if self.plain.is_empty() => word(quoted, self.start + 1, self.is_last),
            Some(_) => word(self.whole, self.start, self.is_last),
            None => {
                let text = self.plain.trim_end_matches('*');
                word(text, self.start, self.is_last || text.len() < self.plain.len())
            }
        }
        .map(Item::Word)
    }

    fn filter(&self) -> Option<Item> {
        let (name, plain) = self.plain.split_once(':')?;
        let value = self.quoted.unwrap_or(plain);
        Some(match (name.to_ascii_lowercase().as_str(), value) {
            ("from", speaker) if speaker.eq_ignore_ascii_case("me") => {
                Item::Facet(Facet::From(Role::User))
            }
            ("from", speaker) if speaker.eq_ignore_ascii_case("assistant") => {
                Item::Facet(Facet::From(Role::Assistant))
            }
            ("has", what) if what.eq_ignore_ascii_case("code") => Item::Facet(Facet::Code),
            ("has", what) if what.eq_ignore_ascii_case("file") => Item::Facet(Facet::File),
            ("model", name) if words::is_searchable(name) => {
                Item::Facet(Facet::Model(name.to_owned()))
            }
            ("in", title) if words::is_searchable(title) => {
                // The words of a title count, not their order.
                let words = title.split_whitespace().filter_map(|part| word(part, 0, false));
                Item::Title(words.collect())
            }
            ("tag", tag) if !tag.trim().is_empty() => Item::Place(Place::Tag(tag.to_owned())),
            ("folder", name) if !name.trim().is_empty() => {
                Item::Place(Place::Folder(name.to_owned()))
            }
            ("is", what) if what.eq_ignore_ascii_case("archived") => Item::Place(Place::Archived),
            ("before", date) => Item::Before(start_of(date)?),
            ("after", date) => Item::After(start_of(date)?),
            _ => return None,
        })
    }
}

fn word(text: &str, start: usize, may_go_on: bool) -> Option<Word> {
    words::is_searchable(text).then(|| Word {
        text: text.to_owned(),
        range: start..start + text.len(),
        is_beginning: words::begins_words(text, may_go_on),
    })
}

/// Cuts a query into parts.
struct Reader<'a> {
    query: &'a str,
    place: usize,
}

impl<'a> Reader<'a> {
    /// The next part, and whether a `-` stands before it.
    fn next(&mut self) -> Option<(Part<'a>, bool)> {
        self.place += self.rest().len() - self.rest().trim_start().len();
        let negated = self.rest().strip_prefix('-');
        // `--release` is an option of some program, and looked for.
        let is_negated =
            negated.is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '-'));
        self.place += usize::from(is_negated);
        let start = self.place;
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
        let plain = &rest[..end];
        self.place += end;
        // Quotes after a word begin another part, but after the name of a filter hold its value.
        let mut quoted = None;
        let mut is_closed = false;
        if (plain.is_empty() || plain.ends_with(':')) && self.rest().starts_with('"') {
            let inner = &self.rest()[1..];
            let length = inner.find('"');
            is_closed = length.is_some();
            let inner = &inner[..length.unwrap_or(inner.len())];
            self.place += 1 + inner.len() + usize::from(is_closed);
            quoted = Some(inner);
        }
        let is_last = self.rest().is_empty() && !is_closed;
        let whole = &self.query[start..self.place];
        Some((Part { plain, quoted, whole, start, is_last }, is_negated))
    }

    fn rest(&self) -> &'a str {
        &self.query[self.place..]
    }
}

/// The first moment of `2025`, `2025-06` or `2025-06-01` in the machine's time zone.
fn start_of(date: &str) -> Option<Timestamp> {
    let mut parts = date.split('-').map(|part| {
        let are_digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        are_digits.then(|| (part.len(), part.parse::<i16>()))
    });
    let mut part = |length: usize| match parts.next() {
        Some(Some((digits, Ok(number)))) if digits == length => Some(Some(number)),
        Some(_) => None,
        None => Some(None),
    };
    let (year, month, day) = (part(4)??, part(2)?, part(2)?);
    if parts.next().is_some() {
        return None;
    }
    let small = |number: Option<i16>| i8::try_from(number.unwrap_or(1)).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    let moment = date.to_zoned(TimeZone::system()).ok()?.timestamp();
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(query: &str) -> Vec<Vec<String>> {
        let shown = |word: Word| word.text + if word.is_beginning { "*" } else { "" };
        let groups = Query::parse(query).words;
        groups.into_iter().map(|group| group.into_iter().map(shown).collect()).collect()
    }

    #[test]
    fn words_phrases_and_beginnings() {
        assert_eq!(words("deux mot"), [["deux"], ["mot*"]]);
        assert_eq!(words("\"deux mots\" "), [["deux mots"]]);
        assert_eq!(words("\"deux mots\""), [["deux mots"]]);
        assert_eq!(words("\"open quote"), [["open quote*"]]);
        assert_eq!(words("mo* a\"b c\"d "), [["mo*"], ["a"], ["b c"], ["d"]]);
        assert_eq!(words("京 東京"), [["京*"], ["東京"]]);
        assert_eq!(words(" -- \"\" * ( \u{0} 🙂 "), Vec::<Vec<String>>::new());
    }

    #[test]
    fn either_and_without() {
        assert_eq!(words("a OR b c "), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(words("OR a OR OR b OR "), [["a", "b"]]);
        assert_eq!(words("a or b "), [["a"], ["or"], ["b"]]);
        let query = Query::parse("a -b -\"c d\" - e ");
        let without: Vec<_> = query.without.iter().map(|word| word.text.as_str()).collect();
        assert_eq!((query.words.len(), without), (2, vec!["b", "c d"]));
        // A word and a filter are not one of the other.
        let query = Query::parse("a OR from:me b OR -c ");
        assert_eq!((query.words.len(), query.facets.len(), query.without.len()), (2, 1, 1));
    }

    #[test]
    fn filters_and_what_only_looks_like_one() {
        let query = Query::parse("from:me -From:assistant has:code OR has:file model:\"a b\" x ");
        assert_eq!(
            query.facets,
            [
                vec![Facet::From(Role::User)],
                vec![Facet::Code, Facet::File],
                vec![Facet::Model("a b".into())]
            ]
        );
        assert_eq!(query.without_facets, [Facet::From(Role::Assistant)]);
        let query = Query::parse("in:\"deux mots\" -in:trois");
        assert_eq!((query.titles.len(), query.without_titles.len()), (2, 1));
        let query = Query::parse("tag:a OR folder:\"b c\" is:archived -TAG:d x ");
        let (a, b) = (Place::Tag("a".into()), Place::Folder("b c".into()));
        assert_eq!(query.places, [vec![a, b], vec![Place::Archived]]);
        assert_eq!(query.without_places, [Place::Tag("d".into())]);
        let query = Query::parse("tag:a OR from:me tag:b");
        assert_eq!((query.places.len(), query.facets.len()), (2, 1));
        for text in [
            "before:yesterday",
            "from:you",
            "has:",
            "is:new",
            "tag:",
            "folder:\" \"",
            "model:\"\"",
            "after:\"2025-13\"",
        ] {
            let query = Query::parse(&format!("-a {text} "));
            assert_eq!(query.words.len(), 1, "{text}");
            let word = &query.words[0][0];
            assert_eq!((word.text.as_str(), word.range.start), (text, 3));
        }
    }

    #[test]
    fn dates_are_days_months_and_years() {
        let at = |text: &str| {
            let date: Date = text.parse().unwrap();
            let moment = date.to_zoned(TimeZone::system()).unwrap().timestamp();
            Some(Timestamp::from_millis(moment.as_millisecond()))
        };
        assert_eq!(Query::parse("after:2025-06-02").since, at("2025-06-02"));
        assert_eq!(Query::parse("before:2025-06").until, at("2025-06-01"));
        assert_eq!(Query::parse("-before:2025").since, at("2025-01-01"));
        let between = Query::parse("after:2024 after:2025 before:2027 before:2026");
        assert_eq!((between.since, between.until), (at("2025-01-01"), at("2026-01-01")));
        for wrong in ["25", "2025-6-1", "2025-02-30", "2025-01-01-01", "+202", "", "99999"] {
            assert_eq!(start_of(wrong), None, "{wrong}");
        }
    }
}
