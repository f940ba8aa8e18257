//! Taking conversations out, as files that others can read.

use audit::Event;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use conversation::{ConversationId, Failure, FailureCode, PortableConversation};
use export::{Archive, Format, JsonWriter, Words};
use history::{Place, View};
use policy::{Action, ExportFormat};
use tempfile::NamedTempFile;

use crate::Assistant;
use crate::footnotes::with_footnotes;

impl Assistant {
    /// Whether the organisation permits an export in this format.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where it does not.
    pub fn permit_export(&self, format: Format) -> Result<(), Failure> {
        self.permit(Action::Export(named(format)))
    }

    /// Writes conversations into a file: one as a document, several as an archive of documents
    /// (ZIP), and any number as JSON. A file that is there is replaced once the new one is whole.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is no such conversation; else as the history or the disk
    /// fails. No file is left then, and one that was there stays as it was.
    pub fn export(
        &self,
        ids: &[ConversationId],
        format: Format,
        words: &Words,
        file: &Path,
    ) -> Result<(), Failure> {
        self.audited_with(
            Event::new(audit::Action::ConversationExport)
                .with("format", named(format).as_str())
                .with_conversations(ids),
            || {
                self.permit_export(format)?;
                self.export_each(ids.iter().map(|id| Ok(*id)), ids.len() == 1, format, words, file)
            },
            |event, ()| event.bytes = file.metadata().ok().map(|told| told.len()),
        )
    }

    /// Writes all conversations of a list into a file, as [`export`](Self::export) writes several.
    ///
    /// # Errors
    /// As for [`export`](Self::export).
    pub fn export_list(
        &self,
        view: &View,
        format: Format,
        words: &Words,
        file: &Path,
    ) -> Result<(), Failure> {
        self.audited_with(
            Event::new(audit::Action::ConversationExport)
                .with("format", named(format).as_str())
                .with("list", list_name(view)),
            || {
                self.permit_export(format)?;
                self.export_each(self.all_of(view), false, format, words, file)
            },
            |event, ()| event.bytes = file.metadata().ok().map(|told| told.len()),
        )
    }

    /// Writes a conversation as a document.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is no such conversation; else as the history fails or
    /// `out` refuses.
    pub fn write(
        &self,
        id: ConversationId,
        format: Format,
        words: &Words,
        out: &mut impl Write,
    ) -> Result<(), Failure> {
        self.audited(
            Event::new(audit::Action::ConversationExport)
                .with("format", named(format).as_str())
                .with_conversations(&[id]),
            || {
                self.permit_export(format)?;
                Ok(export::write(&self.portable(id, format)?, format, words, out)?)
            },
        )
    }

    /// Lets a text of a conversation leave Bureau, by being dragged out or saved.
    ///
    /// # Errors
    /// Those of `leave`, and as for everything that is recorded.
    pub fn take_out<T>(
        &self,
        how: &str,
        text: &str,
        leave: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let event = Event {
            bytes: Some(text.len() as u64),
            ..Event::new(audit::Action::ConversationExport).with("how", how)
        };
        self.audited(event, leave)
    }

    fn export_each(
        &self,
        ids: impl Iterator<Item = Result<ConversationId, Failure>>,
        one: bool,
        format: Format,
        words: &Words,
        file: &Path,
    ) -> Result<(), Failure> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let whole = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| unwritable(file, &error))?;
        let mut out = BufWriter::new(whole.as_file());
        let mut conversations = ids.map(|id| self.portable(id?, format));
        if format == Format::Json {
            let mut json = JsonWriter::begin(&mut out)?;
            conversations
                .try_for_each(|conversation| Ok::<_, Failure>(json.add(&conversation?)?))?;
            json.end()?;
        } else if one {
            conversations.try_for_each(|conversation| {
                Ok::<_, Failure>(export::write(&conversation?, format, words, &mut out)?)
            })?;
        } else {
            let mut archive = Archive::begin(&mut out, format, words);
            conversations
                .try_for_each(|conversation| Ok::<_, Failure>(archive.add(&conversation?)?))?;
            archive.end()?;
        }
        out.flush().and_then(|()| keep(out)).map_err(|error| unwritable(file, &error))?;
        whole.persist(file).map(drop).map_err(|error| unwritable(file, &error.error))
    }

    fn portable(
        &self,
        id: ConversationId,
        format: Format,
    ) -> Result<PortableConversation, Failure> {
        let mut conversation = self.history_of(id)?.portable(id)?;
        conversation.marking = self.marking(id)?;
        // Of JSON nothing is lost: with the documents, links to their passages come back as well.
        Ok(if format == Format::Json { conversation } else { with_footnotes(conversation) })
    }

    /// The conversations of a list, one after another.
    fn all_of(&self, view: &View) -> impl Iterator<Item = Result<ConversationId, Failure>> {
        let mut page = Vec::new().into_iter();
        let mut after: Option<Place> = None;
        std::iter::from_fn(move || {
            loop {
                if let Some(id) = page.next() {
                    return Some(Ok(id));
                }
                let next = match self.list(view, after.as_ref()) {
                    Ok(next) => next,
                    Err(failure) => return Some(Err(failure)),
                };
                after = Some(Place::from(next.last()?));
                page = next.into_iter().map(|c| c.id).collect::<Vec<_>>().into_iter();
            }
        })
    }
}

/// A list as the audit log tells it: a folder by its id, and not a tag's words.
fn list_name(view: &View) -> String {
    match view {
        View::All => "all".to_owned(),
        View::Folder { folder } => format!("folder {folder}"),
        View::Tag { .. } => "of a tag".to_owned(),
        View::Archived => "archived".to_owned(),
        View::Deleted => "deleted".to_owned(),
    }
}

/// A format as a policy calls it.
fn named(format: Format) -> ExportFormat {
    match format {
        Format::Markdown => ExportFormat::Markdown,
        Format::Html => ExportFormat::Html,
        Format::Pdf => ExportFormat::Pdf,
        Format::Docx => ExportFormat::Docx,
        Format::Json => ExportFormat::Json,
    }
}

/// What was written is on the disk before it takes the place of another file.
fn keep(out: BufWriter<&File>) -> std::io::Result<()> {
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{} cannot be written: {error}", file.display());
    Failure::new(FailureCode::Storage, message)
}
