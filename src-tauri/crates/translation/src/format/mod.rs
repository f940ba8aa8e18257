//! Formats: what a file is, and where its texts stand.

mod html;
mod html_tokens;
mod markdown;
mod odf;
mod office;
mod paragraphs;
mod plain;
mod runs;
mod sheets;
mod subtitles;

use crate::document::Kind;
use crate::markup::{Kind as Token, Markup};
use crate::package::Package;
use crate::{Segment, TranslationError};

/// A part of an archive that holds texts.
#[derive(Debug)]
pub(crate) struct Part {
    pub name: String,
    pub text: String,
}

/// What a file is.
///
/// # Errors
/// [`TranslationError::Empty`], [`TranslationError::Unsupported`], [`TranslationError::Encrypted`]
/// and [`TranslationError::Damaged`].
pub(crate) fn kind(name: &str, data: &[u8]) -> Result<Kind, TranslationError> {
    let unsupported = |what: &str| Err(TranslationError::Unsupported(what.to_owned()));
    if data.is_empty() {
        return Err(TranslationError::Empty);
    }
    if data.starts_with(b"PK\x03\x04") || data.starts_with(b"PK\x05\x06") {
        return of_archive(&mut Package::open(data)?);
    }
    if data.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // An encrypted file of Office is a compound file of this name, in UTF-16.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = data.windows(name.len()).take(1 << 20).any(|window| window == name);
        return match encrypted {
            true => Err(TranslationError::Encrypted),
            false => unsupported("a file of Office before 2007; save it in a newer format"),
        };
    }
    if data.starts_with(b"{\\rtf") {
        return unsupported("rich text; save it as DOCX or ODT");
    }
    if data.starts_with(b"%PDF-") {
        return unsupported("PDF, which has no paragraphs; translate what it was made from");
    }
    let is_utf_16 = data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff");
    if data.contains(&0) && !is_utf_16 {
        return unsupported("neither a document nor a text");
    }
    let head = String::from_utf8_lossy(data.get(..1024).unwrap_or(data)).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    let is_page = head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with("<?xml") && head.contains("<html"));
    Ok(match extension.as_str() {
        _ if is_page => Kind::Html,
        "htm" | "html" | "xhtml" => Kind::Html,
        "md" | "markdown" | "mdown" | "mkd" => Kind::Markdown,
        "srt" | "vtt" => Kind::Subtitles,
        "" | "txt" | "text" => Kind::Text,
        other => return unsupported(&format!(".{other}")),
    })
}

fn of_archive(package: &mut Package<'_>) -> Result<Kind, TranslationError> {
    let unsupported = |what: &str| Err(TranslationError::Unsupported(what.to_owned()));
    if let Some(kind) = package.text("mimetype")? {
        let manifest = package.text("META-INF/manifest.xml")?;
        if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
            return Err(TranslationError::Encrypted);
        }
        return match kind.trim().strip_prefix("application/vnd.oasis.opendocument.") {
            Some(_) => Ok(Kind::Odf),
            None => unsupported(kind.trim()),
        };
    }
    let Some(types) = package.text("[Content_Types].xml")? else {
        return unsupported("an archive; unpack it, and translate the files within it");
    };
    for (_, kind) in overrides(&types)? {
        let Some(kind) = kind.strip_suffix(".main+xml") else { continue };
        if kind.contains("wordprocessingml") || kind.contains("ms-word") {
            return Ok(Kind::Docx);
        } else if kind.contains("presentationml") || kind.contains("ms-powerpoint") {
            return Ok(Kind::Pptx);
        } else if kind.contains("spreadsheetml") || kind.contains("ms-excel") {
            return Ok(Kind::Xlsx);
        }
    }
    unsupported("a file of another office program")
}

/// The names and types of an Office file's parts (ECMA-376, part 2, section 10.1).
fn overrides(types: &str) -> Result<Vec<(String, String)>, TranslationError> {
    let markup = Markup::xml(types)?;
    let mut found = Vec::new();
    for (place, token) in markup.tokens.iter().enumerate() {
        let is_element = matches!(token.kind, Token::Open | Token::Empty);
        if !is_element || markup.name(place) != "Override" {
            continue;
        }
        let value = |name| runs::attribute(&markup, place, name);
        if let (Some(name), Some(kind)) = (value("PartName"), value("ContentType")) {
            found.push((name.trim_start_matches('/').to_owned(), kind));
        }
    }
    Ok(found)
}

/// The parts of an archive that hold texts, and these texts.
///
/// # Errors
/// [`TranslationError::Damaged`] and [`TranslationError::TooLarge`].
pub(crate) fn parts(
    kind: Kind,
    package: &mut Package<'_>,
) -> Result<(Vec<Part>, Vec<Segment>), TranslationError> {
    let mut names = Vec::new();
    if kind == Kind::Odf {
        names.extend(["content.xml", "styles.xml"].map(|name| (name.to_owned(), String::new())));
    } else if let Some(types) = package.text("[Content_Types].xml")? {
        names = overrides(&types)?;
    }
    let kept = if kind == Kind::Xlsx { sheets::kept(package, &names)? } else { Vec::new() };
    let mut parts = Vec::new();
    let mut segments = Vec::new();
    for (name, content) in names {
        let Some(content) = office::content(kind, &content) else { continue };
        let Some(text) = package.text(&name)? else { continue };
        if !office::may_hold(content, &text) {
            continue;
        }
        let markup = Markup::xml(text.trim_start_matches('\u{feff}'))?;
        let before = segments.len();
        let part = parts.len();
        match content {
            office::Content::Paragraphs => paragraphs::segments(&markup, part, &mut segments),
            office::Content::Strings => sheets::strings(&markup, part, &kept, &mut segments),
            office::Content::Comments => {
                paragraphs::segments(&markup, part, &mut segments);
                sheets::plain(&markup, part, &mut segments);
            }
            office::Content::OpenDocument => odf::segments(&markup, part, &mut segments),
        }
        if segments.len() > before {
            // Places count from after a byte order mark.
            let text = text.trim_start_matches('\u{feff}').to_owned();
            parts.push(Part { name, text });
        }
    }
    Ok((parts, segments))
}

/// The texts of a file that is text.
pub(crate) fn segments(kind: Kind, text: &str) -> Vec<Segment> {
    match kind {
        Kind::Html => html::segments(text),
        Kind::Markdown => markdown::segments(text),
        Kind::Subtitles => subtitles::segments(text),
        _ => plain::segments(text),
    }
}
