//! A Markdown text that arrives bit by bit: what was closed is neither parsed nor sent again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use crate::block::{self, Part, Piece, Rendered};
use crate::code;
use crate::definitions::{self, Definitions, Found};
use crate::footnotes::Numbers;
use crate::highlight::{self, Cache, Highlighter};
use crate::segment::{Kind, Splitter, next_line};
use crate::users::Users;
use crate::{Block, Patch};

/// A piece of the text that is rendered on its own, into one block or none.
#[derive(Debug)]
struct Segment {
    range: Range<usize>,
    kind: Kind,
    found: Found,
    html: String,
    /// How many blocks come before it.
    first_block: usize,
    /// Whether this part of a list is loose by itself, and whether it is shown as loose.
    loose: bool,
    shown_loose: bool,
}

/// An answer while it arrives.
///
/// After every [`patch`](Stream::patch), all patches applied in their order give what
/// [`render`](crate::render) gives for the text so far.
#[derive(Debug, Default)]
pub struct Stream {
    text: String,
    /// The last character was a carriage return, so a line feed now belongs to it.
    after_return: bool,
    changed: bool,
    splitter: Splitter,
    /// The bytes whose lines are complete and cut.
    taken: usize,
    /// The closed segments, then those that were open at the last patch.
    segments: Vec<Segment>,
    closed: usize,
    /// Where the open segment begins, and what it is.
    open: Option<(usize, Kind)>,
    definitions: Definitions,
    /// What the closed segments looked up.
    users: Users,
    numbers: Numbers,
    /// How many numbers the closed segments have given.
    closed_numbers: usize,
    /// What highlights the fenced block of a segment, with that segment: of the newest one, and
    /// of the one before, since an incomplete line may still turn out to end that one.
    code: Vec<(usize, Highlighter)>,
    /// What highlights the code within the first open segment, with that segment.
    cache: (usize, Cache),
    /// Bytes that were parsed, written or highlighted so far.
    work: usize,
}

impl Stream {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends to the text. It costs next to nothing: the work is done in [`patch`](Self::patch).
    pub fn push(&mut self, delta: &str) {
        for character in delta.chars() {
            let after_return = std::mem::replace(&mut self.after_return, character == '\r');
            match character {
                '\n' if after_return => {}
                '\r' => self.text.push('\n'),
                '\0' => self.text.push('\u{fffd}'),
                _ => self.text.push(character),
            }
        }
        self.changed |= !delta.is_empty();
    }

    /// What has changed since the last patch; `None` if nothing has.
    pub fn patch(&mut self) -> Option<Patch> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let was_closed = self.closed;
        let old: Vec<_> = self.segments.drain(was_closed..).map(|s| s.html).collect();
        self.cut();
        let dirty = self.define(was_closed);
        let changed = self.render_all(&dirty, was_closed);
        let first = changed.unwrap_or(was_closed);
        let mut blocks = match first.checked_sub(1).and_then(|i| self.segments.get(i)) {
            Some(before) => before.first_block + usize::from(!before.html.is_empty()),
            None => 0,
        };
        let first_block = blocks;
        for segment in &mut self.segments[first..] {
            segment.first_block = blocks;
            blocks += usize::from(!segment.html.is_empty());
        }
        let shown = |html: &&String| !html.is_empty();
        let new: Vec<_> = self.segments[first..].iter().map(|s| &s.html).filter(shown).collect();
        let old: Vec<_> = old.iter().filter(shown).collect();
        let mut same = 0;
        if changed.is_none() {
            if old == new {
                return None;
            }
            same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        }
        let blocks = new[same..].iter().map(|html| Block { html: (*html).clone() }).collect();
        Some(Patch { first_block: u32::try_from(first_block + same).unwrap_or(u32::MAX), blocks })
    }

    /// Cuts what has arrived: complete lines for good, the last one as if it ended here.
    fn cut(&mut self) {
        while let Some(length) = next_line(&self.text[self.taken..]) {
            let end = self.taken + length;
            let (before, line) = self.text[..end].split_at(self.taken);
            if let Some(kind) = self.splitter.line(line, before)
                && let Some((start, kind)) = self.open.replace((self.taken, kind))
            {
                self.segments.push(Segment::new(start..self.taken, kind));
            }
            self.taken = end;
        }
        self.closed = self.segments.len();
        let (before, rest) = self.text.split_at(self.taken);
        let begun = if rest.is_empty() { None } else { self.splitter.clone().line(rest, before) };
        let end = if begun.is_some() { self.taken } else { self.text.len() };
        if let Some((start, kind)) = &self.open {
            self.segments.push(Segment::new(*start..end, kind.clone()));
        }
        if let Some(kind) = begun {
            self.segments.push(Segment::new(self.taken..self.text.len(), kind));
        }
    }

    /// Collects the definitions of the segments from `first` on, which are new. Returns the
    /// segments before them that mean something else now.
    fn define(&mut self, first: usize) -> BTreeSet<usize> {
        for segment in &mut self.segments[first..] {
            if !matches!(segment.kind, Kind::Code { .. }) {
                let source = &self.text[segment.range.clone()];
                segment.found = definitions::collect(source, &mut self.work);
            }
        }
        let found = self.segments[first..].iter().map(|s| &s.found).chain(self.definitions.open());
        let (mut links, mut footnotes) = (HashSet::new(), HashSet::new());
        for found in found {
            links.extend(found.links.keys().cloned());
            footnotes.extend(found.footnotes.iter().cloned());
        }
        let target = |all: &Definitions, label: &String| all.link(label).map(|(_, t)| t.clone());
        let links: Vec<_> =
            links.into_iter().map(|label| (target(&self.definitions, &label), label)).collect();
        let footnotes: Vec<_> =
            footnotes.into_iter().map(|label| (self.definitions.footnote(&label), label)).collect();
        self.definitions.forget_open();
        for (index, segment) in self.segments.iter().enumerate().skip(first) {
            if index < self.closed {
                self.definitions.add(index, &segment.found);
            } else {
                self.definitions.add_open(index, segment.found.clone());
            }
        }
        let mut dirty = BTreeSet::new();
        for (old, label) in links {
            if target(&self.definitions, &label) != old {
                dirty.extend(self.users.of_link(&label));
            }
        }
        let mut referring = BTreeSet::new();
        for (old, label) in footnotes {
            if self.definitions.footnote(&label) != old {
                referring.extend(self.users.of_footnote(&label));
            }
        }
        if let Some(first) = referring.first().copied() {
            // Only numbers behind the first one can change: those are given again.
            self.closed_numbers = self.closed_numbers.min(self.numbers.before(first));
            dirty.extend(self.users.referring_from(first));
            dirty.extend(referring);
        }
        dirty
    }

    /// Renders the dirty segments and all from `first` on. Returns the first one before `first`
    /// whose HTML has changed.
    fn render_all(&mut self, dirty: &BTreeSet<usize>, first: usize) -> Option<usize> {
        // Numbers given by segments that are now rendered again.
        let kept = self.closed_numbers;
        let old_numbers = self.numbers.after(kept);
        self.numbers.truncate(kept);
        let mut changed = BTreeSet::new();
        let new = first..self.segments.len();
        for index in dirty.iter().copied().chain(new) {
            if index == self.closed {
                self.closed_numbers = self.numbers.len();
            }
            let loose = index < first && self.segments[index].shown_loose;
            changed.extend(self.render(index, loose).then_some(index));
        }
        if self.closed == self.segments.len() {
            self.closed_numbers = self.numbers.len();
        }
        let mut again = self.uneven_lists(dirty, first);
        let new_numbers = self.numbers.after(kept);
        for label in old_numbers.keys().chain(new_numbers.keys()) {
            // A definition that was just rendered may stand before what gave it its number.
            let changed = old_numbers.get(label) != new_numbers.get(label);
            if let Some(segment) = self.definitions.footnote(label)
                && (changed || segment >= first || dirty.contains(&segment))
            {
                again.entry(segment).or_insert(self.segments[segment].shown_loose);
            }
        }
        for (index, loose) in again {
            changed.extend(self.render(index, loose).then_some(index));
        }
        changed.first().copied().filter(|index| *index < first)
    }

    /// The parts of lists that are to be shown as loose, or no longer so, because of another part
    /// of their list. Only lists with a part that was just rendered are looked at.
    fn uneven_lists(&self, dirty: &BTreeSet<usize>, first: usize) -> BTreeMap<usize, bool> {
        let mut uneven = BTreeMap::new();
        let mut done = 0;
        for index in dirty.iter().copied().chain(first..self.segments.len()) {
            if index < done || !matches!(self.segments[index].kind, Kind::List { .. }) {
                continue;
            }
            let continued = |segment: &Segment| segment.kind.continued();
            let start = (0..=index).rev().find(|i| !continued(&self.segments[*i])).unwrap_or(0);
            let rest = self.segments[index + 1..].iter().position(|s| !continued(s));
            done = rest.map_or(self.segments.len(), |count| index + 1 + count);
            let list = &self.segments[start..done];
            let loose = list.iter().any(|part| part.loose);
            let wrong = list.iter().enumerate().filter(|(_, part)| part.shown_loose != loose);
            uneven.extend(wrong.map(|(offset, _)| (start + offset, loose)));
        }
        uneven
    }

    /// Renders a segment, as part of a loose list if `loose`. Returns whether its HTML changed.
    fn render(&mut self, index: usize, loose: bool) -> bool {
        let segment = &self.segments[index];
        let continued = segment.kind.continued();
        let followed = self.segments.get(index + 1).is_some_and(|next| next.kind.continued());
        let place = match (continued, followed) {
            (false, false) => "only",
            (false, true) => "first",
            (true, true) => "middle",
            (true, false) => "last",
        };
        let source = &self.text[segment.range.clone()];
        let rendered = if let Kind::Code { fence, .. } = segment.kind {
            let source = code::Source::new(source, fence, !continued);
            let html = self.render_code(index, place, &source);
            Rendered { html, ..Rendered::default() }
        } else {
            self.render_flow(index, place, loose)
        };
        let segment = &mut self.segments[index];
        segment.shown_loose = loose || rendered.loose;
        if !loose {
            segment.loose = rendered.loose;
        }
        self.work += rendered.work;
        if index < self.closed {
            let source = match segment.kind {
                Kind::Code { .. } => "",
                _ => &self.text[segment.range.clone()],
            };
            self.users.add(index, source, rendered.labels, rendered.refers);
        }
        let changed = segment.html != rendered.html;
        segment.html = rendered.html;
        changed
    }

    fn render_code(&mut self, index: usize, place: &'static str, source: &code::Source) -> String {
        self.code.retain(|(segment, _)| segment + 1 >= index);
        let known = self.code.iter().position(|(segment, highlighter)| {
            let same = source.language.as_deref().is_none_or(|l| l == highlighter.language());
            *segment == index && same && highlighter.continues(&source.code)
        });
        let known = known.unwrap_or_else(|| {
            let before = self.code.iter().find(|(segment, _)| segment + 1 == index);
            let highlighter = match (&source.language, before) {
                (None, Some((_, before))) => before.next_part(),
                (language, _) => Highlighter::new(language.as_deref().unwrap_or_default()),
            };
            self.code.retain(|(segment, _)| *segment != index);
            self.code.push((index, highlighter));
            self.code.len() - 1
        });
        let (_, highlighter) = &mut self.code[known];
        let before = highlighter.work;
        let html = highlighter.html(&source.code);
        self.work += highlighter.work - before;
        highlight::block(place, highlighter.language(), &html)
    }

    fn render_flow(&mut self, index: usize, place: &'static str, loose: bool) -> Rendered {
        let segment = &self.segments[index];
        let source = &self.text[segment.range.clone()];
        let part = |number, headless| (place != "only").then_some(Part { place, number, headless });
        let (source, suffix, part) = match &segment.kind {
            Kind::List { mark, number, .. } => {
                // Blank lines behind the last part stand between blocks, not between items.
                let ends = matches!(place, "only" | "last");
                let source = if ends { source.trim_end_matches(['\n', ' ', '\t']) } else { source };
                (Cow::Borrowed(source), list_suffix(source, *mark, loose), part(*number, false))
            }
            Kind::Table { head } => {
                (Cow::Owned(format!("{head}{source}")), String::new(), part(None, true))
            }
            _ => (Cow::Borrowed(source), String::new(), part(None, false)),
        };
        let piece = Piece {
            segment: index,
            source: &source,
            suffix: &suffix,
            own: Some(&segment.found),
            part,
        };
        if index == self.closed && self.cache.0 != index {
            self.cache = (index, Cache::default());
        }
        let mut other = Cache::default();
        let cache = if self.cache.0 == index { &mut self.cache.1 } else { &mut other };
        let before = cache.work;
        let rendered = block::render(&piece, &self.definitions, &mut self.numbers, cache);
        self.work += cache.work - before;
        rendered
    }
}

/// An item behind a list that is not shown: as a paragraph it tells that the list is loose, and
/// behind a blank line it makes it so.
fn list_suffix(source: &str, mark: u8, loose: bool) -> String {
    let number = if matches!(mark, b'.' | b')') { "1" } else { "" };
    let end = if source.ends_with('\n') { "" } else { "\n" };
    let blank = if loose { "\n" } else { "" };
    format!("{end}{blank}{number}{} x\n", char::from(mark))
}

impl Segment {
    fn new(range: Range<usize>, kind: Kind) -> Self {
        Self {
            range,
            kind,
            found: Found::default(),
            html: String::new(),
            first_block: 0,
            loose: false,
            shown_loose: false,
        }
    }
}

#[cfg(test)]
mod tests;
