//! `config.toml` changed by the program: values in place, so that comments, order and what it
//! does not know of stay; the file whole or as it was, whatever happens meanwhile.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use tempfile::NamedTempFile;
use toml_edit::{DocumentMut, Item, Table};

use crate::config::{Config, ConfigError, placed};

/// Changes the file. One that does not parse is left alone, and so is one that would not parse
/// afterwards.
pub(crate) fn change(
    file: &Path,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), ConfigError>,
) -> Result<(), ConfigError> {
    let unwritable = |source| ConfigError::Unwritable { file: file.to_owned(), source };
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritable)?;
    // Two programs that change the file take turns.
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(folder.join("config.lock"))
        .map_err(unwritable)?;
    lock.lock().map_err(unwritable)?;

    let text = Config::text(file)?.unwrap_or_default();
    Config::parse(file, &text)?;
    let malformed = |error: toml_edit::TomlError| ConfigError::Malformed {
        file: file.to_owned(),
        problem: placed(error.message(), error.span(), &text),
    };
    let mut document: DocumentMut = text.parse().map_err(malformed)?;
    change(&mut document)?;
    let changed = document.to_string();
    Config::parse(file, &changed)?;
    if changed == text {
        return Ok(());
    }
    write(file, &changed).map_err(unwritable)
}

/// Puts the text in place of the file's. A link stays one, and a file keeps its permissions; one
/// that must not be written is left alone, although its folder would let it be replaced.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let existing = file.try_exists()?.then(|| file.canonicalize()).transpose()?;
    let file = existing.as_deref().unwrap_or(file);
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut temporary = NamedTempFile::new_in(folder)?;
    if existing.is_some() {
        let permissions = OpenOptions::new().write(true).open(file)?.metadata()?.permissions();
        if permissions.readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    // Makes the rename itself survive a loss of power. Windows has no such call and needs none.
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Puts every member of `value` that differs from `before` under the table at `path`. A member that
/// is none is taken away; what else stands in the table stays.
pub(crate) fn put<T: Serialize>(
    document: &mut DocumentMut,
    path: &[&str],
    before: Option<&T>,
    value: &T,
) -> Result<(), ConfigError> {
    let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let (before, now) = (before.map(json).unwrap_or_default(), json(value));
    let members = toml_edit::ser::to_document(value).map_err(ConfigError::Unserialisable)?;
    let table = table(document.as_table_mut(), path)?;
    let all = now.as_object().into_iter().flatten();
    for (name, _) in all.filter(|(name, value)| before.get(name) != Some(value)) {
        match members.get(name) {
            None => {
                table.remove(name);
            }
            // What is as it was keeps its comment.
            Some(new) if table.get(name).is_some_and(|old| same(old, new)) => {}
            Some(new) => {
                let decor = table.get(name).and_then(Item::as_value).map(|v| v.decor().clone());
                table.insert(name, new.clone());
                if let (Some(decor), Some(value)) =
                    (decor, table.get_mut(name).and_then(Item::as_value_mut))
                {
                    *value.decor_mut() = decor;
                }
            }
        }
    }
    Ok(())
}

/// Gives a table within the table `parent` another name; what stands in it stays.
pub(crate) fn rename(document: &mut DocumentMut, parent: &str, from: &str, to: &str) {
    if let Some(parent) = document.get_mut(parent).and_then(Item::as_table_like_mut)
        && let Some(item) = parent.remove(from)
    {
        parent.insert(to, item);
    }
}

/// Takes a table within the table `parent` away.
pub(crate) fn remove(document: &mut DocumentMut, parent: &str, name: &str) {
    if let Some(parent) = document.get_mut(parent).and_then(Item::as_table_like_mut) {
        parent.remove(name);
    }
}

fn same(old: &Item, new: &Item) -> bool {
    old.to_string().trim() == new.to_string().trim()
}

/// The table at `path`, made where it is missing.
fn table<'a>(mut table: &'a mut Table, path: &[&str]) -> Result<&'a mut Table, ConfigError> {
    for (depth, name) in path.iter().enumerate() {
        let item = table.entry(name).or_insert_with(|| {
            let mut table = Table::new();
            // `[endpoints]` alone says nothing: only its tables are written.
            table.set_implicit(depth + 1 < path.len());
            Item::Table(table)
        });
        if item.is_inline_table() {
            // It has no room for tables of their own.
            *item = std::mem::take(item).into_table().map_or_else(|item| item, Item::Table);
        }
        table = item.as_table_mut().ok_or_else(|| ConfigError::NotATable((*name).to_owned()))?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, Theme};

    const WRITTEN: &str = "\
# Set by the service desk.
[settings]
theme = \"dark\" # easier on the eyes
model = \"m\"

[endpoints.work]
address = \"https://llm.example/v1\"
ca_certificates = [\"/etc/ca.pem\"] # ours
";

    fn changed(text: &str, settings: &Settings) -> Result<String, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        if !text.is_empty() {
            fs::write(&file, text).unwrap();
        }
        let result = change(&file, |document| put(document, &["settings"], None, settings));
        let now = fs::read_to_string(&file).unwrap_or_default();
        if result.is_err() {
            assert_eq!(now, text, "a change that fails changes nothing");
        }
        result.map(|()| now)
    }

    #[test]
    fn what_is_not_changed_stays_as_it_was_written() {
        let settings = Settings { theme: Theme::Light, text_size: 120, ..Settings::default() };
        let now = changed(WRITTEN, &settings).unwrap();
        assert!(now.contains("theme = \"light\" # easier on the eyes\n"), "{now}");
        assert!(now.contains("text_size = 120") && !now.contains("model ="), "{now}");
        let (_, rest) = WRITTEN.split_once("[endpoints").unwrap();
        assert!(now.starts_with("# Set by the service desk.\n") && now.ends_with(rest), "{now}");
        let read = Config::parse(Path::new("x"), &now).unwrap();
        assert_eq!(read.settings, settings);
    }

    #[test]
    fn a_file_that_does_not_parse_is_left_alone() {
        for broken in ["[settings", "[settings]\ntheme = \"mauve\"\n", "colour = 1\n"] {
            assert!(changed(broken, &Settings::default()).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_file_that_must_not_be_written_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        fs::write(&file, WRITTEN).unwrap();
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&file, permissions).unwrap();
        let settings = Settings::default();
        let refused = change(&file, |document| put(document, &["settings"], None, &settings));
        assert!(matches!(refused, Err(ConfigError::Unwritable { .. })));
        assert_eq!(fs::read_to_string(&file).unwrap(), WRITTEN);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_a_file_keeps_its_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, own) = (folder.path().join("config.toml"), folder.path().join("own"));
        fs::create_dir(&own).unwrap();
        let target = own.join("bureau.toml");
        fs::write(&target, WRITTEN).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &file).unwrap();
        let settings = Settings::default();
        change(&file, |document| put(document, &["settings"], None, &settings)).unwrap();
        assert!(file.is_symlink());
        assert_ne!(fs::read_to_string(&target).unwrap(), WRITTEN);
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_file_is_made_where_there_is_none() {
        let settings = Settings { model: Some("m".to_owned()), ..Settings::default() };
        let now = changed("", &settings).unwrap();
        assert_eq!(Config::parse(Path::new("x"), &now).unwrap().settings, settings);
    }
}
