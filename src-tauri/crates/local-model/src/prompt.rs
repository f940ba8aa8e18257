//! From messages to the model's tokens: its own chat template, within its context.

use conversation::{Failure, FailureCode, Role};
use endpoint::{Part, Prompt};
use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};
use llama_cpp_2::token::LlamaToken;

/// Stands for a message's text while the template is filled in; private-use characters that a
/// template has no reason to hold.
const MARK: char = '\u{f8f0}';

/// A question that fits the model.
pub(crate) struct Fitted {
    /// The whole prompt.
    pub tokens: Vec<LlamaToken>,
    /// How many of the oldest messages were left out.
    pub dropped: usize,
}

/// The messages as tokens, without as many of the oldest ones as must go to stay within `limit`.
/// Instructions at the beginning stay, and so does the last message.
pub(crate) fn fit(
    model: &LlamaModel,
    messages: &[Prompt],
    limit: usize,
) -> Result<Fitted, Failure> {
    let texts = messages.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<_> = texts.into_iter().map(|text| tokens_of(model, &text, false)).collect();
    let instructions = messages.iter().take_while(|m| m.role == Role::System).count();
    let newest = messages.len().saturating_sub(1);
    let oldest = instructions.min(newest);
    // An answer without its question would puzzle the model.
    let begins = |n: &usize| *n == oldest || *n == newest || messages[*n].role != Role::Assistant;
    let starts: Vec<_> = (oldest..=newest).filter(begins).collect();
    let tokens_from = |first: usize| {
        let kept = (0..oldest).chain(first..messages.len()).collect::<Vec<_>>();
        rendered(model, messages, &texts, &kept)
    };
    let first =
        starts[first_fitting(starts.len(), |n| Ok(tokens_from(starts[n])?.len() <= limit))?];
    let tokens = tokens_from(first)?;
    if tokens.len() > limit {
        return Err(Failure::new(
            FailureCode::TooLong,
            format!(
                "the message is too long for the built-in model: it has {} tokens of at most {limit}; \
                 shorten it or choose another model",
                tokens.len()
            ),
        ));
    }
    Ok(Fitted { tokens, dropped: first - oldest })
}

/// The first of `count` places that fits, where all behind one that fits do too; the last one if
/// none does. The first is tried first, since most conversations fit; then each try halves the
/// rest, since a try costs as much as the conversation is long.
fn first_fitting(
    count: usize,
    mut fits: impl FnMut(usize) -> Result<bool, Failure>,
) -> Result<usize, Failure> {
    let (mut low, mut high) = (0, count.saturating_sub(1));
    let mut place = low;
    while low < high {
        if fits(place)? {
            high = place;
        } else {
            low = place + 1;
        }
        place = low + (high - low) / 2;
    }
    Ok(low)
}

fn text_of(message: &Prompt) -> Result<String, Failure> {
    let mut text = String::new();
    for part in &message.parts {
        match part {
            Part::Text(part) => {
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
                text.push_str(part);
            }
            Part::Image { .. } => {
                return Err(Failure::new(
                    FailureCode::NoImages,
                    "the built-in model cannot see images; remove them or choose another model",
                ));
            }
        }
    }
    Ok(text)
}

/// The template around the messages, up to where the model has the word: after it, or after its
/// own words where the last message is an answer to go on with. Only the template's own text may
/// become control tokens:
/// what a person or a file says can never end its turn and begin another's.
fn rendered(
    model: &LlamaModel,
    messages: &[Prompt],
    texts: &[Vec<LlamaToken>],
    kept: &[usize],
) -> Result<Vec<LlamaToken>, Failure> {
    let goes_on = kept.last().is_some_and(|&last| messages[last].role == Role::Assistant);
    let mut frame = template_around(model, messages, kept, !goes_on)?;
    if goes_on {
        // What the template writes after the model's own words would end them.
        frame.truncate(frame.rfind(MARK).unwrap_or(frame.len()));
    }
    let mut tokens = Vec::new();
    if model.vocab().should_add_bos() {
        tokens.push(model.vocab().bos());
    }
    // Between two marks lies a number of a message; outside of them lies the template.
    for (place, part) in frame.split(MARK).enumerate() {
        if place % 2 == 0 {
            let framed = tokens_of(model, part, true);
            // Some templates write the beginning-of-text token themselves.
            let doubled = place == 0 && !tokens.is_empty() && framed.first() == tokens.first();
            tokens.extend_from_slice(&framed[usize::from(doubled)..]);
        } else if let Some(text) = part.parse().ok().and_then(|n: usize| texts.get(n)) {
            tokens.extend_from_slice(text);
        }
    }
    Ok(tokens)
}

fn template_around(
    model: &LlamaModel,
    messages: &[Prompt],
    kept: &[usize],
    answer: bool,
) -> Result<String, Failure> {
    let unusable = |problem: String| Failure::new(FailureCode::ModelUnavailable, problem);
    let chat = kept
        .iter()
        .map(|&n| {
            let role = match messages[n].role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            LlamaChatMessage::new(role.to_owned(), format!("{MARK}{n}{MARK}"))
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(error.to_string()))?;
    // A file without a template, or with one that llama.cpp does not know, gets the commonest.
    if let Ok(own) = model.chat_template(None)
        && let Ok(frame) = model.apply_chat_template(&own, &chat, answer)
    {
        return Ok(frame);
    }
    let common = LlamaChatTemplate::new("chatml").map_err(|error| unusable(error.to_string()))?;
    model
        .apply_chat_template(&common, &chat, answer)
        .map_err(|error| unusable(format!("the model's chat template cannot be used: {error}")))
}

fn tokens_of(model: &LlamaModel, text: &str, control: bool) -> Vec<LlamaToken> {
    // For an empty text llama.cpp may still add a space.
    if text.is_empty() {
        Vec::new()
    } else {
        model.vocab().tokenize(text.as_bytes(), false, control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_fits_is_found_in_few_tries() {
        for count in [1, 2, 3, 10, 1000, 10_000] {
            for wanted in [0, 1, count / 3, count - 1, count + 5] {
                let mut tries = 0;
                let found = first_fitting(count, |n| {
                    tries += 1;
                    Ok(n >= wanted)
                });
                assert_eq!(found.unwrap(), wanted.min(count - 1), "{wanted} of {count}");
                assert!(tries <= 2 + count.ilog2(), "{tries} tries for {wanted} of {count}");
            }
        }
    }
}
