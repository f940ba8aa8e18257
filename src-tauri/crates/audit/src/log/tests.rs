//! What was written stays, whatever happens to the process, the disk or the other writers.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::*;
use crate::head::HEAD_FILE;
use crate::{Records, verify};

/// Names the folder that a process of these tests writes to.
const FOLDER: &str = "AUDIT_TEST_FOLDER";

fn who() -> Who {
    Who { host: "h".into(), account: "a".into(), program: "bureau 1".into() }
}

fn open(folder: &Path) -> Log {
    let rules = Rules { sync: SyncRule::System, ..Rules::default() };
    Log::new(folder.to_owned(), who(), &rules).with_file_bytes(2000)
}

fn note(log: &Log) -> u64 {
    log.append(Event::new(Action::MessageSend)).unwrap()
}

fn actions(folder: &Path) -> Vec<Action> {
    Records::after(folder, 0).unwrap().map(|written| written.unwrap().record.event.action).collect()
}

fn last_file(folder: &Path) -> PathBuf {
    segments(folder).unwrap().pop().unwrap().path
}

/// Signs what there is, and verifies it.
fn is_well(folder: &Path) {
    let log = open(folder);
    let key = CheckpointKey::generate().unwrap();
    log.set_key(Some(key.clone()));
    log.append(Event::new(Action::ProgramStart)).unwrap();
    log.checkpoint().unwrap();
    let found = verify(folder, &[key.public()], &[]).unwrap();
    assert_eq!(found.problems, []);
}

#[test]
fn a_log_begins_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(note(&open(folder.path())), 2);
    assert_eq!(note(&open(folder.path())), 3);
    assert_eq!(
        actions(folder.path()),
        [Action::AuditBegin, Action::MessageSend, Action::MessageSend]
    );
    is_well(folder.path());
}

#[test]
fn checkpoints_come_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    log.set_key(Some(CheckpointKey::generate().unwrap()));
    for _ in 0..CHECKPOINT_EVERY {
        note(&log);
    }
    let signed = actions(folder.path()).iter().filter(|a| **a == Action::AuditCheckpoint).count();
    assert_eq!(signed, 1);
}

#[test]
fn a_record_that_is_torn_at_any_place_is_taken_away_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    note(&log);
    let head = fs::read(folder.path().join(HEAD_FILE)).unwrap();
    let file = last_file(folder.path());
    let before = fs::read(&file).unwrap();
    note(&log);
    let after = fs::read(&file).unwrap();
    drop(log);
    for length in before.len() + 1..after.len() {
        // As a power cut leaves it: the record in part, where the log ends not yet told.
        fs::write(&file, &after[..length]).unwrap();
        fs::write(folder.path().join(HEAD_FILE), &head).unwrap();
        let log = open(folder.path());
        assert_eq!(note(&log), 4);
        let mended = Records::after(folder.path(), 2).unwrap().next().unwrap().unwrap().record;
        assert_eq!(mended.event.action, Action::AuditMend);
        assert_eq!(mended.event.bytes, Some((length - before.len()) as u64));
    }
    is_well(folder.path());
}

#[test]
fn a_record_whose_end_was_not_told_any_more_counts() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    note(&log);
    let head = fs::read(folder.path().join(HEAD_FILE)).unwrap();
    assert_eq!(note(&log), 3);
    fs::write(folder.path().join(HEAD_FILE), head).unwrap();
    assert_eq!(note(&open(folder.path())), 4);
    is_well(folder.path());
}

#[test]
fn what_is_missing_stays_missing_in_what_is_written_later() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    for _ in 0..4 {
        note(&log);
    }
    let file = last_file(folder.path());
    let text = fs::read_to_string(&file).unwrap();
    let cut_off: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    fs::write(&file, cut_off).unwrap();
    let log = open(folder.path());
    let key = CheckpointKey::generate().unwrap();
    log.set_key(Some(key.clone()));
    assert_eq!(note(&log), 7, "the numbers of what is gone are not given again");
    log.checkpoint().unwrap();
    let found = verify(folder.path(), &[key.public()], &[]).unwrap();
    let named: Vec<_> = found.problems.iter().map(|p| p.sequence).collect();
    assert_eq!(named, [4, 6], "{:?}", found.problems);
    // All of it gone is no new log either.
    for segment in segments(folder.path()).unwrap() {
        fs::remove_file(segment.path).unwrap();
    }
    assert!(note(&open(folder.path())) > 7);
    assert!(!verify(folder.path(), &[key.public()], &[]).unwrap().is_well());
}

#[test]
fn a_head_that_is_gone_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    note(&log);
    fs::remove_file(folder.path().join(HEAD_FILE)).unwrap();
    note(&log);
    assert!(actions(folder.path()).contains(&Action::AuditGap));
}

#[test]
fn several_writers_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = Arc::new(folder.path().to_owned());
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || {
                let log = open(&path);
                (0..25).map(|_| note(&log)).collect::<Vec<_>>()
            })
        })
        .collect();
    let mut numbers: Vec<_> = writers.into_iter().flat_map(|w| w.join().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (2..102).collect::<Vec<_>>());
    assert!(segments(&path).unwrap().len() > 5);
    is_well(&path);
}

#[test]
fn old_files_are_removed_once_they_were_delivered_and_the_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    let key = CheckpointKey::generate().unwrap();
    log.set_key(Some(key.clone()));
    for _ in 0..30 {
        note(&log);
    }
    log.checkpoint().unwrap();
    let files = segments(folder.path()).unwrap();
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    assert_eq!(log.remove_old(yesterday, u64::MAX).unwrap(), 0, "none is old");
    assert_eq!(log.remove_old(tomorrow, 1).unwrap(), 0, "none was delivered");
    let delivered = files[2].first - 1;
    assert_eq!(log.remove_old(tomorrow, delivered).unwrap(), 2);
    log.checkpoint().unwrap();
    let found = verify(folder.path(), &[key.public()], &[]).unwrap();
    assert_eq!((found.problems, found.first), (vec![], files[2].first));
    // One more than was told is missed.
    fs::remove_file(&files[2].path).unwrap();
    assert!(!verify(folder.path(), &[key.public()], &[]).unwrap().is_well());
}

#[cfg(unix)]
#[test]
fn a_full_disk_refuses_and_leaves_no_half_record() {
    let folder = tempfile::tempdir().unwrap();
    let log = open(folder.path());
    note(&log);
    // A directory in the place of the next file cannot be written, whoever asks.
    let next = Segment::new(folder.path(), 3);
    let log = log.with_file_bytes(1);
    fs::create_dir(&next.path).unwrap();
    assert!(log.append(Event::new(Action::MessageSend)).is_err());
    fs::remove_dir(&next.path).unwrap();
    assert_eq!(note(&log), 3);
    is_well(folder.path());
}

/// What a process does that is killed: not a test of its own.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let log = open(Path::new(&folder));
    let mut told = std::io::stdout();
    loop {
        let number = note(&log);
        writeln!(told, "\nwritten {number}").unwrap();
    }
}

#[test]
fn a_kill_at_any_moment_loses_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "log::tests::writes_until_it_is_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let written =
            |line: String| line.strip_prefix("written ").and_then(|n| n.parse::<u64>().ok());
        let mut heard = 0;
        for number in lines.by_ref().map_while(Result::ok).filter_map(written) {
            (last, heard) = (number, heard + 1);
            if heard > round * 7 {
                break;
            }
        }
        child.kill().unwrap();
        last = lines.map_while(Result::ok).filter_map(written).last().unwrap_or(last);
        child.wait().unwrap();
        let there = Records::after(folder.path(), last - 1).unwrap().next();
        assert_eq!(there.unwrap().unwrap().record.sequence, last);
    }
    is_well(folder.path());
}
