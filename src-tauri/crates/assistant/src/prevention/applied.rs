//! The rules of an organisation for what leaves, one by one, for a person to read.

use std::cmp::Reverse;

use ::prevention::{Action, Kind, Rules};
use serde::{Deserialize, Serialize};

/// Something that an organisation has looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct AppliedFinding {
    /// What it is.
    pub kind: Kind,
    /// What the organisation calls the list or pattern; of a marking of its own its words.
    pub rule: Option<String>,
    /// What is done about it.
    pub action: Action,
}

/// All that these rules name, the strictest first. What they hold of names, words and patterns
/// is not told, which may be secret itself.
pub(crate) fn applied_findings(rules: &Rules) -> Vec<AppliedFinding> {
    let one = |kind, rule: Option<&str>, action| {
        let rule = rule.map(str::to_owned);
        AppliedFinding { kind, rule, action }
    };
    let named = |kind, name: &str, action| one(kind, Some(name), action);
    let marking = rules.action(Kind::Marking);
    let mut all: Vec<_> =
        rules.kinds.iter().map(|(kind, action)| one(*kind, None, *action)).collect();
    all.extend(rules.names.iter().map(|list| named(Kind::Name, &list.name, list.action)));
    all.extend(rules.words.iter().map(|list| named(Kind::Word, &list.name, list.action)));
    all.extend(rules.patterns.iter().map(|own| named(Kind::Pattern, &own.name, own.action)));
    all.extend(rules.markings.iter().map(|words| named(Kind::Marking, words, marking)));
    all.sort_by_key(|finding| Reverse(finding.action));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_told_and_no_list_is_given_away() {
        let rules: Rules = toml::from_str(
            "markings = [\"INTERNE\"]
            [kinds]
            email = \"replace\"
            iban = \"off\"
            [[names]]
            name = \"Patients\"
            action = \"block\"
            entries = [\"Jeanne Moreau\"]
            [[words]]
            name = \"Projects\"
            action = \"ask\"
            entries = [\"Hélios\"]
            [[patterns]]
            name = \"File number\"
            action = \"note\"
            pattern = \"D-[0-9]+\"",
        )
        .unwrap();
        let told: Vec<_> = applied_findings(&rules)
            .into_iter()
            .map(|AppliedFinding { kind, rule, action }| (action, kind, rule.unwrap_or_default()))
            .collect();
        let expected = [
            (Action::Block, Kind::Name, "Patients"),
            (Action::Replace, Kind::Email, ""),
            (Action::Ask, Kind::Word, "Projects"),
            (Action::Note, Kind::Pattern, "File number"),
            (Action::Note, Kind::Marking, "INTERNE"),
            (Action::Off, Kind::Iban, ""),
        ];
        assert_eq!(told, expected.map(|(action, kind, rule)| (action, kind, rule.to_owned())));
    }
}
