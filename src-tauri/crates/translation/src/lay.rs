//! A translated text, laid back into its paragraph.

use std::collections::{HashMap, HashSet};

use crate::inline::{Chunk, Dress, Level, Unit};
use crate::marks::Part;

/// What a mark stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meaning<'a> {
    /// A text that stays letter for letter.
    Fixed(&'a str),
    /// Something that stays as it is.
    Object(&'a [Chunk]),
    /// Text of this format.
    Styled(&'a Dress),
    /// A group.
    Group { open: &'a [Chunk], level: &'a Level, close: &'a [Chunk] },
}

impl Meaning<'_> {
    /// Whether its mark stands alone.
    pub fn is_single(&self) -> bool {
        matches!(self, Self::Fixed(_) | Self::Object(_))
    }
}

/// What each mark of a paragraph stands for, and the pair that it stands in.
pub(crate) type Meanings<'a> = HashMap<u32, (Meaning<'a>, Option<u32>)>;

/// The meanings of all marks in a level, but those of fixed texts.
pub(crate) fn meanings<'a>(level: &'a Level, within: Option<u32>, all: &mut Meanings<'a>) {
    for unit in &level.units {
        match unit {
            Unit::Text { mark: Some(mark), dress } => {
                all.insert(*mark, (Meaning::Styled(dress), within));
            }
            Unit::Text { .. } => {}
            Unit::Object { mark, chunks } => {
                all.insert(*mark, (Meaning::Object(chunks), within));
            }
            Unit::Group { mark, open, level, close, .. } => {
                let group = Meaning::Group { open, level, close };
                all.insert(*mark, (group, within));
                meanings(level, Some(*mark), all);
            }
        }
    }
}

/// Lays a paragraph.
pub(crate) struct Layer<'a> {
    meanings: &'a Meanings<'a>,
    /// What stands around text where its level has none of its own.
    fallback: Dress,
    escape: fn(&str) -> String,
    laid: HashSet<u32>,
    out: Vec<Chunk>,
}

/// How far a level is laid.
struct Progress<'a> {
    level: &'a Level,
    /// So many units are written.
    units: usize,
    /// So many of what is no text are.
    raws: usize,
    /// The text that comes next, and its format where that is not the level's.
    text: String,
    dress: Option<&'a Dress>,
}

impl<'a> Layer<'a> {
    /// Lays this answer into a paragraph.
    pub fn lay(
        level: &'a Level,
        parts: &[Part],
        meanings: &'a Meanings<'a>,
        escape: fn(&str) -> String,
    ) -> Vec<Chunk> {
        let fallback = first_dress(level).cloned().unwrap_or_default();
        let mut layer = Self { meanings, fallback, escape, laid: HashSet::new(), out: Vec::new() };
        let mut progress = Progress::of(level);
        layer.parts(&mut progress, parts, None);
        layer.write_text(&mut progress);
        layer.write_lost(&mut progress, level);
        layer.write_raws(&mut progress, usize::MAX);
        layer.out
    }

    fn parts(&mut self, progress: &mut Progress<'a>, parts: &[Part], dress: Option<&'a Dress>) {
        for part in parts {
            match part {
                Part::Text(text) => self.add_text(progress, text, dress),
                Part::Single(mark) => self.single(progress, *mark, dress),
                Part::Pair(mark, inner) => self.pair(progress, *mark, inner, dress),
            }
        }
    }

    fn add_text(&mut self, progress: &mut Progress<'a>, text: &str, dress: Option<&'a Dress>) {
        let same = match (progress.dress, dress) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        if !same {
            self.write_text(progress);
            progress.dress = dress;
        }
        progress.text.push_str(text);
    }

    fn single(&mut self, progress: &mut Progress<'a>, mark: u32, dress: Option<&'a Dress>) {
        match self.meanings.get(&mark).map(|(meaning, _)| *meaning) {
            Some(Meaning::Fixed(text)) => self.add_text(progress, text, dress),
            Some(Meaning::Object(chunks)) if self.laid.insert(mark) => {
                self.write_text(progress);
                self.write_unit(progress, chunks);
            }
            _ => {}
        }
    }

    fn pair(
        &mut self,
        progress: &mut Progress<'a>,
        mark: u32,
        inner: &[Part],
        dress: Option<&'a Dress>,
    ) {
        match self.meanings.get(&mark).map(|(meaning, _)| *meaning) {
            Some(Meaning::Styled(own)) => self.parts(progress, inner, Some(own)),
            Some(Meaning::Group { open, level, close }) if self.laid.insert(mark) => {
                self.write_text(progress);
                self.write_unit(progress, open);
                let mut within = Progress::of(level);
                self.parts(&mut within, inner, None);
                self.write_text(&mut within);
                self.write_raws(&mut within, usize::MAX);
                self.out.extend_from_slice(close);
            }
            _ => self.parts(progress, inner, dress),
        }
    }

    fn write_text(&mut self, progress: &mut Progress<'a>) {
        if progress.text.is_empty() {
            return;
        }
        self.write_raws(progress, progress.units);
        let own = progress.dress.or(progress.level.base.as_ref());
        let dress = own.unwrap_or(&self.fallback);
        self.out.extend_from_slice(&dress.open);
        self.out.push(Chunk::Written((self.escape)(&progress.text)));
        self.out.extend_from_slice(&dress.close);
        progress.text.clear();
        progress.units += 1;
    }

    fn write_unit(&mut self, progress: &mut Progress<'a>, chunks: &[Chunk]) {
        self.write_raws(progress, progress.units);
        self.out.extend_from_slice(chunks);
        progress.units += 1;
    }

    /// Writes what is no text and stands before the unit of this place.
    fn write_raws(&mut self, progress: &mut Progress<'a>, before: usize) {
        while let Some((place, chunks)) = progress.level.raws.get(progress.raws) {
            if *place > before {
                break;
            }
            self.out.extend_from_slice(chunks);
            progress.raws += 1;
        }
    }

    /// Writes what the answer lost and is no text: it stands at the end then.
    fn write_lost(&mut self, progress: &mut Progress<'a>, level: &'a Level) {
        for unit in &level.units {
            match unit {
                Unit::Object { mark, chunks } if self.laid.insert(*mark) => {
                    self.write_unit(progress, chunks);
                }
                Unit::Group { mark, open, level, close, keep } => {
                    let lost = self.laid.insert(*mark);
                    let mut within = Progress::of(level);
                    if lost && *keep {
                        self.write_unit(progress, open);
                        self.write_lost(&mut within, level);
                        self.write_raws(&mut within, usize::MAX);
                        self.out.extend_from_slice(close);
                    } else if lost {
                        self.write_lost(progress, level);
                        self.write_raws(&mut within, usize::MAX);
                    } else {
                        self.write_lost(progress, level);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'a> Progress<'a> {
    fn of(level: &'a Level) -> Self {
        Self { level, units: 0, raws: 0, text: String::new(), dress: None }
    }
}

/// The first format of any text.
fn first_dress(level: &Level) -> Option<&Dress> {
    level.units.iter().find_map(|unit| match unit {
        Unit::Text { dress, .. } => Some(dress),
        Unit::Group { level, .. } => first_dress(level),
        Unit::Object { .. } => None,
    })
}
