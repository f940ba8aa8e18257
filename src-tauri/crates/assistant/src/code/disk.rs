//! Files that are changed: read and replaced only while each is the one that it was.

use std::io::Write;
use std::path::Path;

use conversation::{Failure, FailureCode};

use crate::attachment::read_at_most;

/// The most bytes of a file that is changed.
const MAX_FILE: usize = 4 << 20;

/// The bytes of a file that is one, and no link, neither itself nor a folder above it.
pub fn read(path: &Path) -> Option<Vec<u8>> {
    let straight = std::fs::canonicalize(path).ok()? == path;
    let file = std::fs::symlink_metadata(path).ok()?.is_file();
    let data = read_at_most(path, MAX_FILE).ok()?;
    (straight && file && data.len() <= MAX_FILE).then_some(data)
}

/// Puts a new file in the place of one that holds `before`, with its permissions. What replaces it is
/// a file beside it that is renamed: no link is followed, and nobody ever sees half of it.
pub fn write(path: &Path, before: &[u8], data: &[u8]) -> Result<(), Failure> {
    let refused = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Failure::new(FailureCode::Storage, message)
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let straight = std::fs::canonicalize(folder).map_err(refused)? == folder;
    let metadata = std::fs::symlink_metadata(path).map_err(refused)?;
    if !straight || !metadata.is_file() {
        return Err(refused(std::io::Error::other("it has become a link")));
    }
    if metadata.permissions().readonly() {
        return Err(refused(std::io::ErrorKind::PermissionDenied.into()));
    }
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
    file.write_all(data).map_err(refused)?;
    keep_owner(file.as_file(), &metadata).map_err(refused)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(refused)?;
    file.as_file().sync_all().map_err(refused)?;
    // As late as it can be: whoever saves it meanwhile, in an editor or another window, is not
    // written over.
    if read(path).as_deref() != Some(before) {
        let message = format!("{} was changed since; it is left as it is", path.display());
        return Err(Failure::new(FailureCode::Invalid, message));
    }
    file.persist(path).map_err(|error| refused(error.error))?;
    Ok(())
}

/// Gives what takes a file's place its owner and group: those who share a folder keep their access. A
/// file of several names would be that of one of them alone.
#[cfg(unix)]
fn keep_owner(file: &std::fs::File, of: &std::fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};

    if of.nlink() > 1 {
        return Err(std::io::Error::other("it has several names (hard links)"));
    }
    fchown(file, Some(of.uid()), Some(of.gid()))
}

/// Elsewhere a file takes them from its folder.
#[cfg(not(unix))]
fn keep_owner(_: &std::fs::File, _: &std::fs::Metadata) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    /// A file in a folder of its own, which goes with the first.
    fn file(text: &str) -> (TempDir, PathBuf, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let folder = std::fs::canonicalize(place.path()).unwrap();
        let path = folder.join("a.rs");
        std::fs::write(&path, text).unwrap();
        (place, folder, path)
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_two_names_is_left_as_it_is() {
        let (_place, folder, path) = file("seen\n");
        std::fs::hard_link(&path, folder.join("b.rs")).unwrap();
        assert_eq!(write(&path, b"seen\n", b"x").unwrap_err().code, FailureCode::Storage);
        assert_eq!(read(&path).unwrap(), b"seen\n");
    }

    #[test]
    fn a_file_that_holds_something_else_by_now_is_not_written_over() {
        let (_place, folder, path) = file("saved meanwhile\n");
        assert_eq!(write(&path, b"seen\n", b"x").unwrap_err().code, FailureCode::Invalid);
        assert_eq!(read(&path).unwrap(), b"saved meanwhile\n");
        let left = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(left, 1, "nothing of it is left beside the file");
    }
}
