//! What is carried from one machine's history to another's.

use conversation::{FailureCode, FinishReason, MessageState, Role};
use serde::{Deserialize, Serialize};

use crate::HistoryError;
use crate::tags;

/// Times of later than this are no times of a clock: there is room to count on from any that is.
const LAST_TIME: i64 = 1 << 62;

/// When something was last changed: of two versions the greater one wins, on every machine alike.
///
/// The time is that of a hybrid logical clock (Kulkarni et al., “Logical Physical Clocks”, 2014):
/// milliseconds since 1970 in the upper 48 bits, a counter in the lower 16. It is later than that
/// of every version its machine has seen, whatever the machine's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct Version {
    /// The time.
    pub time: i64,
    /// The machine that made it; 0 for what was there before any machine shared it.
    pub device: i64,
}

impl From<(i64, i64)> for Version {
    fn from((time, device): (i64, i64)) -> Self {
        Self { time, device }
    }
}

impl From<Version> for (i64, i64) {
    fn from(version: Version) -> Self {
        (version.time, version.device)
    }
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A conversation; its parts are messages.
    Conversation,
    /// A folder; its parts are files.
    Folder,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Conversation, Self::Folder];

    /// The field without which one that has no part is not there.
    pub(crate) fn being(self) -> &'static str {
        match self {
            Self::Conversation => "created",
            Self::Folder => "made",
        }
    }

    /// How it is stored.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Conversation => 1,
            Self::Folder => 2,
        }
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// There is none.
    None,
    /// A number, an id, a moment, or yes (1) or no (0).
    Number(i64),
    /// A text.
    Text(String),
}

/// A field of a conversation or folder as it was set last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Whose.
    pub kind: Kind,
    /// The id of that.
    pub record: i64,
    /// Which one: `title`, `tag:` and a tag without case, and so on.
    pub field: String,
    /// What it was set to.
    pub value: Value,
    /// When.
    pub version: Version,
}

/// A message, whole. All but its content never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRecord {
    /// The conversation it belongs to.
    pub conversation: i64,
    /// Its id.
    pub id: i64,
    /// The message that it follows; older than it.
    pub parent: Option<i64>,
    /// Who speaks.
    pub role: Role,
    /// When it was made, in milliseconds.
    pub created: i64,
    /// The model that wrote it.
    pub model: Option<String>,
    /// When it was added.
    pub born: Version,
    /// When its content was last changed.
    pub version: Version,
    /// What it says.
    pub content: Content,
    /// The files that travel with it.
    pub files: Vec<FileRecord>,
}

/// What a message says, and how that came to an end: it changes where an answer is continued.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The text.
    pub text: String,
    /// What the model thought first.
    pub reasoning: String,
    /// Any [`MessageState`] but streaming, as it is written everywhere.
    pub state: String,
    /// Why it failed: a [`FailureCode`] as it is written everywhere.
    pub failure_code: Option<String>,
    /// The same in words.
    pub failure_message: Option<String>,
    /// Seconds to wait before trying again.
    pub failure_retry_after: Option<u32>,
    /// A [`FinishReason`] as it is written everywhere.
    pub finish: Option<String>,
    /// Tokens that the model read.
    pub input_tokens: Option<u32>,
    /// Tokens that it wrote.
    pub output_tokens: Option<u32>,
    /// How long it took.
    pub milliseconds: Option<u32>,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its id.
    pub id: i64,
    /// Its name, without a folder.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes; not written with the rest of a record, but after it.
    #[serde(skip)]
    pub data: Vec<u8>,
}

/// A file of a folder. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderFile {
    /// The folder.
    pub folder: i64,
    /// When it was added.
    pub born: Version,
    /// When it was last added, or kept against a deletion.
    pub version: Version,
    /// The file.
    pub file: FileRecord,
}

/// Something that was erased: nothing that its eraser knew of it is kept. What the eraser did not
/// know is, and brings the rest back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// What it was.
    pub kind: Kind,
    /// Its id.
    pub record: i64,
    /// The last version of its fields; none where only files of a folder were erased.
    pub fields: Option<Version>,
    /// Its messages or files, each with its last version.
    pub parts: Vec<(i64, Version)>,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// A field was set.
    Field(Field),
    /// A message was added, or says something else.
    Message(MessageRecord),
    /// A file was added to a folder.
    FolderFile(FolderFile),
    /// Something was erased.
    Erased(Erased),
}

impl Record {
    /// The files whose bytes stand after the record.
    pub fn files_mut(&mut self) -> &mut [FileRecord] {
        match self {
            Self::Message(message) => &mut message.files,
            Self::FolderFile(file) => std::slice::from_mut(&mut file.file),
            Self::Field(_) | Self::Erased(_) => &mut [],
        }
    }

    /// The same, to be read.
    pub fn files(&self) -> &[FileRecord] {
        match self {
            Self::Message(message) => &message.files,
            Self::FolderFile(file) => std::slice::from_ref(&file.file),
            Self::Field(_) | Self::Erased(_) => &[],
        }
    }

    /// The latest time in it.
    pub(crate) fn time(&self) -> i64 {
        match self {
            Self::Field(field) => field.version.time,
            Self::Message(message) => message.version.time.max(message.born.time),
            Self::FolderFile(file) => file.version.time.max(file.born.time),
            Self::Erased(erased) => {
                let parts = erased.parts.iter().map(|(_, version)| version.time);
                parts.chain(erased.fields.map(|version| version.time)).max().unwrap_or(0)
            }
        }
    }

    /// Refuses what no history can have said.
    pub(crate) fn check(&self) -> Result<(), HistoryError> {
        let problem = match self {
            Self::Field(field) => field.problem(),
            Self::Message(message) => message.problem(),
            Self::FolderFile(file) => first(&[
                (file.folder <= 0, "a folder's id"),
                (is_wrong(file.born) || is_wrong(file.version), "the version of a file"),
                (file.file.is_wrong(), "a file"),
            ]),
            Self::Erased(erased) => first(&[
                (erased.record <= 0, "the id of what was erased"),
                (erased.fields.is_some_and(is_wrong), "the version of what was erased"),
                (
                    erased.parts.iter().any(|(part, version)| *part <= 0 || is_wrong(*version)),
                    "a part of what was erased",
                ),
            ]),
        };
        problem.map_or(Ok(()), |what| Err(HistoryError::NotAChange(what)))
    }
}

impl Field {
    fn problem(&self) -> Option<&'static str> {
        first(&[
            (self.record <= 0, "the id of a field's record"),
            (is_wrong(self.version), "the version of a field"),
            (!self.is_known(), "a field or its value"),
        ])
    }

    fn is_known(&self) -> bool {
        let yes_or_no = matches!(self.value, Value::Number(0 | 1));
        let text = matches!(self.value, Value::Text(_));
        let id = matches!(self.value, Value::None | Value::Number(1..));
        match (self.kind, self.field.as_str()) {
            (Kind::Conversation, "title" | "instructions" | "imported")
            | (Kind::Folder, "instructions" | "glossary") => text,
            (Kind::Folder, "name") => matches!(&self.value, Value::Text(name) if !name.is_empty()),
            (Kind::Conversation, "pinned" | "archived" | "held") | (Kind::Folder, "held") => {
                yes_or_no
            }
            (Kind::Conversation, "model") => text || self.value == Value::None,
            (Kind::Conversation, "leaf" | "folder") => id,
            (Kind::Conversation, "trashed") => {
                matches!(self.value, Value::None | Value::Number(_))
            }
            (Kind::Conversation, "created" | "updated") => matches!(self.value, Value::Number(_)),
            (Kind::Folder, "made") => self.value == Value::Number(1),
            (Kind::Folder, "retention") => id,
            (Kind::Conversation, name) => match (name.strip_prefix("tag:"), &self.value) {
                (Some(tag), Value::Text(name)) => tags::is_clean(name) && tags::folded(name) == tag,
                (Some(_), Value::None) => true,
                _ => false,
            },
            _ => false,
        }
    }
}

impl MessageRecord {
    fn problem(&self) -> Option<&'static str> {
        let content = &self.content;
        first(&[
            (self.conversation <= 0 || self.id <= 0, "the id of a message"),
            (self.parent.is_some_and(|parent| parent <= 0 || parent >= self.id), "a parent"),
            (is_wrong(self.born) || is_wrong(self.version), "the version of a message"),
            (self.files.iter().any(FileRecord::is_wrong), "a file"),
            (
                !is_name::<MessageState>(&content.state) || content.state == "streaming",
                "the state of a message",
            ),
            (
                content.finish.as_deref().is_some_and(|name| !is_name::<FinishReason>(name)),
                "the end of a message",
            ),
            (
                content
                    .failure_code
                    .as_deref()
                    .is_some_and(|name| FailureCode::from_text(name).is_none()),
                "the failure of a message",
            ),
        ])
    }
}

impl FileRecord {
    fn is_wrong(&self) -> bool {
        self.id <= 0 || u32::try_from(self.data.len()).is_err()
    }
}

/// The first of these that is the case.
fn first(problems: &[(bool, &'static str)]) -> Option<&'static str> {
    problems.iter().find(|(is_so, _)| *is_so).map(|(_, what)| *what)
}

fn is_wrong(version: Version) -> bool {
    !(1..LAST_TIME).contains(&version.time) || version.device < 0
}

/// Whether this is how a value of a closed set is written.
fn is_name<T: for<'a> Deserialize<'a>>(name: &str) -> bool {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).is_ok()
}
