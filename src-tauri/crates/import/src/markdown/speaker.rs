//! Who speaks in a Markdown file, and from which line on.

use conversation::Role;

const USER: [&str; 14] = [
    "user",
    "you",
    "human",
    "me",
    "prompt",
    "question",
    "vous",
    "toi",
    "moi",
    "utilisateur",
    "utilisatrice",
    "humain",
    "you said",
    "vous avez dit",
];
const ASSISTANT: [&str; 24] = [
    "assistant",
    "assistante",
    "ai",
    "ia",
    "bot",
    "model",
    "answer",
    "response",
    "réponse",
    "chatgpt",
    "gpt",
    "claude",
    "gemini",
    "copilot",
    "mistral",
    "le chat",
    "llama",
    "deepseek",
    "grok",
    "perplexity",
    "chatgpt said",
    "chatgpt a dit",
    "built-in model",
    "modèle intégré",
];
const SYSTEM: [&str; 5] = ["system", "système", "instructions", "consignes", "system prompt"];

/// How a name is set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A heading of this level.
    Heading(usize),
    /// Bold text at the beginning of a line.
    Bold,
}

/// A line that may say who speaks from there on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker<'a> {
    pub(super) line: usize,
    pub(super) style: Style,
    /// The name, as it is written.
    pub(super) name: &'a str,
    /// What follows in the same line.
    pub(super) rest: &'a str,
    role: Option<Role>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) role: Role,
    /// Whether the name is one of a model rather than a word for any.
    pub(super) is_model: bool,
}

/// Where someone begins to speak; nothing where no question can be told from an answer.
pub(super) fn turns<'a>(lines: &[&'a str]) -> Vec<(Marker<'a>, Turn)> {
    let markers = markers(lines);
    let user = |marker: &&Marker<'_>| marker.role == Some(Role::User);
    let Some(style) = markers.iter().find(user).map(|marker| marker.style) else {
        return Vec::new();
    };
    let own = is_own_form(lines, style);
    let markers: Vec<_> = markers.into_iter().filter(|marker| marker.style == style).collect();
    let turns = if own { turns_of_own_form(&markers) } else { turns_by_name(&markers) };
    let answered = turns.iter().any(|(_, turn)| turn.role == Role::Assistant);
    if answered || own { turns } else { Vec::new() }
}

/// Bureau's form: a title, then headings of the second level with “You” and the names of models.
fn is_own_form(lines: &[&str], style: Style) -> bool {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
    let title = filled.next().is_some_and(|line| line.starts_with("# "));
    let first = filled.next().and_then(|line| line.strip_prefix("## "));
    let known = first.is_some_and(|name| matches!(role_of(name), Some(Role::User | Role::System)));
    title && known && style == Style::Heading(2)
}

/// In Bureau's form one answer follows each question, under the name of any model; headings of the
/// answer itself look the same.
fn turns_of_own_form<'a>(markers: &[Marker<'a>]) -> Vec<(Marker<'a>, Turn)> {
    let mut turns = Vec::new();
    let questions: Vec<usize> =
        (0..markers.len()).filter(|&at| markers[at].role == Some(Role::User)).collect();
    if questions.first() != Some(&0) && markers[0].role == Some(Role::System) {
        turns.push((markers[0], Turn { role: Role::System, is_model: false }));
    }
    for (place, &question) in questions.iter().enumerate() {
        turns.push((markers[question], Turn { role: Role::User, is_model: false }));
        let end = questions.get(place + 1).copied().unwrap_or(markers.len());
        let following = &markers[question + 1..end];
        let sure = |marker: &&Marker<'_>| {
            marker.role == Some(Role::Assistant) || looks_like_model(marker.name)
        };
        if let Some(answer) = following.iter().find(sure).or(following.first()) {
            let is_model = answer.role.is_none();
            turns.push((*answer, Turn { role: Role::Assistant, is_model }));
        }
    }
    turns
}

/// Everyone with a known name speaks; or, if no answer has one, whoever follows every question.
fn turns_by_name<'a>(markers: &[Marker<'a>]) -> Vec<(Marker<'a>, Turn)> {
    let known = markers.iter().any(|marker| marker.role == Some(Role::Assistant));
    let mut answering: Option<&str> = None;
    if !known {
        let follows =
            |pair: &[Marker<'a>]| (pair[0].role == Some(Role::User)).then_some(pair[1].name);
        let mut names = markers.windows(2).filter_map(follows);
        let first = names.next();
        answering = first.filter(|first| names.all(|name| name == *first));
    }
    let turn = |marker: &Marker<'a>| {
        let (role, is_model) = match marker.role {
            Some(role) => (role, false),
            None if answering == Some(marker.name) => (Role::Assistant, true),
            None if looks_like_model(marker.name) => (Role::Assistant, true),
            None => return None,
        };
        Some((*marker, Turn { role, is_model }))
    };
    markers.iter().filter_map(turn).collect()
}

/// A name such as `gpt-4o` or `llama3.1:latest`, and no heading such as `2024` or `Step 1`.
fn looks_like_model(name: &str) -> bool {
    let families = [
        "gpt-",
        "o1",
        "o3",
        "o4",
        "claude",
        "llama",
        "mistral",
        "mixtral",
        "qwen",
        "gemma",
        "gemini",
        "phi",
        "deepseek",
        "command-r",
        "codestral",
        "ministral",
        "magistral",
        "grok",
        "smollm",
    ];
    let name = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    !name.contains(char::is_whitespace) && families.iter().any(|family| name.starts_with(family))
}

fn markers<'a>(lines: &[&'a str]) -> Vec<Marker<'a>> {
    let fenced = fenced(lines);
    let marker = |(line, text): (usize, &&'a str)| {
        if fenced[line] {
            return None;
        }
        let (style, name, rest) = heading(text).or_else(|| bold(text))?;
        Some(Marker { line, style, name, rest, role: role_of(name) })
    };
    lines.iter().enumerate().filter_map(marker).collect()
}

fn heading(line: &str) -> Option<(Style, &str, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let name = rest.strip_prefix([' ', '\t'])?.trim();
    let name = name.trim_end_matches('#').trim_end();
    ((1..=6).contains(&level) && !name.is_empty()).then_some((Style::Heading(level), name, ""))
}

/// `**Name:** text`, `**Name**: text`, or `**Name**` alone.
fn bold(line: &str) -> Option<(Style, &str, &str)> {
    let (name, rest) = line.strip_prefix("**")?.split_once("**")?;
    let colon = name.trim_end().ends_with(':') || rest.trim_start().starts_with(':');
    let rest = rest.trim_start().strip_prefix(':').unwrap_or(rest).trim();
    (!name.trim().is_empty() && (colon || rest.is_empty())).then_some((Style::Bold, name, rest))
}

fn role_of(name: &str) -> Option<Role> {
    let letters = name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // A date or the name of a model may follow in brackets.
    let word = letters.split(['(', '[']).next().unwrap_or_default();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let roles = [(Role::User, &USER[..]), (Role::Assistant, &ASSISTANT), (Role::System, &SYSTEM)];
    roles.into_iter().find(|(_, names)| names.contains(&word)).map(|(role, _)| role)
}

/// Which lines are in a fenced block; one that is never closed is none.
fn fenced(lines: &[&str]) -> Vec<bool> {
    let mut fenced = vec![false; lines.len()];
    let mut open: Option<(usize, char, usize)> = None;
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        let Some(mark) = text.chars().next().filter(|c| matches!(c, '`' | '~')) else { continue };
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        match open {
            None if length >= 3 && !(mark == '`' && rest.contains('`')) => {
                open = Some((at, mark, length))
            }
            Some((start, same, least))
                if mark == same && length >= least && rest.trim().is_empty() =>
            {
                fenced[start..=at].fill(true);
                open = None;
            }
            _ => {}
        }
    }
    fenced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<(Role, String)> {
        let lines: Vec<_> = text.lines().collect();
        turns(&lines)
            .into_iter()
            .map(|(marker, turn)| (turn.role, marker.name.to_owned()))
            .collect()
    }

    fn names(text: &str) -> Vec<String> {
        roles(text).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn speakers_are_told_from_headings() {
        let own = "# Title\n\n## You\n\nHi\n\n## acme/large 2\n\n## Plan\n\nx\n\n## You\n\nOn\n\n## Plan B\n\n## gpt-4o\n\ny\n";
        assert_eq!(names(own), ["You", "acme/large 2", "You", "gpt-4o"]);
        assert_eq!(names("## User\na\n## Notes\n## Assistant\nb"), ["User", "Assistant"]);
        assert_eq!(names("**Vous :** a\n\n**Note:** n\n\n**ChatGPT:** b"), ["Vous :", "ChatGPT:"]);
        assert_eq!(
            names("### 🧑 You\na\n### Le Robot\nb\n### 🧑 You\nc\n### Le Robot\nd").len(),
            4
        );
        assert_eq!(
            names("## User\n```\n## Assistant\n```\n## Assistant\nb"),
            ["User", "Assistant"]
        );
        assert_eq!(names("## User\na\n## Assistant\n```\nopen"), ["User", "Assistant"]);
    }

    #[test]
    fn nobody_speaks_in_a_text() {
        for text in [
            "",
            "# Title\n\nText",
            "## User guide\n\n## Assistant manager",
            "## You\n\nalone",
            "a: b",
        ] {
            assert!(roles(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_shown_roles_of_bureau_are_known() {
        let french = "# Titre\n\n## Consignes\n\nBref.\n\n## Vous\n\nBonjour\n\n## Modèle intégré\n\nSalut\n";
        let expected = [Role::System, Role::User, Role::Assistant];
        assert_eq!(roles(french).into_iter().map(|(role, _)| role).collect::<Vec<_>>(), expected);
    }
}
