//! A graph as a flowchart of Mermaid, which is then drawn as any other.

use std::fmt::Write;

use crate::dot::{Attributes, Edge, Graph, Node};

/// The flowchart's source.
pub fn of(graph: &Graph) -> String {
    let direction = graph.attributes.get("rankdir").map(|value| value.to_ascii_uppercase());
    let direction = direction.filter(|d| ["LR", "RL", "BT"].contains(&d.as_str()));
    let mut chart = format!("flowchart {}\n", direction.as_deref().unwrap_or("TD"));
    write_cluster(&mut chart, graph, None);
    for edge in &graph.edges {
        write_edge(&mut chart, edge, graph.directed);
    }
    for (place, node) in graph.nodes.iter().enumerate() {
        let style = style(&node.attributes);
        if !style.is_empty() {
            let _ = writeln!(chart, "style n{place} {}", style.join(","));
        }
    }
    chart
}

/// Writes what lies in a cluster, or in none. The parser bounds how deep they lie in each other.
fn write_cluster(chart: &mut String, graph: &Graph, cluster: Option<usize>) {
    for (place, node) in graph.nodes.iter().enumerate() {
        if node.cluster == cluster {
            write_node(chart, place, node);
        }
    }
    for (place, inner) in graph.clusters.iter().enumerate() {
        if inner.parent == cluster {
            let label = inner.attributes.get("label").map(String::as_str).unwrap_or(" ");
            let _ = writeln!(chart, "subgraph c{place} [\"{}\"]", text(label));
            write_cluster(chart, graph, Some(place));
            chart.push_str("end\n");
        }
    }
}

fn write_node(chart: &mut String, place: usize, node: &Node) {
    let label = node.attributes.get("label").map_or(node.name.as_str(), String::as_str);
    let shape = node.attributes.get("shape").map(|shape| shape.to_ascii_lowercase());
    let shape = shape.as_deref().unwrap_or("ellipse");
    let label = label.replace("\\N", &node.name);
    let label = if shape.ends_with("record") { fields(&label) } else { label };
    let (open, close) = match shape {
        "circle" | "point" => ("((", "))"),
        "doublecircle" => ("(((", ")))"),
        "diamond" | "mdiamond" => ("{", "}"),
        "hexagon" => ("{{", "}}"),
        "cylinder" => ("[(", ")]"),
        "parallelogram" => ("[/", "/]"),
        "trapezium" => ("[/", "\\]"),
        "invtrapezium" => ("[\\", "/]"),
        "ellipse" | "oval" | "egg" => ("([", "])"),
        _ => ("[", "]"),
    };
    let _ = writeln!(chart, "n{place}{open}\"{}\"{close}", text(&label));
}

/// The fields of a record, without their ports.
fn fields(label: &str) -> String {
    let fields = label.split(['|', '{', '}']).map(|field| {
        let port = field.trim().strip_prefix('<').and_then(|rest| rest.split_once('>'));
        port.map_or(field, |(_, field)| field).trim()
    });
    fields.filter(|field| !field.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn write_edge(chart: &mut String, edge: &Edge, directed: bool) {
    let given = |name: &str| edge.attributes.get(name).map(String::as_str).unwrap_or_default();
    let style = given("style");
    let (line, bare) = match style {
        "dashed" | "dotted" => ("-.-", "-.-"),
        "bold" => ("==", "==="),
        _ => ("--", "---"),
    };
    let direction = match given("dir") {
        "" if directed => "forward",
        "" => "none",
        direction => direction,
    };
    let (from, to, arrow) = match direction {
        "none" => (edge.from, edge.to, bare.to_owned()),
        "both" => (edge.from, edge.to, format!("<{line}>")),
        "back" => (edge.to, edge.from, format!("{line}>")),
        _ => (edge.from, edge.to, format!("{line}>")),
    };
    let label = given("label");
    let label =
        if label.trim().is_empty() { String::new() } else { format!("|\"{}\"|", text(label)) };
    let _ = writeln!(chart, "n{from} {arrow}{label} n{to}");
}

/// The colours of a node.
fn style(attributes: &Attributes) -> Vec<String> {
    let colour = |name: &str| attributes.get(name).and_then(|value| colour(value));
    let filled = attributes.get("style").is_some_and(|style| style.contains("filled"));
    let fill = if filled { colour("fillcolor").or_else(|| colour("color")) } else { None };
    // What the author chose was chosen for black text.
    let text = colour("fontcolor").or_else(|| fill.is_some().then(|| "#111111".to_owned()));
    let plain = attributes
        .get("shape")
        .is_some_and(|s| ["plaintext", "plain", "none"].contains(&s.as_str()));
    let plain = plain.then(|| ["fill:none".to_owned(), "stroke:none".to_owned()]);
    let named = [("fill", fill), ("stroke", colour("color")), ("color", text)];
    let given = named.into_iter().filter_map(|(name, value)| Some(format!("{name}:{}", value?)));
    plain.into_iter().flatten().chain(given).collect()
}

/// A colour, if it is one that is only a colour: a name or hexadecimal digits.
fn colour(value: &str) -> Option<String> {
    let value = value.trim().to_ascii_lowercase();
    let digits = value.strip_prefix('#');
    let is_hex = digits
        .is_some_and(|d| [3, 6, 8].contains(&d.len()) && d.bytes().all(|b| b.is_ascii_hexdigit()));
    // X11 counts shades of a colour (“red3”), which style sheets do not know.
    let name = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    if is_hex { Some(value) } else { is_name.then(|| name.to_owned()) }
}

/// A label as Mermaid takes it within quotes: its own signs by their codes, lines by `<br/>`.
fn text(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    for c in label.trim().chars() {
        match c {
            '\n' => text.push_str("<br/>"),
            '"' | '#' | ';' | '<' | '>' | '&' | '`' | '\\' | '*' | '_' => {
                let _ = write!(text, "#{};", u32::from(c));
            }
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
    }
    if text.is_empty() { " ".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dot::parse;

    #[test]
    fn shapes_lines_colours_and_clusters_are_kept() {
        let graph = parse(
            "digraph { a [shape=diamond label=\"Is \\\"it\\\"?\"]; a -> b [label=no style=dotted]; b -> a [dir=both]\n\
             b [shape=box style=filled fillcolor=\"#ffe\"]; subgraph cluster_x { label=\"Office\"; c } }",
        );
        assert_eq!(
            of(&graph.unwrap()),
            "flowchart TD\nn0{\"Is #34;it#34;?\"}\nn1[\"b\"]\nsubgraph c0 [\"Office\"]\nn2([\"c\"])\nend\n\
             n0 -.->|\"no\"| n1\nn1 <--> n0\nstyle n1 fill:#ffe,color:#111111\n"
        );
    }

    #[test]
    fn no_colour_is_more_than_a_colour() {
        assert_eq!(colour("url(https://a.example)"), None);
        assert_eq!(colour("#ffe;x:y"), None);
        assert_eq!(colour("red3").as_deref(), Some("red"));
    }
}
