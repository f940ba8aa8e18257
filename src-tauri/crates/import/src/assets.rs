//! Files that lie in an export beside its conversations.

use std::collections::HashMap;

use conversation::PortableFile;

use crate::files::Files;
use crate::report::LeftOuts;
use crate::source::Source;

/// The list of the names that files had before ChatGPT named them after their ids.
const NAMES: &str = "conversation_asset_file_names.json";
/// The most bytes of that list.
const NAMES_LENGTH: usize = 32 << 20;

/// The files of an export, found by their ids.
pub(crate) struct Assets {
    source: Source,
    /// The name of each file without its folder, in order, and its place in the source.
    by_name: Vec<(String, usize)>,
    /// The name that each file had before, by the one it has.
    former: HashMap<String, String>,
}

impl Assets {
    pub(crate) fn new(mut source: Source) -> Self {
        let names = source.entries.iter().find(|entry| entry.base() == NAMES).cloned();
        let former = names.and_then(|entry| source.read_whole(&entry, NAMES_LENGTH).ok().flatten());
        let former = former.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        let named =
            |(place, entry): (usize, &crate::source::Entry)| (entry.base().to_owned(), place);
        let mut by_name: Vec<_> = source.entries.iter().enumerate().map(named).collect();
        by_name.sort();
        Self { source, by_name, former }
    }

    /// The file with this id, which its name begins with (`file-XXX.dat`, `file-XXX-name.png`,
    /// `file_XXX-sanitized.png`), under `name` or the one it had before.
    pub(crate) fn take(
        &mut self,
        id: &str,
        name: Option<&str>,
        files: &mut Files,
        left_out: &mut LeftOuts,
    ) -> Option<PortableFile> {
        let Some((base, place)) = self.find(id) else {
            left_out.missing_file(name.unwrap_or(id));
            return None;
        };
        let entry = self.source.entries[place].clone();
        let former = self.former.get(&base).map(String::as_str);
        let name = name.or(former).unwrap_or_else(|| own_name(&base, id));
        if !files.has_room(name, entry.size, left_out) {
            return None;
        }
        // An archive may hold more than it claims, or be damaged just there.
        match self.source.read_whole(&entry, crate::limits::FILE) {
            Ok(Some(data)) => files.take(name, data, left_out),
            _ => {
                left_out.missing_file(name);
                None
            }
        }
    }

    fn find(&self, id: &str) -> Option<(String, usize)> {
        if id.is_empty() {
            return None;
        }
        let first = self.by_name.partition_point(|(name, _)| name.as_str() < id);
        let begins = |(name, _): &&(String, usize)| name.starts_with(id);
        let whole = |(name, _): &&(String, usize)| {
            !name[id.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        };
        self.by_name[first..].iter().take_while(begins).find(whole).cloned()
    }
}

/// What a file was called before its id was put before its name.
fn own_name<'a>(base: &'a str, id: &str) -> &'a str {
    let rest = base[id.len()..].trim_start_matches(['-', '_']);
    if rest.is_empty() || rest.starts_with('.') || rest.starts_with("sanitized") {
        base
    } else {
        rest
    }
}
