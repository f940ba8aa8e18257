//! Letters and what is attached to them.

mod eml;
mod msg;

pub use self::eml::read as read_eml;
pub use self::msg::read as read_msg;

use crate::extract::Extract;
use crate::writer::{Style, Writer};
use crate::{Document, Kind, Note, Page, html};

/// How deep letters may be attached to letters.
pub const DEPTH: usize = 3;

/// How many files of a letter are read.
const ATTACHMENTS: usize = 200;

/// A letter.
#[derive(Debug)]
pub struct Letter {
    page: Page,
    attachments: Vec<Attachment>,
}

/// A file that is attached to a letter.
#[derive(Debug)]
pub struct Attachment {
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    File(Vec<u8>),
    Letter(Letter),
}

/// What a letter says beside what is attached to it.
#[derive(Debug, Default)]
struct Text<'a> {
    subject: Option<&'a str>,
    /// Names of fields, and what they say.
    fields: Vec<(&'static str, String)>,
    body: Body,
}

#[derive(Debug, Default)]
enum Body {
    #[default]
    None,
    Plain(String),
    Html(String),
}

impl Text<'_> {
    /// The subject as a heading, the fields, and what is shown of the body: where there is HTML,
    /// that, for its other form may say something else.
    fn into_page(self) -> Page {
        let mut writer = Writer::default();
        if let Some(subject) = self.subject {
            writer.text(subject, false);
            writer.end(Style::Heading(1));
        }
        for (index, (name, value)) in self.fields.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            writer.text(&format!("{end}{name}: {}", value.replace(['\r', '\n'], " ")), false);
        }
        writer.end(Style::Paragraph);
        match &self.body {
            Body::None => {}
            // As it stands, as plain text is everywhere.
            Body::Plain(text) => {
                let text = crate::line::clean(text);
                for paragraph in text.split("\n\n") {
                    writer.markup(paragraph);
                    writer.end(Style::Paragraph);
                }
            }
            Body::Html(text) => {
                html::write(text, &mut writer);
            }
        }
        writer.finish(None)
    }
}

/// Reads an attached file, by its name and content, so deep in other letters; or leaves it out.
pub type ReadFile<'r> = dyn FnMut(&str, &[u8], usize) -> Option<Extract> + 'r;

/// The pages of a letter, and of all that is attached to it.
pub fn pages(letter: Letter, depth: usize, read: &mut ReadFile<'_>) -> Extract {
    let mut whole =
        Extract::from(Document { kind: Kind::Mail, pages: vec![letter.page], notes: Vec::new() });
    let count = letter.attachments.len();
    for attachment in letter.attachments.into_iter().take(ATTACHMENTS) {
        let inner = match attachment.content {
            _ if depth >= DEPTH => None,
            Content::File(data) => read(&attachment.name, &data, depth + 1),
            Content::Letter(letter) => Some(pages(letter, depth + 1, read)),
        };
        match inner {
            Some(inner) => whole.attach(&attachment.name, inner),
            None => whole.document.notes.push(Note::LeftOut { what: attachment.name }),
        }
    }
    if count > ATTACHMENTS {
        let what = format!("{} attached files", count - ATTACHMENTS);
        whole.document.notes.push(Note::LeftOut { what });
    }
    whole
}
