//! A folder of code as one text: its files with their names, without what is ignored.

use std::path::Path;

use conversation::{Failure, FailureCode, MAX_ATTACHMENT, disturbs};
use ignore::WalkBuilder;
use policy::Action;

use super::given::GivenFile;
use crate::Assistant;
use crate::attachment::{name_of, read_at_most};
use crate::context::tokens;
use crate::grounding::fence_around;

/// A file of more bytes is data, not code that a person writes.
const MAX_FILE: usize = 512 << 10;
/// More files than this are not one thing to ask about.
const MAX_FILES: usize = 2000;
/// Nor is a folder in which so much lies, whatever it is; all of it would have to be looked into.
const MAX_ENTRIES: usize = 20_000;

/// A folder, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderText {
    /// What it is called.
    pub name: String,
    /// Its files one after the other, each with its name and in a fence.
    pub text: String,
    /// The files, each by the name that stands before it.
    pub files: Vec<GivenFile>,
    /// Files that are left out: too large, no text, or none that may be sent.
    pub left_out: usize,
    /// How many tokens the text takes, about.
    pub tokens: u32,
}

impl Assistant {
    /// Reads a folder: every file of text that neither it nor a folder above it ignores
    /// (`.gitignore`, `.ignore`), that is not hidden, that lies in it itself (no link is followed),
    /// and that the organisation would let be sent by itself.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation lets no file be sent;
    /// [`FailureCode::NotFound`] where it cannot be read, [`FailureCode::EmptyFile`] where nothing in
    /// it is text, [`FailureCode::FileTooLarge`] where it holds more than can be sent.
    pub fn read_folder(&self, folder: &Path) -> Result<FolderText, Failure> {
        self.permit(Action::Attach)?;
        folder_text(folder, &|name, data| self.permit_file(name, data).is_ok())
    }
}

fn folder_text(
    folder: &Path,
    permits: &dyn Fn(&str, &[u8]) -> bool,
) -> Result<FolderText, Failure> {
    let unread = |error: std::io::Error| {
        let message = format!("{} cannot be read: {error}", folder.display());
        Failure::new(FailureCode::NotFound, message)
    };
    let root = std::fs::canonicalize(folder).map_err(unread)?;
    let name = name_of(&root);
    let name = if name.is_empty() { "folder".to_owned() } else { name };
    let mut read = FolderText {
        name: name.clone(),
        text: String::new(),
        files: Vec::new(),
        left_out: 0,
        tokens: 0,
    };
    let mut walk = WalkBuilder::new(&root);
    walk.follow_links(false).require_git(false).sort_by_file_path(Ord::cmp);
    let too_much = || {
        let message = format!("{name} holds more than can be sent at once; give a part of it");
        Failure::new(FailureCode::FileTooLarge, message)
    };
    for (at, entry) in walk.build().flatten().enumerate() {
        if at >= MAX_ENTRIES {
            return Err(too_much());
        }
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.into_path();
        let Ok(inner) = path.strip_prefix(&root) else { continue };
        let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
        let shown = format!("{}/{}", read.name, parts.join("/"));
        let data = read_at_most(&path, MAX_FILE).unwrap_or_default();
        let text = String::from_utf8(data)
            .ok()
            .filter(|text| !text.is_empty() && text.len() <= MAX_FILE && !text.contains('\0'))
            .filter(|text| permits(&shown, text.as_bytes()));
        let (Some(text), false) = (text, shown.chars().any(disturbs)) else {
            read.left_out += 1;
            continue;
        };
        let fence = fence_around(std::iter::once(text.as_str()));
        let code = text.trim_end_matches('\n');
        read.text.push_str(&format!("{shown}\n{fence}\n{code}\n{fence}\n\n"));
        read.files.push(GivenFile { name: shown, path });
        if read.files.len() > MAX_FILES || read.text.len() > MAX_ATTACHMENT {
            return Err(too_much());
        }
    }
    if read.files.is_empty() {
        let message = format!("{} holds no text that is not ignored", read.name);
        return Err(Failure::new(FailureCode::EmptyFile, message));
    }
    read.tokens = u32::try_from(tokens(read.text.len())).unwrap_or(u32::MAX);
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_hidden_linked_or_no_text_stays_out() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("src");
        let write = |name: &str, data: &[u8]| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, data).unwrap();
        };
        write(".gitignore", b"build/\n*.log\n");
        write("a.rs", b"fn a() {}\n");
        write("deep/b.md", b"```\nx\n```\n");
        write("build/out.rs", b"x");
        write("x.log", b"x");
        write(".env", b"SECRET=1");
        write("c.bin", &[0, 159, 1]);
        std::fs::write(place.path().join("outside.rs"), "secret").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../outside.rs", root.join("link.rs")).unwrap();
        let read = folder_text(&root, &|_, _| true).unwrap();
        let names: Vec<_> = read.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["src/a.rs", "src/deep/b.md"]);
        assert_eq!(read.left_out, 1);
        assert!(read.text.starts_with("src/a.rs\n```\nfn a() {}\n```\n"), "{}", read.text);
        assert!(read.text.contains("src/deep/b.md\n````\n```\nx\n```\n````"), "{}", read.text);
        assert!(!read.text.contains("secret") && !read.text.contains("SECRET"));
        assert!(read.tokens > 5);
        let empty = tempfile::tempdir().unwrap();
        let none = folder_text(empty.path(), &|_, _| true).unwrap_err();
        assert_eq!(none.code, FailureCode::EmptyFile);
        let read = folder_text(&root, &|name, _| !name.ends_with(".md")).unwrap();
        assert_eq!((read.files.len(), read.left_out), (1, 2));
        assert!(!read.text.contains("b.md"));
    }

    #[test]
    fn a_folder_is_not_looked_through_for_ever() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("a.rs"), "fn a() {}").unwrap();
        for at in 0..MAX_ENTRIES {
            std::fs::create_dir(place.path().join(at.to_string())).unwrap();
        }
        let failure = folder_text(place.path(), &|_, _| true).unwrap_err();
        assert_eq!(failure.code, FailureCode::FileTooLarge);
        std::fs::remove_dir(place.path().join("0")).unwrap();
        std::fs::remove_dir(place.path().join("1")).unwrap();
        assert_eq!(folder_text(place.path(), &|_, _| true).unwrap().files.len(), 1);
    }
}
