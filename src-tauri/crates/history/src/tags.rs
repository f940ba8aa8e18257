//! Tags: words that a person puts on conversations.

use conversation::ConversationId;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::{History, HistoryError, Transaction, hold};

/// A tag has no more characters.
const LONGEST: usize = 50;

/// A tag, and how many conversations bear it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TagCount {
    /// The tag, as it was first written.
    pub tag: String,
    /// The conversations that bear it, without deleted ones.
    pub conversations: u32,
}

impl History {
    /// Every tag, in order; those that only deleted conversations bear are among them.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn tags(&self) -> Result<Vec<TagCount>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT name, (SELECT count(*) FROM conversation_tag
                 JOIN conversation ON conversation.id = conversation_tag.conversation
                 WHERE tag = tag.id AND deleted IS NULL)
             FROM tag ORDER BY folded",
        )?;
        let tags = statement
            .query_map([], |row| Ok(TagCount { tag: row.get(0)?, conversations: row.get(1)? }))?;
        Ok(tags.collect::<Result<_, _>>()?)
    }
}

impl Transaction<'_> {
    /// Puts a tag on conversations. Case and the spaces around it do not tell it from another one;
    /// it is shown as it was first written.
    ///
    /// # Errors
    /// [`HistoryError::NotATag`]; [`HistoryError::NoConversation`]; or as the disk refuses.
    pub fn add_tag(&self, ids: &[ConversationId], tag: &str) -> Result<(), HistoryError> {
        let name = cleaned(tag)?;
        for id in ids {
            self.require(*id)?;
            self.put_tag(*id, &name)?;
        }
        Ok(())
    }

    /// Takes a tag from conversations. A tag that no conversation bears any more is gone.
    ///
    /// # Errors
    /// [`HistoryError::NotATag`]; [`HistoryError::NoConversation`]; [`HistoryError::Held`] for one
    /// that bears it; or as the disk refuses.
    pub fn remove_tag(&self, ids: &[ConversationId], tag: &str) -> Result<(), HistoryError> {
        let key = folded(&cleaned(tag)?);
        for id in ids {
            self.require(*id)?;
            let removed = self
                .sql
                .prepare_cached(
                    "DELETE FROM conversation_tag WHERE conversation = ?1
                         AND tag = (SELECT id FROM tag WHERE folded = ?2)",
                )?
                .execute(params![id.as_i64(), key])?;
            if removed > 0 {
                self.require_free(*id)?;
            }
        }
        self.erased.set(true);
        Ok(())
    }

    /// Writes a tag otherwise, on every conversation that bears it; if there is such a tag
    /// already, the two become one. Nothing happens if there is none to be renamed.
    ///
    /// # Errors
    /// [`HistoryError::NotATag`]; [`HistoryError::Held`] if a conversation bears it that is held;
    /// or as the disk refuses.
    pub fn rename_tag(&self, from: &str, to: &str) -> Result<(), HistoryError> {
        let name = cleaned(to)?;
        let Some(old) = self.tag(&folded(&cleaned(from)?))? else { return Ok(()) };
        let held = self
            .sql
            .prepare_cached(&format!(
                "SELECT conversation.id FROM conversation_tag
                 JOIN conversation ON conversation.id = conversation_tag.conversation
                 WHERE tag = ?1 AND {} LIMIT 1",
                hold::IS_HELD
            ))?
            .query_row([old], |row| crate::rows::id(row, 0, ConversationId::from_i64))
            .optional()?;
        if let Some(held) = held {
            return Err(HistoryError::Held(held));
        }
        match self.tag(&folded(&name))? {
            Some(other) if other != old => {
                self.sql.execute(
                    "INSERT OR IGNORE INTO conversation_tag (conversation, tag)
                     SELECT conversation, ?2 FROM conversation_tag WHERE tag = ?1",
                    params![old, other],
                )?;
                self.sql.execute("DELETE FROM tag WHERE id = ?1", [old])?;
            }
            _ => {
                self.sql.execute(
                    "UPDATE tag SET name = ?2, folded = ?3 WHERE id = ?1",
                    params![old, name, folded(&name)],
                )?;
            }
        }
        self.erased.set(true);
        Ok(())
    }

    /// Puts a tag that is clean on a conversation that is there.
    pub(crate) fn put_tag(&self, id: ConversationId, name: &str) -> Result<(), HistoryError> {
        let key = folded(name);
        self.sql
            .prepare_cached("INSERT OR IGNORE INTO tag (name, folded) VALUES (?1, ?2)")?
            .execute([name, &key])?;
        self.sql
            .prepare_cached(
                "INSERT OR IGNORE INTO conversation_tag (conversation, tag)
                 VALUES (?1, (SELECT id FROM tag WHERE folded = ?2))",
            )?
            .execute(params![id.as_i64(), key])?;
        Ok(())
    }

    fn tag(&self, key: &str) -> Result<Option<i64>, HistoryError> {
        Ok(self
            .sql
            .prepare_cached("SELECT id FROM tag WHERE folded = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }
}

/// A tag as it is shown: on one line, without spaces around it.
fn cleaned(tag: &str) -> Result<String, HistoryError> {
    let plain: String = tag.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<_> = plain.split_whitespace().collect();
    let tag = words.join(" ");
    let is_tag = (1..=LONGEST).contains(&tag.chars().count());
    if is_tag { Ok(tag) } else { Err(HistoryError::NotATag) }
}

/// Whether this is a tag as it is shown.
pub(crate) fn is_clean(tag: &str) -> bool {
    cleaned(tag).is_ok_and(|clean| clean == tag)
}

/// Without case: through the upper case, so that `ß` and `SS` are one, and both sigmas
/// (<https://www.unicode.org/versions/latest/core-spec/chapter-3/#G34145>).
pub(crate) fn folded(text: &str) -> String {
    let upper = text.nfc().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_a_short_line() {
        assert_eq!(cleaned("  deux \n mots\u{1f} ").unwrap(), "deux mots");
        assert!(cleaned(&"é".repeat(50)).is_ok());
        for wrong in ["", " \u{0} ", &"é".repeat(51)] {
            assert!(matches!(cleaned(wrong), Err(HistoryError::NotATag)), "{wrong}");
        }
        for (one, other) in
            [("Été", "éTÉ"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("e\u{301}", "É")]
        {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("été"), folded("ete"));
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_so(text in "\\PC{0,60}|[ -~\\x00-\\x20]{0,60}") {
            if let Ok(tag) = cleaned(&text) {
                prop_assert_eq!(cleaned(&tag).unwrap(), tag);
            }
        }
    }
}
