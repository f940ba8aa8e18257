//! Which processes there are, and what they take (proc(5)).

use std::collections::HashMap;
use std::time::Duration;

/// One tick of the counts in proc_pid_stat(5), on every platform that Linux runs on today.
const TICK: Duration = Duration::from_millis(10);

/// The processes of this name that `ancestor` has started, itself or through others. The program's
/// own files in `/proc` are closed to us, but who started whom may be seen by all.
///
/// # Panics
/// Where there is none.
pub fn started_by(ancestor: u32, name: &str) -> Vec<u32> {
    let found: Vec<_> = family(ancestor)
        .into_iter()
        .filter_map(|(id, command)| (command == name).then_some(id))
        .collect();
    assert!(!found.is_empty(), "{ancestor} has started no {name}");
    found
}

/// A process and all that it has started, itself or through others, with their names, of which the
/// system keeps 15 characters.
pub fn family(ancestor: u32) -> Vec<(u32, String)> {
    let mut parents = HashMap::new();
    let mut names = Vec::new();
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(process.path().join("stat")) else { continue };
        let (id, rest) = stat.split_once(" (").unwrap();
        let (command, rest) = rest.rsplit_once(") ").unwrap();
        let id: u32 = id.parse().unwrap();
        let parent: u32 = rest.split(' ').nth(1).unwrap().parse().unwrap();
        parents.insert(id, parent);
        names.push((id, command.to_owned()));
    }
    let ours = |(id, _): &(u32, String)| {
        std::iter::successors(Some(*id), |id| parents.get(id).copied()).any(|id| id == ancestor)
    };
    names.into_iter().filter(ours).collect()
}

/// What one thread of a process has computed so far; the first has the process's own number.
pub fn computed(process: u32, thread: u32) -> Duration {
    let stat = stat(process, thread);
    TICK * (number(&stat, 14) + number(&stat, 15))
}

/// How long ago a process began.
pub fn age(process: u32) -> Duration {
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    Duration::from_secs_f64(uptime) - TICK * number(&stat(process, process), 22)
}

fn stat(process: u32, thread: u32) -> String {
    std::fs::read_to_string(format!("/proc/{process}/task/{thread}/stat")).expect("a process")
}

/// A field of proc_pid_stat(5), counted from 1. The second, the program's name, may hold spaces.
fn number(stat: &str, field: usize) -> u32 {
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').nth(field - 3).unwrap().parse().unwrap()
}
