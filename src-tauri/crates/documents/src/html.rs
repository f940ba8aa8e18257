//! HTML, as a browser shows it without scripts.

mod hiding;

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use self::hiding::Hiding;
use crate::Page;
use crate::writer::{Style, Writer};

/// Reads a page, whose name is its title.
pub fn page(text: &str) -> Page {
    let mut writer = Writer::default();
    let title = write(text, &mut writer);
    writer.finish(title)
}

/// Writes what a page shows, and gives its title.
pub fn write(text: &str, writer: &mut Writer) -> Option<String> {
    let html = Html::parse_document(text);
    let hiding = Hiding::new(&html);
    let mut reader = Reader {
        writer,
        around: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        columns: Vec::new(),
        item: None,
        pre: None,
        title: None,
        in_title: false,
    };
    // What is passed over with all that is in it.
    let mut passed_over = None;
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if passed_over.is_none() => match node.value() {
                Node::Text(text) => reader.text(text),
                Node::Element(element) if is_left_out(element) => passed_over = Some(node.id()),
                Node::Element(element) => reader.open(element, hiding.of(node.id(), element)),
                _ => {}
            },
            Edge::Close(node) if passed_over == Some(node.id()) => passed_over = None,
            Edge::Close(node) if passed_over.is_none() => {
                if let Node::Element(element) = node.value() {
                    reader.close(element.name());
                }
            }
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    reader.writer.end(Style::Paragraph);
    reader.title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty())
}

struct Reader<'w> {
    writer: &'w mut Writer,
    around: Vec<Around>,
    lists: Vec<List>,
    /// For each table around, whether another one is within it.
    tables: Vec<bool>,
    /// How many columns each cell around spans.
    columns: Vec<usize>,
    item: Option<(usize, Option<u32>)>,
    /// Text that is shown as it is typed.
    pre: Option<String>,
    title: Option<String>,
    in_title: bool,
}

#[derive(Debug)]
struct Around {
    hidden: bool,
    white: Option<bool>,
    painted: bool,
}

struct List {
    next: Option<u32>,
}

/// What no browser shows as text. The alternative text of a picture is not shown where the picture
/// is.
fn is_left_out(element: &Element) -> bool {
    matches!(
        element.name(),
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "svg"
            | "canvas"
            | "audio"
            | "video"
            | "datalist"
            | "meta"
            | "link"
            | "img"
            | "input"
            | "annotation"
            | "annotation-xml"
            | "rp"
            | "rt"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "form"
            | "fieldset"
            | "legend"
            | "dl"
            | "dt"
            | "dd"
            | "ul"
            | "ol"
            | "li"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "body"
            | "details"
            | "summary"
            | "caption"
            | "center"
            | "option"
            | "dialog"
    )
}

impl Reader<'_> {
    fn open(&mut self, element: &Element, looks: hiding::Looks) {
        self.around.push(Around {
            hidden: looks.hidden || self.around.last().is_some_and(|around| around.hidden),
            white: looks.white.or_else(|| self.around.last().and_then(|around| around.white)),
            painted: looks.painted || self.around.last().is_some_and(|around| around.painted),
        });
        let name = element.name();
        if is_block(name) {
            self.end();
        }
        match name {
            "title" => self.in_title = self.title.is_none(),
            "br" => match self.pre.as_mut() {
                Some(pre) => pre.push('\n'),
                None => self.writer.text("\n", false),
            },
            "pre" if self.pre.is_none() && !self.is_hidden() => {
                self.end();
                self.pre = Some(String::new());
            }
            "ul" => self.lists.push(List { next: None }),
            "ol" => {
                let start = element.attr("start").and_then(|start| start.parse().ok());
                self.lists.push(List { next: Some(start.unwrap_or(1)) });
            }
            "li" => {
                let depth = self.lists.len().saturating_sub(1);
                let list = self.lists.last_mut().and_then(|list| list.next.as_mut());
                let number = list.map(|next| {
                    *next = next.saturating_add(1);
                    next.saturating_sub(1)
                });
                self.item = Some((depth, number));
            }
            "table" => {
                self.end();
                if let Some(outer) = self.tables.last_mut() {
                    *outer = true;
                }
                self.tables.push(element.attr("role") == Some("presentation"));
                self.writer.open_table();
            }
            "tr" => self.writer.open_row(),
            "td" | "th" => {
                self.writer.open_cell();
                let columns = element.attr("colspan").and_then(|columns| columns.parse().ok());
                self.columns.push(columns.unwrap_or(1));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.get(1..).and_then(|level| level.parse().ok());
                self.writer.end(Style::Heading(level.unwrap_or(1)));
            }
            "pre" => {
                if let Some(text) = self.pre.take() {
                    self.writer.code("", &text);
                }
            }
            "table" => {
                let arranges = self.tables.pop().unwrap_or(false);
                self.writer.close_table(arranges);
            }
            "td" | "th" => {
                let columns = self.columns.pop().unwrap_or(1);
                self.writer.close_cell(columns);
            }
            "title" => self.in_title = false,
            "ul" | "ol" => {
                self.end();
                self.lists.pop();
            }
            _ if is_block(name) => self.end(),
            _ => {}
        }
        if name == "li" {
            self.item = None;
        }
        self.around.pop();
    }

    fn end(&mut self) {
        let style =
            self.item.map_or(Style::Paragraph, |(depth, number)| Style::Item(depth, number));
        if self.writer.end(style) {
            self.item = None;
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.title.get_or_insert_default().push_str(text);
            return;
        }
        if let Some(pre) = self.pre.as_mut() {
            pre.push_str(text);
            return;
        }
        let hidden = self.is_hidden();
        for piece in text.split_inclusive(is_space) {
            let word = piece.trim_end_matches(is_space);
            self.writer.text(word, hidden);
            let ended = self.writer.line().last().is_none_or(is_space);
            if word.len() < piece.len() && !ended {
                self.writer.text(" ", hidden);
            }
        }
    }

    fn is_hidden(&self) -> bool {
        self.around
            .last()
            .is_some_and(|around| around.hidden || (around.white == Some(true) && !around.painted))
    }
}

/// What HTML collapses: a no-break space is none of it.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\n' | '\t' | '\r' | '\u{c}')
}
