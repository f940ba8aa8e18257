//! Taking away what SQLite leaves of deleted rows.
//!
//! With `secure_delete` zeros are written over what is deleted. But where SQLite moves rows to
//! another page to balance a tree (`rebuildPage` of its `btree.c`), the page they leave keeps a
//! copy of them in its unused middle, and when they are deleted later it is from their new page
//! alone. So after something was erased, the unused middle of every page of every tree is filled
//! with zeros, through SQLite's own cache and log (<https://sqlite.org/dbpage.html>), which keeps
//! it whole and encrypted. The pages are laid out as <https://sqlite.org/fileformat2.html#b_tree_pages>
//! says.

use std::ops::Range;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::{HistoryError, connection};

/// The setting that is there between erasing and scrubbing, so that a crash is made up for.
pub(crate) const DUE: &str = "scrub";

/// A page of a tree.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    /// Between the list of cells and the first of them.
    unused: Range<usize>,
    /// The pages below it.
    children: Vec<u32>,
}

/// Fills what is unused of the pages of every tree with zeros, and empties the log.
pub(crate) fn scrub(connection: &mut Connection) -> Result<(), HistoryError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        // The schema itself holds nothing that was ever anyone's.
        let mut statement =
            transaction.prepare("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1")?;
        let roots = statement.query_map([], |row| row.get::<_, u32>(0))?;
        let mut pages = roots.collect::<Result<Vec<_>, _>>()?;
        let mut left: u32 = transaction.pragma_query_value(None, "page_count", |r| r.get(0))?;
        let mut read = transaction.prepare("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
        let mut write =
            transaction.prepare("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?;
        while let Some(number) = pages.pop() {
            let damaged = || HistoryError::Damaged(format!("page {number} is of no tree"));
            // Only a damaged tree has more pages than there are.
            left = left.checked_sub(1).ok_or_else(damaged)?;
            let scrubbed = read.query_row([number], |row| {
                let bytes = row.get_ref(0)?.as_blob()?;
                let page = Page::of(bytes);
                let scrubbed = page.as_ref().and_then(|page| page.scrubbed(bytes));
                pages.extend(page.iter().flat_map(|page| &page.children));
                Ok(page.is_some().then_some(scrubbed))
            })?;
            if let Some(scrubbed) = scrubbed.ok_or_else(damaged)? {
                write.execute(params![number, scrubbed])?;
            }
        }
    }
    transaction.execute("DELETE FROM setting WHERE name = ?1", [DUE])?;
    transaction.commit()?;
    connection::empty_log(connection)
}

impl Page {
    /// Reads any page but the first; none if it is not one of a tree.
    fn of(bytes: &[u8]) -> Option<Self> {
        const INTERIOR: [u8; 2] = [2, 5];
        const LEAF: [u8; 2] = [10, 13];
        let kind = *bytes.first()?;
        let is_interior = INTERIOR.contains(&kind);
        if !is_interior && !LEAF.contains(&kind) {
            return None;
        }
        let cells = usize::from(two(bytes, 3)?);
        let content = match two(bytes, 5)? {
            0 => 1 << 16,
            start => usize::from(start),
        };
        let list = if is_interior { 12 } else { 8 };
        let unused = list + 2 * cells..content;
        if unused.start > unused.end || unused.end > bytes.len() {
            return None;
        }
        let mut children = Vec::new();
        if is_interior {
            children.push(four(bytes, 8)?);
            for cell in 0..cells {
                children.push(four(bytes, usize::from(two(bytes, list + 2 * cell)?))?);
            }
        }
        Some(Self { unused, children })
    }

    /// The page with zeros where nothing is; none if there are.
    fn scrubbed(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if bytes[self.unused.clone()].iter().all(|byte| *byte == 0) {
            return None;
        }
        let mut scrubbed = bytes.to_vec();
        scrubbed[self.unused.clone()].fill(0);
        Some(scrubbed)
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_middle_of_a_page_is_unused() {
        let leaf = [13, 0, 0, 0, 1, 0, 12, 0, 0, 12, 7, 7, 1, 2, 3, 4];
        let page = Page::of(&leaf).unwrap();
        assert_eq!(page, Page { unused: 10..12, children: vec![] });
        let scrubbed = page.scrubbed(&leaf).unwrap();
        assert_eq!(scrubbed[8..], [0, 12, 0, 0, 1, 2, 3, 4]);
        assert_eq!(page.scrubbed(&scrubbed), None);
        let interior = [5, 0, 0, 0, 1, 0, 14, 0, 0, 0, 0, 9, 0, 14, 0, 0, 1, 0];
        assert_eq!(Page::of(&interior).unwrap(), Page { unused: 14..14, children: vec![9, 256] });
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(mut bytes in prop::collection::vec(any::<u8>(), 0..64), kind in 0_u8..16) {
            if let Some(first) = bytes.first_mut() {
                *first = kind;
            }
            if let Some(page) = Page::of(&bytes) {
                let length = page.scrubbed(&bytes).map(|scrubbed| scrubbed.len());
                prop_assert!(length.is_none_or(|length| length == bytes.len()));
            }
        }
    }
}
