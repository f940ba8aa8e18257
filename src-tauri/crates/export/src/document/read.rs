//! Blocks and their text, from the safe HTML of a message.

use std::rc::Rc;

use super::{
    Align, Block, Cell, CodeSpan, Formula, Inline, Item, List, Script, Span, Style, Table, fit,
};
use crate::safe_html::{self, Element, Node};

/// The blocks of a Markdown text.
pub fn blocks(text: &str) -> Vec<Block> {
    flow(&safe_html::of_markdown(text))
}

/// Blocks, and text between them as paragraphs.
fn flow(nodes: &[Node]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text = Text::default();
    for node in nodes {
        match node {
            Node::Element(element) if is_block(&element.name) => {
                text.end(&mut blocks);
                push_block(&mut blocks, element);
            }
            _ => text.push(node, Style::default(), None),
        }
    }
    text.end(&mut blocks);
    blocks
}

#[rustfmt::skip]
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "blockquote" | "dd" | "details" | "dl" | "dt" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr"
            | "li" | "ol" | "p" | "pre" | "section" | "summary" | "table" | "ul"
    )
}

fn push_block(blocks: &mut Vec<Block>, element: &Element) {
    match element.name.as_str() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = element.name.as_bytes()[1] - b'0';
            blocks.push(Block::Heading(level, inlines(&element.children, Style::default())));
        }
        "hr" => blocks.push(Block::Rule),
        "pre" => blocks.push(Block::Code(code(element))),
        "blockquote" | "dd" => push_filled(blocks, Block::Quote, flow(&element.children)),
        "dt" | "summary" => {
            let style = Style { bold: true, ..Style::default() };
            let mut text = Text::default();
            element.children.iter().for_each(|child| text.push(child, style, None));
            text.end(blocks);
        }
        "ul" | "ol" => {
            let items: Vec<_> =
                element.elements().filter(|child| child.name == "li").map(item).collect();
            let ordered = element.name == "ol";
            let start = element.attribute("start").and_then(|start| start.parse().ok());
            let start = ordered.then_some(start.unwrap_or(1));
            if items.is_empty() {
                blocks.extend(flow(&element.children));
            } else {
                blocks.push(Block::List(List { start, items }));
            }
        }
        "table" => blocks.push(Block::Table(table(element))),
        "section" if element.has_class("footnote") => {
            blocks.push(Block::Footnote(footnote(element)));
        }
        // An item without a list among them.
        _ => blocks.extend(flow(&element.children)),
    }
}

/// A footnote's number, and what it says.
fn footnote(element: &Element) -> Vec<Block> {
    let is_number = |node: &Node| node.element().is_some_and(|e| e.has_class("footnote-back"));
    let (numbers, rest): (Vec<_>, Vec<_>) = element.children.iter().cloned().partition(is_number);
    let style = Style { script: Some(Script::Super), ..Style::default() };
    let mut text = inlines(&numbers, style);
    let mut blocks = flow(&rest);
    text.push(Inline::plain(" "));
    match blocks.first_mut() {
        Some(Block::Paragraph(first)) => {
            text.append(first);
            *first = text;
        }
        _ => blocks.insert(0, Block::Paragraph(text)),
    }
    blocks
}

fn push_filled(blocks: &mut Vec<Block>, block: fn(Vec<Block>) -> Block, content: Vec<Block>) {
    if !content.is_empty() {
        blocks.push(block(content));
    }
}

fn item(element: &Element) -> Item {
    let is_box = |element: &&Element| element.name == "input";
    let within = element.elements().flat_map(Element::elements);
    let checkbox = element.elements().chain(within).find(is_box);
    let done = checkbox.map(|checkbox| checkbox.attribute("checked").is_some());
    Item { done, blocks: flow(&element.children) }
}

fn table(element: &Element) -> Table {
    let row = |row: &Element| {
        let cells = row.elements().filter(|cell| matches!(cell.name.as_str(), "td" | "th"));
        cells.map(cell).collect::<Vec<_>>()
    };
    let rows = |of: &str| {
        let parts = element.elements().filter(|part| part.name == of).flat_map(Element::elements);
        parts.filter(|child| child.name == "tr").map(row).collect::<Vec<_>>()
    };
    let mut head = rows("thead").into_iter();
    let first = head.next();
    let rows = head.chain(rows("tbody")).chain(rows("tfoot"));
    Table { head: first, rows: rows.collect() }
}

fn cell(element: &Element) -> Cell {
    let align = [
        ("align-left", Align::Left),
        ("align-center", Align::Center),
        ("align-right", Align::Right),
    ];
    let align = align.iter().find(|(class, _)| element.has_class(class)).map(|(_, align)| *align);
    let bold = element.name == "th";
    Cell { align, text: inlines(&element.children, Style { bold, ..Style::default() }) }
}

/// Everything as text, blocks with a line's end between them.
fn inlines(nodes: &[Node], style: Style) -> Vec<Inline> {
    let mut text = Text::default();
    nodes.iter().for_each(|node| text.push(node, style, None));
    text.trim();
    text.inlines
}

/// Text as it is gathered, with white space as HTML has it.
#[derive(Default)]
struct Text {
    inlines: Vec<Inline>,
}

impl Text {
    /// Appends what was gathered: as a paragraph, but formulas that stand alone by themselves.
    fn end(&mut self, blocks: &mut Vec<Block>) {
        let mut part = Self::default();
        for inline in std::mem::take(&mut self.inlines) {
            match inline {
                Inline::Formula(formula) if formula.display => {
                    part.end_paragraph(blocks);
                    blocks.push(Block::Formula(formula));
                }
                inline => part.inlines.push(inline),
            }
        }
        part.end_paragraph(blocks);
    }

    fn end_paragraph(&mut self, blocks: &mut Vec<Block>) {
        self.trim();
        if !self.inlines.is_empty() {
            blocks.push(Block::Paragraph(std::mem::take(&mut self.inlines)));
        }
    }

    fn push(&mut self, node: &Node, style: Style, link: Option<&Rc<str>>) {
        let element = match node {
            Node::Text(text) => return self.push_text(text, style, link),
            Node::Element(element) => element,
        };
        let mut style = style;
        let mut address = None;
        match element.name.as_str() {
            "br" => self.inlines.push(Inline::Break),
            "math" => return self.inlines.push(Inline::Formula(Formula::read(element))),
            "b" | "strong" => style.bold = true,
            "em" | "i" | "cite" | "dfn" | "var" => style.italic = true,
            "code" | "kbd" | "samp" => style.code = true,
            "del" | "s" => style.struck = true,
            "u" | "ins" => style.underlined = true,
            "mark" => style.marked = true,
            "sub" => style.script = Some(Script::Sub),
            "sup" => style.script = Some(Script::Super),
            "a" => {
                // Addresses within the message are those of its footnotes.
                let outside = element.attribute("href").filter(|address| !address.starts_with('#'));
                address = outside.map(Rc::from);
            }
            name if is_block(name) && !self.inlines.is_empty() => self.inlines.push(Inline::Break),
            _ => {}
        }
        for child in &element.children {
            self.push(child, style, address.as_ref().or(link));
        }
    }

    fn push_text(&mut self, text: &str, style: Style, link: Option<&Rc<str>>) {
        let mut after_space = match self.inlines.last() {
            Some(Inline::Text(span)) => span.text.ends_with(' '),
            Some(Inline::Formula(formula)) => formula.display,
            Some(Inline::Break) | None => true,
        };
        let mut plain = String::with_capacity(text.len());
        for character in fit(text).chars() {
            let space = matches!(character, ' ' | '\t' | '\n');
            if !(space && after_space) {
                plain.push(if space { ' ' } else { character });
            }
            after_space = space;
        }
        if plain.is_empty() {
            return;
        }
        match self.inlines.last_mut() {
            Some(Inline::Text(span)) if span.style == style && span.link.as_ref() == link => {
                span.text.push_str(&plain);
            }
            _ => self.inlines.push(Inline::Text(Span { text: plain, style, link: link.cloned() })),
        }
    }

    /// Takes white space and ends of lines from the end.
    fn trim(&mut self) {
        while let Some(last) = self.inlines.last_mut() {
            match last {
                Inline::Break => {}
                Inline::Text(span) => {
                    span.text.truncate(span.text.trim_end_matches(' ').len());
                    if !span.text.is_empty() {
                        return;
                    }
                }
                Inline::Formula(_) => return,
            }
            self.inlines.pop();
        }
    }
}

/// The lines of code, in the colours that it was given.
fn code(element: &Element) -> Vec<Vec<CodeSpan>> {
    fn push(lines: &mut Vec<Vec<CodeSpan>>, node: &Node, class: Option<&str>) {
        match node {
            Node::Text(text) => {
                for (place, part) in text.split('\n').enumerate() {
                    if place > 0 {
                        lines.push(Vec::new());
                    }
                    if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                        line.push(CodeSpan { text: fit(part), class: class.map(str::to_owned) });
                    }
                }
            }
            Node::Element(element) => {
                let class = element.attribute("class").filter(|_| element.name == "span").or(class);
                element.children.iter().for_each(|child| push(lines, child, class));
            }
        }
    }
    let mut lines = vec![Vec::new()];
    element.children.iter().for_each(|child| push(&mut lines, child, None));
    if lines.len() > 1 && lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Inline {
        Inline::Text(Span { text: text.into(), style: Style::default(), link: None })
    }

    #[test]
    fn blocks_are_those_of_the_markdown() {
        let read =
            blocks("# T\n\na\nb\n\n- [x] c\n- d\n  1. e\n\n> f\n\n---\n\n`````\n\n x\n`````\n");
        let item = |done, text: &str, more: Vec<Block>| Item {
            done,
            blocks: [vec![Block::Paragraph(vec![plain(text)])], more].concat(),
        };
        let inner = List { start: Some(1), items: vec![item(None, "e", vec![])] };
        let items = vec![item(Some(true), "c", vec![]), item(None, "d", vec![Block::List(inner)])];
        let code = |text: &str| vec![CodeSpan { text: text.into(), class: None }];
        assert_eq!(
            read,
            [
                Block::Heading(1, vec![plain("T")]),
                Block::Paragraph(vec![plain("a b")]),
                Block::List(List { start: None, items }),
                Block::Quote(vec![Block::Paragraph(vec![plain("f")])]),
                Block::Rule,
                Block::Code(vec![vec![], code(" x")]),
            ]
        );
    }

    #[test]
    fn text_has_its_styles_and_links() {
        let read = blocks("a **b*c*** [d](https://e.example/) H<sub>2</sub>O");
        let [Block::Paragraph(text)] = &read[..] else { panic!("{read:?}") };
        let spans: Vec<_> = text
            .iter()
            .map(|inline| match inline {
                Inline::Text(span) => (&*span.text, span.style, span.link.as_deref()),
                inline => panic!("{inline:?}"),
            })
            .collect();
        let bold = Style { bold: true, ..Style::default() };
        let sub = Style { script: Some(Script::Sub), ..Style::default() };
        assert_eq!(
            spans,
            [
                ("a ", Style::default(), None),
                ("b", bold, None),
                ("c", Style { italic: true, ..bold }, None),
                (" ", Style::default(), None),
                ("d", Style::default(), Some("https://e.example/")),
                (" H", Style::default(), None),
                ("2", sub, None),
                ("O", Style::default(), None),
            ]
        );
    }

    #[test]
    fn a_table_has_its_head_and_its_sides() {
        let read = blocks("| a | b |\n|:-:|--:|\n| c | d |\n| e |\n");
        let [Block::Table(table)] = &read[..] else { panic!("{read:?}") };
        assert_eq!((table.columns(), table.rows.len()), (2, 2));
        assert_eq!(table.head.as_ref().unwrap()[0].align, Some(Align::Center));
        assert_eq!(table.rows[0][1], Cell { align: Some(Align::Right), text: vec![plain("d")] });
    }

    #[test]
    fn a_formula_that_stands_alone_is_a_block() {
        let read = blocks("Since $a$\n$$b$$\nit holds.");
        let [Block::Paragraph(_), Block::Formula(_), Block::Paragraph(after)] = &read[..] else {
            panic!("{read:?}")
        };
        assert_eq!(after, &[plain("it holds.")]);
    }

    #[test]
    fn direction_is_that_of_the_first_letter() {
        assert!(super::super::is_right_to_left(&[plain("12 «مرحبا» hello")]));
        assert!(!super::super::is_right_to_left(&[plain("— hello مرحبا")]));
    }
}
