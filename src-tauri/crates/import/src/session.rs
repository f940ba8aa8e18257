//! One import: file after file, conversation after conversation.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use conversation::Timestamp;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};

use crate::assets::Assets;
use crate::conversion::{Context, Converted, Failed, Project};
use crate::elements::{Element, Elements, OWN_VERSION, OnRead, Root};
use crate::report::{Place, Refusal};
use crate::source::{Entry, Source};
use crate::values::{TOO_MANY, title_of};
use crate::{
    Event, Format, ImportError, bureau, chatgpt, claude, librechat, limits, markdown, open_webui,
    sniff, surrogates,
};

/// How many objects of a file may be of no known format before the rest of it is not looked at.
const STRANGERS: usize = 100;
/// The most bytes of a file that describes projects.
const PROJECTS_LENGTH: u64 = 64 << 20;

/// Imports what lies at `path`.
pub(crate) fn run(
    path: &Path,
    on: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Format, ImportError> {
    let mut source = Source::open(path)?;
    let (made, several) = (source.made, source.several);
    let entries = source.entries.clone();
    let projects = projects(&mut source, &entries);
    let mut session = Session {
        on,
        read: 0,
        of: 0,
        seen: HashSet::new(),
        format: None,
        assets: Assets::new(Source::open(path)?),
        projects,
        made,
    };
    // A name decides only which files are looked at, and in an archive alone: images and tables
    // lie there too. Markdown there is something a person attached, unless there is nothing else.
    let kinds: &[&str] = if several { &["json", "md"] } else { &[""] };
    for kind in kinds {
        let chosen: Vec<&Entry> =
            entries.iter().filter(|entry| !several || entry.has_extension(kind)).collect();
        session.of = chosen.iter().fold(0, |sum, entry| entry.size.saturating_add(sum));
        session.read = 0;
        if several && session.of > limits::ARCHIVE {
            return Err(ImportError::TooLarge);
        }
        for entry in chosen {
            session.file(&mut source, entry, several)?;
        }
        if session.format.is_some() {
            break;
        }
    }
    session.format.ok_or(ImportError::Unknown)
}

/// The projects that files beside the conversations describe.
fn projects(source: &mut Source, entries: &[Entry]) -> HashMap<String, Project> {
    let mut projects = HashMap::new();
    let described = |entry: &&Entry| {
        let folder = entry.name.rsplit('/').nth(1);
        entry.has_extension("json")
            && (entry.base() == "projects.json" || folder == Some("projects"))
    };
    for entry in entries.iter().filter(described) {
        if entry.size > PROJECTS_LENGTH {
            continue;
        }
        let on_read: &mut OnRead<'_> = &mut |_| ControlFlow::Continue(());
        let elements = source.read(entry).ok().and_then(|file| Elements::open(file, on_read).ok());
        let Some(mut elements) = elements else { continue };
        let mut json = Vec::new();
        while let Ok(Some(_)) = elements.next(&mut json, on_read) {
            projects.extend(claude::project(&json));
        }
    }
    projects
}

struct Session<'a> {
    on: &'a mut dyn FnMut(Event) -> ControlFlow<()>,
    read: u64,
    of: u64,
    /// Digests of the keys that were given out.
    seen: HashSet<[u8; 16]>,
    format: Option<Format>,
    assets: Assets,
    projects: HashMap<String, Project>,
    made: Timestamp,
}

/// An object of which it is not known, or not yet, what it is.
struct Stranger {
    title: String,
    reason: Refusal,
}

impl Session<'_> {
    /// Imports a file.
    fn file(
        &mut self,
        source: &mut Source,
        entry: &Entry,
        several: bool,
    ) -> Result<(), ImportError> {
        let begun = self.read;
        let mut strangers = Vec::new();
        let format = self.conversations(source, entry, several, &mut strangers)?;
        self.format = self.format.or(format);
        // Many files that lie beside the conversations hold none, and are passed over.
        if format.is_some() || !several || entry.base().starts_with("conversations") {
            self.refuse_all(&mut strangers)?;
        }
        // What was not read of it counts as done.
        self.read = begun.saturating_add(entry.size).min(self.of);
        let progress = Event::Progress { read: self.read, of: self.of };
        self.tell(progress)
    }

    /// Gives out the conversations of a file; its format, if it has any of a known one.
    fn conversations(
        &mut self,
        source: &mut Source,
        entry: &Entry,
        several: bool,
        strangers: &mut Vec<Stranger>,
    ) -> Result<Option<Format>, ImportError> {
        let cut_off =
            |place| Stranger { title: entry.base().to_owned(), reason: Refusal::CutOff { place } };
        let reader = match source.read(entry) {
            Ok(reader) => reader,
            // In an archive one file may be damaged, or packed in a way that is not read.
            Err(_) if several => {
                strangers.push(cut_off(Place::START));
                return Ok(None);
            }
            Err(error) => return Err(ImportError::Unreadable(error)),
        };
        let mut elements = match Elements::open(reader, &mut |bytes| self.advance(bytes)) {
            Ok(elements) => elements,
            Err(halt) => {
                strangers.push(cut_off(halt.into_error()?));
                return Ok(None);
            }
        };
        let root = elements.root();
        let mut format = match root {
            Root::Bureau { version: OWN_VERSION } => Some(Format::Bureau),
            Root::Bureau { version } => return Err(ImportError::NewerVersion { version }),
            Root::Array | Root::Object | Root::Text => None,
        };
        let mut json = Vec::new();
        loop {
            let element = match elements.next(&mut json, &mut |bytes| self.advance(bytes)) {
                Ok(Some(element)) => element,
                Ok(None) => break,
                Err(halt) => {
                    strangers.push(cut_off(halt.into_error()?));
                    break;
                }
            };
            if root == Root::Text {
                format = self.markdown(&json, element, entry, strangers)?;
                continue;
            }
            if format.is_none() && !element.too_large {
                format = sniff::format_of(&json);
                if format.is_none() && surrogates::mend(&mut json) {
                    format = sniff::format_of(&json);
                }
            }
            let Some(format) = format else {
                let reason = stranger(&json, element);
                strangers.push(Stranger { title: title_of(&json), reason });
                if strangers.len() == STRANGERS {
                    break;
                }
                continue;
            };
            self.refuse_all(strangers)?;
            self.conversation(format, &mut json, element)?;
        }
        Ok(format)
    }

    fn markdown(
        &mut self,
        text: &[u8],
        element: Element,
        entry: &Entry,
        strangers: &mut Vec<Stranger>,
    ) -> Result<Option<Format>, ImportError> {
        let converted = if element.too_large {
            Err(Failed::Refused(Refusal::TooLarge))
        } else {
            markdown::convert(text, entry.base(), self.made)
        };
        match converted {
            Ok(converted) => {
                self.found(converted)?;
                Ok(Some(Format::Markdown))
            }
            Err(failed) => {
                let reason = refusal(failed, text, element.place);
                strangers.push(Stranger { title: entry.base().to_owned(), reason });
                Ok(None)
            }
        }
    }

    fn conversation(
        &mut self,
        format: Format,
        json: &mut [u8],
        element: Element,
    ) -> Result<(), ImportError> {
        let mut converted = if element.too_large {
            Err(Failed::Refused(Refusal::TooLarge))
        } else {
            self.convert(format, json)
        };
        let broken = matches!(converted, Err(Failed::Json(_) | Failed::Part(_)));
        if broken && surrogates::mend(json) {
            converted = self.convert(format, json);
        }
        match converted {
            Ok(converted) => self.found(converted),
            Err(failed) => self.refuse(title_of(json), refusal(failed, json, element.place)),
        }
    }

    fn convert(&mut self, format: Format, json: &[u8]) -> Result<Converted, Failed> {
        let context =
            &mut Context { assets: &mut self.assets, projects: &self.projects, made: self.made };
        match format {
            Format::ChatGpt => chatgpt::convert(json, context),
            Format::Claude => claude::convert(json, context),
            Format::OpenWebUi => open_webui::convert(json, context),
            Format::LibreChat => librechat::convert(json, context),
            Format::Bureau => bureau::convert(json),
            // It is no JSON, and taken elsewhere.
            Format::Markdown => Err(Refusal::NotText.into()),
        }
    }

    fn found(
        &mut self,
        Converted { conversation, left_out }: Converted,
    ) -> Result<(), ImportError> {
        if conversation.check().is_err() {
            return self.refuse(conversation.title, Refusal::NotATree);
        }
        if !self.seen.insert(digest(&conversation.key)) {
            return self.refuse(conversation.title, Refusal::Repeated);
        }
        let conversation = Box::new(conversation);
        self.tell(Event::Found { conversation, left_out: left_out.into_list() })
    }

    fn refuse_all(&mut self, strangers: &mut Vec<Stranger>) -> Result<(), ImportError> {
        for Stranger { title, reason } in strangers.drain(..) {
            self.refuse(title, reason)?;
        }
        Ok(())
    }

    fn refuse(&mut self, title: String, reason: Refusal) -> Result<(), ImportError> {
        self.tell(Event::Refused { title, reason })
    }

    fn advance(&mut self, bytes: u64) -> ControlFlow<()> {
        self.read = self.read.saturating_add(bytes).min(self.of);
        (self.on)(Event::Progress { read: self.read, of: self.of })
    }

    fn tell(&mut self, event: Event) -> Result<(), ImportError> {
        match (self.on)(event) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ImportError::Stopped),
        }
    }
}

fn digest(key: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(key)[..16]);
    half
}

/// What is wrong with an object of no known format.
fn stranger(json: &[u8], element: Element) -> Refusal {
    if element.too_large {
        return Refusal::TooLarge;
    }
    match serde_json::from_slice::<IgnoredAny>(json) {
        Ok(_) => Refusal::WrongShape { place: element.place },
        Err(error) => refusal(Failed::Json(error), json, element.place),
    }
}

/// What went wrong, in words that repeat nothing of the conversation, and where in its file.
fn refusal(failed: Failed, json: &[u8], begin: Place) -> Refusal {
    let (error, place) = match failed {
        Failed::Refused(refusal) => return refusal,
        Failed::Part(error) => (error, begin),
        Failed::Json(error) => {
            let place = place_in(json, begin, error.line(), error.column());
            (error, place)
        }
    };
    let words = error.to_string();
    if words.starts_with(TOO_MANY) {
        Refusal::TooLarge
    } else if words.starts_with("recursion limit exceeded") {
        Refusal::TooDeep
    } else if error.is_data() {
        Refusal::WrongShape { place }
    } else {
        Refusal::NotJson { place }
    }
}

/// The place of a line and column (in bytes, both from 1) of JSON that begins at `begin`.
fn place_in(json: &[u8], begin: Place, line: usize, column: usize) -> Place {
    let before = line.saturating_sub(1);
    let start = match before {
        0 => 0,
        _ => memchr::memchr_iter(b'\n', json).nth(before - 1).map_or(0, |end| end + 1),
    };
    let byte = (start + column.saturating_sub(1)).min(json.len());
    Place { line: begin.line + before as u64, byte: begin.byte + byte as u64 }
}
