//! The organisation's notice, which is accepted before anything else can be used.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use audit::Event;
use conversation::{Failure, FailureCode};
use policy::{Acceptance, Banner};

use crate::{Assistant, Change};

/// What was accepted once, as it was then.
const ACCEPTED: &str = "accepted-notice.json";

impl Assistant {
    /// The notice that is still to be accepted, if there is one.
    pub fn notice(&self) -> Option<Banner> {
        let banner = self.policy().banner.clone()?;
        if self.accepted.load(Ordering::Acquire) {
            return None;
        }
        if banner.accept == Acceptance::Once {
            let kept = std::fs::read(self.accepted_file()).ok();
            let known = kept.and_then(|kept| serde_json::from_slice::<Banner>(&kept).ok());
            if known.as_ref() == Some(&banner) {
                return None;
            }
        }
        Some(banner)
    }

    /// Accepts the notice, for this program until it ends; where once is enough, for all that
    /// come.
    ///
    /// # Errors
    /// [`FailureCode::Storage`] where that cannot be kept. It is accepted for this program.
    pub fn accept_notice(&self) -> Result<(), Failure> {
        let Some(banner) = self.notice() else { return Ok(()) };
        self.accepted.store(true, Ordering::Release);
        self.note(Event::new(audit::Action::BannerAccept));
        // A history that is open already can be looked into from now on.
        self.forget_endpoints();
        self.heed_groups();
        self.changes.tell(|| Change::Access);
        if banner.accept == Acceptance::EachStart {
            return Ok(());
        }
        let file = self.accepted_file();
        let failed = |error: std::io::Error| {
            let message = format!("{} cannot be written: {error}", file.display());
            Failure::new(FailureCode::Storage, message)
        };
        let text = serde_json::to_vec(&banner).map_err(std::io::Error::from).map_err(failed)?;
        std::fs::create_dir_all(&self.folders.data).map_err(failed)?;
        std::fs::write(&file, text).map_err(failed)
    }

    /// Refuses while the notice is not accepted.
    ///
    /// # Errors
    /// [`FailureCode::BannerNotAccepted`].
    pub fn require_accepted(&self) -> Result<(), Failure> {
        match self.notice() {
            None => Ok(()),
            Some(_) => Err(Failure::new(
                FailureCode::BannerNotAccepted,
                "accept the organisation's notice first",
            )),
        }
    }

    fn accepted_file(&self) -> PathBuf {
        self.folders.data.join(ACCEPTED)
    }
}
