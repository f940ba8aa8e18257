//! The files of the corpus, and what is in them.

use std::io::Cursor;
use std::path::PathBuf;

use translation::Document;

pub use crate::parts::{NAMES, elements, parts};

/// A file of the corpus.
pub fn read(name: &str) -> Vec<u8> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name);
    std::fs::read(file).unwrap()
}

/// A document.
pub fn open(name: &str, data: &[u8]) -> Document {
    Document::read(name, data.to_vec()).unwrap()
}

/// The lines that a model is told.
pub fn told(name: &str, data: &[u8]) -> Vec<String> {
    open(name, data).segments().iter().map(|segment| segment.source().to_owned()).collect()
}

/// A file with every text as this makes it.
pub fn translated(name: &str, data: &[u8], with: impl Fn(&str) -> String) -> Vec<u8> {
    let document = open(name, data);
    let answers: Vec<_> = document.segments().iter().map(|s| Some(with(s.source()))).collect();
    document.write(&answers).unwrap()
}

/// An archive with other content in one of its parts.
pub fn with_part(data: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (part, old) in parts(data) {
        let options = zip::write::SimpleFileOptions::default();
        out.start_file(&part, options).unwrap();
        let content = if part == name { content } else { &old };
        std::io::Write::write_all(&mut out, content).unwrap();
    }
    out.finish().unwrap().into_inner()
}
