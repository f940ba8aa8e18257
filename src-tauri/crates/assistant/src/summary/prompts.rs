//! What a model is asked, in words.

use super::choices::{SummaryChoices, SummaryForm, SummaryLength};
use super::plan::PlannedPart;
use crate::grounding::{self, DATA, QUOTE, Source};
use crate::language::language_name;

const MARKS: &str = "The notes carry marks like [[#12]]. After each statement repeat the marks of \
    the notes it rests on, exactly as they are. Add no facts that are not in the notes.";

/// Asks for the whole summary of what fits one request. What is asked stands at the end once more:
/// behind a long text the beginning is forgotten.
pub(super) fn whole(sources: &[Source], choices: &SummaryChoices, small: bool) -> String {
    let documents: Vec<_> = sources.iter().map(grounding::whole).collect();
    let (documents, task) = (documents.join("\n\n"), task(choices, small));
    if small {
        return format!("{documents}\n\n{task}");
    }
    format!("{task}\n\n{QUOTE}\n\n{DATA}\n\n{documents}\n\nNow write the summary. {task}")
}

/// Asks for notes of one part.
pub(super) fn part(
    sources: &[Source],
    part: &PlannedPart,
    choices: &SummaryChoices,
    small: bool,
) -> String {
    let source = &sources[part.source];
    let text = grounding::fenced(source, std::slice::from_ref(&part.range));
    if small {
        return format!(
            "{text}\n\nSummarise the text above in two short sentences{}.",
            language(choices)
        );
    }
    let (fewest, most) = match choices.length {
        SummaryLength::Short => (2, 5),
        SummaryLength::Medium => (4, 10),
        SummaryLength::Long => (8, 20),
    };
    format!(
        "This is one part of a longer document. Note what matters most in it{focus}: {fewest} to \
        {most} statements that can be understood on their own, with names, numbers and dates, one \
        on each line beginning with “- ”{language}. {QUOTE}\n\n{DATA}\n\n{text}",
        focus = focus(choices),
        language = language(choices),
    )
}

/// Asks for fewer notes than these.
pub(super) fn fewer(notes: &str, choices: &SummaryChoices, small: bool) -> String {
    if small {
        return format!("{notes}\nSay the same in two short sentences{}.", language(choices));
    }
    format!(
        "These are notes of a document. Bring them down to at most half as many{focus}: join what \
        belongs together, leave out what matters least. One statement on each line beginning with \
        “- ”{language}. {MARKS}\n\n{DATA}\n\n```\n{notes}```",
        focus = focus(choices),
        language = language(choices),
    )
}

/// Asks for the summary, from the notes of all parts.
pub(super) fn from_notes(notes: &str, choices: &SummaryChoices, small: bool) -> String {
    if small {
        return format!("{notes}\n{}", task(choices, small));
    }
    let task = task(choices, small);
    format!(
        "{task} You have notes of all parts of it, in order.\n\n{MARKS}\n\n{DATA}\n\n```\n{notes}```\n\n\
        Now write the summary. {task}"
    )
}

fn task(choices: &SummaryChoices, small: bool) -> String {
    let language = language(choices);
    if small {
        // So small a model does one thing at a time.
        let length = match choices.length {
            SummaryLength::Short => "two short sentences",
            SummaryLength::Medium => "four short sentences",
            SummaryLength::Long => "eight short sentences",
        };
        return format!("Summarise the text in {length}{language}.");
    }
    let length = match choices.length {
        SummaryLength::Short => "at most 100 words",
        SummaryLength::Medium => "about 250 words",
        SummaryLength::Long => "about 700 words",
    };
    let form = match choices.form {
        SummaryForm::Paragraph => "as paragraphs, without headings",
        SummaryForm::Bullets => {
            "as a list of short statements, one on each line beginning with “- ”"
        }
        SummaryForm::Table => {
            "as one Markdown table with a row for each topic, its quotes in the row"
        }
        SummaryForm::DecisionNote => {
            "as a note for someone who has to decide, under the headings (in the summary's language) \
            “To decide”, “Facts”, “Options”, “Consequences”"
        }
        SummaryForm::NoteDeSynthese => {
            "as a “note de synthèse” of the French administration: object, then a summary in two \
            sentences, then a structured analysis under headings, then a conclusion"
        }
        SummaryForm::Comparison => {
            "as a comparison: first what the documents have in common, then where they differ, point \
            by point, each time saying which document says what"
        }
    };
    let task = format!("Summarise what is given below{language}, {form}, in {length}");
    format!("{task}{}.", focus(choices))
}

fn language(choices: &SummaryChoices) -> String {
    choices.language.as_deref().map_or_else(
        || ", in the language of the document".to_owned(),
        |tag| format!(", in {}", language_name(tag)),
    )
}

fn focus(choices: &SummaryChoices) -> String {
    if choices.focus.is_empty() {
        return String::new();
    }
    format!(", above all as to this question: {}", choices.focus.trim_end_matches(['.', '?', ' ']))
}
