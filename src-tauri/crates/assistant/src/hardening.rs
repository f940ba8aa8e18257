//! What the system is told about this process, so that its memory stays its own.

/// From now on the process leaves no core dump, which would hold the data key and whatever is
/// shown, and on Linux no other process of the person may read its memory. Where the system
/// refuses, the program goes on: it is no worse off than any other.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    // A handler of dumps that the kernel pipes into is not bound by the limit alone.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
