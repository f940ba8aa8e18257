//! What was replaced in a request, kept with its answer: the request is built again from the
//! branch, and these say which bytes of it went otherwise.

use std::ops::Range;

use conversation::Role;
use endpoint::{ChatRequest, Part, Prompt};
use serde::{Deserialize, Serialize};

/// Says to the model what placeholders are. It stands behind all other instructions.
const PLACEHOLDERS: &str = "Words in square brackets such as [PERSON_1] or [EMAIL_2] stand for real \
    ones that are kept back. Write them exactly as they are wherever you mean what they stand for, \
    and do not remark on them.";

/// The placeholders in one part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Edit {
    /// The message's place in the request, and the part's in the message.
    pub message: usize,
    pub part: usize,
    /// The part's length in bytes before: another one is not the same text.
    pub length: usize,
    /// The bytes, in order, and what stands in their place.
    pub replaced: Vec<(Range<usize>, String)>,
}

/// A request with placeholders, and a word to the model about them; none where the request is not
/// the one that they were made for.
pub(crate) fn edited(request: &ChatRequest, edits: &[Edit]) -> Option<ChatRequest> {
    let mut request = request.clone();
    for edit in edits {
        let message = request.messages.get_mut(edit.message)?;
        let Part::Text(text) = message.parts.get_mut(edit.part)? else { return None };
        if text.len() != edit.length {
            return None;
        }
        let mut new = String::with_capacity(text.len());
        let mut from = 0;
        for (range, placeholder) in &edit.replaced {
            new.push_str(text.get(from..range.start)?);
            new.push_str(placeholder);
            from = range.end;
        }
        new.push_str(text.get(from..)?);
        *text = new;
    }
    if !edits.is_empty() {
        let part = Part::Text(PLACEHOLDERS.to_owned());
        match request.messages.first_mut().filter(|first| first.role == Role::System) {
            Some(first) => first.parts.push(part),
            None => request.messages.insert(0, Prompt { role: Role::System, parts: vec![part] }),
        }
    }
    Some(request)
}

/// How many placeholders there are.
pub(crate) fn count(edits: &[Edit]) -> u32 {
    u32::try_from(edits.iter().map(|edit| edit.replaced.len()).sum::<usize>()).unwrap_or(u32::MAX)
}
