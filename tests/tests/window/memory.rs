//! What lies in the memory of a process.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// How often any of these byte strings stands in what the process can write; none where the system
/// does not let this test look, which it lets root.
pub fn count(process: u32, wanted: &[Vec<u8>]) -> Option<usize> {
    let mut memory = File::open(format!("/proc/{process}/mem")).ok()?;
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
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // A part may be gone by now, or be a device's.
        if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
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
    Some(count)
}
