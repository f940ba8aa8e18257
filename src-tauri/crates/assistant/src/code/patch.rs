//! Unified diffs as models write them (POSIX `diff -u`; the numbers of lines are often wrong):
//! applied where their context stands, and only where that is certain.

/// The change of one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunk {
    /// The line that it says it begins at, from 1.
    line: Option<usize>,
    before: Vec<String>,
    after: Vec<String>,
    /// As it is written.
    pub source: String,
}

/// The changes of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// The file that it changes; empty where it does not say.
    pub file: String,
    /// Its places.
    pub hunks: Vec<Hunk>,
}

/// Whether a text is a unified diff.
pub fn is_diff(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("@@"))
        && text.lines().any(|line| line.starts_with(['+', '-']))
}

/// The patches of a diff. A file that would be deleted is called `/dev/null`, as it stands there.
pub fn parse(text: &str) -> Vec<Patch> {
    let mut patches: Vec<Patch> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    // What Git says between the places of two files (modes, renames) is no line of either.
    let mut between = false;
    for (at, line) in lines.iter().copied().enumerate() {
        let begins = |next: usize, mark: &str| {
            lines.get(at + next).is_some_and(|line| line.starts_with(mark))
        };
        // A line that is taken away may begin with two dashes itself: no place follows it then.
        let old = begins(0, "--- ") && begins(1, "+++ ") && begins(2, "@@");
        if old || begins(0, "diff --git ") {
            between = true;
        } else if let Some(name) = line.strip_prefix("+++ ").filter(|_| begins(1, "@@")) {
            let file = name.split('\t').next().unwrap_or_default().trim().to_owned();
            patches.push(Patch { file, hunks: Vec::new() });
        } else if line.starts_with("@@") {
            between = false;
            if patches.is_empty() {
                patches.push(Patch::default());
            }
            let hunk =
                Hunk { line: begins_at(line), source: format!("{line}\n"), ..Hunk::default() };
            if let Some(patch) = patches.last_mut() {
                patch.hunks.push(hunk);
            }
        } else if let Some(hunk) = patches.last_mut().and_then(|patch| patch.hunks.last_mut())
            && !between
        {
            hunk.source.push_str(line);
            hunk.source.push('\n');
            match (line.chars().next(), line.get(1..)) {
                (Some('-'), Some(rest)) => hunk.before.push(rest.to_owned()),
                (Some('+'), Some(rest)) => hunk.after.push(rest.to_owned()),
                (Some('\\'), _) => {}
                // An empty line of context often loses its space.
                (Some(' '), Some(rest)) => hunk.both(rest),
                _ => hunk.both(line),
            }
        }
    }
    for hunk in patches.iter_mut().flat_map(|patch| &mut patch.hunks) {
        hunk.without_trailing_blank();
    }
    patches
}

fn begins_at(header: &str) -> Option<usize> {
    let rest = header.split('-').nth(1)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

impl Hunk {
    fn both(&mut self, line: &str) {
        self.before.push(line.to_owned());
        self.after.push(line.to_owned());
    }

    /// A blank line between a hunk and what follows it in the answer is no context.
    fn without_trailing_blank(&mut self) {
        while self.before.len() > 1
            && self.before.last().is_some_and(String::is_empty)
            && self.after.last().is_some_and(String::is_empty)
        {
            self.before.pop();
            self.after.pop();
        }
    }

    /// Where in the lines it belongs; `None` if its context stands nowhere, or in several places of
    /// which it names none.
    fn place(&self, lines: &[&str]) -> Option<usize> {
        if self.before.is_empty() {
            return lines.is_empty().then_some(0);
        }
        let same = |at: usize| {
            let there = lines.get(at..at + self.before.len());
            there.is_some_and(|there| there.iter().zip(&self.before).all(|(a, b)| *a == b))
        };
        if let Some(at) = self.line.map(|line| line.saturating_sub(1)).filter(|at| same(*at)) {
            return Some(at);
        }
        let mut places = (0..lines.len()).filter(|at| same(*at));
        places.next().filter(|_| places.next().is_none())
    }
}

impl Patch {
    /// The text with its places changed, and the places whose context does not stand in it.
    pub fn apply(&self, text: &str) -> (String, Vec<String>) {
        let mut lines: Vec<&str> = text.lines().collect();
        let mut failed = Vec::new();
        // How far lines have moved by what was changed above them.
        let mut moved = 0_isize;
        for hunk in &self.hunks {
            let here = hunk.line.map(|line| line.saturating_add_signed(moved));
            match (Hunk { line: here, ..hunk.clone() }).place(&lines) {
                Some(at) => {
                    let after: Vec<_> = hunk.after.iter().map(String::as_str).collect();
                    moved += after.len() as isize - hunk.before.len() as isize;
                    lines.splice(at..at + hunk.before.len(), after);
                }
                None => failed.push(hunk.source.clone()),
            }
        }
        let mut changed = lines.join("\n");
        if !changed.is_empty() && (text.is_empty() || text.ends_with('\n')) {
            changed.push('\n');
        }
        (changed, failed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::TextDiff;

    use super::*;

    #[test]
    fn wrong_numbers_are_put_right_where_the_context_stands_once() {
        let patches = parse("--- a/x\n+++ b/x\n@@ -90,3 +90,3 @@ fn\n a\n-b\n+B\n c\n");
        assert_eq!(patches[0].file, "b/x");
        assert_eq!(patches[0].apply("z\na\nb\nc\n"), ("z\na\nB\nc\n".into(), vec![]));
        let twice = patches[0].apply("a\nb\nc\na\nb\nc\n");
        assert_eq!((twice.0.as_str(), twice.1.len()), ("a\nb\nc\na\nb\nc\n", 1));
    }

    #[test]
    fn what_git_says_of_a_file_is_no_line_of_the_one_before() {
        let patches = parse(
            "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n\
             diff --git a/y b/z\nsimilarity index 90%\nrename from y\nrename to z\n--- a/y\n+++ b/z\n\
             @@ -1 +1 @@\n-1\n+2\n",
        );
        let files: Vec<_> = patches.iter().map(|patch| patch.file.as_str()).collect();
        assert_eq!(files, ["b/x", "b/z"]);
        assert_eq!(patches[0].apply("a\nb\n"), ("a\nB\n".into(), vec![]));
        assert_eq!(patches[1].apply("1\n"), ("2\n".into(), vec![]));
    }

    #[test]
    fn lines_that_look_like_the_head_of_a_file_are_lines() {
        let patches = parse("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- old\n+++ new\n end\n");
        assert_eq!(patches[0].apply("-- old\nend\n"), ("++ new\nend\n".into(), vec![]));
    }

    #[test]
    fn what_no_longer_matches_is_told_and_not_forced() {
        let patches = parse("@@ -1,2 +1,2 @@\n-old\n+new\n same\n@@ -9 +9 @@\n-gone\n+x\n");
        let (text, failed) = patches[0].apply("old\nsame\n");
        assert_eq!(text, "new\nsame\n");
        assert!(failed[0].contains("-gone") && failed.len() == 1);
    }

    proptest! {
        #[test]
        fn a_diff_of_two_texts_makes_one_of_the_other(
            before in "([a-d]\n){0,12}", after in "([a-d]\n){1,12}"
        ) {
            let diff = TextDiff::from_lines(&before, &after).unified_diff().header("a/x", "b/x").to_string();
            for patch in parse(&diff) {
                prop_assert_eq!(patch.apply(&before), (after.clone(), vec![]));
            }
        }

        #[test]
        fn any_text_is_taken(diff in "[-+@ a1,\n]{0,80}", text in "[a\n]{0,20}") {
            for patch in parse(&diff) {
                patch.apply(&text);
            }
        }
    }
}
