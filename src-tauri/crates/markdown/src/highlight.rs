//! Code in colour, line by line, so that a block that is still arriving is never highlighted
//! from its start again.

use std::collections::HashMap;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::sanitise;
use crate::theme;

/// A longer line is shown without colours: it is data, and grammars take their time over it.
const LONGEST_LINE: usize = 2000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The grammar of a code block by the first word behind its fence.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    if language.is_empty() {
        return None;
    }
    let token = match language.to_ascii_lowercase().as_str() {
        "c++" | "cxx" => "cpp",
        "c#" | "csharp" => "cs",
        "golang" => "go",
        "console" | "shell" | "shellsession" => "sh",
        "docker" => "dockerfile",
        "jsonc" | "json5" => "json",
        "jsx" => "js",
        "python3" => "py",
        _ => language,
    };
    SYNTAXES.find_syntax_by_token(token).filter(|syntax| syntax.name != "Plain Text")
}

/// Where the parser stands between two lines.
#[derive(Debug, Clone)]
struct State {
    parse: ParseState,
    scopes: ScopeStack,
}

/// Highlights one code block as its text grows.
#[derive(Debug, Clone)]
pub struct Highlighter {
    language: String,
    /// `None` if there is no grammar, or it failed: the text is then shown plainly.
    state: Option<State>,
    classes: HashMap<Scope, Option<&'static str>>,
    /// The complete lines that the state and the HTML stand for.
    done: String,
    html: String,
    /// Bytes that were highlighted, or shown plainly.
    pub work: usize,
}

impl Highlighter {
    /// For code of this language; the text is shown plainly if it is not known.
    pub fn new(language: &str) -> Self {
        let state = syntax(language)
            .map(|syntax| State { parse: ParseState::new(syntax), scopes: ScopeStack::new() });
        Self {
            language: language.to_owned(),
            state,
            classes: HashMap::new(),
            done: String::new(),
            html: String::new(),
            work: 0,
        }
    }

    /// The language it was made for.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What goes on with the next part of the same block.
    pub fn next_part(&self) -> Self {
        Self { done: String::new(), html: String::new(), ..self.clone() }
    }

    /// Whether the code goes on from the complete lines of the last call.
    pub fn continues(&self, code: &str) -> bool {
        code.starts_with(&self.done)
    }

    /// The code of the current part as HTML. It must continue the last call's complete lines.
    pub fn html(&mut self, code: &str) -> String {
        let mut rest = &code[self.done.len()..];
        while let Some(end) = rest.find('\n') {
            let (line, after) = rest.split_at(end + 1);
            let mut state = self.state.take();
            let mut html = std::mem::take(&mut self.html);
            self.push_line(&mut html, &mut state, line);
            self.state = state;
            self.html = html;
            self.done.push_str(line);
            rest = after;
        }
        let mut html = self.html.clone();
        if !rest.is_empty() {
            // The line is not complete: its effect on the following ones is not kept.
            let mut state = self.state.clone();
            self.push_line(&mut html, &mut state, rest);
        }
        html
    }

    /// Appends a line, with every element that it opens closed again.
    fn push_line(&mut self, html: &mut String, state: &mut Option<State>, line: &str) {
        self.work += line.len();
        let Some(current) = state.as_mut().filter(|_| line.len() <= LONGEST_LINE) else {
            sanitise::push_text(html, line);
            return;
        };
        let start = html.len();
        if self.push_coloured(html, current, line).is_none() {
            html.truncate(start);
            sanitise::push_text(html, line);
            *state = None;
        }
    }

    fn push_coloured(&mut self, html: &mut String, state: &mut State, line: &str) -> Option<()> {
        let operations = state.parse.parse_line(line, &SYNTAXES).ok()?;
        let mut at = 0;
        let mut open: Option<&str> = None;
        for (index, operation) in operations {
            if index > at {
                self.push_piece(html, &mut open, &state.scopes, &line[at..index]);
                at = index;
            }
            state.scopes.apply(&operation).ok()?;
        }
        self.push_piece(html, &mut open, &state.scopes, &line[at..]);
        if open.is_some() {
            html.push_str("</span>");
        }
        Some(())
    }

    fn push_piece(
        &mut self,
        html: &mut String,
        open: &mut Option<&'static str>,
        scopes: &ScopeStack,
        text: &str,
    ) {
        // The line's end stays out of every element, so that each line is balanced by itself.
        let (text, end) = text.strip_suffix('\n').map_or((text, ""), |text| (text, "\n"));
        let mut innermost = scopes.as_slice().iter().rev();
        let class = innermost.find_map(|scope| {
            *self.classes.entry(*scope).or_insert_with(|| theme::class_of(*scope))
        });
        // White space shows no colour, so it needs no change of element.
        if class != *open && !text.is_empty() && !(text.trim().is_empty() && open.is_some()) {
            if open.is_some() {
                html.push_str("</span>");
            }
            if let Some(class) = class {
                html.push_str("<span class=\"");
                html.push_str(class);
                html.push_str("\">");
            }
            *open = class;
        }
        sanitise::push_text(html, text);
        if !end.is_empty() {
            if open.take().is_some() {
                html.push_str("</span>");
            }
            html.push_str(end);
        }
    }
}

/// The highlighters of the code blocks within the segment that is still open, in their order.
#[derive(Debug, Default)]
pub struct Cache {
    blocks: Vec<Highlighter>,
    /// Bytes that were highlighted, or shown plainly.
    pub work: usize,
}

impl Cache {
    /// The `index`th code block of the segment as HTML.
    pub fn html(&mut self, index: usize, language: &str, code: &str) -> String {
        self.blocks.truncate(index + usize::from(self.reusable(index, language, code)));
        if self.blocks.len() <= index {
            self.blocks.push(Highlighter::new(language));
        }
        let Some(highlighter) = self.blocks.last_mut() else { return String::new() };
        let before = highlighter.work;
        let html = highlighter.html(code);
        self.work += highlighter.work - before;
        html
    }

    fn reusable(&self, index: usize, language: &str, code: &str) -> bool {
        self.blocks.get(index).is_some_and(|h| h.language() == language && h.continues(code))
    }
}

/// Wraps highlighted code as a block or a part of one.
pub fn block(part: &str, language: &str, code: &str) -> String {
    let mut html = String::with_capacity(code.len() + 80);
    let language = Some(language).filter(|language| !language.is_empty());
    let attributes =
        [("class", Some("code")), ("data-part", Some(part)), ("data-language", language)];
    sanitise::push_tag(&mut html, "pre", &attributes);
    html.push_str("<code>");
    html.push_str(code);
    html.push_str("</code></pre>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_code_is_highlighted_once() {
        let code = "fn main() {\n    /* a\n    b */ let s = \"x < y\";\n}\n";
        let whole = Highlighter::new("rust").html(code);
        assert!(
            whole.contains("hl-comment") && whole.contains("hl-string") && whole.contains("&lt;")
        );
        let mut growing = Highlighter::new("rust");
        for end in 1..=code.len() {
            growing.html(&code[..end]);
        }
        assert_eq!(growing.html(code), whole);
        assert_eq!(growing.html, whole);
        for line in whole.lines() {
            assert_eq!(line.matches("<span").count(), line.matches("</span").count(), "{line}");
        }
    }

    #[test]
    fn at_least_a_hundred_and_fifty_languages_are_coloured() {
        let known = SYNTAXES.syntaxes().iter().filter(|syntax| {
            !syntax.hidden && syntax.name != "Plain Text" && self::syntax(&syntax.name).is_some()
        });
        let names: std::collections::HashSet<_> = known.map(|syntax| &syntax.name).collect();
        assert!(names.len() >= 150, "{}", names.len());
    }

    #[test]
    fn unknown_languages_and_long_lines_are_plain() {
        assert_eq!(Highlighter::new("klingon").html("a<b"), "a&lt;b");
        let long = format!("let a = {};\n", "1".repeat(LONGEST_LINE));
        assert_eq!(Highlighter::new("rust").html(&long), long);
        for name in ["c++", "C#", "golang", "shell", "tsx", "toml", "python3", "Dockerfile", "jsx"]
        {
            assert!(syntax(name).is_some(), "{name}");
        }
    }
}
