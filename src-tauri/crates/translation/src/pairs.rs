//! Tags in running text, paired to groups.

use crate::inline::{Chunk, Node};

/// Builds the nodes of running text whose tags may be unpaired, or cross each other.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    open: Vec<Begun>,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Begun {
    name: String,
    tag: Vec<Chunk>,
    keep: bool,
    before: Vec<Node>,
}

impl Pairs {
    /// Adds what stands there.
    pub fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// A tag begins an element.
    pub fn open(&mut self, name: &str, tag: Vec<Chunk>, keep: bool) {
        let before = std::mem::take(&mut self.nodes);
        self.open.push(Begun { name: name.to_owned(), tag, keep, before });
    }

    /// A tag ends one; one that ends none, or crosses others, is no part of the text.
    pub fn close(&mut self, name: &str, tag: Vec<Chunk>) {
        match self.open.iter().rposition(|begun| begun.name == name) {
            Some(place) => {
                while self.open.len() > place + 1 {
                    self.undo();
                }
                if let Some(begun) = self.open.pop() {
                    let children = std::mem::replace(&mut self.nodes, begun.before);
                    let (open, keep) = (begun.tag, begun.keep);
                    self.nodes.push(Node::Group { open, children, close: tag, keep });
                }
            }
            None => self.nodes.push(Node::Raw(tag)),
        }
    }

    /// How many are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// All nodes.
    pub fn end(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.undo();
        }
        self.nodes
    }

    fn undo(&mut self) {
        if let Some(begun) = self.open.pop() {
            let inner = std::mem::replace(&mut self.nodes, begun.before);
            self.nodes.push(Node::Raw(begun.tag));
            self.nodes.extend(inner);
        }
    }
}
