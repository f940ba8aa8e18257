//! Which processes there are, and what they take (proc(5)).

use std::collections::HashMap;
use std::time::Duration;

/// One tick of the counts in proc_pid_stat(5), on every platform that Linux runs on today.
const TICK: Duration = Duration::from_millis(10);

/// The first process of this name that `ancestor` has started, itself or through others. The
/// program's own files in `/proc` are closed to us, but who started whom may be seen by all.
///
/// # Panics
/// Where there is none.
pub fn started_by(ancestor: u32, name: &str) -> u32 {
    let found = family(ancestor).into_iter().find(|(_, command)| command == name);
    found.unwrap_or_else(|| panic!("{ancestor} has started no {name}")).0
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

/// What this process has computed so far, in all its threads, which other programs on the machine
/// do not change.
pub fn used() -> Duration {
    computed("self/stat")
}

/// What the main thread of a process has computed so far.
pub fn used_by_main_thread(process: u32) -> Duration {
    computed(&format!("{process}/task/{process}/stat"))
}

/// How long ago a process began.
pub fn age(process: u32) -> Duration {
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    Duration::from_secs_f64(uptime) - TICK * number(&stat(&format!("{process}/stat")), 22)
}

fn computed(file: &str) -> Duration {
    let stat = stat(file);
    // `utime` and `stime`.
    TICK * (number(&stat, 14) + number(&stat, 15))
}

fn stat(file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{file}")).expect("a process")
}

/// A field of proc_pid_stat(5), counted from 1. The second, the program's name, may hold spaces.
fn number(stat: &str, field: usize) -> u32 {
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').nth(field - 3).unwrap().parse().unwrap()
}

/// The most memory that a living process has had resident, in kB (`VmHWM`, proc(5)); 0 where
/// the system does not tell.
pub fn peak_memory_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
