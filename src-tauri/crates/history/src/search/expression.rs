//! A [`Query`] as expressions of FTS5 (<https://sqlite.org/fts5.html#full_text_query_syntax>).
//! Every text in them stands in quotes, in which FTS5 knows no operator.

use super::query::{Query, Word};

/// So far apart words may stand, in words, and still be near each other.
const NEAR: usize = 10;

/// The words of a query as an expression, more or less strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// One after another, as they are written in the query.
    Phrase,
    /// Near each other.
    Near,
    /// Anywhere; none is only the beginning of another.
    Whole,
    /// Anywhere.
    Any,
}

impl Query {
    /// What the text of titles and attached files must match; none where the query has no word.
    pub fn of_text(&self, strictness: Strictness) -> Option<String> {
        let words = self.words(strictness)?;
        Some(but_not(words, self.without_words()))
    }

    /// What messages must match; none where every message does.
    pub fn of_messages(&self, strictness: Strictness) -> Option<String> {
        let wanted = [self.words(strictness), self.with_facets()];
        let wanted: Vec<_> = wanted.into_iter().flatten().collect();
        let unwanted = [self.without_words(), self.excluded_facets()];
        let unwanted: Vec<_> = unwanted.into_iter().flatten().collect();
        let unwanted = (!unwanted.is_empty()).then(|| unwanted.join(" OR "));
        match (wanted.is_empty(), &unwanted) {
            (true, None) => None,
            (true, Some(_)) => Some(but_not(every_message(), unwanted)),
            (false, _) => Some(but_not(format!("({})", wanted.join(" AND ")), unwanted)),
        }
    }

    /// What the message that a file travels with must match beside its text; none where any may.
    pub fn of_facets(&self) -> Option<String> {
        let (wanted, unwanted) = (self.with_facets(), self.excluded_facets());
        if wanted.is_none() && unwanted.is_none() {
            return None;
        }
        Some(but_not(wanted.unwrap_or_else(every_message), unwanted))
    }

    /// What the titles of the conversations must match; none where any may.
    pub fn of_titles(&self) -> Option<String> {
        all(self.titles.iter().map(term))
    }

    /// What they must not match.
    pub fn not_of_titles(&self) -> Option<String> {
        any(self.without_titles.iter().map(term))
    }

    /// How strictly the words can be looked for with any difference, the strictest first.
    pub fn strictnesses(&self) -> Vec<Strictness> {
        let mut all = Vec::new();
        if self.words.len() > 1 && self.words.iter().all(|group| group.len() == 1) {
            all.extend([Strictness::Phrase, Strictness::Near]);
        }
        if self.sought().any(|word| word.is_beginning) {
            all.push(Strictness::Whole);
        }
        all.push(Strictness::Any);
        all
    }

    fn words(&self, strictness: Strictness) -> Option<String> {
        let whole = |word: &Word| {
            let is_beginning = words::begins_words(&word.text, false);
            term(&Word { is_beginning, ..word.clone() })
        };
        let inner = match strictness {
            Strictness::Phrase => {
                let texts: Vec<_> = self.sought().map(|word| word.text.as_str()).collect();
                let text = texts.join(" ");
                let is_beginning = words::begins_words(&text, false);
                Some(term(&Word { text, range: 0..0, is_beginning }))
            }
            Strictness::Near => {
                let terms: Vec<_> = self.sought().map(whole).collect();
                Some(format!("NEAR({}, {NEAR})", terms.join(" ")))
            }
            Strictness::Whole => all(self.words.iter().filter_map(|g| any(g.iter().map(whole)))),
            Strictness::Any => all(self.words.iter().filter_map(|g| any(g.iter().map(term)))),
        };
        (!self.words.is_empty()).then_some(inner?).map(|inner| format!("text : ({inner})"))
    }

    fn without_words(&self) -> Option<String> {
        Some(format!("text : {}", any(self.without.iter().map(term))?))
    }

    fn with_facets(&self) -> Option<String> {
        let groups = self.facets.iter().filter_map(|g| any(g.iter().map(super::Facet::phrase)));
        Some(format!("facets : ({})", all(groups)?))
    }

    fn excluded_facets(&self) -> Option<String> {
        let facets = any(self.without_facets.iter().map(super::Facet::phrase))?;
        Some(format!("facets : {facets}"))
    }
}

/// A text in quotes, as it stands in the index.
pub(crate) fn quoted(text: &str) -> String {
    // NUL would end the expression for SQLite.
    format!("\"{}\"", words::sought(&text.replace(['\0', '"'], " ")))
}

fn term(word: &Word) -> String {
    quoted(&word.text) + if word.is_beginning { "*" } else { "" }
}

fn all(terms: impl Iterator<Item = String>) -> Option<String> {
    let terms: Vec<_> = terms.collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn any(terms: impl Iterator<Item = String>) -> Option<String> {
    let terms: Vec<_> = terms.collect();
    (!terms.is_empty()).then(|| format!("({})", terms.join(" OR ")))
}

fn but_not(wanted: String, unwanted: Option<String>) -> String {
    match unwanted {
        Some(unwanted) => format!("{wanted} NOT ({unwanted})"),
        None => wanted,
    }
}

fn every_message() -> String {
    let roles = crate::rows::ROLE.iter().map(|(role, _)| super::Facet::From(*role).phrase());
    let roles: Vec<_> = roles.collect();
    format!("facets : ({})", roles.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_filters_are_words() {
        let of = |query: &str| Query::parse(query).of_messages(Strictness::Any).unwrap();
        assert_eq!(of("a OR b c"), "(text : ((\"a\" OR \"b\") AND (\"c\"*)))");
        assert_eq!(of("NEAR( "), "(text : ((\"NEAR(\")))");
        assert_eq!(
            of("x -y from:me "),
            "(text : ((\"x\")) AND facets : ((\"\u{e000}user\"))) NOT (text : (\"y\"))"
        );
        assert!(of("-y ").starts_with("facets : (\"\u{e000}system\" OR"));
        assert_eq!(Query::parse("before:2025").of_messages(Strictness::Any), None);
    }

    #[test]
    fn stricter_is_what_can_be_told_apart() {
        use Strictness::{Any, Near, Phrase, Whole};
        let of = |query: &str| Query::parse(query).strictnesses();
        assert_eq!(of("a b "), [Phrase, Near, Any]);
        assert_eq!(of("a b"), [Phrase, Near, Whole, Any]);
        assert_eq!(of("a OR b c "), [Any]);
        let query = Query::parse("prix total");
        assert_eq!(query.of_text(Phrase).unwrap(), "text : (\"prix total\")");
        assert_eq!(query.of_text(Near).unwrap(), "text : (NEAR(\"prix\" \"total\", 10))");
        assert_eq!(query.of_text(Whole).unwrap(), "text : ((\"prix\") AND (\"total\"))");
    }
}
