//! What a paragraph is made of, and how it is told to a model.

use std::fmt::Write as _;
use std::ops::Range;

use crate::marks;
use crate::protect::{Piece, pieces};

/// A part of what is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// What stands there in the file, with the texts in it translated.
    Source(Range<usize>),
    /// This.
    Written(String),
}

/// What stands around a text, so that it has its format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Dress {
    /// Texts of the same style are one.
    pub style: String,
    pub open: Vec<Chunk>,
    pub close: Vec<Chunk>,
}

/// A part of a paragraph, as it was read.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Text.
    Text { text: String, dress: Dress },
    /// Something within the text that stays as it is: a picture, a tabulator, a field.
    Object(Vec<Chunk>),
    /// Text within an element of its own. One that is to be kept is so also where the model loses it.
    Group { open: Vec<Chunk>, children: Vec<Node>, close: Vec<Chunk>, keep: bool },
    /// What is no part of the text: a bookmark, the properties of the paragraph.
    Raw(Vec<Chunk>),
}

impl Node {
    /// A text without anything around it.
    pub fn bare(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), dress: Dress::default() }
    }

    /// Whether there is text in it.
    pub fn has_text(&self) -> bool {
        match self {
            Self::Text { text, .. } => !text.trim().is_empty(),
            Self::Group { children, .. } => children.iter().any(Self::has_text),
            Self::Object(_) | Self::Raw(_) => false,
        }
    }

    /// As it stood, in chunks.
    pub fn into_chunks(self, escape: fn(&str) -> String) -> Vec<Chunk> {
        match self {
            Self::Text { text, dress } => {
                let mut chunks = dress.open;
                chunks.push(Chunk::Written(escape(&text)));
                chunks.extend(dress.close);
                chunks
            }
            Self::Object(chunks) | Self::Raw(chunks) => chunks,
            Self::Group { open, children, close, .. } => {
                let inner = children.into_iter().flat_map(|child| child.into_chunks(escape));
                open.into_iter().chain(inner).chain(close).collect()
            }
        }
    }
}

/// What lies beside each other in a paragraph, or in a group of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub units: Vec<Unit>,
    /// What is no part of the text: each stands before the unit of this place.
    pub raws: Vec<(usize, Vec<Chunk>)>,
    /// What stands around text that bears no mark; none where all text is in groups.
    pub base: Option<Dress>,
}

/// A part of a level.
#[derive(Debug, Clone)]
pub(crate) enum Unit {
    /// Text, with a mark where its format is not that of most of the level.
    Text { mark: Option<u32>, dress: Dress },
    /// Something that stays as it is.
    Object { mark: u32, chunks: Vec<Chunk> },
    /// A group.
    Group { mark: u32, open: Vec<Chunk>, level: Level, close: Vec<Chunk>, keep: bool },
}

/// What is told to a model, and what its marks mean.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub text: String,
    /// What stays letter for letter, by its mark.
    pub fixed: Vec<(u32, String)>,
    last: u32,
}

impl Told {
    fn mark(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    fn words(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Words(words) => self.text.push_str(words),
                Piece::Fixed(fixed) => {
                    let mark = self.mark();
                    self.text.push_str(&marks::single(mark));
                    self.fixed.push((mark, fixed.to_owned()));
                }
            }
        }
    }
}

/// The level of a whole paragraph: what stands before its first and after its last word, and a group
/// around all of it, is no part of the text.
pub(crate) fn paragraph(nodes: Vec<Node>, escape: fn(&str) -> String, told: &mut Told) -> Level {
    level(unwrapped(nodes, escape), escape, told)
}

fn unwrapped(nodes: Vec<Node>, escape: fn(&str) -> String) -> Vec<Node> {
    let first = nodes.iter().position(Node::has_text);
    let last = nodes.iter().rposition(Node::has_text);
    let (Some(first), Some(last)) = (first, last) else { return nodes };
    let mut inner = Vec::new();
    for (place, node) in nodes.into_iter().enumerate() {
        match node {
            Node::Group { open, children, close, .. } if first == last && place == first => {
                inner.push(Node::Raw(open));
                inner.extend(unwrapped(children, escape));
                inner.push(Node::Raw(close));
            }
            node if (first..=last).contains(&place) => inner.push(node),
            node => inner.push(Node::Raw(node.into_chunks(escape))),
        }
    }
    inner
}

fn level(nodes: Vec<Node>, escape: fn(&str) -> String, told: &mut Told) -> Level {
    let mut joined: Vec<Node> = Vec::new();
    let mut raws = Vec::new();
    for node in nodes {
        match node {
            Node::Raw(chunks) => raws.push((joined.len(), chunks)),
            Node::Text { text, .. } if text.is_empty() => {}
            Node::Text { text, dress } => match joined.last_mut() {
                Some(Node::Text { text: before, dress: other }) if other.style == dress.style => {
                    before.push_str(&text);
                }
                _ => joined.push(Node::Text { text, dress }),
            },
            group @ Node::Group { .. } if !group.has_text() => {
                joined.push(Node::Object(group.into_chunks(escape)));
            }
            node => joined.push(node),
        }
    }
    let base = base(&joined);
    let units = joined.into_iter().map(|node| unit(node, base.as_ref(), escape, told)).collect();
    Level { units, raws, base }
}

/// The format of most of a level's text.
fn base(nodes: &[Node]) -> Option<Dress> {
    let mut styles: Vec<(&Dress, usize)> = Vec::new();
    for node in nodes {
        let Node::Text { text, dress } = node else { continue };
        // A link stays one among other text, however long it is.
        let is_link = dress.style.contains("hlinkClick");
        let length = if is_link { 0 } else { text.trim().chars().count() };
        match styles.iter_mut().find(|(known, _)| known.style == dress.style) {
            Some((_, sum)) => *sum += length,
            None => styles.push((dress, length)),
        }
    }
    // Of two that are as long, the first.
    let longest = styles.iter().map(|(_, length)| *length).max()?;
    styles.iter().find(|(_, length)| *length == longest).map(|(dress, _)| (*dress).clone())
}

fn unit(node: Node, base: Option<&Dress>, escape: fn(&str) -> String, told: &mut Told) -> Unit {
    match node {
        Node::Text { text, dress } => {
            let is_base = base.is_some_and(|base| base.style == dress.style);
            let mark = (!is_base).then(|| told.mark());
            if let Some(mark) = mark {
                let _ = write!(told.text, "<{mark}>");
            }
            told.words(&text);
            if let Some(mark) = mark {
                let _ = write!(told.text, "</{mark}>");
            }
            Unit::Text { mark, dress }
        }
        Node::Group { open, children, close, keep } => {
            let mark = told.mark();
            let _ = write!(told.text, "<{mark}>");
            let level = level(children, escape, told);
            let _ = write!(told.text, "</{mark}>");
            Unit::Group { mark, open, level, close, keep }
        }
        Node::Object(chunks) | Node::Raw(chunks) => {
            let mark = told.mark();
            told.text.push_str(&marks::single(mark));
            Unit::Object { mark, chunks }
        }
    }
}
