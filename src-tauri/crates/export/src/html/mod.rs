//! The shown branch as one HTML page that needs nothing else: no script, no request, its pictures
//! in it.

mod body;

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conversation::{Marking, PortableConversation, PortableFile, Role, Timestamp};

use crate::branch::{Turn, shown, title};
use crate::picture::{self, Picture};
use crate::{ExportError, Words, safe_html, time};

/// What the page may do, which browsers hold it to: show itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const STYLE: &str = include_str!("style.css");

/// Writes the page, message by message.
pub fn write(
    conversation: &PortableConversation,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let title = escaped(title(conversation, words));
    let marking = conversation.marking.as_ref();
    let [head, foot] =
        ["head", "foot"].map(|place| marking.map_or_else(String::new, |m| band(m, place)));
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"Bureau\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{code}</style>\n</head>\n<body>\n{head}<main>\n\
         <header>\n<h1 dir=\"auto\">{title}</h1>\n<p>{when}</p>\n</header>\n",
        language = escaped(&words.language),
        code = markdown::theme_css(),
        when = moment(conversation.created),
    )?;
    for (place, turn) in shown(conversation).iter().enumerate() {
        write_turn(place, turn, words, out)?;
    }
    write!(out, "</main>\n{foot}</body>\n</html>\n")?;
    out.flush()?;
    Ok(())
}

/// The classification, above or below the page, and each of its printed pages.
fn band(Marking { text, colour, ink, .. }: &Marking, place: &str) -> String {
    format!(
        "<div class=\"marking {place}\"><p style=\"background: {}; color: {}\">{}</p></div>\n",
        escaped(colour),
        escaped(ink),
        escaped(text)
    )
}

fn write_turn(
    place: usize,
    turn: &Turn<'_>,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let role = match turn.message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    writeln!(out, "<article class=\"{role}\">\n<header>")?;
    writeln!(out, "<h2 dir=\"auto\">{}</h2>", escaped(turn.speaker(words)))?;
    writeln!(out, "{}", moment(turn.message.created))?;
    if let Some(note) = turn.other_versions(words) {
        writeln!(out, "<span>{}</span>", escaped(&note))?;
    }
    writeln!(out, "</header>")?;
    for node in safe_html::of_markdown(&turn.message.text) {
        writeln!(out, "{}", body::html(&node, place))?;
    }
    if let Some(ending) = turn.ending(words) {
        writeln!(out, "<p class=\"ending\">{}</p>", escaped(ending))?;
    }
    write_files(&turn.message.files, words, out)?;
    writeln!(out, "</article>")?;
    Ok(())
}

/// The pictures, then the names of the other files.
fn write_files(
    files: &[PortableFile],
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    for picture in files.iter().filter_map(picture::of) {
        write_picture(&picture, out)?;
    }
    let others: Vec<_> = files.iter().filter(|file| picture::of(file).is_none()).collect();
    if !others.is_empty() {
        writeln!(out, "<p class=\"files\">{}</p>\n<ul class=\"files\">", escaped(&words.files))?;
        for file in others {
            writeln!(out, "<li dir=\"auto\">{}</li>", escaped(&file.name))?;
        }
        writeln!(out, "</ul>")?;
    }
    Ok(())
}

fn write_picture(picture: &Picture<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let (width, height) = picture.size;
    let name = escaped(picture.name);
    write!(
        out,
        "<figure><img alt=\"{name}\" width=\"{width}\" height=\"{height}\" src=\"data:{};base64,",
        picture.kind.media_type()
    )?;
    // A multiple of three bytes, so that the pieces join without padding.
    for piece in picture.data.chunks(3 * 4096) {
        out.write_all(STANDARD.encode(piece).as_bytes())?;
    }
    writeln!(out, "\"><figcaption dir=\"auto\">{name}</figcaption></figure>")?;
    Ok(())
}

fn moment(moment: Timestamp) -> String {
    time::exact(moment).map_or_else(String::new, |exact| {
        format!("<time datetime=\"{exact}\">{}</time>", time::shown(moment))
    })
}

/// Text for use between tags or as a value in double quotes, without what HTML does not allow.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' | '\t' => html.push(character),
            _ if character.is_control() => html.push('\u{fffd}'),
            _ => html.push(character),
        }
    }
    html
}
