//! A policy's text, and where in it a mistake is.

use std::ops::Range;
use std::path::Path;

use crate::{Group, KeptPrompt, Policy, PolicyError, Source};

/// How a policy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.0.
    Toml,
    /// JSON (RFC 8259).
    Json,
}

impl Format {
    /// The format of a file, by its name: JSON where it ends in `.json`, else TOML.
    pub fn of(file: &Path) -> Self {
        let json = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Toml }
    }
}

impl Policy {
    /// Reads a policy's text. `origin` is what a mistake is said to be in.
    ///
    /// # Errors
    /// [`PolicyError::Malformed`], with line and column.
    pub fn parse(origin: &str, text: &str, format: Format) -> Result<Self, PolicyError> {
        let malformed =
            |problem: String| PolicyError::Malformed { origin: origin.to_owned(), problem };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let policy: Self = match format {
            Format::Toml => toml::from_str(text)
                .map_err(|error| malformed(placed(error.message(), error.span(), text)))?,
            Format::Json => serde_json::from_str(text).map_err(|error| malformed(json(&error)))?,
        };
        policy.checked().map_err(malformed)
    }

    /// The policy, if what it says can be.
    pub(crate) fn checked(mut self) -> Result<Self, String> {
        self.prompts =
            KeptPrompt::library(self.prompts).map_err(|problem| format!("prompts, {problem}"))?;
        let problems = [
            self.source.as_ref().and_then(Source::problem),
            self.endpoints.problem(),
            self.settings.problem(),
            prevention_problem(&self.prevention),
            self.audit.as_ref().and_then(audit::Rules::problem),
            self.updates.problem(),
        ];
        let of_groups = self.groups.iter().filter_map(Group::problem);
        let problem = problems.into_iter().flatten().chain(of_groups).next();
        problem.map_or(Ok(self), Err)
    }

    /// Reads a policy from a file.
    ///
    /// # Errors
    /// [`PolicyError::Unreadable`] and [`PolicyError::Malformed`].
    pub fn read(file: &Path) -> Result<Self, PolicyError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| PolicyError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(&file.display().to_string(), &text, Format::of(file))
    }
}

/// What of the rules of prevention cannot be.
pub(crate) fn prevention_problem(rules: &prevention::Rules) -> Option<String> {
    rules.validate().err().map(|error| format!("prevention: {error}"))
}

/// A problem with its line and column.
fn placed(problem: &str, span: Option<Range<usize>>, text: &str) -> String {
    let Some(before) = span.and_then(|span| text.get(..span.start)) else {
        return problem.to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!("line {line}, column {column}: {problem}")
}

/// The same of an error of JSON, whose message ends in its place.
fn json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let problem = message.strip_suffix(&format!(" at line {line} column {column}"));
    format!("line {line}, column {column}: {}", problem.unwrap_or(&message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_from_either_format() {
        let toml = Policy::parse("x", "version = 3\nreason = \"r\"\n", Format::Toml).unwrap();
        let json = r#"{"version": 3, "reason": "r"}"#;
        assert_eq!(toml, Policy::parse("x", json, Format::Json).unwrap());
        assert_eq!((toml.version, toml.reason.as_deref()), (3, Some("r")));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_section() {
        for (text, section) in [
            ("[endpoints]\ndefault = \"a\"", "endpoints.default"),
            ("[endpoints.provided.a]\naddress = \"ftp://x\"", "endpoints.provided.a"),
            ("[endpoints.provided.\"a/b\"]\naddress = \"https://x/v1\"", "endpoints.provided"),
            ("[endpoints]\nparameters = { stream = false }", "endpoints.parameters"),
            ("[settings]\ntext_size = 500", "settings.text_size"),
            ("[settings]\nlanguage = \"klingon\"", "settings.language"),
            ("[source]\naddress = \"http://x/p.toml\"\npublic_key = \"\"", "source.address"),
            ("[source]\naddress = \"https://x/p.toml\"\npublic_key = \"y\"", "source.public_key"),
            ("[updates]\naddress = \"https://x/l.json\"", "updates.public_key"),
            ("[updates]\npublic_key = \"y\"", "updates.address"),
            ("[updates]\naddress = \"http://x/l.json\"\npublic_key = \"y\"", "updates.address"),
            ("[updates]\naddress = \"https://x/{{os}}\"\npublic_key = \"y\"", "updates.address"),
            ("[updates]\naddress = \"https://x/l.json\"\npublic_key = \"y\"", "updates.public_key"),
            (
                "[updates]\naddress = \"http://127.0.0.1/l\"\npublic_key = \"y\"",
                "updates.public_key",
            ),
            (
                "[[prevention.patterns]]\nname = \"n\"\naction = \"note\"\npattern = \"(\"",
                "prevention: ",
            ),
            (
                "[[groups]]\nname = \"g\"\n[groups.endpoints]\ndefault = \"a\"",
                "groups, g: endpoints.default",
            ),
            (
                "[[groups]]\nname = \"g\"\n[groups.prevention.kinds]\nword = \"ask\"",
                "groups, g: prevention: ",
            ),
            ("[[groups]]\nname = \"g\"\n[groups.audit]\nkeep_days = 0", "groups, g: audit.keep"),
        ] {
            let error = Policy::parse("p", text, Format::Toml).unwrap_err().to_string();
            assert!(error.contains(&format!("p cannot be used: {section}")), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_column() {
        for (text, format, place) in [
            ("version = 1\n  colour = 2\n", Format::Toml, "line 2, column 3: "),
            ("version = \"x\"\n", Format::Toml, "line 1, column 11: "),
            ("[version\n", Format::Toml, "line 1, column "),
            ("{\n \"version\": 1,\n \"colour\": 2}", Format::Json, "line 3, column "),
            ("{", Format::Json, "line 1, column "),
            ("", Format::Json, "line 1, column "),
        ] {
            let error = Policy::parse("p", text, format).unwrap_err().to_string();
            assert!(error.contains(place), "{text:?}: {error}");
        }
    }
}
