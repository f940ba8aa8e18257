//! A file is read by the reader of its format, in this process.

use crate::extract::Extract;
use crate::format::{self, Format};
use crate::office::{self, docx, encrypted, odf, pptx, sheets};
use crate::parts::Parts;
use crate::{Document, ReadError, epub, html, invisible, mail, pdf, picture, plain, rtf, text};

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Its name, which tells what a text is.
    pub name: &'a str,
    /// Its content.
    pub data: &'a [u8],
    /// The password that opens it.
    pub password: Option<&'a str>,
}

/// Reads a file in this process. Whatever the file does to its reader it does to this process, so
/// this is for the process that reads apart, and for tests.
///
/// # Errors
/// [`ReadError`], but none of those that a process of its own makes.
pub fn read(reading: &Reading<'_>) -> Result<Document, ReadError> {
    extract(reading).map(Extract::without_pictures)
}

/// Reads a file, without what its pictures say.
pub fn extract(reading: &Reading<'_>) -> Result<Extract, ReadError> {
    let mut extract = within(reading, 0)?;
    for page in &mut extract.document.pages {
        invisible::mark(page);
    }
    Ok(extract)
}

/// Draws a page (the first is 0) of a file as a PNG of so many pixels width, or less.
pub fn draw(reading: &Reading<'_>, page: usize, width: u32) -> Result<Vec<u8>, ReadError> {
    draw_within(reading, 0, page, width)
}

/// Reads a file that is attached to others, so deep.
fn within(reading: &Reading<'_>, depth: usize) -> Result<Extract, ReadError> {
    let Reading { name, data, password } = *reading;
    let document = match format::of(name, data)? {
        Format::Pdf => {
            let pdf = pdf::read(data, password)?;
            return Ok(Extract { document: pdf.document, pictured: pdf.pictured });
        }
        Format::Docx => {
            let mut parts = Parts::open(data)?;
            let main = office::main_part(&mut parts)?;
            docx::read(&mut parts, &main)
        }
        Format::Pptx => {
            let mut parts = Parts::open(data)?;
            let main = office::main_part(&mut parts)?;
            pptx::read(&mut parts, &main)
        }
        Format::Workbook(workbook) => sheets::read(data, workbook),
        // What is within it is no such file again, so that this goes no deeper.
        Format::Encrypted => {
            let file = encrypted::decrypt(data, reading.password)?;
            return match format::of(name, &file)? {
                Format::Encrypted => Err(ReadError::Damaged("it is encrypted twice".into())),
                _ => within(&Reading { name, data: &file, password: None }, depth),
            };
        }
        Format::Odf => odf::read(&mut Parts::open(data)?),
        Format::Epub => epub::read(&mut Parts::open(data)?),
        kind @ (Format::Eml | Format::Msg) => {
            return Ok(mail::pages(letter(kind, data)?, depth, &mut |name, data, depth| {
                within(&Reading { name, data, password: None }, depth).ok()
            }));
        }
        Format::Picture => return Ok(picture::read(data)),
        Format::Rtf => rtf::read(data),
        text => Ok(of_text(text, &text::decode(data.to_vec()))),
    };
    document.map(Extract::from)
}

fn of_text(format: Format, text: &str) -> Document {
    match format {
        Format::Html => plain::document(html::page(text)),
        Format::Table(separator) => plain::table(text, separator),
        Format::Markdown => plain::markdown(text),
        Format::Code(language) => plain::code(text, language),
        _ => plain::text(text),
    }
}

fn letter(format: Format, data: &[u8]) -> Result<mail::Letter, ReadError> {
    if format == Format::Msg { mail::read_msg(data) } else { mail::read_eml(data) }
}

fn draw_within(
    reading: &Reading<'_>,
    depth: usize,
    page: usize,
    width: u32,
) -> Result<Vec<u8>, ReadError> {
    let none = || ReadError::Damaged("this page is no picture".into());
    let Reading { name, data, password } = *reading;
    match format::of(name, data)? {
        Format::Pdf => pdf::draw(data, password, page, width),
        Format::Picture => picture::draw(data, page, width),
        kind @ (Format::Eml | Format::Msg) => {
            // The pictures of the letter are those of its files, in their order.
            let mut files = Vec::new();
            let whole = mail::pages(letter(kind, data)?, depth, &mut |name, data, depth| {
                let inner = within(&Reading { name, data, password: None }, depth).ok()?;
                let file = || (name.to_owned(), data.to_vec(), depth);
                files.extend(inner.pictured.iter().map(|page| (file(), *page)));
                Some(inner)
            });
            let found = whole.pictured.iter().position(|pictured| *pictured == page);
            let ((name, data, depth), page) =
                found.and_then(|place| files.into_iter().nth(place)).ok_or_else(none)?;
            let inner = Reading { name: &name, data: &data, password: None };
            draw_within(&inner, depth, page, width)
        }
        _ => Err(none()),
    }
}
