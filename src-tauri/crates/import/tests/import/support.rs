//! What the tests share: exports on the disk, and what an import of them says.

use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use conversation::PortableConversation;
use import::{Event, Format, ImportError, LeftOut, Omission, Refusal, import};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// All that an import said.
#[derive(Debug, Default)]
pub struct Heard {
    pub found: Vec<(PortableConversation, Vec<LeftOut>)>,
    pub refused: Vec<(String, Refusal)>,
    pub progress: Vec<(u64, u64)>,
}

impl Heard {
    pub fn keys(&self) -> Vec<&str> {
        self.found.iter().map(|(conversation, _)| conversation.key.as_str()).collect()
    }
}

/// Imports what lies there; every conversation must be one that a history can hold.
pub fn hear(path: &Path) -> (Heard, Result<Format, ImportError>) {
    let mut heard = Heard::default();
    let outcome = import(path, &mut |event| {
        match event {
            Event::Found { conversation, left_out } => {
                conversation.check().unwrap();
                assert!(!conversation.messages.is_empty());
                heard.found.push((*conversation, left_out));
            }
            Event::Refused { title, reason } => heard.refused.push((title, reason)),
            Event::Progress { read, of } => {
                assert!(read <= of);
                heard.progress.push((read, of));
            }
        }
        ControlFlow::Continue(())
    });
    (heard, outcome)
}

/// The same, of a file with these bytes, under a name that says nothing.
pub fn hear_bytes(bytes: &[u8]) -> (Heard, Result<Format, ImportError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.bin");
    fs::write(&path, bytes).unwrap();
    hear(&path)
}

pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// A zip archive of these files.
pub fn zipped(files: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, data) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(data).unwrap();
    }
    zip.finish().unwrap();
    (folder, path)
}

/// A folder with these files.
pub fn unpacked(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, data) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }
    folder
}

/// What was left out, and how many times.
pub fn counted(left_out: &[LeftOut]) -> Vec<(Omission, u32)> {
    left_out.iter().map(|one| (one.what.clone(), one.count)).collect()
}
