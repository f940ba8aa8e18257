//! A conversation's title: at first from its question, then, where an endpoint answers, from the
//! first exchange, in its language.

use std::time::Duration;

use conversation::{
    ConversationId, Failure, Message, MessageState, Role, disturbs, without_passages,
};
use endpoint::{ChatRequest, Event, Parameters, Prompt};
use futures::StreamExt;

use crate::language::{detected, language_name};
use crate::{Assistant, Question};

/// The most characters of a title that is made.
const LENGTH: usize = 60;
/// The most characters of the question and of the answer that the model reads for a title.
const EXCERPT: usize = 1500;
/// A title that takes longer is done without.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks for a title; the language is named where it can be told, which small models need.
fn request(question: &str) -> String {
    let language =
        detected(question).map_or_else(|| "the language of its question".to_owned(), language_name);
    format!(
        "Write a title of two to six words for the conversation below, in {language}. Write the \
        title alone: no quotation marks, no full stop."
    )
}

/// The first line of the question, cut at a word; the first file's name where there is no text.
pub(crate) fn of_question(question: &Question) -> String {
    let title = of_text(&question.text);
    let file = question.files.first().filter(|_| title.is_empty());
    file.map_or(title, |file| shortened(&file.name))
}

fn of_text(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(shortened).unwrap_or_default()
}

/// What a list of titles has room for, without what would disturb its other lines.
fn shortened(line: &str) -> String {
    let line: String = line.chars().filter(|&c| !disturbs(c)).collect();
    if line.chars().count() <= LENGTH {
        return line;
    }
    let cut: String = line.chars().take(LENGTH).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole_words.trim_end())
}

impl Assistant {
    /// Asks the model that gave a conversation's first answer for a title, and gives it to the
    /// conversation, unless a person has named it meanwhile. Where that is not wanted, that model
    /// is the built-in one, or it finds none, nothing changes.
    pub async fn improve_title(&self, id: ConversationId) {
        if !self.settings().model_titles {
            return;
        }
        if let Ok(true) = self.set_better_title(id).await {
            // One that is gone by now needs no title.
            let _ = self.tell_of(id);
        }
    }

    /// Says whether there is a better one.
    async fn set_better_title(&self, id: ConversationId) -> Result<bool, Failure> {
        let history = self.history_of(id)?;
        let before = history.conversation(id)?;
        let messages = history.messages(id)?;
        let Some((question, answer)) = first_exchange(&messages, &before.title) else {
            return Ok(false);
        };
        let chosen = self.choose(answer.model.as_deref()).await?;
        if chosen.endpoint.is_none() {
            return Ok(false);
        }
        let excerpt = |text: &str| text.chars().take(EXCERPT).collect::<String>();
        let exchange = format!(
            "{}\n\n<question>\n{}\n</question>\n\n<answer>\n{}\n</answer>",
            request(&question.text),
            excerpt(&question.text),
            excerpt(&without_passages(&answer.text))
        );
        let request = ChatRequest {
            model: chosen.name.clone(),
            messages: vec![Prompt::text(Role::User, exchange)],
            parameters: Parameters::default(),
        };
        let model = chosen.guarded(self.guard(&chosen, &history, Some(id), false)?)?;
        let event = audit::Event {
            model: Some(request.model.clone()),
            endpoint: chosen.endpoint.clone(),
            bytes: Some(request.to_string().len() as u64),
            ..audit::Event::new(audit::Action::MessageSend)
                .with_conversations(&[id])
                .with("for", "a title")
        };
        let noted = self.note_beginning(event)?;
        let said = tokio::time::timeout(PATIENCE, all(model.stream(request))).await;
        noted.end(&Ok::<_, Failure>(()));
        let Some(title) = said.ok().flatten().and_then(|said| title_in(&said)) else {
            return Ok(false);
        };
        if history.conversation(id)?.title != before.title {
            return Ok(false);
        }
        history.rename(id, &title)?;
        Ok(true)
    }
}

/// The question that gave a conversation its title so far, and its first whole answer, which may not be
/// the first that was tried; none where there is none yet, or the conversation has gone on since.
fn first_exchange<'a>(messages: &'a [Message], title: &str) -> Option<(&'a Message, &'a Message)> {
    let question = messages.iter().find(|m| m.role == Role::User && of_text(&m.text) == title)?;
    let below = |parent: &Message, role: Role| {
        let parent = Some(parent.id);
        messages.iter().filter(move |m| m.role == role && m.parent == parent)
    };
    let mut tried = below(question, Role::Assistant);
    let gone_on = tried.clone().any(|answer| below(answer, Role::User).next().is_some());
    let answer = tried.find(|answer| answer.state == MessageState::Complete)?;
    (!gone_on).then_some((question, answer))
}

/// The whole answer; `None` if it failed.
async fn all(mut events: futures::stream::BoxStream<'static, Event>) -> Option<String> {
    let mut text = String::new();
    while let Some(event) = events.next().await {
        match event {
            Event::Delta(delta) if text.len() < EXCERPT => text.push_str(&delta),
            Event::Finished(_) => return Some(text),
            Event::Failed(_) => return None,
            // Whatever is longer is no title.
            Event::Delta(_) | Event::Dropped(_) | Event::Reasoning(_) | Event::Usage(_) => {}
        }
    }
    None
}

/// The title that a model wrote, without what models put around it.
fn title_in(said: &str) -> Option<String> {
    let line = said.lines().map(str::trim).find(|line| !line.is_empty())?;
    let marks = |c: char| c.is_whitespace() || "#*_`\"'“”«»‘’".contains(c);
    let bare = line.trim_matches(marks);
    let bare = bare.strip_suffix('.').unwrap_or(bare).trim_matches(marks);
    // Emphasis within it is no part of it either.
    let bare = bare.replace("**", "").replace('`', "");
    let readable = !bare.is_empty() && bare.chars().count() <= 2 * LENGTH;
    (readable && !bare.chars().any(char::is_control)).then(|| shortened(&bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_cut_at_a_word() {
        let title =
            |text: &str| of_question(&Question { text: text.to_owned(), ..Question::default() });
        assert_eq!(title("\n  Bonjour \nmonde"), "Bonjour");
        let long = title(&"mot ".repeat(40));
        assert!(long.ends_with("mot…") && long.chars().count() <= LENGTH + 1, "{long}");
        assert_eq!(title(&"é".repeat(80)).chars().count(), LENGTH + 1);
        assert_eq!(title("\u{202e}a\u{1b}[2Jb"), "a[2Jb");
    }

    #[test]
    fn a_models_title_is_taken_without_its_trimmings() {
        assert_eq!(title_in("\n## “Météo à Paris”.\nx").as_deref(), Some("Météo à Paris"));
        assert_eq!(title_in("**Budget 2026**").as_deref(), Some("Budget 2026"));
        assert_eq!(
            title_in("Use of **serde** and `toml`").as_deref(),
            Some("Use of serde and toml")
        );
        assert_eq!(title_in("  \n"), None);
        assert_eq!(title_in(&"word ".repeat(60)), None);
    }
}
