//! Where a conversation lies and how it is marked, as filters: the conversations that are meant.

use rusqlite::types::Value;

use super::query::Query;

/// A property of conversations that a query can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// It bears this tag; neither case nor accents count.
    Tag(String),
    /// It lies in a folder of this name; neither case nor accents count.
    Folder(String),
    /// It was put away.
    Archived,
}

/// A statement that selects the ids of conversations, and its values.
pub(crate) struct Selection {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Query {
    /// What selects the conversations that are meant; all of it must. Nothing if any may be.
    pub fn conversations(&self) -> Vec<Selection> {
        let titles = self.of_titles().map(of_titles);
        titles.into_iter().chain(self.places.iter().map(|group| of_places(group))).collect()
    }

    /// What selects those that are not meant.
    pub fn other_conversations(&self) -> Vec<Selection> {
        let titles = self.not_of_titles().map(of_titles);
        let places = (!self.without_places.is_empty()).then(|| of_places(&self.without_places));
        titles.into_iter().chain(places).collect()
    }
}

fn of_titles(matching: String) -> Selection {
    let sql = "SELECT rowid FROM title_index WHERE title_index MATCH ?".to_owned();
    Selection { sql, values: vec![matching.into()] }
}

/// Those that are in one of these places.
fn of_places(places: &[Place]) -> Selection {
    let one = |place: &Place| match place {
        Place::Tag(_) => {
            "SELECT conversation FROM conversation_tag
             WHERE tag IN (SELECT id FROM tag WHERE fold(name) = fold(?))"
        }
        Place::Folder(_) => {
            "SELECT id FROM conversation INDEXED BY conversation_folder
             WHERE folder IN (SELECT id FROM folder WHERE fold(name) = fold(?))"
        }
        Place::Archived => "SELECT id FROM conversation WHERE archived = 1",
    };
    let value = |place: &Place| match place {
        Place::Tag(name) | Place::Folder(name) => Some(name.trim().to_owned().into()),
        Place::Archived => None,
    };
    let statements: Vec<_> = places.iter().map(one).collect();
    Selection {
        sql: statements.join(" UNION ALL "),
        values: places.iter().filter_map(value).collect(),
    }
}
