//! Whatever is done to a log is found, and the record is named.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{CheckpointKey, Event, Log, Rules, SyncRule, Who};

struct Written {
    folder: TempDir,
    key: CheckpointKey,
}

/// A log of so many events in files of a few records, with checkpoints among them.
fn log(events: usize) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let who = Who { host: "h".into(), account: "é".into(), program: "bureau 1".into() };
    let rules = Rules { sync: SyncRule::System, ..Rules::default() };
    let log = Log::new(folder.path().to_owned(), who, &rules).with_file_bytes(1500);
    let key = CheckpointKey::generate().unwrap();
    log.set_key(Some(key.clone()));
    for number in 0..events {
        log.append(Event::new(Action::MessageSend).with("n", number)).unwrap();
        if number % 3 == 2 {
            log.checkpoint().unwrap();
        }
    }
    log.checkpoint().unwrap();
    Written { folder, key }
}

impl Written {
    fn verify(&self) -> Verification {
        verify(self.folder.path(), &[self.key.public()], &[]).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let segments = segments(self.folder.path()).unwrap();
        segments.into_iter().map(|segment| segment.path).collect()
    }
}

/// The lines of all files, each with its file.
fn lines(files: &[PathBuf]) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let text = fs::read_to_string(file).unwrap();
        lines.extend(text.lines().map(|line| (index, line.to_owned())));
    }
    lines
}

fn put(files: &[PathBuf], lines: &[(usize, String)]) {
    for (index, file) in files.iter().enumerate() {
        let own = lines.iter().filter(|(of, _)| *of == index).map(|(_, line)| format!("{line}\n"));
        fs::write(file, own.collect::<String>()).unwrap();
    }
}

fn number_of(line: &str) -> u64 {
    serde_json::from_str::<serde_json::Value>(line).unwrap()["sequence"].as_u64().unwrap()
}

#[test]
fn what_was_written_is_well() {
    let written = log(9);
    let found = written.verify();
    assert_eq!(found.problems, []);
    assert!(written.files().len() > 2, "the log has to span several files");
    assert_eq!((found.first, found.last, found.signed), (1, found.records, found.last));
    assert_eq!(found.checkpoints, 3);
}

#[test]
fn every_bit_that_flips_is_found_and_the_record_is_named() {
    let written = log(3);
    let mut files = written.files();
    files.push(written.folder.path().join(HEAD_FILE));
    for file in files {
        let whole = fs::read(&file).unwrap();
        let is_head = file.ends_with(HEAD_FILE);
        let mut sequence = 0;
        for place in 0..whole.len() {
            if !is_head && (place == 0 || whole[place - 1] == b'\n') {
                let line = whole[place..].split(|b| *b == b'\n').next().unwrap();
                sequence = number_of(std::str::from_utf8(line).unwrap());
            }
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[place] ^= 1 << bit;
                fs::write(&file, &flipped).unwrap();
                let found = written.verify();
                assert!(!found.is_well(), "{}, byte {place}, bit {bit}", file.display());
                let named = found.problems.iter().any(|problem| problem.sequence == sequence);
                assert!(is_head || named, "{place}: {sequence}: {:?}", found.problems);
            }
        }
        fs::write(&file, &whole).unwrap();
    }
    assert!(written.verify().is_well());
}

#[test]
fn a_log_that_is_cut_off_anywhere_is_found() {
    let written = log(4);
    let files = written.files();
    let last = files.last().unwrap();
    let whole = fs::read(last).unwrap();
    for length in 0..whole.len() {
        fs::write(last, &whole[..length]).unwrap();
        assert!(!written.verify().is_well(), "cut off at {length}");
    }
    fs::remove_file(last).unwrap();
    let found = written.verify();
    assert!(found.problems.iter().any(|p| p.what.contains("cut off")), "{:?}", found.problems);
    fs::write(last, &whole).unwrap();
    fs::remove_file(written.folder.path().join(HEAD_FILE)).unwrap();
    assert!(!written.verify().is_well());
}

#[test]
fn a_log_put_back_to_an_earlier_state_is_found_by_who_knows_its_end() {
    let written = log(6);
    let head = fs::read(written.folder.path().join(HEAD_FILE)).unwrap();
    let known: Head = serde_json::from_slice(&head).unwrap();
    let files = written.files();
    let mut all = lines(&files);
    all.pop();
    put(&files, &all);
    // The end is made to fit.
    let (_, last) = all.last().unwrap();
    let (record, hash) = Record::of_line(last.as_bytes()).unwrap();
    let earlier = Head { log: record.log, sequence: record.sequence, hash };
    earlier.write(written.folder.path(), false).unwrap();
    assert!(written.verify().is_well(), "nothing within the folder can tell");
    let found = verify(written.folder.path(), &[written.key.public()], &[known]).unwrap();
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
}

#[test]
fn a_log_of_another_key_is_not_well() {
    let (written, other) = (log(3), CheckpointKey::generate().unwrap());
    let found = verify(written.folder.path(), &[other.public()], &[]).unwrap();
    assert!(found.problems[0].what.contains("not among yours"), "{:?}", found.problems);
    let unsigned = verify(written.folder.path(), &[], &[]).unwrap();
    assert!(!unsigned.is_well());
}

#[test]
fn a_record_written_anew_with_all_that_follow_is_found() {
    // Whoever changes a record can make all hashes fit, and no signature.
    let written = log(6);
    let files = written.files();
    let mut previous = Hash::NONE;
    let mut anew = Vec::new();
    for (file, line) in lines(&files) {
        let (record, _) = Record::of_line(line.as_bytes()).unwrap();
        let account = if record.sequence == 3 { "another".to_owned() } else { record.account };
        let signature = record.signature.clone();
        let forged = Record { account, previous, hash: None, ..record };
        let (line, hash) = Record { signature, ..forged }.to_line(None).unwrap();
        previous = hash;
        anew.push((file, line));
    }
    put(&files, &anew);
    let (record, hash) = Record::of_line(anew.last().unwrap().1.as_bytes()).unwrap();
    let head = Head { log: record.log, sequence: record.sequence, hash };
    head.write(written.folder.path(), false).unwrap();
    let found = written.verify();
    let wrong = found.problems.iter().filter(|p| p.what.contains("signature")).count();
    assert_eq!(wrong as u64, log_checkpoints(&anew), "{:?}", found.problems);
}

fn log_checkpoints(lines: &[(usize, String)]) -> u64 {
    lines.iter().filter(|(_, line)| line.contains("\"audit.checkpoint\"")).count() as u64
}

#[test]
fn there_is_no_log_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(verify(folder.path(), &[], &[]), Err(AuditError::NoLog(_))));
    assert!(matches!(verify(Path::new("/nowhere"), &[], &[]), Err(AuditError::NoLog(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// In a log of any length, any bit of any file.
    #[test]
    fn any_bit_of_any_log(events in 1_usize..20, file in any::<prop::sample::Index>(),
                          place in any::<prop::sample::Index>(), bit in 0..8) {
        let written = log(events);
        let mut files = written.files();
        files.push(written.folder.path().join(HEAD_FILE));
        let file = file.get(&files);
        let mut bytes = fs::read(file).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        fs::write(file, bytes).unwrap();
        prop_assert!(!written.verify().is_well());
    }

    #[test]
    fn records_that_are_taken_out_are_found(events in 2_usize..14, from in any::<prop::sample::Index>(),
                                            count in 1_usize..5) {
        let written = log(events);
        let files = written.files();
        let mut all = lines(&files);
        let from = from.index(all.len());
        let gone: Vec<_> = all.drain(from..(from + count).min(all.len())).collect();
        put(&files, &all);
        let first = number_of(&gone[0].1);
        let found = written.verify();
        prop_assert!(found.problems.iter().any(|p| p.sequence >= first && p.sequence <= first + gone.len() as u64
            || p.what.contains("cut off")), "{:?}", found.problems);
    }

    #[test]
    fn records_in_another_order_are_found(events in 2_usize..14, one in any::<prop::sample::Index>(),
                                          other in any::<prop::sample::Index>()) {
        let written = log(events);
        let files = written.files();
        let mut all = lines(&files);
        let (one, other) = (one.index(all.len()), other.index(all.len()));
        prop_assume!(one != other);
        let (low, high) = (one.min(other), one.max(other));
        let line = all[high].1.clone();
        all[high].1 = std::mem::replace(&mut all[low].1, line);
        put(&files, &all);
        let found = written.verify();
        let low = low as u64 + 1;
        prop_assert!(found.problems.iter().any(|p| p.sequence == low), "{:?}", found.problems);
    }

    #[test]
    fn a_record_that_stands_twice_is_found(events in 2_usize..14, place in any::<prop::sample::Index>()) {
        let written = log(events);
        let files = written.files();
        let mut all = lines(&files);
        let place = place.index(all.len());
        all.insert(place, all[place].clone());
        put(&files, &all);
        prop_assert!(!written.verify().is_well());
    }
}
