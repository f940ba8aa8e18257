//! The kinds of things that can be found.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Action;

/// What was found.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    specta::Type,
)]
#[serde(rename_all = "snake_case", rename = "PreventionKind")]
pub enum Kind {
    /// A private key: PEM (RFC 7468), PGP, PuTTY, age.
    PrivateKey,
    /// A key, token or password of a service.
    Secret,
    /// A payment card's number (ISO/IEC 7812).
    Card,
    /// An account's number (ISO 13616).
    Iban,
    /// A French social security number (NIR).
    Nir,
    /// A French establishment's or company's number (SIRET, SIREN).
    Siret,
    /// A United States social security number.
    Ssn,
    /// A United States employer identification number.
    Ein,
    /// A passport's or identity card's number or machine-readable zone (ICAO 9303).
    Passport,
    /// A driving licence's number.
    DrivingLicence,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// An address of the Internet Protocol.
    IpAddress,
    /// A classification marking.
    Marking,
    /// A name from a list of the organisation's.
    Name,
    /// A word from a list of the organisation's.
    Word,
    /// What a pattern of the organisation's matches.
    Pattern,
}

/// Every kind, in order.
const ALL: [(Kind, &str, &str); 17] = [
    (Kind::PrivateKey, "private_key", "PRIVATE_KEY"),
    (Kind::Secret, "secret", "SECRET"),
    (Kind::Card, "card", "CARD"),
    (Kind::Iban, "iban", "IBAN"),
    (Kind::Nir, "nir", "NIR"),
    (Kind::Siret, "siret", "SIRET"),
    (Kind::Ssn, "ssn", "SSN"),
    (Kind::Ein, "ein", "EIN"),
    (Kind::Passport, "passport", "PASSPORT"),
    (Kind::DrivingLicence, "driving_licence", "LICENCE"),
    (Kind::Email, "email", "EMAIL"),
    (Kind::Telephone, "telephone", "PHONE"),
    (Kind::IpAddress, "ip_address", "IP"),
    (Kind::Marking, "marking", "MARKING"),
    (Kind::Name, "name", "PERSON"),
    (Kind::Word, "word", "TERM"),
    (Kind::Pattern, "pattern", "REFERENCE"),
];

impl Kind {
    /// Every kind, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(kind, ..)| *kind)
    }

    /// The kind as it is written in rules.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What stands in its placeholder: `PERSON` in `[PERSON_1]`.
    pub fn label(self) -> &'static str {
        self.row().2
    }

    /// The kind whose placeholders bear this label, in whichever case it is written.
    pub fn of_label(label: &str) -> Option<Self> {
        ALL.iter().find(|row| row.2.eq_ignore_ascii_case(label)).map(|row| row.0)
    }

    /// Whether a checksum or list tells it from what only looks like it.
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Card | Self::Iban | Self::Nir | Self::Siret)
    }

    /// Whether it is found by lists or patterns, each of which says what is done about it.
    pub fn is_listed(self) -> bool {
        matches!(self, Self::Name | Self::Word | Self::Pattern)
    }

    /// What is done where no rule says anything: a person is told of what does most harm.
    pub(crate) fn by_default(self) -> Action {
        match self {
            Self::PrivateKey
            | Self::Secret
            | Self::Card
            | Self::Iban
            | Self::Nir
            | Self::Ssn
            | Self::Marking => Action::Note,
            // The organisation's own lists each say what is done.
            Self::Siret
            | Self::Ein
            | Self::Passport
            | Self::DrivingLicence
            | Self::Email
            | Self::Telephone
            | Self::IpAddress
            | Self::Name
            | Self::Word
            | Self::Pattern => Action::Off,
        }
    }

    fn row(self) -> &'static (Self, &'static str, &'static str) {
        ALL.iter().find(|row| row.0 == self).unwrap_or(&ALL[0])
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "a private key",
            Self::Secret => "a key, token or password",
            Self::Card => "a payment card's number",
            Self::Iban => "an IBAN",
            Self::Nir => "a French social security number",
            Self::Siret => "a SIRET or SIREN number",
            Self::Ssn => "a social security number",
            Self::Ein => "an employer identification number",
            Self::Passport => "a passport or identity card",
            Self::DrivingLicence => "a driving licence",
            Self::Email => "an e-mail address",
            Self::Telephone => "a telephone number",
            Self::IpAddress => "an IP address",
            Self::Marking => "a classification marking",
            Self::Name => "a name of the organisation's lists",
            Self::Word => "a word of the organisation's lists",
            Self::Pattern => "a reference of the organisation's",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_spelling_and_one_label() {
        for kind in Kind::all() {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(Kind::of_label(&kind.label().to_lowercase()), Some(kind));
        }
        let mut labels: Vec<_> = Kind::all().map(Kind::label).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Kind::all().count());
    }
}
