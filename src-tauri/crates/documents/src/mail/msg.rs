//! MSG: a letter as Outlook saves it (MS-OXMSG).

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use mail_parser::DateTime;

use super::{Attachment, Body, Content, DEPTH, Letter, Text};
use crate::{ReadError, text};

/// How many bytes all properties of a letter that are read may have.
const PROPERTIES: u64 = 256 << 20;

/// Reads a letter.
///
/// # Errors
/// [`ReadError::Damaged`] where it is none, [`ReadError::TooLarge`].
pub fn read(data: &[u8]) -> Result<Letter, ReadError> {
    let file = CompoundFile::open(Cursor::new(data));
    let file = file.map_err(|error| ReadError::Damaged(error.to_string()))?;
    Message { file, left: PROPERTIES }.letter("", 0)
}

struct Message<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    left: u64,
}

impl Message<'_> {
    /// The letter whose properties are in this storage.
    fn letter(&mut self, storage: &str, depth: usize) -> Result<Letter, ReadError> {
        let subject = self.string(storage, "0037")?;
        let mut fields = Vec::new();
        let sender = self.string(storage, "0C1A")?;
        let address = match self.string(storage, "5D01")? {
            Some(address) => Some(address),
            None => self.string(storage, "0C1F")?.filter(|address| address.contains('@')),
        };
        let from = match (sender, address) {
            (Some(name), Some(address)) if name != address => Some(format!("{name} ({address})")),
            (name, address) => address.or(name),
        };
        fields.extend(from.map(|from| ("From", from)));
        for (name, id) in [("To", "0E04"), ("Cc", "0E03")] {
            let people = self.string(storage, id)?.filter(|people| !people.trim().is_empty());
            fields.extend(people.map(|people| (name, people.replace('\0', ""))));
        }
        fields.extend(self.date(storage)?.map(|date| ("Date", date)));
        let body = match self.stream(storage, "__substg1.0_10130102")? {
            Some(html) => Body::Html(text::decode(html)),
            None => match (self.string(storage, "1013")?, self.string(storage, "1000")?) {
                (Some(html), _) => Body::Html(html),
                (None, Some(plain)) => Body::Plain(plain),
                (None, None) => Body::None,
            },
        };
        let shows_pictures = matches!(body, Body::Html(_));
        let page = Text { subject: subject.as_deref(), fields, body }.into_page();
        let mut attachments = Vec::new();
        for folder in self.attachments(storage) {
            attachments.extend(self.attachment(&folder, depth, shows_pictures)?);
        }
        Ok(Letter { page, attachments })
    }

    fn attachments(&self, storage: &str) -> Vec<String> {
        let path = if storage.is_empty() { "/" } else { storage };
        let Ok(entries) = self.file.read_storage(path) else { return Vec::new() };
        let names = entries.filter(|entry| entry.is_storage()).map(|entry| entry.name().to_owned());
        let names = names.filter(|name| name.starts_with("__attach_version1.0_"));
        names.map(|name| format!("{storage}/{name}")).collect()
    }

    fn attachment(
        &mut self,
        folder: &str,
        depth: usize,
        shows_pictures: bool,
    ) -> Result<Option<Attachment>, ReadError> {
        let mut name = None;
        for id in ["3707", "3704", "3001"] {
            if name.is_none() {
                name = self.string(folder, id)?;
            }
        }
        let number = folder.rsplit('#').next().unwrap_or_default();
        let name = name.unwrap_or_else(|| number.to_owned());
        let inner = format!("{folder}/__substg1.0_3701000D");
        if self.file.is_storage(&inner) && depth < DEPTH {
            let letter = self.letter(&inner, depth + 1)?;
            return Ok(Some(Attachment { name, content: Content::Letter(letter) }));
        }
        // A picture that the text shows is a part of the text.
        let kind = self.string(folder, "370E")?.unwrap_or_default();
        let shown = self.string(folder, "3712")?.is_some_and(|id| !id.is_empty());
        if shows_pictures && shown && kind.starts_with("image/") {
            return Ok(None);
        }
        let data = self.stream(folder, "__substg1.0_37010102")?.unwrap_or_default();
        Ok(Some(Attachment { name, content: Content::File(data) }))
    }

    /// A property that is text, in either of its encodings.
    fn string(&mut self, storage: &str, id: &str) -> Result<Option<String>, ReadError> {
        if let Some(wide) = self.stream(storage, &format!("__substg1.0_{id}001F"))? {
            let text = encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0;
            return Ok(Some(text.trim_end_matches('\0').to_owned()));
        }
        let narrow = self.stream(storage, &format!("__substg1.0_{id}001E"))?;
        Ok(narrow.map(|bytes| text::decode(bytes).trim_end_matches('\0').to_owned()))
    }

    /// When it was sent, else when it came.
    fn date(&mut self, storage: &str) -> Result<Option<String>, ReadError> {
        let Some(properties) = self.stream(storage, "__properties_version1.0")? else {
            return Ok(None);
        };
        // The head is longer in the letter itself than in one that is attached.
        let head = if storage.is_empty() { 32 } else { 24 };
        let find = |tag: [u8; 4]| {
            let entries = properties.get(head..)?.chunks_exact(16);
            let entry = entries.clone().find(|entry| entry.starts_with(&tag))?;
            let time = entry.get(8..16)?.try_into().ok().map(u64::from_le_bytes)?;
            // In tenths of a microsecond since 1601.
            let seconds = i64::try_from(time / 10_000_000).ok()? - 11_644_473_600;
            (seconds > 0).then(|| DateTime::from_timestamp(seconds).to_rfc3339())
        };
        Ok(find([0x40, 0, 0x39, 0]).or_else(|| find([0x40, 0, 0x06, 0x0e])))
    }

    fn stream(&mut self, storage: &str, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let path = format!("{storage}/{name}");
        if !self.file.is_stream(&path) {
            return Ok(None);
        }
        let damaged = |_| ReadError::Damaged(format!("its part {name:?} cannot be read"));
        let stream = self.file.open_stream(&path).map_err(damaged)?;
        let mut data = Vec::new();
        stream.take(self.left + 1).read_to_end(&mut data).map_err(damaged)?;
        let too_large = || ReadError::TooLarge("its parts have more than 256 MiB".into());
        self.left = self.left.checked_sub(data.len() as u64).ok_or_else(too_large)?;
        Ok(Some(data))
    }
}
