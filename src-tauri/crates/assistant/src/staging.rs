//! Files that were chosen, dropped or pasted, and wait for their question. The page never names a
//! path: it gets an id, and sends that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use conversation::{Attachment, AttachmentId, Failure, FailureCode, plain_file_name};
use documents::Document;
use policy::Action;
use serde::{Deserialize, Serialize};

use crate::attachment::name_of;
use crate::code::GivenFile;
use crate::context::tokens;
use crate::reading::read_whole;
use crate::{Assistant, AttachedFile, DocumentInfo};

/// Files that may wait at once, and their bytes together.
const MAX_FILES: usize = 50;
const MAX_BYTES: usize = 512 << 20;

/// A waiting file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct StagedFile {
    /// What it is sent by.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u32,
    /// What is to be known of it, where it is a document.
    pub document: Option<DocumentInfo>,
    /// Whether it opens with a password, which [`Assistant::unlock_staged`] takes.
    pub locked: bool,
    /// How many files it holds, where it is a folder of code.
    pub files: Option<u32>,
    /// How many tokens its text takes, about; none where it is sent in parts, or not as text.
    pub tokens: Option<u32>,
    /// Whether it can be translated with its layout kept.
    pub translatable: bool,
}

/// A file, and the window in which it waits.
struct Waiting {
    window: String,
    file: Staged,
    /// Where it lies, with the files of it where it is a folder.
    given: Vec<GivenFile>,
    /// How many files it holds, where it is a folder.
    files: Option<u32>,
}

enum Staged {
    /// A file, and what it was read of where that can be translated with its layout kept.
    Ready(AttachedFile, Option<Vec<u8>>),
    /// A file that opens with a password.
    Locked {
        name: String,
        data: Vec<u8>,
        /// Where it was read, where that is a file on the disk.
        from: Option<PathBuf>,
    },
}

impl Staged {
    fn size(&self) -> usize {
        match self {
            Self::Ready(file, original) => {
                let held = [file.original.as_ref(), original.as_ref()];
                file.data.len() + held.into_iter().flatten().map(Vec::len).sum::<usize>()
            }
            Self::Locked { data, .. } => data.len(),
        }
    }

    fn told(&self, id: AttachmentId) -> StagedFile {
        let size = |data: &[u8]| u32::try_from(data.len()).unwrap_or(u32::MAX);
        match self {
            Self::Ready(AttachedFile { name, media_type, data, .. }, original) => StagedFile {
                id,
                name: name.clone(),
                media_type: media_type.clone(),
                size: size(data),
                document: document_of(media_type, data),
                locked: false,
                files: None,
                tokens: tokens_of(media_type, data),
                translatable: original.is_some(),
            },
            Self::Locked { name, data, .. } => StagedFile {
                id,
                name: name.clone(),
                media_type: documents::MEDIA_TYPE.to_owned(),
                size: size(data),
                document: None,
                locked: true,
                files: None,
                tokens: None,
                translatable: false,
            },
        }
    }
}

fn document_of(media_type: &str, data: &[u8]) -> Option<DocumentInfo> {
    let text = std::str::from_utf8(data).ok().filter(|_| media_type == documents::MEDIA_TYPE)?;
    Document::from_stored(text).ok().map(|document| DocumentInfo::of(&document))
}

/// What is sent as text, and whole, tells how long it is.
fn tokens_of(media_type: &str, data: &[u8]) -> Option<u32> {
    let whole = media_type.starts_with("text/") && media_type != documents::MEDIA_TYPE;
    whole.then(|| u32::try_from(tokens(data.len())).unwrap_or(u32::MAX))
}

/// The waiting files of all windows.
#[derive(Default)]
pub(crate) struct Staging(Mutex<BTreeMap<AttachmentId, Waiting>>);

impl Assistant {
    /// Lets a file wait in a window for its question. It blocks while a document is read.
    ///
    /// # Errors
    /// As [`attach`](Self::attach), but that a file with a password waits for it; and
    /// [`FailureCode::Invalid`] where too many, or too large ones, wait already.
    pub fn stage(&self, window: &str, name: &str, data: Vec<u8>) -> Result<StagedFile, Failure> {
        self.stage_from(window, name, data, None)
    }

    fn stage_from(
        &self,
        window: &str,
        name: &str,
        data: Vec<u8>,
        from: Option<&Path>,
    ) -> Result<StagedFile, Failure> {
        let file = match self.attach(name, &data, None) {
            Ok(file) => {
                let file = noted(file, from, &data);
                let original = translation::is_translatable(name, &data).then_some(data);
                Staged::Ready(file, original)
            }
            Err(failure) if failure.code == FailureCode::PasswordNeeded => {
                let from = from.map(Path::to_owned);
                Staged::Locked { name: plain_file_name(name), data, from }
            }
            Err(failure) => return Err(failure),
        };
        let window = window.to_owned();
        let given = from.and_then(GivenFile::single).into_iter().collect();
        self.wait(AttachmentId::new(), Waiting { window, file, given, files: None })
    }

    /// As [`stage`](Self::stage), for a file that was pasted.
    ///
    /// # Errors
    /// As [`stage`](Self::stage), and [`FailureCode::Forbidden`] where the organisation lets
    /// nothing be pasted.
    pub fn stage_pasted(
        &self,
        window: &str,
        name: &str,
        data: Vec<u8>,
    ) -> Result<StagedFile, Failure> {
        self.permit(Action::Paste)?;
        self.stage(window, name, data)
    }

    /// As [`stage`](Self::stage), for a file on the disk, or a folder of code
    /// ([`read_folder`](Self::read_folder)). An answer may propose to change what was given so.
    ///
    /// # Errors
    /// As [`stage`](Self::stage), and [`FailureCode::NotFound`] where there is no such file.
    pub fn stage_file(&self, window: &str, file: &Path) -> Result<StagedFile, Failure> {
        if file.is_dir() {
            let folder = self.read_folder(file)?;
            let files = u32::try_from(folder.files.len()).ok();
            let (name, text) = (format!("{}.txt", folder.name), folder.text.into_bytes());
            self.permit_file(&name, &text)?;
            let file = Staged::Ready(AttachedFile::new(&name, text)?, None);
            let window = window.to_owned();
            let waiting = Waiting { window, file, given: folder.files, files };
            return self.wait(AttachmentId::new(), waiting);
        }
        self.stage_from(window, &name_of(file), read_whole(file)?, Some(file))
    }

    /// Reads a waiting file that opens with a password.
    ///
    /// # Errors
    /// [`FailureCode::WrongPassword`], and the file waits on; [`FailureCode::NotFound`] where no
    /// such file waits.
    pub fn unlock_staged(&self, id: AttachmentId, password: &str) -> Result<StagedFile, Failure> {
        let locked = {
            let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
            files.get(&id).and_then(|waiting| match &waiting.file {
                Staged::Locked { name, data, from } => {
                    Some((waiting.window.clone(), name.clone(), data.clone(), from.clone()))
                }
                Staged::Ready(..) => None,
            })
        };
        let (window, name, data, from) = locked.ok_or_else(gone)?;
        let file = self.attach(&name, &data, Some(password))?;
        self.unstage(id);
        let file = Staged::Ready(noted(file, from.as_deref(), &data), None);
        self.wait(id, Waiting { window, file, given: Vec::new(), files: None })
    }

    fn wait(&self, id: AttachmentId, waiting: Waiting) -> Result<StagedFile, Failure> {
        let mut files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: usize = files.values().map(|waiting| waiting.file.size()).sum();
        if files.len() >= MAX_FILES || bytes + waiting.file.size() > MAX_BYTES {
            let message = "too many files wait to be sent; send or remove some first";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let told = StagedFile { files: waiting.files, ..waiting.file.told(id) };
        files.insert(id, waiting);
        Ok(told)
    }

    /// Forgets a waiting file.
    pub fn unstage(&self, id: AttachmentId) {
        self.staging.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Forgets every file that waits in a window, which was closed or loaded anew: nobody could
    /// send or remove them any more.
    pub fn unstage_all(&self, window: &str) {
        let mut files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, waiting| waiting.window != window);
    }

    /// Forgets every file that waits; says how many did.
    pub(crate) fn unstage_everything(&self) -> usize {
        let mut files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *files).len()
    }

    /// The waiting files with these ids, each once; they stay until they are
    /// [unstaged](Self::unstage).
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] where one does not wait any more.
    pub fn staged(&self, ids: &[AttachmentId]) -> Result<Vec<AttachedFile>, Failure> {
        // One file named over and over would take the memory of as many.
        let mut seen = BTreeSet::new();
        let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = |id| match files.get(id).map(|waiting| &waiting.file) {
            Some(Staged::Ready(file, _)) => Ok(file.clone()),
            Some(Staged::Locked { name, .. }) => {
                let message = format!("{name} opens with a password, which is needed first");
                Err(Failure::new(FailureCode::PasswordNeeded, message))
            }
            None => Err(gone()),
        };
        ids.iter().filter(|id| seen.insert(**id)).map(file).collect()
    }

    /// What is to be known of those of these files that wait, and have been read.
    pub(crate) fn staged_described(&self, ids: &[AttachmentId]) -> Vec<Attachment> {
        let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        let described = |&id| match &files.get(&id)?.file {
            Staged::Ready(file, _) => Some(Attachment {
                id,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: u32::try_from(file.data.len()).unwrap_or(u32::MAX),
            }),
            Staged::Locked { .. } => None,
        };
        ids.iter().filter_map(described).collect()
    }

    /// Where the waiting files with these ids lie, for [`Question::given`](crate::Question::given).
    pub fn staged_places(&self, ids: &[AttachmentId]) -> Vec<GivenFile> {
        let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter_map(|id| files.get(id)).flat_map(|file| file.given.clone()).collect()
    }

    /// What a waiting file says, which is what a model would be sent of it. It blocks.
    ///
    /// # Errors
    /// As [`staged`](Self::staged), and [`FailureCode::UnsupportedFile`] for one without a text.
    pub fn staged_text(&self, id: AttachmentId) -> Result<String, Failure> {
        self.permit(Action::Attach)?;
        let file = self.staged(&[id])?.pop().ok_or_else(gone)?;
        let text = file.media_type.starts_with("text/").then(|| String::from_utf8(file.data));
        let Some(Ok(text)) = text else {
            let message = format!("there is no text in {}", file.name);
            return Err(Failure::new(FailureCode::UnsupportedFile, message));
        };
        let kept = file.media_type == documents::MEDIA_TYPE;
        let document = if kept { Document::from_stored(&text).ok() } else { None };
        Ok(document.map_or(text, |document| document.text()))
    }

    /// A waiting file as a document to translate, and its name. It blocks while it is read.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation lets no file be sent,
    /// [`FailureCode::NotFound`] where it does not wait any more, or cannot be translated; else as
    /// [`translatable`](Self::translatable).
    pub fn translatable_staged(
        &self,
        id: AttachmentId,
    ) -> Result<(String, Arc<translation::Document>), Failure> {
        self.permit(Action::Attach)?;
        let (name, data) = {
            let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
            match files.get(&id).map(|waiting| &waiting.file) {
                Some(Staged::Ready(file, Some(data))) => (file.name.clone(), data.clone()),
                _ => return Err(gone()),
            }
        };
        let document = self.translatable(&name, data)?;
        Ok((name, document))
    }
}

/// The file, with where it was read.
fn noted(file: AttachedFile, from: Option<&Path>, data: &[u8]) -> AttachedFile {
    match from {
        Some(from) => file.read_from(from, data),
        None => file,
    }
}

fn gone() -> Failure {
    Failure::new(FailureCode::NotFound, "a file is not there any more; add it again")
}
