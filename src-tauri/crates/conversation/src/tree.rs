//! The branch of a message tree that is shown, and the branches beside it.

use std::collections::BTreeMap;

use crate::{Message, MessageId};

/// One branch, from the first message to a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread<'a> {
    /// The messages, the first one first.
    pub messages: Vec<&'a Message>,
    /// For each message, it and its siblings in the order they were made.
    pub siblings: Vec<Vec<MessageId>>,
}

/// The branch that ends at `leaf`, or, if there is none such, the newest one.
///
/// A leaf that has children is followed to its newest descendant. Every message is in at least
/// one branch: a message whose parent is missing counts as a first message. A cycle, which only
/// a damaged store can hold, ends the walk.
pub fn thread(messages: &[Message], leaf: Option<MessageId>) -> Thread<'_> {
    let by_id: BTreeMap<MessageId, &Message> = messages.iter().map(|m| (m.id, m)).collect();
    let parent_of = |message: &Message| message.parent.filter(|parent| by_id.contains_key(parent));
    let mut children: BTreeMap<Option<MessageId>, Vec<MessageId>> = BTreeMap::new();
    for message in by_id.values() {
        children.entry(parent_of(message)).or_default().push(message.id);
    }

    let mut end = leaf.filter(|id| by_id.contains_key(id));
    let mut steps = 0;
    while let Some(&newest) = children.get(&end).and_then(|c| c.last()) {
        end = Some(newest);
        steps += 1;
        if steps > by_id.len() {
            break;
        }
    }

    let mut path = Vec::new();
    let mut next = end;
    while let Some(message) = next.and_then(|id| by_id.get(&id)) {
        path.push(*message);
        next = parent_of(message);
        if path.len() > by_id.len() {
            break;
        }
    }
    path.reverse();
    let siblings =
        path.iter().map(|m| children.get(&parent_of(m)).cloned().unwrap_or_default()).collect();
    Thread { messages: path, siblings }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConversationId, MessageState, Role, Timestamp};
    use proptest::prelude::*;

    fn message(id: i64, parent: Option<i64>) -> Message {
        Message {
            id: MessageId::from_i64(id).unwrap(),
            conversation: ConversationId::from_i64(1).unwrap(),
            parent: parent.map(|p| MessageId::from_i64(p).unwrap()),
            role: Role::User,
            text: String::new(),
            reasoning: String::new(),
            state: MessageState::Complete,
            failure: None,
            finish: None,
            model: None,
            usage: None,
            milliseconds: None,
            replaced: 0,
            attachments: Vec::new(),
            created: Timestamp::from_millis(0),
        }
    }

    fn numbers(thread: &Thread<'_>) -> Vec<i64> {
        thread.messages.iter().map(|m| m.id.as_i64()).collect()
    }

    #[test]
    fn the_chosen_branch_is_followed_to_its_end() {
        // 1 ─ 2 ─ 4 ─ 6, and 3 beside 2 with 5 below it.
        let all = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(3)), (6, Some(4))];
        let messages: Vec<_> = all.iter().map(|&(id, parent)| message(id, parent)).collect();
        let chosen = thread(&messages, MessageId::from_i64(2));
        assert_eq!(numbers(&chosen), [1, 2, 4, 6]);
        assert_eq!(chosen.siblings[1].len(), 2);
        assert_eq!(numbers(&thread(&messages, None)), [1, 3, 5]);
    }

    #[test]
    fn a_cycle_ends() {
        let messages = [message(1, Some(2)), message(2, Some(1))];
        assert!(thread(&messages, MessageId::from_i64(1)).messages.len() <= 3);
        assert!(thread(&messages, None).messages.len() <= 3);
    }

    proptest! {
        #[test]
        fn every_message_is_reachable(parents in prop::collection::vec(0_usize..1000, 1..60)) {
            let messages: Vec<_> = parents.iter().enumerate().map(|(i, p)| {
                let parent = p % (i + 1);
                message(i as i64 + 1, (parent > 0).then_some(parent as i64))
            }).collect();
            for wanted in &messages {
                let branch = thread(&messages, Some(wanted.id));
                prop_assert!(branch.messages.iter().any(|m| m.id == wanted.id));
                prop_assert!(branch.messages.windows(2).all(|w| w[1].parent == Some(w[0].id)));
                for (message, siblings) in branch.messages.iter().zip(&branch.siblings) {
                    prop_assert!(siblings.contains(&message.id));
                }
            }
        }
    }
}
