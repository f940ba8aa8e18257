//! The library of prompts: texts with variables (`{{name}}`) that a question is begun from. A person's
//! lie in the encrypted history, as one document, which is also the format of its files; those that
//! the organisation provides stand in its policy, and are never written into either.

use std::path::Path;

use conversation::{Failure, FailureCode};
use policy::{Action, ExportFormat, KeptPrompt, MAX_PROMPT_NAME};
use serde::{Deserialize, Serialize};

use crate::Assistant;
use crate::attachment::read_at_most;
use crate::whole_file;

/// The setting in the encrypted history that holds the library.
const SETTING: &str = "prompts";
/// The version of the format that is written.
const VERSION: u32 = 1;
/// The most bytes of a file of prompts.
const MAX_FILE: usize = 16 << 20;

/// The library as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct PromptLibrary {
    /// The organisation's prompts, which stand first and which its policy alone changes.
    pub organisation: Vec<KeptPrompt>,
    /// The person's own.
    pub own: Vec<KeptPrompt>,
}

/// A file of prompts (docs/prompts.schema.json): how a library is kept, and shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromptFile {
    /// The version of the format: 1.
    pub bureau_prompts: u32,
    /// The prompts, in the order in which they are shown.
    pub prompts: Vec<KeptPrompt>,
}

impl PromptFile {
    /// Reads a file of prompts.
    ///
    /// # Errors
    /// [`FailureCode::NewerVersion`] where a newer version of Bureau wrote it,
    /// [`FailureCode::Invalid`] where it is no such file, or a prompt of it cannot be kept.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Versioned {
            bureau_prompts: u32,
        }
        let invalid = |error: serde_json::Error| {
            let message = format!("this is no file of prompts: {error}");
            Failure::new(FailureCode::Invalid, message)
        };
        let versioned: Versioned = serde_json::from_str(text).map_err(invalid)?;
        if versioned.bureau_prompts > VERSION {
            let message = "a newer version of Bureau wrote these prompts";
            return Err(Failure::new(FailureCode::NewerVersion, message));
        }
        let file: Self = serde_json::from_str(text).map_err(invalid)?;
        Ok(Self { prompts: checked(file.prompts)?, ..file })
    }
}

/// The prompts that Bureau comes with, in the language of a locale.
fn shipped(locale: &str) -> Vec<KeptPrompt> {
    let text = match locale.split('-').next() {
        Some("ar") => include_str!("../prompts/ar.json"),
        Some("de") => include_str!("../prompts/de.json"),
        Some("es") => include_str!("../prompts/es.json"),
        Some("fr") => include_str!("../prompts/fr.json"),
        Some("it") => include_str!("../prompts/it.json"),
        Some("ja") => include_str!("../prompts/ja.json"),
        Some("pt") => include_str!("../prompts/pt.json"),
        _ => include_str!("../prompts/en.json"),
    };
    PromptFile::parse(text).map(|file| file.prompts).unwrap_or_default()
}

impl Assistant {
    /// The library; of a person who never changed theirs it has those that Bureau comes with, in the
    /// language of `locale`.
    ///
    /// # Errors
    /// While the history is locked, or as it fails.
    pub fn prompts(&self, locale: &str) -> Result<PromptLibrary, Failure> {
        Ok(self.library_with(self.own_prompts(locale)?))
    }

    fn library_with(&self, own: Vec<KeptPrompt>) -> PromptLibrary {
        PromptLibrary { organisation: self.policy().prompts.clone(), own }
    }

    fn own_prompts(&self, locale: &str) -> Result<Vec<KeptPrompt>, Failure> {
        match self.history()?.setting(SETTING)? {
            None => Ok(shipped(locale)),
            Some(text) => Ok(PromptFile::parse(&text)?.prompts),
        }
    }

    /// Keeps the person's prompts as they are now.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where a prompt has no name or no text, is too long, or two in a
    /// folder have one name; else as the history fails.
    pub fn set_prompts(&self, prompts: Vec<KeptPrompt>) -> Result<PromptLibrary, Failure> {
        let prompts = checked(prompts)?;
        let text = to_text(&prompts)?;
        self.history()?.set_setting(SETTING, Some(&text))?;
        Ok(self.library_with(prompts))
    }

    /// Adds the prompts of a file to the person's. One of a name that is there in its folder, with
    /// another text, comes beside it under a name of its own.
    ///
    /// # Errors
    /// As [`PromptFile::parse`] and [`set_prompts`](Self::set_prompts); [`FailureCode::Forbidden`]
    /// where the organisation lets nothing be brought in.
    pub fn import_prompts(&self, file: &Path, locale: &str) -> Result<PromptLibrary, Failure> {
        self.permit(Action::Import)?;
        let data = read_at_most(file, MAX_FILE)?;
        let text = String::from_utf8(data).ok().filter(|text| text.len() <= MAX_FILE);
        let text = text.ok_or_else(|| {
            Failure::new(FailureCode::Invalid, "this is no file of prompts: it is not text")
        })?;
        let mut prompts = self.own_prompts(locale)?;
        for new in PromptFile::parse(&text)?.prompts {
            let brought = |old: &KeptPrompt| {
                let same = old.folder == new.folder && old.text == new.text;
                same && (old.name == new.name || is_numbered(&old.name, &new.name))
            };
            if !prompts.iter().any(brought) {
                prompts.push(beside(&prompts, new));
            }
        }
        self.set_prompts(prompts)
    }

    /// Writes the person's prompts into a file.
    ///
    /// # Errors
    /// As [`prompts`](Self::prompts); [`FailureCode::Forbidden`] where the organisation lets nothing
    /// be saved as JSON, and [`FailureCode::Storage`] as the disk refuses.
    pub fn export_prompts(&self, file: &Path, locale: &str) -> Result<(), Failure> {
        self.permit(Action::Export(ExportFormat::Json))?;
        let text = to_text(&self.own_prompts(locale)?)?;
        self.take_out("prompts", &text, || whole_file::write(text.as_bytes(), file, true))
    }
}

/// Whether a name is another one with the number that [`beside`] gives it.
fn is_numbered(name: &str, plain: &str) -> bool {
    name.rsplit_once(" (").is_some_and(|(start, end)| {
        let number = end.strip_suffix(')').is_some_and(|number| number.parse::<u32>().is_ok());
        let whole = start == plain;
        let cut = name.chars().count() == MAX_PROMPT_NAME && plain.starts_with(start);
        number && (whole || cut)
    })
}

/// The prompt, under a name that no other in its folder has.
fn beside(prompts: &[KeptPrompt], new: KeptPrompt) -> KeptPrompt {
    let taken = |name: &str| prompts.iter().any(|p| p.folder == new.folder && p.name == name);
    if !taken(&new.name) {
        return new;
    }
    let mut numbered = (2..).map(|number| {
        let end = format!(" ({number})");
        let start: String = new.name.chars().take(MAX_PROMPT_NAME - end.len()).collect();
        start + &end
    });
    let name = numbered.find(|name| !taken(name)).unwrap_or_default();
    KeptPrompt { name, ..new }
}

fn to_text(prompts: &[KeptPrompt]) -> Result<String, Failure> {
    let file = PromptFile { bureau_prompts: VERSION, prompts: prompts.to_vec() };
    let text = serde_json::to_string_pretty(&file);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

fn checked(prompts: Vec<KeptPrompt>) -> Result<Vec<KeptPrompt>, Failure> {
    KeptPrompt::library(prompts).map_err(|problem| Failure::new(FailureCode::Invalid, problem))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{Config, Folders};

    fn assistant() -> Assistant {
        let folders = Folders { config: PathBuf::new(), data: PathBuf::new() };
        let assistant = Assistant::new(folders, Config::default());
        assistant.start_temporary().unwrap();
        assistant
    }

    fn prompt(name: &str, text: &str) -> KeptPrompt {
        KeptPrompt { folder: String::new(), name: name.into(), text: text.into() }
    }

    #[test]
    fn a_dozen_prompts_come_along_in_every_language() {
        for locale in policy::LANGUAGES {
            let prompts = shipped(locale);
            assert_eq!(prompts.len(), shipped("en").len(), "{locale}");
            assert!(prompts.iter().all(|prompt| prompt.text.contains("{{")), "{locale}");
            assert_eq!(prompts == shipped("en"), *locale == "en", "{locale}");
        }
        assert_eq!(shipped("pt-BR"), shipped("pt"));
    }

    #[test]
    fn a_library_goes_into_a_file_and_comes_back() {
        let desk = assistant();
        desk.set_prompts(vec![prompt("One", "Say {{what}}"), prompt("Two", "x")]).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        desk.export_prompts(file.path(), "en").unwrap();
        let other = assistant();
        other.set_prompts(vec![prompt("Two", "mine"), prompt("Three", "y")]).unwrap();
        let all = other.import_prompts(file.path(), "en").unwrap().own;
        let names: Vec<_> = all.iter().map(|p| (p.name.as_str(), p.text.as_str())).collect();
        let expected = [("Two", "mine"), ("Three", "y"), ("One", "Say {{what}}"), ("Two (2)", "x")];
        assert_eq!(names, expected);
        // What was brought in already is not doubled.
        assert_eq!(other.import_prompts(file.path(), "en").unwrap().own, all);
        assert_eq!(other.prompts("en").unwrap().own, all);
    }

    #[test]
    fn what_cannot_be_kept_says_so_and_changes_nothing() {
        let desk = assistant();
        let before = desk.prompts("en").unwrap();
        for bad in [
            vec![prompt("", "x")],
            vec![prompt("x", " ")],
            vec![prompt("x", "1"), prompt(" x ", "2")],
            vec![prompt(&"x".repeat(MAX_PROMPT_NAME + 1), "x")],
        ] {
            assert_eq!(desk.set_prompts(bad).unwrap_err().code, FailureCode::Invalid);
        }
        for (text, code) in [
            ("{}", FailureCode::Invalid),
            ("[", FailureCode::Invalid),
            ("{\"bureau_prompts\":2,\"other\":1}", FailureCode::NewerVersion),
            (
                "{\"bureau_prompts\":1,\"prompts\":[{\"name\":\"x\",\"text\":\"x\",\"run\":1}]}",
                FailureCode::Invalid,
            ),
        ] {
            assert_eq!(PromptFile::parse(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(desk.prompts("en").unwrap(), before);
    }
}
