//! A history of many messages, for measuring what its size costs.

use std::path::Path;
use std::time::Instant;

use conversation::{MessageState, Role};
use history::{History, NewMessage};
use secrecy::SecretString;
use vault::Vault;
use whole_program::{PASSPHRASE, Profile};

use crate::prose;

/// So many are kept at once: one commit for each would take the disk minutes.
const MESSAGES_PER_TRANSACTION: usize = 20_000;

/// How many messages the measured history has, and how many each of its conversations.
pub const MESSAGES: usize = 1_000_000;
pub const MESSAGES_PER_CONVERSATION: usize = 20;

/// A profile with such a history, opened by the passphrase of every test.
pub fn profile() -> Profile {
    let profile = Profile::new();
    let key = Vault::at(&profile.data())
        .create_with_passphrase(&SecretString::from(PASSPHRASE))
        .expect("a new vault");
    let begun = Instant::now();
    build(&profile.data(), key.expose(), MESSAGES, MESSAGES_PER_CONVERSATION);
    eprintln!("  {MESSAGES} messages written in {:.1} s", begun.elapsed().as_secs_f64());
    profile
}

/// Writes so many messages of about 200 bytes, so many in each conversation, into the history of
/// this folder.
pub fn build(folder: &Path, key: &[u8; 32], messages: usize, per_conversation: usize) {
    let history = History::open(&folder.join("history.db"), key).expect("a history");
    for start in (0..messages).step_by(MESSAGES_PER_TRANSACTION) {
        let end = (start + MESSAGES_PER_TRANSACTION).min(messages);
        history
            .transaction(|transaction| {
                let mut place = None;
                for number in start..end {
                    let (conversation, parent) = match place {
                        Some(place) if number % per_conversation > 0 => place,
                        _ => {
                            let title = format!("Conversation {number}");
                            (transaction.create_conversation(&title, None)?.id, None)
                        }
                    };
                    let asks = number % 2 == 0;
                    let stored = transaction.add_message(NewMessage {
                        conversation,
                        parent,
                        role: if asks { Role::User } else { Role::Assistant },
                        text: &prose::message(number),
                        model: (!asks).then_some("m"),
                        state: MessageState::Complete,
                        attachments: &[],
                    })?;
                    place = Some((conversation, Some(stored.id)));
                }
                Ok(())
            })
            .expect("messages");
    }
}
