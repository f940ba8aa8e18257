//! Formulas, from the MathML that `markdown` writes (a part of MathML Core).

use super::fit;
use crate::safe_html::Element;

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Whether it stands on a line of its own.
    pub display: bool,
    /// What it says.
    pub content: Math,
}

/// A part of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Math {
    /// Parts that follow one another.
    Row(Vec<Math>),
    /// A name; a single letter is slanted.
    Identifier(String),
    /// A number, or text.
    Text(String),
    /// An operator, bracket or accent.
    Operator(String),
    /// A space, in em.
    Space(f32),
    /// One over the other, with a line between them or not.
    Fraction {
        /// What stands above.
        over: Box<Math>,
        /// What stands below.
        under: Box<Math>,
        /// Whether there is a line between them.
        line: bool,
    },
    /// A root.
    Root {
        /// What it is taken of.
        of: Box<Math>,
        /// Which one, if not the square one.
        degree: Option<Box<Math>>,
    },
    /// A base with small parts behind it.
    Scripts {
        /// The base.
        base: Box<Math>,
        /// What stands below.
        sub: Option<Box<Math>>,
        /// What stands above.
        sup: Option<Box<Math>>,
    },
    /// A base with small parts under and over it.
    Limits {
        /// The base.
        base: Box<Math>,
        /// What stands under it.
        under: Option<Box<Math>>,
        /// What stands over it.
        over: Option<Box<Math>>,
    },
    /// A part between brackets that are as high as it is.
    Fenced {
        /// The bracket before it, or nothing.
        open: String,
        /// The bracket behind it, or nothing.
        close: String,
        /// The part.
        inner: Box<Math>,
    },
    /// Rows of cells.
    Table {
        /// The rows.
        rows: Vec<Vec<Math>>,
        /// Whether cells begin at the left instead of standing in the middle.
        left: bool,
    },
}

impl Formula {
    /// The formula of a `math` element.
    pub fn read(element: &Element) -> Self {
        let display = element.attribute("display") == Some("block");
        Self { display, content: row(element) }
    }

    /// The formula in one line of text, for those who cannot see it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.content.push_text(&mut text);
        text.trim().to_owned()
    }
}

fn row(element: &Element) -> Math {
    fenced(element).unwrap_or_else(|| series(element.elements()))
}

/// The row between brackets that grow with it, if it is one.
fn fenced(element: &Element) -> Option<Math> {
    let bracket =
        |element: &&Element| element.name == "mo" && element.attribute("stretchy") == Some("true");
    let children: Vec<_> = element.elements().collect();
    let open = children.first().filter(|child| bracket(child))?;
    let close = children.last().filter(|child| children.len() > 1 && bracket(child));
    let inner = &children[1..children.len() - usize::from(close.is_some())];
    Some(Math::Fenced {
        open: text(open),
        close: close.map(|close| text(close)).unwrap_or_default(),
        inner: Box::new(series(inner.iter().copied())),
    })
}

fn series<'a>(elements: impl Iterator<Item = &'a Element>) -> Math {
    let mut parts: Vec<_> = elements.map(math).collect();
    match parts.len() {
        1 => parts.remove(0),
        _ => Math::Row(parts),
    }
}

fn math(element: &Element) -> Math {
    let boxed = |child: Option<&Element>| child.map(|child| Box::new(math(child)));
    let mut children = element.elements();
    let (base, first, second) = (children.next(), children.next(), children.next());
    let base_or_nothing = || boxed(base).unwrap_or_else(|| Box::new(Math::Row(Vec::new())));
    match element.name.as_str() {
        "mi" => Math::Identifier(text(element)),
        "mn" | "mtext" | "ms" => Math::Text(text(element)),
        "mo" => Math::Operator(text(element).replace('\u{2061}', "")),
        "mspace" => Math::Space(ems(element.attribute("width"))),
        "mfrac" => Math::Fraction {
            over: base_or_nothing(),
            under: boxed(first).unwrap_or_else(|| Box::new(Math::Row(Vec::new()))),
            line: !element.attribute("linethickness").is_some_and(|width| width.starts_with('0')),
        },
        "msqrt" => Math::Root { of: Box::new(row(element)), degree: None },
        "mroot" => Math::Root { of: base_or_nothing(), degree: boxed(first) },
        "msub" => Math::Scripts { base: base_or_nothing(), sub: boxed(first), sup: None },
        "msup" => Math::Scripts { base: base_or_nothing(), sub: None, sup: boxed(first) },
        "msubsup" => {
            Math::Scripts { base: base_or_nothing(), sub: boxed(first), sup: boxed(second) }
        }
        "munder" => Math::Limits { base: base_or_nothing(), under: boxed(first), over: None },
        "mover" => Math::Limits { base: base_or_nothing(), under: None, over: boxed(first) },
        "munderover" => {
            Math::Limits { base: base_or_nothing(), under: boxed(first), over: boxed(second) }
        }
        "mtable" => Math::Table {
            rows: element.elements().map(|row| row.elements().map(self::row).collect()).collect(),
            left: element.has_class("menv-cells-left") || element.has_class("menv-cases"),
        },
        "mphantom" => Math::Row(Vec::new()),
        _ => row(element),
    }
}

fn text(element: &Element) -> String {
    fit(&element.text())
}

fn ems(width: Option<&str>) -> f32 {
    let ems = width.and_then(|width| width.strip_suffix("em")?.parse().ok());
    ems.filter(|ems: &f32| ems.is_finite()).unwrap_or(0.0).clamp(-1.0, 4.0)
}

impl Math {
    /// Whether it reads as one thing, without brackets around it.
    fn is_single(&self) -> bool {
        match self {
            Self::Row(parts) => parts.len() < 2 && parts.iter().all(Self::is_single),
            Self::Identifier(_) | Self::Text(_) | Self::Operator(_) => true,
            _ => false,
        }
    }

    fn push_text(&self, text: &mut String) {
        let grouped = |math: &Self, text: &mut String| {
            let single = math.is_single();
            text.push_str(if single { "" } else { "(" });
            math.push_text(text);
            text.push_str(if single { "" } else { ")" });
        };
        match self {
            Self::Row(parts) => parts.iter().for_each(|part| part.push_text(text)),
            Self::Identifier(name) => text.push_str(name),
            Self::Text(part) | Self::Operator(part) => text.push_str(part),
            Self::Space(width) => text.push_str(if *width > 0.1 { " " } else { "" }),
            Self::Fraction { over, under, .. } => {
                grouped(over, text);
                text.push('/');
                grouped(under, text);
            }
            Self::Root { of, degree } => {
                if let Some(degree) = degree {
                    degree.push_text(text);
                }
                text.push('√');
                grouped(of, text);
            }
            Self::Scripts { base, sub, sup } | Self::Limits { base, under: sub, over: sup } => {
                base.push_text(text);
                for (mark, script) in [('_', sub), ('^', sup)] {
                    if let Some(script) = script {
                        text.push(mark);
                        grouped(script, text);
                    }
                }
            }
            Self::Fenced { open, close, inner } => {
                text.push_str(open);
                inner.push_text(text);
                text.push_str(close);
            }
            Self::Table { rows, .. } => {
                for (place, row) in rows.iter().enumerate() {
                    text.push_str(if place > 0 { "; " } else { "" });
                    for (place, cell) in row.iter().enumerate() {
                        text.push_str(if place > 0 { ", " } else { "" });
                        cell.push_text(text);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe_html::{self, Node};

    /// The formulas of a node and what is in it.
    fn formulas(nodes: &[Node]) -> Vec<Formula> {
        let elements = nodes.iter().filter_map(Node::element);
        elements
            .flat_map(|element| match element.name.as_str() {
                "math" => vec![Formula::read(element)],
                _ => formulas(&element.children),
            })
            .collect()
    }

    fn read(source: &str) -> String {
        formulas(&safe_html::of_markdown(source))[0].text()
    }

    #[test]
    fn a_formula_reads_as_one_line() {
        assert_eq!(read("$x^2 + \\frac{a+1}{b_i}$"), "x^2+(a+1)/(b_i)");
        assert_eq!(read("$$\\sum_{i=1}^n \\sqrt[3]{x}$$"), "∑_(i=1)^n3√x");
        assert_eq!(read("$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$"), "(1, 2; 3, 4)");
        assert_eq!(read("$\\lim_{x\\to 0} y$").replace(' ', ""), "lim_(x→0)y");
    }
}
