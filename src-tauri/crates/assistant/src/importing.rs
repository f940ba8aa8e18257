//! Bringing in the conversations of other programs.

use std::ops::ControlFlow;
use std::path::Path;

use conversation::{ConversationId, Failure, PortableConversation};
use history::{Added, History, HistoryError};
use import::{Event, Format, ImportError, LeftOut, Refusal};
use policy::Action;
use serde::Serialize;

use crate::{Assistant, Change};

/// So many bytes of messages are kept at once: a commit for each conversation would take the disk
/// longer than all else.
const AT_ONCE: usize = 4 << 20;
/// So many conversations are told of by name; of more only the number.
const TOLD: usize = 10_000;

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct ImportProgress {
    /// Bytes that were read; both stay far below the 2⁵³ that the page can count.
    #[specta(type = u32)]
    pub read: u64,
    /// Bytes there are.
    #[specta(type = u32)]
    pub of: u64,
    /// Conversations that are new here.
    pub added: u32,
    /// Conversations that were here already.
    pub known: u32,
    /// Conversations that could not be brought in.
    pub refused: u32,
}

/// What became of an import.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ImportReport {
    /// Whose export it was; none where that could not be told.
    pub format: Option<Format>,
    /// Conversations that are new here.
    pub added: u32,
    /// Conversations that were here already.
    pub known: u32,
    /// Conversations that could not be brought in; the first ten thousand.
    pub refused: Vec<Refused>,
    /// What was left out of those that are new; of the first ten thousand.
    pub left_out: Vec<Incomplete>,
    /// Whether the person stopped it. The rest comes when it is begun again.
    pub stopped: bool,
    /// Why it ended before its end. What came before that stands.
    pub failure: Option<Failure>,
}

/// A conversation that could not be brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Refused {
    /// Its title, or what else it is called.
    pub title: String,
    /// Why not.
    pub reason: Refusal,
}

/// A conversation of which something was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Incomplete {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its title.
    pub title: String,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
}

impl ImportReport {
    fn is_of_nothing(&self) -> bool {
        self.added == 0 && self.known == 0 && self.refused.is_empty() && self.failure.is_none()
    }
}

impl Assistant {
    /// Brings in what an export of another program holds, or of Bureau: a file, an archive or a
    /// folder. Each conversation comes whole or not at all; what is here already stays as it is,
    /// so an import that was stopped is simply begun again. `on` hears how far it has come, often,
    /// and ends it.
    ///
    /// # Errors
    /// Where the file cannot be read or is no export; nothing has changed then. What goes wrong
    /// later is told by [`ImportReport::failure`].
    pub fn import(
        &self,
        path: &Path,
        mut on: impl FnMut(ImportProgress) -> ControlFlow<()>,
    ) -> Result<ImportReport, Failure> {
        self.audited_with(
            audit::Event::new(audit::Action::ConversationImport),
            || {
                self.permit(Action::Import)?;
                let mut import = Import::new(self.history()?);
                let format = import::import(path, &mut |event| import.take(event, &mut on));
                // Also of one that was stopped: what was read is whole.
                if import.report.failure.is_none() {
                    import.keep();
                }
                if import.report.added > 0 {
                    self.changes.tell(|| Change::Organised);
                    self.changes.tell(|| Change::Conversations);
                }
                match format {
                    Ok(format) => import.report.format = Some(format),
                    Err(ImportError::Stopped) => {}
                    Err(error) if import.report.is_of_nothing() => return Err(error.into()),
                    Err(error) => import.report.failure = Some(error.into()),
                }
                Ok(import.report)
            },
            |event, report: &ImportReport| event.count = Some(report.added.into()),
        )
    }
}

/// An import under way.
struct Import {
    history: History,
    /// What was read and is not kept yet, and its size in bytes.
    read: Vec<(Box<PortableConversation>, Vec<LeftOut>)>,
    size: usize,
    progress: ImportProgress,
    report: ImportReport,
}

impl Import {
    fn new(history: History) -> Self {
        let report = ImportReport {
            format: None,
            added: 0,
            known: 0,
            refused: Vec::new(),
            left_out: Vec::new(),
            stopped: false,
            failure: None,
        };
        Self { history, read: Vec::new(), size: 0, progress: ImportProgress::default(), report }
    }

    fn take(
        &mut self,
        event: Event,
        on: &mut impl FnMut(ImportProgress) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match event {
            Event::Found { conversation, left_out } => {
                self.size += size(&conversation);
                self.read.push((conversation, left_out));
                if self.size > AT_ONCE {
                    self.keep();
                }
            }
            Event::Refused { title, reason } => {
                self.progress.refused += 1;
                if self.report.refused.len() < TOLD {
                    self.report.refused.push(Refused { title, reason });
                }
            }
            Event::Progress { read, of } => (self.progress.read, self.progress.of) = (read, of),
        }
        if self.report.failure.is_some() {
            return ControlFlow::Break(());
        }
        let goes_on = on(self.progress);
        self.report.stopped |= goes_on.is_break();
        goes_on
    }

    /// Keeps what was read, all of it or nothing.
    fn keep(&mut self) {
        let read = std::mem::take(&mut self.read);
        self.size = 0;
        let kept = self.history.transaction(|t| {
            let add =
                |(conversation, _): &(Box<PortableConversation>, _)| t.add_portable(conversation);
            read.iter().map(add).collect::<Result<Vec<_>, HistoryError>>()
        });
        let kept = match kept {
            Ok(kept) => kept,
            Err(error) => return self.report.failure = Some(error.into()),
        };
        for ((read, left_out), added) in read.into_iter().zip(kept) {
            match added {
                Added::Known(_) => self.report.known += 1,
                Added::New(conversation) => {
                    self.report.added += 1;
                    if !left_out.is_empty() && self.report.left_out.len() < TOLD {
                        let title = read.title;
                        let incomplete = Incomplete { conversation, title, left_out };
                        self.report.left_out.push(incomplete);
                    }
                }
            }
        }
        (self.progress.added, self.progress.known) = (self.report.added, self.report.known);
    }
}

/// How many bytes a conversation takes, about.
fn size(conversation: &PortableConversation) -> usize {
    let message = |message: &conversation::PortableMessage| {
        let files: usize = message.files.iter().map(|file| file.data.len()).sum();
        message.text.len() + message.reasoning.len() + files
    };
    conversation.messages.iter().map(message).sum()
}
