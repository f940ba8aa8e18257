//! `bureau write`: a text that is worked on.

use std::io::IsTerminal;

use assistant::{Assistant, TextLength, Tone, WritingAction, WritingRequest};
use conversation::Failure;

use crate::args::{Write, WriteAction, WriteLength, WriteTone};
use crate::check::standard_input;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::{output, unlock};

/// The one text that this program works on.
const NUMBER: u32 = 0;

pub async fn run(assistant: &Assistant, write: Write) -> Result<Exit, Failure> {
    let text = match write.text {
        Some(text) if text != "-" => text,
        _ => standard_input()?,
    };
    unlock::open_or_temporary(assistant, false, None)?;
    let request = WritingRequest {
        action: write.action.into(),
        tone: write.tone.into(),
        length: write.length.into(),
        text,
        wish: write.wish.unwrap_or_default(),
        model: write.model,
        confirmed: write.confirm,
    };
    let mut interrupts = Interrupts::listen()?;
    let mut interrupted = false;
    let written = {
        let mut work = std::pin::pin!(assistant.write_text(NUMBER, request, |_| {}));
        loop {
            tokio::select! {
                written = &mut work => break written?,
                () = interrupts.next() => {
                    interrupted = true;
                    assistant.stop_writing(NUMBER);
                }
            }
        }
    };
    if write.json {
        output::write_json(&written)?;
    } else {
        let text = written.text.trim_end_matches('\n');
        let terminal = std::io::stdout().is_terminal();
        let text = if terminal { output::printable(text) } else { text.to_owned() };
        output::write(&format!("{text}\n"))?;
        if written.cut_short {
            eprintln!("bureau: the text ends early");
        }
    }
    Ok(if interrupted { Exit::Interrupted } else { Exit::Done })
}

impl From<WriteAction> for WritingAction {
    fn from(action: WriteAction) -> Self {
        match action {
            WriteAction::Rewrite => Self::Rewrite,
            WriteAction::Correct => Self::Correct,
            WriteAction::Summarise => Self::Summarise,
            WriteAction::FromNotes => Self::FromNotes,
        }
    }
}

impl From<WriteTone> for Tone {
    fn from(tone: WriteTone) -> Self {
        match tone {
            WriteTone::AsIs => Self::AsIs,
            WriteTone::Formal => Self::Formal,
            WriteTone::Friendly => Self::Friendly,
            WriteTone::Direct => Self::Direct,
            WriteTone::Plain => Self::Plain,
            WriteTone::Administrative => Self::Administrative,
        }
    }
}

impl From<WriteLength> for TextLength {
    fn from(length: WriteLength) -> Self {
        match length {
            WriteLength::AsIs => Self::AsIs,
            WriteLength::Shorter => Self::Shorter,
            WriteLength::Longer => Self::Longer,
        }
    }
}
