//! A diagram's source in, a picture out: Mermaid, and Graphviz's DOT.
//!
//! It is drawn in the program, without a browser's engine and without a network. What comes out is
//! an SVG that only shows: no script, no link, nothing that is fetched. A page shows it as an image,
//! where even those would do nothing.

mod dot;
mod flowchart;
mod inert;

use std::time::Duration;

use merman::svg::SvgPipeline;
use merman::{OperationControl, RenderOutput, RenderRequest, Renderer, SvgRequest};

/// The most bytes of a diagram's source.
pub const MAX_SOURCE: usize = 64 << 10;
/// A diagram that takes longer to draw is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a diagram is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Mermaid, as of its version 11 and later.
    Mermaid,
    /// Graphviz's DOT (<https://graphviz.org/doc/info/lang.html>).
    Dot,
}

impl Notation {
    /// The notation that a fence of this language holds; `None` if it holds no diagram.
    #[must_use]
    pub fn of_language(language: &str) -> Option<Self> {
        match language.to_ascii_lowercase().as_str() {
            "mermaid" => Some(Self::Mermaid),
            "dot" | "graphviz" | "gv" => Some(Self::Dot),
            _ => None,
        }
    }
}

/// Why a diagram was not drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiagramError {
    /// It has more than [`MAX_SOURCE`] bytes, or too many parts.
    #[error("the diagram is too large to be drawn")]
    TooLarge,
    /// It took too long.
    #[error("the diagram takes too long to be drawn")]
    TooSlow,
    /// Its source is not what it says it is; the line counts from 1.
    #[error("line {line}: {reason}")]
    Syntax {
        /// The line.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It cannot be drawn; the reason is that of the renderer.
    #[error("{0}")]
    Unreadable(String),
}

/// Draws a diagram as SVG, in colours for a dark or a light ground. It blocks, for five seconds at
/// most.
///
/// # Errors
/// Where it is too large, too slow, or not of the notation.
pub fn draw(notation: Notation, source: &str, dark: bool) -> Result<String, DiagramError> {
    if source.len() > MAX_SOURCE {
        return Err(DiagramError::TooLarge);
    }
    let source = match notation {
        Notation::Mermaid => source.to_owned(),
        Notation::Dot => flowchart::of(&dot::parse(source)?),
    };
    let theme = if dark { "dark" } else { "default" };
    let config = merman::MermaidConfig::from_value(
        serde_json::json!({ "theme": theme, "htmlLabels": false, "securityLevel": "strict" }),
    );
    let renderer = Renderer::new().with_engine(merman::Engine::new().with_site_config(config));
    let request = SvgRequest { pipeline: Some(SvgPipeline::resvg_safe()), ..SvgRequest::default() };
    let control = OperationControl::new().with_deadline(PATIENCE);
    let drawn = renderer.render(RenderRequest::svg(&source, control.clone(), request));
    match drawn {
        Ok(RenderOutput::Svg(Some(svg))) => inert::checked(&sized(svg.svg().trim())),
        Ok(_) => Err(DiagramError::Unreadable("this is no kind of diagram that is known".into())),
        Err(_) if control.is_cancelled() => Err(DiagramError::TooSlow),
        Err(error) => Err(DiagramError::Unreadable(error.to_string())),
    }
}

/// The picture with the size that its view has, where it would take any: an image of its own has
/// nothing around it to fill.
fn sized(svg: &str) -> String {
    let view = svg.split_once(" viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let sizes: Vec<f64> =
        view.map_or("", |(view, _)| view).split(' ').filter_map(|n| n.parse().ok()).collect();
    match sizes[..] {
        [_, _, width, height] => svg.replacen(
            " width=\"100%\"",
            &format!(" width=\"{}\" height=\"{}\"", width.ceil(), height.ceil()),
            1,
        ),
        _ => svg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &[&str] = &[
        "flowchart LR\n A[Start] --> B{Fine?}\n B -->|yes| C[Done]\n B -->|no| A",
        "sequenceDiagram\n Alice->>Bob: Hello\n Bob-->>Alice: Hi",
        "classDiagram\n Animal <|-- Duck\n class Duck {\n  +swim()\n }",
        "stateDiagram-v2\n [*] --> Open\n Open --> Closed",
        "erDiagram\n CUSTOMER ||--o{ ORDER : places",
        "gantt\n title Plan\n dateFormat YYYY-MM-DD\n section A\n First :a1, 2026-01-01, 30d",
        "pie title Pets\n \"Dogs\" : 386\n \"Cats\" : 85",
        "mindmap\n  root((Budget))\n    Income\n    Expenses",
        "timeline\n title History\n 2002 : One\n 2004 : Two",
        "gitGraph\n commit\n branch b\n commit",
    ];

    #[test]
    fn every_usual_kind_is_drawn_and_only_shows() {
        for source in KINDS {
            for dark in [false, true] {
                let svg = draw(Notation::Mermaid, source, dark).unwrap();
                assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{source}: {svg}");
                assert!(
                    !svg.contains("<foreignObject") && !svg.contains("width=\"100%\""),
                    "{source}"
                );
            }
        }
    }

    #[test]
    fn words_of_the_source_are_in_the_picture() {
        let svg = draw(Notation::Mermaid, KINDS[0], false).unwrap();
        assert!(svg.contains("Start") && svg.contains("Fine?") && svg.contains("yes"), "{svg}");
        let dot = "digraph { rankdir=LR; a [label=\"Entrée\" shape=box]; a -> b [label=\"puis\"] }";
        let svg = draw(Notation::Dot, dot, false).unwrap();
        assert!(svg.contains("Entrée") && svg.contains("puis"), "{svg}");
    }

    #[test]
    fn what_runs_or_leads_elsewhere_is_not_drawn() {
        for source in [
            "flowchart LR\n A[\"<script>alert(1)</script>\"] --> B\n click A \"javascript:alert(1)\"",
            "flowchart LR\n A[\"<img src=x onerror=alert(1)>\"] --> B\n click B \"https://evil.example\"",
            "%%{init: {\"securityLevel\": \"loose\", \"themeCSS\": \"@import url(https://evil.example/a.css)\"}}%%\nflowchart LR\n A --> B",
            "flowchart LR\n A --> B\n style A fill:url(https://evil.example/a.png)",
        ] {
            // Refused, or drawn without it.
            if let Ok(svg) = draw(Notation::Mermaid, source, false) {
                for hostile in
                    ["<script", "onerror=", "javascript:", "evil.example", "<a ", "<image"]
                {
                    assert!(!svg.contains(hostile), "{hostile} in {svg}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_diagram_says_so() {
        for source in ["", "hello", "flowchart LR\n A[", "{{{{"] {
            assert!(draw(Notation::Mermaid, source, false).is_err(), "{source}");
        }
        let long = format!("flowchart LR\n {}", "A-->B\n".repeat(MAX_SOURCE));
        assert_eq!(draw(Notation::Mermaid, &long, false), Err(DiagramError::TooLarge));
    }
}
