//! What a process gives up before it reads a file that came from anywhere.

use std::process::ExitStatus;

/// The signal that ends a process which has used up its time.
pub const OUT_OF_TIME: i32 = 24;

/// The signal that ended a process.
#[cfg(unix)]
pub fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

/// The signal that ended a process.
#[cfg(not(unix))]
pub fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// Why a process could not give up what it does not need.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The system refused.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// The filter of system calls was refused.
    #[cfg(target_os = "linux")]
    #[error("{0}")]
    Filter(#[from] seccompiler::Error),
    /// The filter of system calls is not one.
    #[cfg(target_os = "linux")]
    #[error("{0}")]
    Backend(#[from] seccompiler::BackendError),
}

/// Elsewhere nothing is given up.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn confine(_memory: u64, _seconds: u64) -> Result<(), ConfineError> {
    Ok(())
}

#[cfg(target_os = "linux")]
pub use linux::confine;

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use rustix::process::{Resource, Rlimit, Signal};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    use super::ConfineError;

    /// Limits what this process may take to so much memory beyond what it has, and so much time on
    /// the processor; lets it write no file, and call nothing of the system that is not needed to
    /// compute and to answer.
    ///
    /// # Errors
    /// [`ConfineError`] where the system refuses any of it.
    pub fn confine(memory: u64, seconds: u64) -> Result<(), ConfineError> {
        // A reader whose reader is gone is of no use.
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
            .map_err(std::io::Error::from)?;
        let own = address_space()?;
        limit(Resource::As, own.saturating_add(memory))?;
        limit(Resource::Cpu, seconds)?;
        limit(Resource::Core, 0)?;
        limit(Resource::Fsize, 0)?;
        limit(Resource::Nofile, 3)?;
        limit(Resource::Nproc, 0)?;
        filter()
    }

    fn limit(resource: Resource, most: u64) -> Result<(), ConfineError> {
        // The hard limit of time is a second later, and kills without a reason.
        let hard = if resource == Resource::Cpu { most + 1 } else { most };
        let new = Rlimit { current: Some(most), maximum: Some(hard) };
        Ok(rustix::process::setrlimit(resource, new).map_err(std::io::Error::from)?)
    }

    /// The bytes of addresses that this process uses (`proc_pid_statm(5)`).
    fn address_space() -> Result<u64, ConfineError> {
        let sizes = std::fs::read_to_string("/proc/self/statm")?;
        let pages = sizes.split(' ').next().and_then(|pages| pages.parse::<u64>().ok());
        Ok(pages.unwrap_or(0).saturating_mul(rustix::param::page_size() as u64))
    }

    /// Every other system call fails as one that is not permitted.
    fn filter() -> Result<(), ConfineError> {
        // Where no filter can be made for the processor, the limits have to do.
        let Ok(processor) = std::env::consts::ARCH.try_into() else { return Ok(()) };
        let mut allowed: BTreeMap<i64, Vec<SeccompRule>> =
            allowed().into_iter().map(|call| (call, Vec::new())).collect();
        // A process may end itself, and no other.
        let own = u64::from(rustix::process::getpid().as_raw_nonzero().get().unsigned_abs());
        let is_own = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, own)?;
        allowed.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is_own])?]);
        let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let filter = SeccompFilter::new(allowed, refused, SeccompAction::Allow, processor)?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter(&program)?;
        Ok(())
    }

    fn allowed() -> Vec<i64> {
        vec![
            // To read the request, to answer, and to end.
            libc::SYS_read,
            libc::SYS_readv,
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_close,
            libc::SYS_fstat,
            libc::SYS_lseek,
            libc::SYS_exit,
            libc::SYS_exit_group,
            // Memory.
            libc::SYS_brk,
            libc::SYS_mmap,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_mprotect,
            libc::SYS_madvise,
            // Locks, time, chance.
            libc::SYS_futex,
            libc::SYS_sched_yield,
            libc::SYS_clock_gettime,
            libc::SYS_clock_nanosleep,
            libc::SYS_nanosleep,
            libc::SYS_getrandom,
            libc::SYS_getpid,
            libc::SYS_gettid,
            // To end with a word when the stack overflows.
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
        ]
    }
}
