//! `bureau summarize`: documents in, a summary on standard output.

use std::sync::Arc;

use assistant::{Assistant, Question, SummaryChoices, SummaryForm, SummaryLength};
use conversation::Failure;

use crate::args::{Form, Length, Summarize};
use crate::exit::Exit;
use crate::{ask, unlock};

pub async fn run(assistant: &Arc<Assistant>, summarize: Summarize) -> Result<Exit, Failure> {
    let password = unlock::document_password(summarize.password_file.as_deref())?;
    let attach = |file: &std::path::PathBuf| assistant.attach_file(file, password.as_deref());
    let files = summarize.files.iter().map(attach).collect::<Result<Vec<_>, _>>()?;
    unlock::open_or_temporary(assistant, summarize.temporary, None)?;
    let question = Question {
        text: asked(&summarize),
        model: summarize.model.clone(),
        files,
        summary: Some(SummaryChoices {
            length: summarize.length.into(),
            form: summarize.form.into(),
            language: summarize.language.clone(),
            focus: summarize.focus.clone().unwrap_or_default(),
        }),
        confirmed: summarize.confirm,
        ..Question::default()
    };
    ask::answered(assistant, question, summarize.json).await
}

/// The question as it stands in the history.
fn asked(summarize: &Summarize) -> String {
    let names = summarize.files.iter().filter_map(|file| file.file_name());
    let names: Vec<_> = names.map(|name| format!("“{}”", name.to_string_lossy())).collect();
    let what = names.join(", ");
    match summarize.focus.as_deref().map(str::trim).filter(|focus| !focus.is_empty()) {
        Some(focus) => format!("Summarise {what}: {focus}"),
        None => format!("Summarise {what}"),
    }
}

impl From<Length> for SummaryLength {
    fn from(length: Length) -> Self {
        match length {
            Length::Short => Self::Short,
            Length::Medium => Self::Medium,
            Length::Long => Self::Long,
        }
    }
}

impl From<Form> for SummaryForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Paragraph => Self::Paragraph,
            Form::Bullets => Self::Bullets,
            Form::Table => Self::Table,
            Form::DecisionNote => Self::DecisionNote,
            Form::NoteDeSynthese => Self::NoteDeSynthese,
            Form::Comparison => Self::Comparison,
        }
    }
}
