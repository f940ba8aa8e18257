//! Classification markings: of France (IGI 1300, II 901), of the United States (CUI Marking
//! Handbook; ISOO 32 CFR 2001), of the European Union and NATO, and what firms write likewise.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{ahead, behind, once, starts_word};
use crate::Kind;
use crate::candidate::{Candidate, Certainty};

/// Markings that are one wherever they stand in capitals.
const PHRASES: [&str; 30] = [
    "DIFFUSION RESTREINTE",
    "TRÈS SECRET",
    "TRES SECRET",
    "SECRET DÉFENSE",
    "SECRET DEFENSE",
    "SECRET-DÉFENSE",
    "CONFIDENTIEL DÉFENSE",
    "CONFIDENTIEL DEFENSE",
    "CONFIDENTIEL-DÉFENSE",
    "SPÉCIAL FRANCE",
    "SPECIAL FRANCE",
    "SECRET MÉDICAL",
    "RESTREINT UE",
    "CONFIDENTIEL UE",
    "SECRET UE",
    "EU RESTRICTED",
    "EU CONFIDENTIAL",
    "EU SECRET",
    "NATO RESTRICTED",
    "NATO CONFIDENTIAL",
    "NATO SECRET",
    "COSMIC TOP SECRET",
    "TOP SECRET//",
    "SECRET//",
    "CONFIDENTIAL//",
    "CUI//",
    "CONTROLLED UNCLASSIFIED INFORMATION",
    "FOR OFFICIAL USE ONLY",
    "OFFICIAL-SENSITIVE",
    "NOFORN",
];

/// Words that are a marking only where they stand as one does.
const WORDS: [&str; 8] = [
    "TOP SECRET",
    "SECRET",
    "CONFIDENTIAL",
    "CONFIDENTIEL",
    "RESTRICTED",
    "CUI",
    "FOUO",
    "Diffusion Restreinte",
];

pub(super) fn find(text: &str, found: &mut Vec<Candidate>) {
    static MARKINGS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let all = PHRASES.iter().chain(&WORDS);
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(all).ok()
    });
    let Some(markings) = &*MARKINGS else { return };
    let mut until = 0;
    for marking in markings.find_iter(text) {
        let (start, mut end) = (marking.start(), marking.end());
        if start < until || !starts_word(text.as_bytes(), start) {
            continue;
        }
        let rest = text.get(end..).unwrap_or_default();
        let slashes = text[..end].ends_with("//");
        if !slashes && rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        // Caveats belong to it: `SECRET//NOFORN`, `CUI//SP-PRVCY/CTI`.
        let caveats = once!(r"^(?:/{0,2}[A-Z][A-Z0-9\-]*)(?:/{1,2}[A-Z][A-Z0-9\- ]*[A-Z0-9])*");
        if (slashes || rest.starts_with("//"))
            && let Some(more) = caveats.find(ahead(text, end, 80))
        {
            end += more.end();
        }
        let is_phrase = marking.pattern().as_usize() < PHRASES.len();
        if is_phrase && !is_shouted(text, start, end) || stands_as_one(text, start, end) {
            found.push(Candidate::new(Kind::Marking, start..end, Certainty::Listed));
            until = end;
        }
    }
}

/// Whether a word stands where a marking does: alone on its line, in parentheses before a
/// paragraph, or behind what names it.
fn stands_as_one(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (behind(text, start, 64), ahead(text, end, 64));
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let line_after = after.split('\n').next().unwrap_or_default();
    let trim = |c: char| c.is_whitespace() || "*#_-–—=[](){}<>|/:.•".contains(c);
    let alone =
        line_before.trim_matches(trim).is_empty() && line_after.trim_matches(trim).is_empty();
    let quoted = line_before.trim_end().ends_with(['«', '“', '"', '(', '['])
        && line_after.trim_start().starts_with(['»', '”', '"', ')', ']']);
    let named = once!(
        r"(?i)\b(?:classif\w+|class[ée]e?s?|marked|marking|mention|niveau|level|portant|banner|protection|habilitation|clearance|designated|labell?ed|estampill[ée]e?s?)\b[^.;\n]{0,20}$"
    );
    let portion =
        line_before.trim().is_empty() && line_after.trim_start().starts_with(['-', '–', '—', ':']);
    alone || quoted || portion || named.is_match(line_before)
}

/// Whether all its line is in capitals, and more than a marking would be: a headline.
fn is_shouted(text: &str, start: usize, end: usize) -> bool {
    let before = behind(text, start, 120).rsplit('\n').next().unwrap_or_default();
    let after = ahead(text, end, 120).split('\n').next().unwrap_or_default();
    let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
    let small = |part: &str| part.chars().any(char::is_lowercase);
    !small(before) && !small(after) && letters(before) + letters(after) > 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text, &mut found);
        found.into_iter().map(|found| &text[found.range]).collect()
    }

    #[test]
    fn markings_are_told_from_words() {
        assert_eq!(found("DIFFUSION RESTREINTE\nNote"), ["DIFFUSION RESTREINTE"]);
        assert_eq!(found("**SECRET**\nText"), ["SECRET"]);
        assert_eq!(found("Ce document est classifié SECRET."), ["SECRET"]);
        assert_eq!(found("CUI//SP-PRVCY\n"), ["CUI//SP-PRVCY"]);
        assert_eq!(found("SECRET//NOFORN - text"), ["SECRET//NOFORN"]);
        assert_eq!(found("(CUI) The first paragraph."), ["CUI"]);
        for other in [
            "a secret recipe",
            "Le secret médical",
            "une diffusion restreinte",
            "SECRET_KEY=1",
            "MY SECRET GARDEN IS OPEN",
            "CIRCUIT",
            "Top Secret Cookies",
        ] {
            assert!(found(other).is_empty(), "{other}");
        }
    }
}
