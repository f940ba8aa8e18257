//! The structure of the document, for those who hear it: which lines are a heading, a list, a
//! table. It is kept beside the pages, and joined with what was drawn once that is done.

use krilla::tagging::{Identifier, Node, TagGroup, TagKind, TagTree};

/// The structure as it grows.
#[derive(Default)]
pub struct Tags {
    root: Vec<Child>,
    open: Vec<Group>,
    /// What was drawn for each leaf.
    leaves: Vec<Option<Identifier>>,
}

struct Group {
    tag: TagKind,
    children: Vec<Child>,
}

enum Child {
    Group(Group),
    Leaf(Leaf),
}

/// Something that will be drawn, in its place in the structure.
#[derive(Debug, Clone, Copy)]
pub struct Leaf(usize);

impl Tags {
    /// Begins an element within the one that is open.
    pub fn open(&mut self, tag: impl Into<TagKind>) {
        self.open.push(Group { tag: tag.into(), children: Vec::new() });
    }

    /// Ends the element that was begun last.
    pub fn close(&mut self) {
        if let Some(group) = self.open.pop() {
            self.push(Child::Group(group));
        }
    }

    /// The place of something that will be drawn, within the element that is open.
    pub fn leaf(&mut self) -> Leaf {
        let leaf = Leaf(self.leaves.len());
        self.leaves.push(None);
        self.push(Child::Leaf(leaf));
        leaf
    }

    /// Keeps what was drawn for a leaf.
    pub fn drawn(&mut self, leaf: Leaf, identifier: Identifier) {
        if let Some(slot) = self.leaves.get_mut(leaf.0) {
            *slot = Some(identifier);
        }
    }

    /// The whole structure, in this language.
    pub fn end(mut self, language: &str) -> TagTree {
        while !self.open.is_empty() {
            self.close();
        }
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        let mut leaves = self.leaves;
        for child in self.root {
            if let Some(node) = node(child, &mut leaves) {
                tree.push(node);
            }
        }
        tree
    }

    fn push(&mut self, child: Child) {
        match self.open.last_mut() {
            Some(group) => group.children.push(child),
            None => self.root.push(child),
        }
    }
}

/// Blocks nest no deeper than `document` reads them.
fn node(child: Child, leaves: &mut [Option<Identifier>]) -> Option<Node> {
    match child {
        Child::Leaf(leaf) => leaves.get_mut(leaf.0)?.take().map(Node::from),
        Child::Group(group) => {
            let children = group.children.into_iter().filter_map(|child| node(child, leaves));
            Some(TagGroup::with_children(group.tag, children.collect()).into())
        }
    }
}
