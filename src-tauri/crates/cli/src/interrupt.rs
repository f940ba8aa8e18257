//! Ctrl-C, heard from the moment it is listened for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use conversation::{Failure, FailureCode};

#[cfg(unix)]
use tokio::signal::unix::{Signal as Listener, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Listener, ctrl_c};

/// Every Ctrl-C since this was made: one that comes while nobody waits is not lost.
pub struct Interrupts(Listener);

impl Interrupts {
    /// Begins to listen. From now on Ctrl-C no longer ends the program by itself.
    pub fn listen() -> Result<Self, Failure> {
        #[cfg(unix)]
        let listener = signal(SignalKind::interrupt());
        #[cfg(windows)]
        let listener = ctrl_c();
        listener.map(Self).map_err(|error| {
            let message = format!("Ctrl-C cannot be listened for: {error}");
            Failure::new(FailureCode::Internal, message)
        })
    }

    /// A flag that the next one sets, for work that cannot wait.
    pub fn flag(mut self) -> Arc<AtomicBool> {
        let flag = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&flag);
        tokio::spawn(async move {
            self.next().await;
            set.store(true, Ordering::Relaxed);
        });
        flag
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        self.0.recv().await;
    }
}
