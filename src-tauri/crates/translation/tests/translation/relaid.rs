//! Files whose paragraphs were laid anew look as they did: LibreOffice draws both.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;

/// The formats that have no pages.
const TEXTS: [&str; 3] = ["md", "srt", "txt"];

/// The pages of a document, as plain pictures without a date in them (PPM).
type Pages = Vec<Vec<u8>>;

fn extension(name: &str) -> &str {
    name.rsplit_once('.').unwrap().1
}

/// Draws every page of documents, each with the name whose ending says what it is. They are drawn in one
/// go: LibreOffice takes longer to begin than to draw.
fn drawn(folder: &Path, documents: &[(&str, Vec<u8>)]) -> Vec<Pages> {
    let run = |command: &mut Command| {
        let output = command.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let file = |(place, (name, data)): (usize, &(&str, Vec<u8>))| {
        let file = Path::new(&place.to_string()).with_extension(extension(name));
        std::fs::write(folder.join(&file), data).unwrap();
        file
    };
    let files: Vec<_> = documents.iter().enumerate().map(file).collect();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let to_pdf = ["--headless", "--convert-to", "pdf"];
    run(Command::new("soffice").arg(profile).args(to_pdf).args(&files));
    let pages = |file: &PathBuf| {
        let pictures = folder.join(file.with_extension("pages"));
        std::fs::create_dir(&pictures).unwrap();
        let to_pictures = ["-r", "50"];
        let pdf = file.with_extension("pdf");
        run(Command::new("pdftoppm").args(to_pictures).arg(pdf).arg(pictures.join("page")));
        let entries = std::fs::read_dir(pictures).unwrap();
        let mut pictures: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        pictures.sort();
        pictures.iter().map(|picture| std::fs::read(picture).unwrap()).collect()
    };
    files.iter().map(pages).collect()
}

/// Whether pictures are the same but for one in ten thousand of their points. A point is another when it
/// is lighter or darker by a third: letters that stood in two runs are kerned in one, which moves the rest
/// of their line by a tenth of a point of the picture, and some edges are a shade lighter.
fn looks_like(one: &Pages, other: &Pages) -> bool {
    let other_point = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 85);
    let different = |(one, other): (&Vec<u8>, &Vec<u8>)| {
        let points = one.chunks(3).zip(other.chunks(3));
        one.len() != other.len()
            || points.filter(|pair| other_point(*pair)).count() * 30_000 > one.len()
    };
    one.len() == other.len() && !one.iter().zip(other).any(different)
}

#[test]
fn a_document_that_was_laid_anew_looks_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let names = files::NAMES.into_iter().filter(|name| !TEXTS.contains(&extension(name)));
    let names: Vec<_> = names.collect();
    let versions = |name: &&'static str| {
        let before = files::read(name);
        let changed = files::translated(name, &before, |text| format!("{text} zz"));
        let back =
            files::translated(name, &changed, |text| text.strip_suffix(" zz").unwrap().to_owned());
        [(*name, before), (*name, changed), (*name, back)]
    };
    let documents: Vec<_> = names.iter().flat_map(versions).collect();
    let drawn = drawn(folder.path(), &documents);
    for (name, versions) in names.iter().zip(drawn.chunks(3)) {
        let [before, changed, back] = versions else { panic!("three versions of {name}") };
        assert!(!before.is_empty(), "{name}");
        // What is compared shows the texts.
        assert!(!looks_like(before, changed), "{name}");
        assert!(looks_like(before, back), "{name} looks different");
    }
}
