//! One segment of Markdown as HTML.

mod start;

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Alignment, BrokenLink, CowStr, Event, Parser, Tag, TagEnd};

use crate::definitions::{self, Definitions, Found, normalised};
use crate::footnotes::Numbers;
use crate::highlight::{self, Cache};
use crate::sanitise::{self, REL};
use crate::{autolink, html, image, math};

/// The part of a list or table that a segment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `first`, `middle`, `last` or `only`.
    pub place: &'static str,
    /// The number of its first item, for a part of an ordered list.
    pub number: Option<u64>,
    /// Whether it is a table's part whose head stands in the first one.
    pub headless: bool,
}

/// One segment, to be rendered.
#[derive(Debug)]
pub struct Piece<'a> {
    /// Its place among the segments.
    pub segment: usize,
    /// Its Markdown.
    pub source: &'a str,
    /// Markdown behind it that is parsed but not shown.
    pub suffix: &'a str,
    /// What it defines itself.
    pub own: Option<&'a Found>,
    /// Its place in its list or table, if it is (a part of) one.
    pub part: Option<Part>,
}

/// A segment's HTML, and what it depends on.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Balanced, allowed HTML; empty if the segment shows nothing.
    pub html: String,
    /// Normalised labels that were looked up.
    pub labels: Vec<String>,
    /// Whether it refers to a footnote.
    pub refers: bool,
    /// Whether the text behind the segment became a paragraph of a loose list.
    pub loose: bool,
    /// Bytes that were parsed and written.
    pub work: usize,
}

/// Renders a segment.
pub fn render(
    piece: &Piece<'_>,
    definitions: &Definitions,
    numbers: &mut Numbers,
    cache: &mut Cache,
) -> Rendered {
    let shown = math::with_dollars(html::without_scripts(piece.source));
    let prefix = definitions.prefix(piece.segment, piece.source, piece.own);
    let text = format!("{prefix}{shown}{}", piece.suffix);
    let visible = prefix.len()..prefix.len() + shown.len();
    let mut labels = Vec::new();
    let mut look_up = |link: BrokenLink<'_>| {
        let label = normalised(&link.reference);
        let target = definitions.link(&label).map(|(_, target)| {
            (CowStr::from(target.address.clone()), CowStr::from(target.title.clone()))
        });
        labels.push(label);
        target
    };
    let options = definitions::options(&text);
    let events = Parser::new_with_broken_link_callback(&text, options, Some(&mut look_up));
    let mut writer = Writer::new(piece, &text, definitions, numbers, cache);
    let mut loose = false;
    let mut skipped = 0_usize;
    for (event, range) in events.into_offset_iter() {
        let outside = !visible.contains(&range.start);
        if skipped > 0 || outside {
            match event {
                Event::Start(tag) => {
                    skipped += 1;
                    loose |= range.start >= visible.end && matches!(tag, Tag::Paragraph);
                }
                Event::End(_) => skipped = skipped.saturating_sub(1),
                _ => {}
            }
        } else {
            writer.event(event, &range);
        }
    }
    writer.flush();
    let (html, foreign, refers) = (writer.html, writer.foreign, writer.refers);
    let html = sanitise::sanitise(html, foreign);
    let html = if html.trim().is_empty() { String::new() } else { html };
    let work = text.len() + html.len();
    Rendered { html, labels, refers, loose, work }
}

struct Writer<'a> {
    html: String,
    /// What ends each open container.
    ends: Vec<&'static str>,
    /// Whether some of it was written as HTML by the model.
    foreign: bool,
    tags: usize,
    source: &'a str,
    text: String,
    before: Option<char>,
    links: usize,
    alignments: Vec<Alignment>,
    cell: usize,
    in_head: bool,
    part: Option<&'a Part>,
    code: Option<(String, String)>,
    codes: usize,
    raw: Option<String>,
    image: Option<(usize, String, String)>,
    /// Open containers of a footnote that is not shown.
    hidden: usize,
    segment: usize,
    definitions: &'a Definitions,
    numbers: &'a mut Numbers,
    defined: HashSet<String>,
    refers: bool,
    referred: HashSet<usize>,
    cache: &'a mut Cache,
}

impl<'a> Writer<'a> {
    fn new(
        piece: &'a Piece<'_>,
        source: &'a str,
        definitions: &'a Definitions,
        numbers: &'a mut Numbers,
        cache: &'a mut Cache,
    ) -> Self {
        Self {
            html: String::with_capacity(source.len() * 2),
            ends: Vec::new(),
            foreign: false,
            tags: 0,
            source,
            text: String::new(),
            before: None,
            links: 0,
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            part: piece.part.as_ref(),
            code: None,
            codes: 0,
            raw: None,
            image: None,
            hidden: 0,
            segment: piece.segment,
            definitions,
            numbers,
            defined: HashSet::new(),
            refers: false,
            referred: HashSet::new(),
            cache,
        }
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        if self.hidden > 0 {
            match event {
                Event::Start(_) => self.hidden += 1,
                Event::End(_) => self.hidden -= 1,
                // A number must not depend on whether this one is shown, which is known later.
                Event::FootnoteReference(label) => {
                    self.refers = true;
                    self.numbers.refer(&normalised(&label), self.segment);
                }
                _ => {}
            }
            return;
        }
        if let Some((depth, _, description)) = &mut self.image {
            image::push_description(description, &event);
            match event {
                Event::Start(_) => *depth += 1,
                Event::End(_) if *depth > 0 => *depth -= 1,
                Event::End(_) => {
                    if let Some((_, address, description)) = self.image.take() {
                        image::push(&mut self.html, &address, &description, self.links > 0);
                    }
                }
                _ => {}
            }
            return;
        }
        if let Event::Text(text) = &event {
            if let Some((_, code)) = &mut self.code {
                code.push_str(text);
                return;
            }
            if self.text.is_empty() {
                self.before = self.source[..range.start].chars().next_back();
            }
            self.text.push_str(text);
            return;
        }
        self.flush();
        match event {
            Event::Text(_) => {}
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(end),
            Event::Code(code) => {
                self.html.push_str("<code>");
                sanitise::push_text(&mut self.html, &code);
                self.html.push_str("</code>");
            }
            Event::InlineMath(source) => math::push(&mut self.html, &source, false),
            Event::DisplayMath(source) => math::push(&mut self.html, &source, true),
            Event::Html(raw) => {
                if let Some(buffer) = &mut self.raw {
                    buffer.push_str(&raw);
                }
            }
            Event::InlineHtml(raw) => self.foreign(&raw),
            Event::FootnoteReference(label) => self.footnote_reference(&normalised(&label)),
            Event::SoftBreak => self.html.push('\n'),
            Event::HardBreak => self.html.push_str("<br>\n"),
            Event::Rule => self.html.push_str("<hr>"),
            Event::TaskListMarker(done) => {
                let checked = done.then_some("");
                let attributes =
                    [("type", Some("checkbox")), ("disabled", Some("")), ("checked", checked)];
                sanitise::push_tag(&mut self.html, "input", &attributes);
                self.html.push(' ');
            }
        }
    }

    /// Appends the text that was gathered, with the addresses in it as links.
    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let links = if self.links > 0 { Vec::new() } else { autolink::find(&text, self.before) };
        let mut at = 0;
        for link in links {
            sanitise::push_text(&mut self.html, &text[at..link.start]);
            html::push_link(&mut self.html, &link.address, None);
            sanitise::push_text(&mut self.html, &text[link.start..link.end]);
            self.html.push_str("</a>");
            at = link.end;
        }
        sanitise::push_text(&mut self.html, &text[at..]);
    }

    fn foreign(&mut self, raw: &str) {
        self.foreign = true;
        html::push_filtered(&mut self.html, raw, &mut self.tags, self.links > 0);
    }

    fn footnote_reference(&mut self, label: &str) {
        self.refers = true;
        let (number, first) = self.numbers.refer(label, self.segment);
        let first = first && self.referred.insert(number);
        let id = format!("fnref-{number}");
        let address = format!("#fn-{number}");
        let attributes =
            [("class", Some("footnote-reference")), ("id", Some(id.as_str()).filter(|_| first))];
        sanitise::push_tag(&mut self.html, "sup", &attributes);
        if self.links == 0 {
            let attributes = [("href", Some(address.as_str())), ("rel", Some(REL))];
            sanitise::push_tag(&mut self.html, "a", &attributes);
        }
        self.html.push_str(&number.to_string());
        self.html.push_str(if self.links == 0 { "</a></sup>" } else { "</sup>" });
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::CodeBlock => {
                if let Some((language, code)) = self.code.take() {
                    let code = self.cache.html(self.codes, &language, &code);
                    self.codes += 1;
                    self.html.push_str(&highlight::block("only", &language, &code));
                }
                return;
            }
            TagEnd::HtmlBlock => {
                if let Some(raw) = self.raw.take() {
                    self.foreign(&raw);
                }
                return;
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::Link => self.links -= 1,
            _ => {}
        }
        self.html.push_str(self.ends.pop().unwrap_or_default());
    }
}

/// The language that an info string names.
pub fn first_word(info: &str) -> String {
    info.split_whitespace().next().unwrap_or_default().to_owned()
}
