//! What holds of every check and every replacement.

use std::sync::Arc;

use prevention::labelled::{Sentence, generated, rules};
use prevention::{
    Action, Checker, Finding, Kind, Pattern, Replacements, Restorer, Rules, WordList,
};
use proptest::prelude::*;

fn with(action: impl Fn(Kind) -> Action) -> Rules {
    let mut rules = rules();
    for (kind, set) in &mut rules.kinds {
        *set = action(*kind);
    }
    rules.names[0].action = action(Kind::Name);
    rules.words[0].action = action(Kind::Word);
    rules.patterns[0].action = action(Kind::Pattern);
    rules
}

/// Texts of pieces of the labelled set, and of what is nothing.
fn texts() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = generated().into_iter().map(|Sentence { text, .. }| text).collect();
    let piece = prop_oneof![
        prop::sample::select(pieces).prop_flat_map(|piece| (0..=piece.len(), Just(piece))
            .prop_map(|(cut, piece)| piece[piece.floor_char_boundary(cut)..].to_owned())),
        "\\PC{0,12}",
        "[0-9 .<@:+A-F-]{0,40}",
        Just("[PERSON_1] [EMAIL_2]".to_owned()),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn replaced(checker: &Checker, text: &str, known: &mut Replacements) -> (String, Vec<Finding>) {
    let findings = checker.check_known(text, known);
    let mut replaced = String::new();
    let mut from = 0;
    for (range, placeholder) in known.replace(text, &findings, |taken| text.contains(taken)) {
        replaced.push_str(&text[from..range.start]);
        replaced.push_str(&placeholder);
        from = range.end;
    }
    replaced.push_str(&text[from..]);
    (replaced, findings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn findings_lie_in_the_text_in_order_and_apart(text in texts()) {
        let checker = Checker::new(&rules()).unwrap();
        let mut from = 0;
        for finding in checker.check(&text) {
            prop_assert!(finding.range.start >= from && !finding.range.is_empty());
            prop_assert!(text.get(finding.range.clone()).is_some());
            from = finding.range.end;
        }
    }

    #[test]
    fn whatever_overlaps_it_nothing_goes_that_may_not(text in texts(), strict in 0..17_usize) {
        // What one kind alone would not let go does not go beside others either.
        let strict = Kind::all().nth(strict).unwrap();
        let alone = Checker::new(&with(|k| if k == strict { Action::Block } else { Action::Off })).unwrap();
        let all = Checker::new(&with(|k| if k == strict { Action::Block } else { Action::Replace })).unwrap();
        let told = all.check(&text);
        for finding in alone.check(&text) {
            let stopped = told.iter().any(|t| t.action == Action::Block
                && t.range.start <= finding.range.start && finding.range.end <= t.range.end);
            prop_assert!(stopped, "{:?}", &text[finding.range.clone()]);
        }
    }

    #[test]
    fn every_byte_that_is_to_be_replaced_is(text in texts()) {
        let all = Checker::new(&with(|_| Action::Replace)).unwrap();
        let told = all.check(&text);
        for kind in Kind::all() {
            let alone = Checker::new(&with(|k| if k == kind { Action::Replace } else { Action::Off })).unwrap();
            for finding in alone.check(&text) {
                let covered = |at: usize| told.iter().any(|t| t.range.contains(&at));
                prop_assert!(finding.range.clone().all(covered), "{:?}", &text[finding.range.clone()]);
            }
        }
    }

    #[test]
    fn what_is_replaced_comes_back(text in texts()) {
        let checker = Checker::new(&with(|_| Action::Replace)).unwrap();
        let mut known = Replacements::default();
        let (sent, findings) = replaced(&checker, &text, &mut known);
        // Each word comes back as it was first written.
        let mut expected = String::new();
        let mut from = 0;
        for finding in &findings {
            let words = &text[finding.range.clone()];
            let placeholder = known.clone().placeholder(finding.kind, words, |_| false);
            let entry = known.entries().iter().find(|entry| entry.placeholder() == placeholder).unwrap();
            expected.push_str(&text[from..finding.range.start]);
            expected.push_str(&entry.words);
            from = finding.range.end;
        }
        expected.push_str(&text[from..]);
        let mut restorer = Restorer::new(Arc::new(known.clone()));
        let restored = restorer.push(&sent) + &restorer.finish();
        prop_assert_eq!(restored, expected);
        // What was replaced once is replaced in the same way again.
        let entries = known.entries().len();
        let (again, _) = replaced(&checker, &text, &mut known);
        prop_assert_eq!(again, sent);
        prop_assert_eq!(known.entries().len(), entries);
    }
}

#[test]
fn what_was_replaced_is_replaced_wherever_it_stands_later() {
    let checker = Checker::new(&with(|_| Action::Replace)).unwrap();
    let mut known = Replacements::default();
    let (sent, _) = replaced(&checker, "My passport is 12AB34567.", &mut known);
    assert_eq!(sent, "My passport is [PASSPORT_1].");
    // Nothing announces it here.
    let (sent, _) =
        replaced(&checker, "It was 12AB34567, for JEANNE  MOREAU and Jeanne Moreau.", &mut known);
    assert_eq!(sent, "It was [PASSPORT_1], for [PERSON_1] and [PERSON_1].");
}

#[test]
fn a_placeholder_that_a_person_wrote_is_nobody_elses() {
    let checker = Checker::new(&with(|_| Action::Replace)).unwrap();
    let mut known = Replacements::default();
    let (sent, _) = replaced(&checker, "[PERSON_1] wrote to Jeanne Moreau.", &mut known);
    assert_eq!(sent, "[PERSON_1] wrote to [PERSON_2].");
}

#[test]
fn rules_that_cannot_be_used_say_why() {
    let list = |entries: &[&str]| WordList {
        name: "L".to_owned(),
        action: Action::Note,
        entries: entries.iter().map(|e| (*e).to_owned()).collect(),
        file: None,
    };
    let pattern = |pattern: &str| Pattern {
        name: "P".to_owned(),
        action: Action::Note,
        pattern: pattern.to_owned(),
    };
    let problem = |rules: Rules| Checker::new(&rules).err().unwrap().to_string();
    let words = |list| Rules { words: vec![list], ..Rules::default() };
    assert!(problem(words(list(&["ok", " — "]))).contains("entry 2 of the list “L”"));
    let missing = WordList { file: Some("/nonexistent/names".into()), ..list(&[]) };
    assert!(problem(words(missing)).contains("/nonexistent/names"));
    let patterns = |text: &str| Rules { patterns: vec![pattern(text)], ..Rules::default() };
    assert!(problem(patterns("(")).contains("“P”"));
    assert!(problem(patterns(r"\w{5000}")).contains("“P”"), "too large");
    let by_list = Rules { kinds: [(Kind::Name, Action::Block)].into(), ..Rules::default() };
    assert!(problem(by_list).contains("name"));
}
