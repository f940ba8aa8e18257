//! The HTML that `markdown` renders, as a tree. It is balanced and always written alike, so that
//! reading it takes no HTML parser; what would not be is read as text.

/// Elements nested deeper than this are read as if they were not there, and their content as if
/// it stood in the one around them: what walks the tree may then call itself.
const DEEPEST: usize = 96;
const VOID: [&str; 4] = ["br", "hr", "input", "wbr"];
const ENTITIES: [(&str, &str); 5] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}")];

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text, with nothing escaped.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, in lower case.
    pub name: String,
    /// Its attributes, with nothing escaped.
    pub attributes: Vec<(String, String)>,
    /// Its content.
    pub children: Vec<Node>,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is of this class.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split(' ').any(|c| c == class))
    }

    /// The elements in it, without the text between them.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::element)
    }

    /// All text in it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, all: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => all.push_str(text),
                Node::Element(element) => element.push_text(all),
            }
        }
    }

    /// Whether only void elements of this name are written, without an end.
    pub fn is_void(&self) -> bool {
        VOID.contains(&self.name.as_str())
    }
}

impl Node {
    /// The element, if it is one.
    pub fn element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}

/// The blocks of a Markdown text. What was cut into parts, to be sent one by one, is whole again.
pub fn of_markdown(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for block in markdown::render(text) {
        for node in parse(&block.html) {
            push_block(&mut nodes, node);
        }
    }
    nodes
}

/// Appends a block, or its content to the part before it.
fn push_block(nodes: &mut Vec<Node>, node: Node) {
    let continues = |element: &Element| {
        element.attribute("data-part").is_some_and(|part| matches!(part, "middle" | "last"))
    };
    match (nodes.last_mut(), node) {
        (Some(Node::Element(before)), Node::Element(part))
            if continues(&part) && before.name == part.name =>
        {
            join(before, part);
        }
        (_, node) => nodes.push(node),
    }
}

/// Code and rows stand one level deeper than items do.
fn join(before: &mut Element, part: Element) {
    let inner = |element: &Element| matches!(element.name.as_str(), "code" | "tbody");
    match (before.children.last_mut(), part.children) {
        (Some(Node::Element(last)), mut children)
            if inner(last) && matches!(&*children, [Node::Element(first)] if inner(first)) =>
        {
            if let Some(Node::Element(first)) = children.pop() {
                last.children.extend(first.children);
            }
        }
        (_, children) => before.children.extend(children),
    }
}

fn parse(html: &str) -> Vec<Node> {
    let mut open = vec![Element::default()];
    let mut skipped = 0_usize;
    let mut rest = html;
    while !rest.is_empty() {
        if let Some((name, after)) = rest.strip_prefix("</").and_then(|r| r.split_once('>')) {
            rest = after;
            if skipped > 0 {
                skipped -= 1;
            } else if open.len() > 1
                && open.last().is_some_and(|element| element.name == name)
                && let Some(element) = open.pop()
            {
                push(&mut open, Node::Element(element));
            }
        } else if let Some((element, after)) = start_tag(rest) {
            rest = after;
            if element.is_void() {
                push(&mut open, Node::Element(element));
            } else if open.len() > DEEPEST {
                skipped += 1;
            } else {
                open.push(element);
            }
        } else {
            let end = rest.char_indices().skip(1).find(|(_, c)| *c == '<');
            let (text, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
            rest = after;
            push(&mut open, Node::Text(unescaped(text)));
        }
    }
    while open.len() > 1
        && let Some(element) = open.pop()
    {
        push(&mut open, Node::Element(element));
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

fn push(open: &mut [Element], node: Node) {
    let Some(parent) = open.last_mut() else { return };
    match (parent.children.last_mut(), node) {
        (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
        (_, node) => parent.children.push(node),
    }
}

/// The start tag with which the text begins, and what follows it.
fn start_tag(html: &str) -> Option<(Element, &str)> {
    let rest = html.strip_prefix('<')?;
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, mut rest) = rest.split_at(length);
    if name.is_empty() {
        return None;
    }
    let mut attributes = Vec::new();
    while let Some(after) = rest.strip_prefix(' ') {
        let (attribute, after) = after.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        attributes.push((attribute.to_owned(), unescaped(value)));
        rest = after;
    }
    let rest = rest.strip_prefix('>')?;
    Some((Element { name: name.to_owned(), attributes, children: Vec::new() }, rest))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (entity, character) =
            ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)).unwrap_or(&("&", "&"));
        plain.push_str(character);
        rest = &rest[entity.len()..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_into_parts_is_whole() {
        let code = "let a = 1;\n".repeat(500);
        let items: String = (1..900).map(|n| format!("{n}. item {n}\n")).collect();
        let rows: String = (0..900).map(|n| format!("| {n} | x |\n")).collect();
        let text = format!("```rust\n{code}```\n\n{items}\n\n| a | b |\n|--|--|\n{rows}");
        let nodes = of_markdown(&text);
        let elements: Vec<_> = nodes.iter().filter_map(Node::element).collect();
        let [pre, list, table] = elements[..] else { panic!("{}", elements.len()) };
        assert_eq!(pre.text(), code);
        assert_eq!(list.elements().count(), 899);
        assert_eq!(table.elements().count(), 2);
        assert_eq!(table.elements().last().unwrap().elements().count(), 900);
    }

    #[test]
    fn text_is_read_as_it_was() {
        let text = "a <b & \"c\" &amp;lt; \u{a0}é";
        let nodes = of_markdown(&format!("    {text}"));
        assert_eq!(nodes[0].element().unwrap().text().trim_end(), text);
    }

    #[test]
    fn depth_is_bounded() {
        fn depth(nodes: &[Node]) -> usize {
            let deepest = nodes.iter().filter_map(Node::element).map(|e| depth(&e.children)).max();
            deepest.map_or(0, |deepest| deepest + 1)
        }
        let nodes = of_markdown(&format!("{}x{}", "<b>".repeat(150), "</b>".repeat(150)));
        assert!(depth(&nodes) <= DEEPEST);
        assert_eq!(nodes[0].element().unwrap().text().trim(), "x");
    }
}
