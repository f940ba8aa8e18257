//! The elements with which Markdown's containers begin.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, LinkType, Tag};

use super::{Writer, first_word};
use crate::definitions::normalised;
use crate::html;
use crate::sanitise::{self, REL};

/// Containers nested deeper than this are shown without their own element: a web view slows down
/// over deep documents, and nobody can read them.
const DEEPEST: usize = 48;

/// Short rows of a table with more columns than this stay short: the cells that they lack would
/// be many times the text.
const FILLED_COLUMNS: usize = 32;

impl Writer<'_> {
    /// Opens an element, which `end` closes.
    fn open(&mut self, name: &str, attributes: &[(&str, Option<&str>)], end: &'static str) {
        if self.ends.len() >= DEEPEST {
            self.ends.push("");
            return;
        }
        sanitise::push_tag(&mut self.html, name, attributes);
        self.ends.push(end);
    }

    /// Writes the start of an element, and remembers its end.
    pub fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        // Only the outermost list or table is the one that was cut.
        let part = self.part.filter(|_| self.ends.is_empty());
        let place = part.map(|part| part.place);
        match tag {
            Tag::Paragraph => self.open("p", &[], "</p>"),
            Tag::Heading { level, .. } => {
                const LEVELS: [(&str, &str); 6] = [
                    ("h1", "</h1>"),
                    ("h2", "</h2>"),
                    ("h3", "</h3>"),
                    ("h4", "</h4>"),
                    ("h5", "</h5>"),
                    ("h6", "</h6>"),
                ];
                let (name, end) = LEVELS[level as usize - 1];
                self.open(name, &[], end);
            }
            Tag::BlockQuote(kind) => {
                let class = kind.map(|kind| match kind {
                    BlockQuoteKind::Note => "alert-note",
                    BlockQuoteKind::Tip => "alert-tip",
                    BlockQuoteKind::Important => "alert-important",
                    BlockQuoteKind::Warning => "alert-warning",
                    BlockQuoteKind::Caution => "alert-caution",
                });
                self.open("blockquote", &[("class", class)], "</blockquote>");
            }
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => first_word(info),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::HtmlBlock => self.raw = Some(String::new()),
            Tag::List(None) => self.open("ul", &[("data-part", place)], "</ul>"),
            Tag::List(Some(number)) => {
                let number = part.and_then(|part| part.number).unwrap_or(number);
                let number = (number != 1).then(|| number.to_string());
                let attributes = [("start", number.as_deref()), ("data-part", place)];
                self.open("ol", &attributes, "</ol>");
            }
            Tag::Item => self.open("li", &[], "</li>"),
            Tag::FootnoteDefinition(label) => self.footnote_definition(&normalised(&label)),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                let headless = part.is_some_and(|part| part.headless);
                self.open("table", &[("data-part", place)], "</tbody></table>");
                if headless {
                    self.html.push_str("<tbody>");
                }
            }
            Tag::TableHead if self.part.is_some_and(|part| part.headless) => self.hidden = 1,
            Tag::TableHead => {
                self.in_head = true;
                self.cell = 0;
                self.html.push_str("<thead>");
                self.open("tr", &[], "</tr></thead><tbody>");
            }
            Tag::TableRow => {
                self.cell = 0;
                self.open("tr", &[], "</tr>");
            }
            Tag::TableCell if self.is_filler(range) => self.ends.push(""),
            Tag::TableCell => {
                let class = match self.alignments.get(self.cell) {
                    Some(Alignment::Left) => Some("align-left"),
                    Some(Alignment::Center) => Some("align-center"),
                    Some(Alignment::Right) => Some("align-right"),
                    _ => None,
                };
                self.cell += 1;
                let (name, end) = if self.in_head { ("th", "</th>") } else { ("td", "</td>") };
                self.open(name, &[("class", class)], end);
            }
            Tag::Emphasis => self.open("em", &[], "</em>"),
            Tag::Strong => self.open("strong", &[], "</strong>"),
            Tag::Strikethrough => self.open("del", &[], "</del>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.links += 1;
                let address = if link_type == LinkType::Email {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.into_string()
                };
                html::push_link(&mut self.html, &address, Some(&title));
                self.ends.push("</a>");
            }
            Tag::Image { dest_url, .. } => {
                self.image = Some((0, dest_url.into_string(), String::new()));
            }
            // Parts of extensions that are not enabled.
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.ends.push(""),
        }
    }

    /// Whether the parser added this cell to a short row of a table so wide that it shows.
    fn is_filler(&self, range: &Range<usize>) -> bool {
        let before = &self.source[..range.start];
        let added =
            range.is_empty() && (before.len() == self.source.len() || before.ends_with('\n'));
        added && self.alignments.len() > FILLED_COLUMNS
    }

    fn footnote_definition(&mut self, label: &str) {
        let first = self.definitions.footnote(label) == Some(self.segment)
            && self.defined.insert(label.to_owned());
        let Some(number) = self.numbers.get(label).filter(|_| first) else {
            self.hidden = 1;
            return;
        };
        let (id, back) = (format!("fn-{number}"), format!("#fnref-{number}"));
        let attributes = [("class", Some("footnote")), ("id", Some(id.as_str()))];
        self.open("section", &attributes, "</section>");
        let attributes =
            [("class", Some("footnote-back")), ("href", Some(back.as_str())), ("rel", Some(REL))];
        sanitise::push_tag(&mut self.html, "a", &attributes);
        self.html.push_str(&format!("{number}</a> "));
    }
}
