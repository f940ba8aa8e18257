//! PDF: pages of text, and pages as pictures.
//!
//! What a page paints is taken by [`device`], and what its forms hold besides by [`fields`]; it is
//! told into characters by [`unicode`], [`collections`] and [`symbols`], put into words and lines by
//! [`word`] and [`lines`], into blocks and their order by [`columns`] and, where they stand in rows, [`grid`];
//! when all pages are known, [`furniture`] takes off what stands on each of them, and [`markdown`]
//! writes them.

mod bidi;
mod block;
mod collections;
mod columns;
mod device;
mod draw;
mod escape;
mod fields;
mod furniture;
mod glyph;
mod grid;
mod lines;
mod markdown;
mod pages;
mod symbols;
mod tables;
mod unicode;
mod word;

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::{Document, Kind, Note, ReadError};

pub use draw::draw;

/// A PDF that was read.
#[derive(Debug)]
pub struct PdfText {
    /// Its text.
    pub document: Document,
    /// The pages (the first is 0) that hold no text but pictures over most of the page: what text
    /// recognition is for.
    pub pictured: Vec<usize>,
}

/// A page with so much of it under pictures and no text is a picture of a page.
const PICTURED: f64 = 0.5;

/// Reads a PDF: all of its pages, or those that were read in the time and room that one file may
/// take, with [`Note::CutShort`].
///
/// # Errors
/// [`ReadError::PasswordNeeded`] and [`ReadError::WrongPassword`] where it is encrypted,
/// [`ReadError::Damaged`] where it is no PDF, or one that nothing can be read of.
pub fn read(data: &[u8], password: Option<&str>) -> Result<PdfText, ReadError> {
    let pdf = open(data, password)?;
    let read = pages::read(&pdf);
    let mut leaves = read.leaves;
    let blank = |leaf: &block::Leaf| leaf.blocks.iter().all(|block| block.lines().is_empty());
    let pictured = leaves.iter().enumerate();
    let pictured = pictured.filter(|(_, leaf)| leaf.pictured > PICTURED && blank(leaf));
    let pictured = pictured.map(|(page, _)| page).collect();
    furniture::clear(&mut leaves);
    let style = markdown::Style::of(&leaves);
    let mut notes = Vec::new();
    if leaves.len() < read.pages {
        notes.push(Note::CutShort { read: u32::try_from(leaves.len()).unwrap_or(u32::MAX) });
    }
    let failed =
        read.failed.iter().map(|page| Note::LeftOut { what: format!("page {}", page + 1) });
    notes.extend(failed);
    let pages = leaves.iter().map(|leaf| markdown::page(leaf, &style)).collect();
    Ok(PdfText { document: Document { kind: Kind::Page, pages, notes }, pictured })
}

/// The text of every page as it stands there, line by line and without Markdown, with running
/// headers: for comparing what was read with what other programs read.
///
/// # Errors
/// As [`read`].
pub fn plain(data: &[u8], password: Option<&str>) -> Result<Vec<String>, ReadError> {
    let pdf = open(data, password)?;
    let leaves = pages::read(&pdf).leaves;
    Ok(leaves.iter().map(block::Leaf::plain).collect())
}

fn open(data: &[u8], password: Option<&str>) -> Result<Pdf, ReadError> {
    if data.is_empty() {
        return Err(ReadError::Empty);
    }
    let data: std::sync::Arc<[u8]> = data.into();
    let data = std::sync::Arc::new(data);
    let needs = |error: &LoadPdfError| {
        matches!(error, LoadPdfError::Decryption(DecryptionError::PasswordProtected))
    };
    // Most encrypted files open without a password, and are only not to be changed.
    let pdf = match (Pdf::new(data.clone()), password) {
        (Err(error), Some(password)) if needs(&error) => Pdf::new_with_password(data, password),
        (pdf, _) => pdf,
    };
    let pdf = pdf.map_err(|error| match error {
        error if needs(&error) && password.is_some() => ReadError::WrongPassword,
        error if needs(&error) => ReadError::PasswordNeeded,
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            ReadError::Unsupported("PDF encrypted in a way that is not known".to_owned())
        }
        LoadPdfError::Decryption(_) => ReadError::Damaged("its encryption".to_owned()),
        LoadPdfError::Invalid => ReadError::Damaged("it has no pages".to_owned()),
    })?;
    if pdf.pages().is_empty() {
        return Err(ReadError::Damaged("it has no pages".to_owned()));
    }
    Ok(pdf)
}
