//! Where an export lies: in a file, in a folder that it was unpacked into, or in a zip archive.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use conversation::Timestamp;
use zip::ZipArchive;

use crate::{ImportError, limits};

/// What a zip archive begins with: the header of a file in it, or the end of an empty one.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// A file of an export.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its path within the export, with `/` between folders.
    pub(crate) name: String,
    /// Its length in bytes, unpacked, as the archive claims.
    pub(crate) size: u64,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    File(PathBuf),
    Archive(usize),
}

impl Entry {
    /// Its name without its folder.
    pub(crate) fn base(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// Whether its name ends like this, in small letters.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case(extension))
    }
}

/// The files of an export.
pub(crate) struct Source {
    /// In the order of their names.
    pub(crate) entries: Vec<Entry>,
    /// Whether there may be more files than the one that was named.
    pub(crate) several: bool,
    /// When the export was made, as far as the file system tells.
    pub(crate) made: Timestamp,
    archive: Option<ZipArchive<Metered>>,
}

impl Source {
    pub(crate) fn open(path: &Path) -> Result<Self, ImportError> {
        let about = fs::metadata(path).map_err(ImportError::Unreadable)?;
        let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let made = since.and_then(|since| i64::try_from(since.as_millis()).ok());
        let made = made.map_or_else(Timestamp::now, Timestamp::from_millis);
        if about.is_dir() {
            let mut entries = Vec::new();
            walk(path, &mut entries)?;
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            return Ok(Self { entries, several: true, made, archive: None });
        }
        let mut file = File::open(path).map_err(ImportError::Unreadable)?;
        let mut start = [0_u8; 4];
        let read = read_start(&mut file, &mut start).map_err(ImportError::Unreadable)?;
        if ZIP.contains(&&start[..read]) {
            let archive = open_archive(file)?;
            let mut entries = list(&archive)?;
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            return Ok(Self { entries, several: true, made, archive: Some(archive) });
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let entry = Entry {
            name: name.unwrap_or_default(),
            size: about.len(),
            at: At::File(path.to_owned()),
        };
        Ok(Self { entries: vec![entry], several: false, made, archive: None })
    }

    /// A reader of this entry's bytes; no more of them than the entry claims to have.
    pub(crate) fn read(&mut self, entry: &Entry) -> io::Result<Box<dyn Read + '_>> {
        match (&entry.at, &mut self.archive) {
            (At::File(path), _) => Ok(Box::new(File::open(path)?)),
            (At::Archive(index), Some(archive)) => {
                let file = archive.by_index(*index).map_err(io::Error::from)?;
                let size = file.size();
                Ok(Box::new(file.take(size)))
            }
            (At::Archive(_), None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// All bytes of this entry; none if there are more than `most`.
    pub(crate) fn read_whole(&mut self, entry: &Entry, most: usize) -> io::Result<Option<Vec<u8>>> {
        if entry.size > most as u64 {
            return Ok(None);
        }
        let mut data = Vec::new();
        self.read(entry)?.take(most as u64 + 1).read_to_end(&mut data)?;
        Ok((data.len() <= most).then_some(data))
    }
}

fn read_start(file: &mut File, start: &mut [u8; 4]) -> io::Result<usize> {
    let mut read = 0;
    while read < start.len() {
        match file.read(&mut start[read..])? {
            0 => break,
            more => read += more,
        }
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(read)
}

/// Whether something that lies in an export was put there by a system, not by the program.
fn is_litter(name: &str) -> bool {
    let mut parts = name.split('/');
    parts.any(|part| part == "__MACOSX" || (part.starts_with('.') && part.len() > 2))
}

/// The files below a folder. Links are not followed: they may lead in circles, or elsewhere.
fn walk(folder: &Path, entries: &mut Vec<Entry>) -> Result<(), ImportError> {
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for item in fs::read_dir(&folder).map_err(ImportError::Unreadable)? {
            let item = item.map_err(ImportError::Unreadable)?;
            let kind = item.file_type().map_err(ImportError::Unreadable)?;
            let name = format!("{prefix}{}", item.file_name().to_string_lossy());
            if is_litter(&name) {
                continue;
            }
            if kind.is_dir() {
                folders.push((item.path(), format!("{name}/")));
            } else if kind.is_file() {
                let size = item.metadata().map_err(ImportError::Unreadable)?.len();
                entries.push(Entry { name, size, at: At::File(item.path()) });
            }
            if entries.len() + folders.len() > limits::FOLDER {
                return Err(ImportError::TooManyFiles);
            }
        }
    }
    Ok(())
}

fn open_archive(file: File) -> Result<ZipArchive<Metered>, ImportError> {
    let left = Rc::new(Cell::new(limits::DIRECTORY));
    let archive = ZipArchive::new(Metered { file, left: Rc::clone(&left) }).map_err(|error| {
        if left.get() == 0 {
            ImportError::TooManyFiles
        } else {
            ImportError::DamagedArchive(error.into())
        }
    })?;
    left.set(u64::MAX);
    Ok(archive)
}

fn list(archive: &ZipArchive<Metered>) -> Result<Vec<Entry>, ImportError> {
    let mut entries = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index_data(index) else { continue };
        let Ok(name) = file.name() else { continue };
        let name = name.replace('\\', "/");
        if file.is_file() && !is_litter(&name) {
            entries.push(Entry { name, size: file.size(), at: At::Archive(index) });
        }
    }
    Ok(entries)
}

/// A file of which only so many bytes can be read while its list of files is: an archive can
/// claim to hold more files than there is memory for.
struct Metered {
    file: File,
    left: Rc<Cell<u64>>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left.get()).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too many files"));
        }
        let read = self.file.read(&mut buffer[..most])?;
        self.left.set(self.left.get().saturating_sub(read as u64));
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
