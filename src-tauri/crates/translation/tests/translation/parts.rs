//! The files of the corpus by name, and what a file is made of; the tests of the terminal program need both.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Every file of the corpus.
pub const NAMES: [&str; 11] = [
    "lease.docx",
    "report.docx",
    "report.odt",
    "slides.pptx",
    "slides.odp",
    "costs.xlsx",
    "costs.ods",
    "page.html",
    "readme.md",
    "film.srt",
    "letter.txt",
];

/// The parts of a file in their order: those of an archive, or all of it.
pub fn parts(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(data)) else {
        return vec![(String::new(), data.to_vec())];
    };
    let part = |index| {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    };
    (0..ZipArchive::new(Cursor::new(data)).unwrap().len()).map(part).collect()
}

/// How often each element stands in markup, but those that runs are made of: these are as many as
/// there are formats in a translation.
pub fn elements(data: &[u8]) -> BTreeMap<String, usize> {
    let text = String::from_utf8_lossy(data);
    let mut found = BTreeMap::new();
    let mut within_properties = false;
    for tag in text.split('<').skip(1) {
        let name = tag.split([' ', '>', '/', '\n']).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        match local {
            "rPr" => within_properties = !tag.contains("/>"),
            "" => within_properties &= !tag.contains(":rPr>") && !tag.starts_with("/rPr>"),
            // A space that is written as an element is a space in a translation.
            "r" | "t" | "s" => {}
            _ if within_properties => {}
            _ => *found.entry(name.to_owned()).or_default() += 1,
        }
    }
    found
}
