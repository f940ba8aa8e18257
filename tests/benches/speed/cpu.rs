//! Time that this process has computed, which other programs on the machine do not change.

use std::time::Duration;

/// One tick of the counts in proc_pid_stat(5), on every platform that Linux runs on today.
const TICK: Duration = Duration::from_millis(10);

/// What this process has computed so far, in all its threads.
pub fn used() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("proc(5)");
    // The second field, the program's name, may hold spaces; it ends with the last bracket.
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    // `utime` and `stime` are fields 14 and 15; these begin with the third.
    let ticks =
        fields.split_whitespace().skip(11).take(2).map(|f| f.parse::<u32>().expect("a count"));
    TICK * ticks.sum()
}
