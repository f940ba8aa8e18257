//! Files whose paragraphs were laid anew look as they did: LibreOffice draws both.

use std::path::Path;
use std::process::Command;

use crate::files;

/// Draws every page of a document, as plain pictures without a date in them (PPM).
fn pages(folder: &Path, name: &str, data: &[u8]) -> Vec<Vec<u8>> {
    std::fs::write(folder.join(name), data).unwrap();
    let run = |command: &mut Command| {
        let output = command.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let to_pdf = ["--headless", "--convert-to", "pdf", name];
    run(Command::new("soffice").arg(profile).args(to_pdf));
    let pdf = Path::new(name).with_extension("pdf");
    run(Command::new("pdftoppm").args(["-r", "50"]).arg(&pdf).arg(name));
    let mut pictures: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ppm"))
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(name))
        .collect();
    pictures.sort();
    pictures.iter().map(|picture| std::fs::read(picture).unwrap()).collect()
}

/// Whether pictures are the same but for one in ten thousand of their points. A point is another when it
/// is lighter or darker by a third: letters that stood in two runs are kerned in one, which moves the rest
/// of their line by a tenth of a point of the picture, and some edges are a shade lighter.
fn looks_like(one: &[Vec<u8>], other: &[Vec<u8>]) -> bool {
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
    for name in ["lease.docx", "report.odt"] {
        let data = files::read(name);
        let changed = files::translated(name, &data, |text| format!("{text} zz"));
        let back =
            files::translated(name, &changed, |text| text.strip_suffix(" zz").unwrap().to_owned());
        let before = pages(folder.path(), &format!("before-{name}"), &data);
        let after = pages(folder.path(), &format!("after-{name}"), &back);
        assert!(!before.is_empty(), "{name}");
        assert!(looks_like(&before, &after), "{name} looks different");
        if name == "lease.docx" {
            // What is compared shows the texts.
            let other = pages(folder.path(), &format!("changed-{name}"), &changed);
            assert!(!looks_like(&before, &other), "{name}");
        }
    }
}
