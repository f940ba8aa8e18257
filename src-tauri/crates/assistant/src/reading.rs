//! Documents that are attached: read in a process of their own, and kept as their text.

use std::path::Path;

use conversation::{AttachmentId, Failure, FailureCode, MAX_ATTACHMENT, Passage, plain_file_name};
use documents::{Document, Kind, Note, Reading};
use markdown::Block;
use serde::{Deserialize, Serialize};

use crate::attachment::{is_image, name_of, read_at_most};
use crate::grounding::Source;
use crate::{Assistant, AttachedFile};

/// The most bytes of a file whose text can be attached.
pub const MAX_DOCUMENT: usize = 256 << 20;
/// Stands before the marked passage in a page's blocks.
pub const PASSAGE_START: char = '\u{2}';
/// Stands after the marked passage in a page's blocks.
pub const PASSAGE_END: char = '\u{3}';

/// What is to be known of a document before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct DocumentInfo {
    /// What its pages are.
    pub kind: Kind,
    /// How many it has.
    pub pages: u32,
    /// How many words.
    pub words: u32,
    /// Whether text in it is hidden from who looks at the file; models are not told it.
    pub hidden: bool,
    /// How it was read.
    pub notes: Vec<Note>,
}

impl DocumentInfo {
    pub(crate) fn of(document: &Document) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let words = document.pages.iter().map(|page| page.text.split_whitespace().count()).sum();
        Self {
            kind: document.kind,
            pages: count(document.pages.len()),
            words: count(words),
            hidden: document.pages.iter().any(|page| !page.hidden.is_empty()),
            notes: document.notes.clone(),
        }
    }
}

/// A page of a document, as it is shown beside an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct DocumentPage {
    /// The file that the document was read of.
    pub attachment: AttachmentId,
    /// Its name.
    pub document: String,
    /// What is to be known of it.
    pub info: DocumentInfo,
    /// The page's place; the first is 0.
    pub page: u32,
    /// What the page is called, where it has a name.
    pub name: Option<String>,
    /// The page's text as sanitised HTML, the passage between [`PASSAGE_START`] and
    /// [`PASSAGE_END`].
    pub blocks: Vec<Block>,
}

impl Assistant {
    /// A file to send along: an image or text as it is, another file as the text that was read of
    /// it. It blocks while the file is read.
    ///
    /// # Errors
    /// Where it cannot be read, or is too large; [`FailureCode::Forbidden`] where the organisation
    /// lets no such file be sent; [`FailureCode::PasswordNeeded`] and
    /// [`FailureCode::WrongPassword`] where it is encrypted.
    pub fn attach(
        &self,
        name: &str,
        data: &[u8],
        password: Option<&str>,
    ) -> Result<AttachedFile, Failure> {
        self.permit_file(name, data)?;
        let is_image = || conversation::attachable_type(name, data).is_some_and(is_image);
        let is_text = || std::str::from_utf8(data).is_ok() && documents::is_text(name, data);
        if data.len() <= MAX_ATTACHMENT && (is_image() || is_text()) {
            return AttachedFile::new(name, data.to_vec());
        }
        self.read_document(name, data, password)
    }

    /// As [`attach`](Self::attach), for a file on the disk.
    ///
    /// # Errors
    /// As [`attach`](Self::attach), and [`FailureCode::NotFound`] where there is no such file.
    pub fn attach_file(
        &self,
        file: &Path,
        password: Option<&str>,
    ) -> Result<AttachedFile, Failure> {
        let data = read_whole(file)?;
        Ok(self.attach(&name_of(file), &data, password)?.read_from(file, &data))
    }

    /// The text of a file, page by page. It blocks while the file is read.
    ///
    /// # Errors
    /// As [`attach_file`](Self::attach_file).
    pub fn extract(&self, file: &Path, password: Option<&str>) -> Result<Document, Failure> {
        let (name, data) = (name_of(file), read_whole(file)?);
        let reading = Reading { name: &name, data: &data, password };
        Ok(self.reader.read(&reading, &|| false)?)
    }

    /// The file as a document, which is led back to by its passages.
    pub(crate) fn as_document(&self, file: AttachedFile) -> Result<AttachedFile, Failure> {
        if file.is_document() {
            return Ok(file);
        }
        let document = self.read_document(&file.name, &file.data, None)?;
        Ok(AttachedFile { place: file.place, ..document })
    }

    fn read_document(
        &self,
        name: &str,
        data: &[u8],
        password: Option<&str>,
    ) -> Result<AttachedFile, Failure> {
        let name = plain_file_name(name);
        let reading = Reading { name: &name, data, password };
        let told = |failure| about(&name, failure);
        let read = self.reader.read(&reading, &|| false);
        let mut document = read.map_err(|error| told(error.into()))?;
        cut_short(&mut document);
        if document.is_blank() {
            let message = "no text was found in it";
            return Err(told(Failure::new(FailureCode::EmptyFile, message)));
        }
        Ok(AttachedFile {
            name,
            media_type: documents::MEDIA_TYPE.to_owned(),
            data: document.to_stored().into_bytes(),
            place: None,
            original: self.original_to_keep(data),
        })
    }

    /// A page of a document that travels with a message; the first is 0.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is no such file or page, or it is no document; else as
    /// the history fails.
    pub fn document_page(&self, id: AttachmentId, page: u32) -> Result<DocumentPage, Failure> {
        let (name, document) = self.document(id)?;
        shown(id, name, &document, page as usize, None)
    }

    /// The page on which a passage of a document stands, which one of the conversation's messages
    /// brought along.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is none; else as the history fails.
    pub fn passage(
        &self,
        conversation: conversation::ConversationId,
        address: &str,
    ) -> Result<DocumentPage, Failure> {
        let gone = || Failure::new(FailureCode::NotFound, "there is no such passage");
        let Ok(Passage::Of { document: wanted, range }) = address.parse() else {
            return Err(gone());
        };
        let (_, messages) = self.messages(conversation)?;
        let files = messages.iter().flat_map(|message| &message.attachments);
        let mut files = files.filter(|file| file.media_type == documents::MEDIA_TYPE);
        let file = files.rfind(|file| file.name == wanted).ok_or_else(gone)?;
        let (name, document) = self.document(file.id)?;
        let source = Source::new(&name, &document);
        if source.text().get(range.clone()).is_none() {
            return Err(gone());
        }
        let page = source.page_at(range.start);
        let start = source.pages.get(page).map_or(0, |page| page.start);
        let marked = range.start.saturating_sub(start)..range.end.saturating_sub(start);
        shown(file.id, name, &document, page, Some(marked))
    }

    fn document(&self, id: AttachmentId) -> Result<(String, Document), Failure> {
        let history = self.history_where(|history| history.attachment(id).is_ok())?;
        let file = history.attachment(id)?;
        let text = String::from_utf8(history.attachment_data(id)?).ok();
        let document = text.and_then(|text| Document::from_stored(&text).ok());
        let document = document.filter(|_| file.media_type == documents::MEDIA_TYPE);
        let none = || Failure::new(FailureCode::NotFound, "this file is no document");
        Ok((file.name, document.ok_or_else(none)?))
    }
}

/// The failure, with the file that it is of.
pub(crate) fn about(name: &str, failure: Failure) -> Failure {
    Failure { message: format!("{name}: {}", failure.message), ..failure }
}

/// Reads a file into the memory, if it fits there.
pub(crate) fn read_whole(file: &Path) -> Result<Vec<u8>, Failure> {
    let data = read_at_most(file, MAX_DOCUMENT)?;
    if data.len() > MAX_DOCUMENT {
        let shown = file.display();
        let message = format!("{shown} has more than the {MAX_DOCUMENT} bytes that can be read");
        return Err(Failure::new(FailureCode::FileTooLarge, message));
    }
    Ok(data)
}

/// Leaves out the last pages of what has more text than can be attached.
fn cut_short(document: &mut Document) {
    let mut room = MAX_ATTACHMENT;
    let fit = document.pages.iter().take_while(|page| {
        let fits = page.text.len() < room;
        room = room.saturating_sub(page.text.len() + 1);
        fits
    });
    let fit = fit.count();
    if fit < document.pages.len() {
        document.pages.truncate(fit);
        document.notes.push(Note::CutShort { read: u32::try_from(fit).unwrap_or(u32::MAX) });
    }
}

fn shown(
    attachment: AttachmentId,
    name: String,
    document: &Document,
    page: usize,
    marked: Option<std::ops::Range<usize>>,
) -> Result<DocumentPage, Failure> {
    let none = || Failure::new(FailureCode::NotFound, "the document has no such page");
    let shown = document.pages.get(page).ok_or_else(none)?;
    let clean = |text: &str| text.replace([PASSAGE_START, PASSAGE_END], " ");
    let parts = marked.and_then(|marked| {
        let end = marked.end.min(shown.text.len());
        let start = shown.text.get(..marked.start)?;
        Some((start, shown.text.get(marked.start..end)?, shown.text.get(end..)?))
    });
    let text = match parts {
        None => clean(&shown.text),
        Some((before, passage, after)) => format!(
            "{}{PASSAGE_START}{}{PASSAGE_END}{}",
            clean(before),
            clean(passage),
            clean(after)
        ),
    };
    // Read as Markdown, its lines would run together.
    let lines = document.kind == Kind::Text && documents::is_plain(&name);
    let text = if lines { text.replace('\n', "  \n") } else { text };
    Ok(DocumentPage {
        attachment,
        document: name,
        info: DocumentInfo::of(document),
        page: u32::try_from(page).unwrap_or(u32::MAX),
        name: shown.name.clone(),
        blocks: markdown::render(&text),
    })
}
