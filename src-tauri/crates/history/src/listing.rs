//! The lists of conversations that a person sees, read page by page.

use conversation::{Conversation, ConversationId, FolderId, Timestamp};
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::tags::folded;
use crate::{History, HistoryError, rows};

/// What is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum View {
    /// All that are neither put away nor deleted.
    All,
    /// Those of them that lie in a folder.
    Folder {
        /// Which one.
        folder: FolderId,
    },
    /// Those of them that bear a tag.
    Tag {
        /// Which one, in any case.
        tag: String,
    },
    /// Those that were put away.
    Archived,
    /// Those that were deleted and can be had back.
    Deleted,
}

/// Where a page of a list ends: what its last conversation is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Place {
    /// Whether it is pinned.
    pub pinned: bool,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Which one it is.
    pub id: ConversationId,
}

impl From<&Conversation> for Place {
    fn from(conversation: &Conversation) -> Self {
        Self { pinned: conversation.pinned, updated: conversation.updated, id: conversation.id }
    }
}

/// A place before all others.
const BEGINNING: [i64; 3] = [i64::MAX; 3];

impl History {
    /// A page of a list: the pinned conversations first, then the last changed ones, at most
    /// `most`, from after a place on or from the beginning.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn list(
        &self,
        view: &View,
        after: Option<&Place>,
        most: usize,
    ) -> Result<Vec<Conversation>, HistoryError> {
        let (condition, which) = condition(view);
        let sql = format!(
            "SELECT {} FROM conversation WHERE {condition} AND (pinned, updated, id) < (?, ?, ?)
             ORDER BY pinned DESC, updated DESC, id DESC LIMIT ?",
            rows::CONVERSATION
        );
        let place = after.map_or(BEGINNING, |place| {
            [i64::from(place.pinned), place.updated.as_millis(), place.id.as_i64()]
        });
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let values = which.into_iter().chain(place.into_iter().chain([most]).map(Value::from));
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&sql)?;
        let temporary = self.is_temporary();
        let page = statement
            .query_map(params_from_iter(values), |row| rows::conversation(row, temporary))?;
        Ok(page.collect::<Result<_, _>>()?)
    }
}

/// What a view's rows have in common, and the value that this names.
fn condition(view: &View) -> (&'static str, Option<Value>) {
    match view {
        View::All => ("deleted IS NULL AND archived = 0", None),
        View::Folder { folder } => {
            ("folder = ? AND deleted IS NULL AND archived = 0", Some(folder.as_i64().into()))
        }
        View::Tag { tag } => (
            "id IN (SELECT conversation FROM conversation_tag
                 JOIN tag ON tag.id = conversation_tag.tag WHERE folded = ?)
             AND deleted IS NULL AND archived = 0",
            Some(folded(tag).into()),
        ),
        View::Archived => ("archived = 1 AND deleted IS NULL", None),
        View::Deleted => ("deleted IS NOT NULL", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every page of a list, one after another.
    fn pages(history: &History, view: &View, most: usize) -> Vec<ConversationId> {
        let mut all: Vec<Conversation> = Vec::new();
        loop {
            let page = history.list(view, all.last().map(Place::from).as_ref(), most).unwrap();
            let is_last = page.len() < most;
            all.extend(page);
            if is_last {
                return all.into_iter().map(|conversation| conversation.id).collect();
            }
        }
    }

    #[test]
    fn pages_give_each_conversation_once_where_it_belongs() {
        let history = History::in_memory().unwrap();
        let ids: Vec<_> =
            (0..9).map(|i| history.create_conversation(&i.to_string(), None).unwrap().id).collect();
        // Many have changed in the same millisecond.
        history.connection().execute("UPDATE conversation SET updated = 5", []).unwrap();
        history
            .transaction(|t| {
                let folder = t.create_folder("Projet")?.id;
                t.set_folder(&ids[..4], Some(folder))?;
                t.set_pinned(&ids[..1], true)?;
                t.set_archived(&ids[1..3], true)?;
                t.add_tag(&ids[3..6], "Été")?;
                t.delete(&ids[5..7])
            })
            .unwrap();
        let folder = history.folders().unwrap()[0].id;
        let views = [
            (View::All, vec![0, 8, 7, 4, 3]),
            (View::Folder { folder }, vec![0, 3]),
            (View::Tag { tag: "ÉTÉ".into() }, vec![4, 3]),
            (View::Archived, vec![2, 1]),
            (View::Deleted, vec![6, 5]),
        ];
        for (view, expected) in views {
            let expected: Vec<_> = expected.into_iter().map(|i: usize| ids[i]).collect();
            for most in [1, 2, 100] {
                assert_eq!(pages(&history, &view, most), expected, "{view:?}, {most} at once");
            }
        }
    }

    #[test]
    fn a_page_is_read_by_an_index_in_its_order() {
        let history = History::in_memory().unwrap();
        let connection = history.connection();
        let mut plan = connection
            .prepare(&format!(
                "EXPLAIN QUERY PLAN SELECT id FROM conversation WHERE {}
                 AND (pinned, updated, id) < (?, ?, ?)
                 ORDER BY pinned DESC, updated DESC, id DESC LIMIT ?",
                condition(&View::All).0
            ))
            .unwrap();
        let steps: Vec<String> =
            plan.query_map([1, 1, 1, 1], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert!(steps[0].contains("conversation_listed"), "{steps:?}");
    }
}
