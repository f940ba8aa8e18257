//! What the parts of an Office file hold, by their types.

use crate::document::Kind;

/// What a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Paragraphs of Word, or of a drawing, which slides are.
    Paragraphs,
    /// Strings of a workbook, and comments in one.
    Strings,
    /// Remarks of readers, which are paragraphs or nothing but text.
    Comments,
    /// Paragraphs of OpenDocument.
    OpenDocument,
}

/// What a part of this type holds; none where it holds no texts.
pub(crate) fn content(kind: Kind, content_type: &str) -> Option<Content> {
    let name = content_type.strip_suffix("+xml").unwrap_or(content_type);
    let word = name.rsplit('.').next().unwrap_or_default();
    match (kind, word) {
        (Kind::Odf, _) => Some(Content::OpenDocument),
        // Its last word is that it is the main part; the first one says of what.
        (Kind::Docx, "main" | "header" | "footer" | "footnotes" | "endnotes" | "comments") => {
            Some(Content::Paragraphs)
        }
        (Kind::Pptx, "slide" | "notesSlide") => Some(Content::Paragraphs),
        (Kind::Pptx, "comments") => Some(Content::Comments),
        (Kind::Xlsx, "sharedStrings" | "worksheet" | "comments") => Some(Content::Strings),
        (Kind::Xlsx, "threadedcomments") => Some(Content::Comments),
        (_, "drawing" | "chart" | "diagramData" | "diagramDrawing" | "chartshapes") => {
            Some(Content::Paragraphs)
        }
        _ => None,
    }
}

/// Whether there can be texts in such a part. A sheet has few of its own, and can be very large.
pub(crate) fn may_hold(content: Content, text: &str) -> bool {
    content != Content::Strings
        || ["<si", "<is", ":si", ":is", "<text", ":text", "eader>", "ooter>"]
            .iter()
            .any(|sign| text.contains(sign))
}
