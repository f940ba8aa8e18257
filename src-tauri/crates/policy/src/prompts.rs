//! Prompts: texts with variables (`{{name}}`) that a question is begun from. Those that an
//! organisation provides and those of a person have the same limits.

use std::collections::HashSet;

use conversation::disturbs;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most prompts of a library.
pub(crate) const MAX_PROMPTS: usize = 1000;
/// The most characters of a prompt's name, and of its folder's.
pub const MAX_PROMPT_NAME: usize = 120;
/// The most characters of a prompt's text.
const MAX_TEXT: usize = 20_000;

/// A prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptPrompt {
    /// The folder that it lies in; empty for none.
    #[serde(default)]
    #[schemars(length(max = MAX_PROMPT_NAME))]
    pub folder: String,
    /// What it is called; no other in its folder is called so.
    #[schemars(length(min = 1, max = MAX_PROMPT_NAME))]
    pub name: String,
    /// Its text, with `{{…}}` around the name of what is to be filled in.
    #[schemars(length(min = 1, max = MAX_TEXT))]
    pub text: String,
}

impl KeptPrompt {
    /// The prompt, its folder and its name each one line.
    fn checked(self) -> Result<Self, String> {
        let line = |text: &str| text.trim().chars().filter(|c| !disturbs(*c)).collect::<String>();
        let prompt = Self { folder: line(&self.folder), name: line(&self.name), ..self };
        if prompt.name.is_empty() || prompt.text.trim().is_empty() {
            return Err("a prompt needs a name and a text".to_owned());
        }
        let longer = |text: &str, most| text.chars().count() > most;
        if longer(&prompt.folder, MAX_PROMPT_NAME)
            || longer(&prompt.name, MAX_PROMPT_NAME)
            || longer(&prompt.text, MAX_TEXT)
        {
            return Err(format!(
                "a prompt has a name of at most {MAX_PROMPT_NAME} characters and a text of at most {MAX_TEXT}"
            ));
        }
        Ok(prompt)
    }

    /// The prompts, if they can be a library, the folder and the name of each one line.
    ///
    /// # Errors
    /// What is wrong, and with which one: it has no name or no text or is too long, another in its
    /// folder has its name, or they are too many.
    pub fn library(prompts: Vec<Self>) -> Result<Vec<Self>, String> {
        if prompts.len() > MAX_PROMPTS {
            return Err(format!("a library has at most {MAX_PROMPTS} prompts"));
        }
        let mut seen = HashSet::new();
        let mut library = Vec::with_capacity(prompts.len());
        for (before, prompt) in prompts.into_iter().enumerate() {
            let wrong = |problem| format!("number {}: {problem}", before + 1);
            let prompt = prompt.checked().map_err(wrong)?;
            if !seen.insert((prompt.folder.clone(), prompt.name.clone())) {
                let name = &prompt.name;
                return Err(wrong(format!("two prompts of one folder are called “{name}”")));
            }
            library.push(prompt);
        }
        Ok(library)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Policy};

    fn read(text: &str) -> Result<Vec<KeptPrompt>, String> {
        let policy = Policy::parse("p", text, Format::Toml).map_err(|error| error.to_string())?;
        Ok(policy.prompts)
    }

    #[test]
    fn prompts_are_read_in_their_order_and_need_no_folder() {
        let prompts = read(
            "[[prompts]]
             folder = \" Letters \"
             name = \"Reply\"
             text = \"Answer {{whom}}\"
             [[prompts]]
             name = \"Reply\"
             text = \"x\"",
        );
        let prompts = prompts.unwrap();
        let all: Vec<_> = prompts.iter().map(|p| [&p.folder[..], &p.name, &p.text]).collect();
        assert_eq!(all, [["Letters", "Reply", "Answer {{whom}}"], ["", "Reply", "x"]]);
        assert!(read("version = 1").unwrap().is_empty());
    }

    #[test]
    fn a_prompt_that_cannot_be_is_told_with_its_place() {
        let (long, text) = ("x".repeat(MAX_PROMPT_NAME + 1), "x".repeat(MAX_TEXT + 1));
        let good = "[[prompts]]\nname = \"good\"\ntext = \"x\"\n";
        for (prompt, told) in [
            ("name = \" \"\ntext = \"x\"", "prompts, number 2: a prompt needs a name and a text"),
            ("name = \"x\"\ntext = \"\\n\"", "prompts, number 2: a prompt needs a name and a text"),
            (
                &format!("name = \"{long}\"\ntext = \"x\""),
                "number 2: a prompt has a name of at most 120",
            ),
            (
                &format!("name = \"x\"\nfolder = \"{long}\"\ntext = \"x\""),
                "number 2: a prompt has a name of at most 120",
            ),
            (&format!("name = \"x\"\ntext = \"{text}\""), "a text of at most 20000"),
            (
                "name = \" good\"\ntext = \"y\"",
                "number 2: two prompts of one folder are called “good”",
            ),
            ("name = \"x\"\ntext = \"x\"\nrun = 1", "line 7, column 1: unknown field `run`"),
        ] {
            let error = read(&format!("{good}[[prompts]]\n{prompt}")).unwrap_err();
            assert!(error.contains(told), "{prompt}: {error}");
        }
        let many = good.repeat(MAX_PROMPTS + 1);
        assert!(read(&many).unwrap_err().contains("prompts, a library has at most 1000 prompts"));
    }
}
