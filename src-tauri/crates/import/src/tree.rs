//! Makes the tree of a conversation out of messages that name what they answer.

use std::collections::HashMap;

use conversation::{MessageState, PortableFile, PortableMessage, Role, Timestamp};

use crate::report::{LeftOuts, Omission, Refusal};

/// A message as another program names it.
#[derive(Debug)]
pub(crate) struct Node {
    /// What the program calls it.
    pub(crate) id: String,
    /// What it follows; none for a first one.
    pub(crate) parent: Option<String>,
    /// Its place among its siblings; equal ones stay in the order they are given.
    pub(crate) rank: usize,
    /// When it was made, if that is known.
    pub(crate) created: Option<Timestamp>,
    /// What it says.
    pub(crate) content: Content,
}

/// What a node has to say.
#[derive(Debug)]
pub(crate) enum Content {
    /// A message that is shown.
    Message(PortableMessage),
    /// What leads to the answer that follows: thoughts, calls of tools and what came back.
    Work(Work),
    /// Nothing; what follows it follows what it follows.
    Nothing,
}

/// What comes before an answer and goes into it.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// In Markdown.
    pub(crate) reasoning: String,
    /// Files that a tool made.
    pub(crate) files: Vec<PortableFile>,
}

impl Work {
    fn is_empty(&self) -> bool {
        self.reasoning.is_empty() && self.files.is_empty()
    }

    fn append(&mut self, other: Self) {
        append_paragraph(&mut self.reasoning, &other.reasoning);
        self.files.extend(other.files);
    }
}

/// The messages of a conversation, each after its parent, and the end of the branch shown.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) messages: Vec<PortableMessage>,
    pub(crate) leaf: Option<usize>,
}

/// A message by this speaker, without anything else.
pub(crate) fn message(role: Role, text: String) -> PortableMessage {
    PortableMessage {
        parent: None,
        role,
        text,
        reasoning: String::new(),
        state: MessageState::Complete,
        failure: None,
        finish: None,
        model: None,
        usage: None,
        milliseconds: None,
        created: Timestamp::from_millis(0),
        files: Vec::new(),
    }
}

/// Puts a paragraph after what is there.
pub(crate) fn append_paragraph(text: &mut String, paragraph: &str) {
    if !text.is_empty() && !paragraph.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(paragraph);
}

/// Arranges `nodes` as a tree; `shown` names the end of the branch that is shown, and a node
/// without a time takes the one of what it follows, the first one `started`.
///
/// Answers that follow each other without a branch are one answer: programs write a new message
/// after each call of a tool. A node whose parent is missing begins a branch.
pub(crate) fn arrange(
    nodes: Vec<Node>,
    shown: Option<&str>,
    started: Timestamp,
    left_out: &mut LeftOuts,
) -> Result<Tree, Refusal> {
    let (nodes, by_id) = without_repeated(nodes, left_out);
    let parents = parents(&nodes, &by_id, left_out);
    let shown = shown.and_then(|id| by_id.get(id).copied());
    let count = nodes.len();
    let (first, children) = children(&nodes, &parents);

    let mut growing = Growing::new(started, count);
    let mut contents: Vec<Option<(Option<Timestamp>, Content)>> =
        nodes.into_iter().map(|node| Some((node.created, node.content))).collect();
    let mut stack: Vec<usize> = first.into_iter().rev().collect();
    while let Some(node) = stack.pop() {
        let Some((created, content)) = contents[node].take() else { continue };
        growing.visit(node, parents[node], children[node].len(), created, content, left_out);
        stack.extend(children[node].iter().rev());
    }
    if growing.visited < count {
        return Err(Refusal::Cycle);
    }
    if growing.messages.is_empty() {
        return Err(Refusal::Empty);
    }
    let last = growing.messages.len() - 1;
    let leaf = shown.and_then(|node| growing.message_of[node]).or(Some(last));
    Ok(Tree { messages: growing.messages, leaf })
}

/// The nodes, each name once, and where each name is.
fn without_repeated(
    nodes: Vec<Node>,
    left_out: &mut LeftOuts,
) -> (Vec<Node>, HashMap<String, usize>) {
    let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut by_id = HashMap::with_capacity(nodes.len());
    for node in nodes {
        if by_id.contains_key(&node.id) {
            left_out.add(Omission::RepeatedMessage);
        } else {
            by_id.insert(node.id.clone(), kept.len());
            kept.push(node);
        }
    }
    (kept, by_id)
}

fn parents(
    nodes: &[Node],
    by_id: &HashMap<String, usize>,
    left_out: &mut LeftOuts,
) -> Vec<Option<usize>> {
    let parent = |node: &Node| {
        let parent = by_id.get(node.parent.as_ref()?).copied();
        if parent.is_none() {
            left_out.add(Omission::MissingParent);
        }
        parent
    };
    nodes.iter().map(parent).collect()
}

/// The first nodes, and the children of each, in their order.
fn children(nodes: &[Node], parents: &[Option<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut first = Vec::new();
    let mut children = vec![Vec::new(); nodes.len()];
    for (node, parent) in parents.iter().enumerate() {
        parent.map_or(&mut first, |parent| &mut children[parent]).push(node);
    }
    for list in children.iter_mut().chain([&mut first]) {
        list.sort_by_key(|&node| nodes[node].rank);
    }
    (first, children)
}

/// The messages so far, and what is known of each node that was visited.
struct Growing {
    messages: Vec<PortableMessage>,
    started: Timestamp,
    visited: usize,
    /// The message that a node is, is part of, or follows.
    message_of: Vec<Option<usize>>,
    /// Whether nothing branches off between that message and the node.
    unbranched: Vec<bool>,
    /// Work that still waits for its answer.
    waiting: Vec<Work>,
    time_of: Vec<Timestamp>,
}

impl Growing {
    fn new(started: Timestamp, count: usize) -> Self {
        Self {
            messages: Vec::with_capacity(count),
            started,
            visited: 0,
            message_of: vec![None; count],
            unbranched: vec![false; count],
            waiting: std::iter::repeat_with(Work::default).take(count).collect(),
            time_of: vec![started; count],
        }
    }

    /// Takes a node whose parent was taken before it.
    fn visit(
        &mut self,
        node: usize,
        parent: Option<usize>,
        children: usize,
        created: Option<Timestamp>,
        content: Content,
        left_out: &mut LeftOuts,
    ) {
        self.visited += 1;
        let time = created.unwrap_or_else(|| parent.map_or(self.started, |p| self.time_of[p]));
        self.time_of[node] = time;
        let before = parent.and_then(|parent| self.message_of[parent]);
        let mut work = parent.map(|p| std::mem::take(&mut self.waiting[p])).unwrap_or_default();
        // A parent says here whether its only child may go on where it ended.
        let joins = parent.is_some_and(|parent| self.unbranched[parent]);
        let single = children < 2;
        let (at, unbranched) = match content {
            Content::Message(message)
                if is_empty(&message) && (work.is_empty() || message.role != Role::Assistant) =>
            {
                left_out.add(Omission::EmptyMessage);
                self.wait(node, work, before, joins, children)
            }
            Content::Message(mut message) => {
                message.created = time;
                let at = if message.role == Role::Assistant {
                    self.answer(message, work, before, joins)
                } else {
                    let before = self.unanswered(work, before, joins, time);
                    self.push(message, before)
                };
                (Some(at), single)
            }
            Content::Work(more) => {
                work.append(more);
                self.wait(node, work, before, joins, children)
            }
            Content::Nothing => self.wait(node, work, before, joins, children),
        };
        self.message_of[node] = at;
        self.unbranched[node] = unbranched;
    }

    /// Keeps work for what follows the node; if nothing does, it stands for itself.
    fn wait(
        &mut self,
        node: usize,
        work: Work,
        before: Option<usize>,
        joins: bool,
        children: usize,
    ) -> (Option<usize>, bool) {
        if children == 0 {
            (self.unanswered(work, before, joins, self.time_of[node]), true)
        } else {
            self.waiting[node] = work;
            (before, joins && children == 1)
        }
    }

    /// Work that leads to no answer becomes one of its own.
    fn unanswered(
        &mut self,
        work: Work,
        before: Option<usize>,
        joins: bool,
        time: Timestamp,
    ) -> Option<usize> {
        if work.is_empty() {
            return before;
        }
        let mut answer = message(Role::Assistant, String::new());
        answer.created = time;
        Some(self.answer(answer, work, before, joins))
    }

    fn answer(
        &mut self,
        mut answer: PortableMessage,
        mut work: Work,
        before: Option<usize>,
        joins: bool,
    ) -> usize {
        append_paragraph(&mut work.reasoning, &answer.reasoning);
        answer.reasoning = work.reasoning;
        work.files.append(&mut answer.files);
        answer.files = work.files;
        let same = before.filter(|&at| joins && self.messages[at].role == Role::Assistant);
        let Some(at) = same else { return self.push(answer, before) };
        let begun = &mut self.messages[at];
        append_paragraph(&mut begun.text, &answer.text);
        append_paragraph(&mut begun.reasoning, &answer.reasoning);
        begun.files.append(&mut answer.files);
        begun.state = answer.state;
        begun.failure = answer.failure;
        begun.finish = answer.finish;
        begun.model = answer.model.or_else(|| begun.model.take());
        begun.usage = answer.usage.or(begun.usage);
        at
    }

    fn push(&mut self, mut message: PortableMessage, before: Option<usize>) -> usize {
        message.parent = before;
        self.messages.push(message);
        self.messages.len() - 1
    }
}

fn is_empty(message: &PortableMessage) -> bool {
    message.text.trim().is_empty()
        && message.reasoning.trim().is_empty()
        && message.files.is_empty()
        && message.state != MessageState::Failed
}
