//! Graphviz's DOT language, read: <https://graphviz.org/doc/info/lang.html>.

use std::collections::BTreeMap;

use crate::DiagramError;

/// More nodes or edges than this are not drawn: nobody could read them.
const MAX_PARTS: usize = 1000;
/// Subgraphs within each other.
const MAX_DEPTH: usize = 16;

/// What is drawn of a node, an edge or a graph. Nothing else is kept: defaults are copied to each of
/// them, and a short source could fill the memory.
const DRAWN: &[&str] =
    &["color", "dir", "fillcolor", "fontcolor", "label", "rankdir", "shape", "style"];
/// The most bytes of one of these, for the same reason.
const MAX_VALUE: usize = 4096;

/// What a node, an edge or a graph is given: names in lower case.
pub type Attributes = BTreeMap<String, String>;

/// A graph as it is written, with what its defaults say filled in.
#[derive(Debug, Default)]
pub struct Graph {
    /// Whether its edges have a direction.
    pub directed: bool,
    /// Its own attributes.
    pub attributes: Attributes,
    /// Its nodes in the order in which they are first named.
    pub nodes: Vec<Node>,
    /// Its edges.
    pub edges: Vec<Edge>,
    /// Its clusters; one within another comes after it.
    pub clusters: Vec<Cluster>,
}

/// A node.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is given.
    pub attributes: Attributes,
    /// The cluster that it is first named in.
    pub cluster: Option<usize>,
}

/// An edge between two nodes, by their places.
#[derive(Debug)]
pub struct Edge {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it is given.
    pub attributes: Attributes,
}

/// A subgraph that is drawn as a box: its name begins with `cluster`.
#[derive(Debug)]
pub struct Cluster {
    /// What it is given.
    pub attributes: Attributes,
    /// The cluster that it lies in.
    pub parent: Option<usize>,
}

/// Reads a graph.
///
/// # Errors
/// [`DiagramError::Syntax`] where it is none, [`DiagramError::TooLarge`] where it has too many parts.
pub fn parse(source: &str) -> Result<Graph, DiagramError> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, graph: Graph::default() };
    parser.graph()?;
    Ok(parser.graph)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, a number, a text in quotes or HTML.
    Word(String),
    /// `->` or `--`.
    Link,
    /// One of `{ } [ ] ; , = :`.
    Sign(char),
}

fn syntax(line: usize, reason: impl Into<String>) -> DiagramError {
    DiagramError::Syntax { line, reason: reason.into() }
}

/// The tokens, each with its line.
fn tokens(source: &str) -> Result<Vec<(Token, usize)>, DiagramError> {
    let mut tokens: Vec<(Token, usize)> = Vec::new();
    let mut rest = source;
    let mut line = 1;
    let mut joins = false;
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first.is_whitespace() || first == '\u{feff}' {
            (None, first.len_utf8())
        } else if rest.starts_with("//") || first == '#' {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").ok_or_else(|| syntax(line, "a comment has no end"))?;
            (None, end + 2)
        } else if rest.starts_with("->") || rest.starts_with("--") {
            (Some(Token::Link), 2)
        } else if first == '"' {
            let (text, length) = quoted(rest).ok_or_else(|| syntax(line, "a text has no end"))?;
            (Some(Token::Word(text)), length)
        } else if first == '<' {
            let (text, length) = html(rest).ok_or_else(|| syntax(line, "a text has no end"))?;
            (Some(Token::Word(text)), length)
        } else if first == '+' {
            joins = true;
            (None, 1)
        } else if "{}[];,=:".contains(first) {
            (Some(Token::Sign(first)), 1)
        } else if let Some(length) = word(rest) {
            (Some(Token::Word(rest[..length].to_owned())), length)
        } else {
            return Err(syntax(line, format!("“{first}” is not expected")));
        };
        match (token, tokens.last_mut()) {
            (Some(Token::Word(more)), Some((Token::Word(text), _))) if joins => {
                text.push_str(&more)
            }
            (Some(token), _) => tokens.push((token, line)),
            (None, _) => {
                line += rest[..length].matches('\n').count();
                rest = &rest[length..];
                continue;
            }
        }
        joins = false;
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// The length of a bare name or number.
fn word(rest: &str) -> Option<usize> {
    let number = rest.strip_prefix('-').unwrap_or(rest);
    let digits = number.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    if digits > 0 && number[..digits].bytes().any(|b| b.is_ascii_digit()) {
        return Some(rest.len() - number.len() + digits);
    }
    let in_name = |c: char| c.is_alphanumeric() || c == '_' || !c.is_ascii() && !c.is_whitespace();
    let length = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
    (length > 0).then_some(length)
}

/// A text in quotes, and how long it is with them. Escapes of lines become line breaks.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((text, at + 1)),
            '\\' => match characters.next()?.1 {
                'n' | 'l' | 'r' => text.push('\n'),
                '\n' => {}
                c @ ('"' | '\\') => text.push(c),
                c => text.extend(['\\', c]),
            },
            c => text.push(c),
        }
    }
    None
}

/// What stands in a label of HTML, as text, and how long it is with its brackets.
fn html(rest: &str) -> Option<(String, usize)> {
    let mut depth = 0_usize;
    let mut text = String::new();
    let mut tag = String::new();
    for (at, c) in rest.char_indices() {
        match c {
            '<' => {
                depth += 1;
                tag.clear();
            }
            '>' => {
                depth -= 1;
                if depth == 0 {
                    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
                    let plain = named.iter().fold(text, |text, (name, is)| text.replace(name, is));
                    return Some((plain.trim().to_owned(), at + 1));
                }
                let name = tag.trim_matches('/').to_ascii_lowercase();
                if name.starts_with("br") || tag.eq_ignore_ascii_case("/tr") {
                    text.push('\n');
                } else if tag.eq_ignore_ascii_case("/td") {
                    text.push(' ');
                }
            }
            c if depth == 1 => text.push(c),
            c => tag.push(c),
        }
    }
    None
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    graph: Graph,
}

/// What holds where a statement stands.
#[derive(Clone, Default)]
struct Scope {
    node: Attributes,
    edge: Attributes,
    cluster: Option<usize>,
}

impl Parser {
    fn line(&self) -> usize {
        let token = self.tokens.get(self.at).or_else(|| self.tokens.last());
        token.map_or(1, |(_, line)| *line)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn sign(&mut self, sign: char) -> bool {
        let is = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: char) -> Result<(), DiagramError> {
        let line = self.line();
        if self.sign(sign) {
            Ok(())
        } else {
            Err(syntax(line, format!("“{sign}” is expected")))
        }
    }

    fn word(&mut self) -> Option<String> {
        let Some(Token::Word(word)) = self.peek() else { return None };
        let word = word.clone();
        self.at += 1;
        Some(word)
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let is = matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(keyword));
        self.at += usize::from(is);
        is
    }

    fn graph(&mut self) -> Result<(), DiagramError> {
        self.keyword("strict");
        self.graph.directed = self.keyword("digraph");
        if !self.graph.directed && !self.keyword("graph") {
            return Err(syntax(self.line(), "a graph begins with “graph” or “digraph”"));
        }
        self.word();
        self.expect('{')?;
        self.statements(&mut Scope::default(), 0)?;
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(syntax(self.line(), "something stands behind the graph")),
        }
    }

    /// Reads statements up to the bracket that ends them; gives the nodes that they name.
    fn statements(&mut self, scope: &mut Scope, depth: usize) -> Result<Vec<usize>, DiagramError> {
        if depth > MAX_DEPTH {
            return Err(DiagramError::TooLarge);
        }
        let mut named = Vec::new();
        while !self.sign('}') {
            if self.sign(';') || self.sign(',') {
                continue;
            }
            if self.keyword("node") {
                let given = self.attributes()?;
                scope.node.extend(given);
            } else if self.keyword("edge") {
                let given = self.attributes()?;
                scope.edge.extend(given);
            } else if self.keyword("graph") {
                let given = self.attributes()?;
                self.own(scope.cluster).extend(given);
            } else {
                let nodes = self.chain(scope, depth)?;
                named.extend(nodes);
            }
        }
        Ok(named)
    }

    /// The attributes of the graph, or of the cluster, that statements stand in.
    fn own(&mut self, cluster: Option<usize>) -> &mut Attributes {
        match cluster.and_then(|cluster| self.graph.clusters.get_mut(cluster)) {
            Some(cluster) => &mut cluster.attributes,
            None => &mut self.graph.attributes,
        }
    }

    /// A node, a chain of edges, a subgraph, or an attribute of the graph.
    fn chain(&mut self, scope: &mut Scope, depth: usize) -> Result<Vec<usize>, DiagramError> {
        let is_assignment = matches!(self.peek(), Some(Token::Word(_)))
            && matches!(self.tokens.get(self.at + 1), Some((Token::Sign('='), _)));
        if is_assignment {
            let name = self.word().unwrap_or_default().to_ascii_lowercase();
            self.expect('=')?;
            let value = self.word().ok_or_else(|| syntax(self.line(), "a value is expected"))?;
            self.own(scope.cluster).insert(name, value);
            return Ok(Vec::new());
        }
        let first = self.end(scope, depth)?;
        let mut ends = vec![first];
        while self.peek() == Some(&Token::Link) {
            self.at += 1;
            ends.push(self.end(scope, depth)?);
        }
        let given = self.attributes()?;
        if let [only] = &ends[..] {
            // A subgraph takes none.
            if let [node] = only[..] {
                self.graph.nodes[node].attributes.extend(given);
            }
        } else {
            let attributes: Attributes =
                scope.edge.iter().map(|(k, v)| (k.clone(), v.clone())).chain(given).collect();
            for pair in ends.windows(2) {
                for &from in &pair[0] {
                    for &to in &pair[1] {
                        if self.graph.edges.len() >= MAX_PARTS {
                            return Err(DiagramError::TooLarge);
                        }
                        self.graph.edges.push(Edge { from, to, attributes: attributes.clone() });
                    }
                }
            }
        }
        Ok(ends.concat())
    }

    /// What an edge begins or ends at: a node, or all nodes of a subgraph.
    fn end(&mut self, scope: &Scope, depth: usize) -> Result<Vec<usize>, DiagramError> {
        let line = self.line();
        let subgraph = self.keyword("subgraph");
        let name = if self.peek() == Some(&Token::Sign('{')) { None } else { self.word() };
        if subgraph || name.is_none() {
            if !self.sign('{') {
                return Err(syntax(line, "a node or a subgraph is expected"));
            }
            let mut inner = scope.clone();
            if name.is_some_and(|name| name.to_ascii_lowercase().starts_with("cluster")) {
                let cluster = Cluster { attributes: Attributes::new(), parent: scope.cluster };
                self.graph.clusters.push(cluster);
                inner.cluster = Some(self.graph.clusters.len() - 1);
            }
            return self.statements(&mut inner, depth + 1);
        }
        let name = name.unwrap_or_default();
        // A port, and the side of it: which of them a line ends at is not shown.
        while self.sign(':') {
            self.word().ok_or_else(|| syntax(line, "a port is expected"))?;
        }
        if let Some(known) = self.graph.nodes.iter().position(|node| node.name == name) {
            return Ok(vec![known]);
        }
        if self.graph.nodes.len() >= MAX_PARTS {
            return Err(DiagramError::TooLarge);
        }
        let attributes = scope.node.clone();
        self.graph.nodes.push(Node { name, attributes, cluster: scope.cluster });
        Ok(vec![self.graph.nodes.len() - 1])
    }

    /// Any number of lists of attributes.
    fn attributes(&mut self) -> Result<Attributes, DiagramError> {
        let mut attributes = Attributes::new();
        while self.sign('[') {
            while !self.sign(']') {
                if self.sign(',') || self.sign(';') {
                    continue;
                }
                let line = self.line();
                let name = self.word().ok_or_else(|| syntax(line, "“]” is expected"))?;
                let value = if self.sign('=') {
                    self.word().ok_or_else(|| syntax(line, "a value is expected"))?
                } else {
                    "true".to_owned()
                };
                if value.len() > MAX_VALUE {
                    return Err(DiagramError::TooLarge);
                }
                let name = name.to_ascii_lowercase();
                if DRAWN.contains(&name.as_str()) {
                    attributes.insert(name, value);
                }
            }
        }
        Ok(attributes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn defaults_chains_clusters_and_ports() {
        let graph = parse(
            "strict digraph \"g\" { // comment\n rankdir = LR; node [shape=box, color=\"#f00\"]\n \
             a -> b:p:n -> {c; d} [style=dashed] /* x */\n subgraph cluster_0 { label=\"In\" + \"side\"; e }\n e -- a }",
        )
        .unwrap();
        assert!(graph.directed);
        assert_eq!(graph.attributes["rankdir"], "LR");
        let names: Vec<_> = graph.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
        assert_eq!(graph.nodes[3].attributes["shape"], "box");
        let ends: Vec<_> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        assert_eq!(ends, [(0, 1), (1, 2), (1, 3), (4, 0)]);
        assert_eq!(graph.edges[0].attributes["style"], "dashed");
        assert_eq!(graph.clusters[0].attributes["label"], "Inside");
        assert_eq!(graph.nodes[4].cluster, Some(0));
    }

    #[test]
    fn what_is_not_drawn_is_not_kept_and_no_default_fills_the_memory() {
        let graph = parse("graph { node [URL=\"x\" width=2 shape=box] a }").unwrap();
        let kept: Vec<_> = graph.nodes[0].attributes.keys().collect();
        assert_eq!(kept, ["shape"]);
        let long = format!("graph {{ node [label=\"{}\"] a }}", "x".repeat(MAX_VALUE + 1));
        assert!(matches!(parse(&long), Err(DiagramError::TooLarge)));
    }

    #[test]
    fn labels_of_html_are_their_text() {
        let graph = parse("graph { a [label=<<b>One</b><br/>&lt;two&gt;>] }").unwrap();
        assert_eq!(graph.nodes[0].attributes["label"], "One\n<two>");
    }

    #[test]
    fn a_mistake_is_told_by_its_line() {
        let line = |source: &str| match parse(source) {
            Err(DiagramError::Syntax { line, .. }) => line,
            other => panic!("{other:?}"),
        };
        assert_eq!(line("digraph {\n a -> \n}"), 3);
        assert_eq!(line("flow {"), 1);
        assert_eq!(line("graph {\n\n a [label=\"x]\n}"), 3);
        assert_eq!(line("graph { a"), 1);
        assert!(matches!(parse(&format!("graph {}", "{".repeat(99))), Err(DiagramError::TooLarge)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(di)?graph ?\\{[ a-z{}\\[\\]\"<>=;,:\\-\n\\\\é]{0,60}") {
            let _ = parse(&text);
        }
    }
}
