//! EML: a letter as it is sent (RFC 5322, MIME).

use std::collections::HashSet;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Attachment, Body, Content, DEPTH, Letter, Text};
use crate::ReadError;

/// Reads a letter.
///
/// # Errors
/// [`ReadError::Damaged`] where it is none.
pub fn read(data: &[u8]) -> Result<Letter, ReadError> {
    let message = MessageParser::default().parse(data);
    let message = message.ok_or_else(|| ReadError::Damaged("it has no fields of a mail".into()))?;
    Ok(letter(&message, 0))
}

fn letter(message: &Message<'_>, depth: usize) -> Letter {
    let mut fields = Vec::new();
    for (name, address) in [("From", message.from()), ("To", message.to()), ("Cc", message.cc())] {
        fields.extend(address.map(people).filter(|it| !it.is_empty()).map(|it| (name, it)));
    }
    fields.extend(message.date().map(|date| ("Date", date.to_rfc3339())));
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(text) => Some(Body::Html(text.to_string())),
        _ => None,
    });
    let plain = || {
        let parts = message.text_bodies().filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.as_ref()),
            _ => None,
        });
        let text = parts.collect::<Vec<_>>().join("\n\n");
        if text.is_empty() { Body::None } else { Body::Plain(text) }
    };
    let shows_pictures = html.is_some();
    let body = html.unwrap_or_else(plain);
    let page = Text { subject: message.subject(), fields, body }.into_page();
    let bodies: HashSet<u32> =
        message.html_body.iter().chain(&message.text_body).copied().collect();
    let attached = message.attachments.iter().filter(|id| !bodies.contains(id));
    let attached = attached.filter_map(|id| message.part(*id));
    let attachments = attached
        // A picture that the text shows is a part of the text, as those of a web page are.
        .filter(|part| !(shows_pictures && part.content_id().is_some() && is_picture(part)))
        .enumerate()
        .filter_map(|(index, part)| attachment(part, index + 1, depth));
    Letter { page, attachments: attachments.collect() }
}

fn attachment(part: &MessagePart<'_>, number: usize, depth: usize) -> Option<Attachment> {
    let content = match &part.body {
        PartType::Message(message) if depth < DEPTH => {
            let subject = message.subject().map(str::to_owned);
            let name = part.attachment_name().map(str::to_owned).or(subject);
            return Some(Attachment {
                name: name.unwrap_or_else(|| format!("{number}")),
                content: Content::Letter(letter(message, depth + 1)),
            });
        }
        PartType::Message(message) => Content::File(message.raw_message().to_vec()),
        PartType::Multipart(_) => return None,
        PartType::Text(text) | PartType::Html(text) => Content::File(text.as_bytes().to_vec()),
        PartType::Binary(data) | PartType::InlineBinary(data) => Content::File(data.to_vec()),
    };
    let name = part.attachment_name().map_or_else(|| format!("{number}"), str::to_owned);
    Some(Attachment { name, content })
}

fn is_picture(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| kind.c_type.eq_ignore_ascii_case("image"))
}

fn people(address: &Address<'_>) -> String {
    let people = address.iter().map(|person| match (person.name(), person.address()) {
        (Some(name), Some(address)) if name != address => format!("{name} ({address})"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    });
    people.filter(|person| !person.is_empty()).collect::<Vec<_>>().join(", ")
}
