//! What lies in the memory of a process.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// Bytes of a page, and of its entry in `/proc/PID/pagemap` (proc_pid_pagemap(5)).
const PAGE: u64 = 4096;
const ENTRY: usize = 8;
/// Entries that are read at once.
const AT_ONCE: u64 = 1 << 16;
/// A page has memory, or was swapped out.
const THERE: u64 = 0b11 << 62;

/// How often any of these byte strings stands in what the process can write; none where the system
/// does not let this test look, which it lets root.
pub fn count(process: u32, wanted: &[Vec<u8>]) -> Option<usize> {
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let pages = File::open(format!("/proc/{process}/pagemap")).ok()?;
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut count = 0;
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|place| u64::from_str_radix(place, 16).unwrap());
        for (from, to) in used(&pages, from, to) {
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // A part may be gone by now, or be a device's.
            if memory.read_exact_at(&mut bytes, from).is_err() {
                continue;
            }
            for wanted in wanted {
                // Most places do not even begin alike.
                count += bytes
                    .windows(wanted.len())
                    .filter(|part| part[0] == wanted[0] && part == wanted)
                    .count();
            }
        }
    }
    Some(count)
}

/// The parts of a mapping that have memory: a web view reserves a hundred gigabytes and uses few.
fn used(pages: &File, from: u64, to: u64) -> Vec<(u64, u64)> {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    let mut page = from / PAGE;
    while page < to / PAGE {
        let entries = AT_ONCE.min(to / PAGE - page);
        let mut bytes = vec![0; usize::try_from(entries).unwrap() * ENTRY];
        if pages.read_exact_at(&mut bytes, page * 8).is_err() {
            return parts;
        }
        for (place, entry) in (page..).zip(bytes.chunks_exact(ENTRY)) {
            if u64::from_le_bytes(entry.try_into().unwrap()) & THERE == 0 {
                continue;
            }
            match parts.last_mut() {
                Some((_, end)) if *end == place * PAGE => *end += PAGE,
                _ => parts.push((place * PAGE, (place + 1) * PAGE)),
            }
        }
        page += entries;
    }
    parts
}
