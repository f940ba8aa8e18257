//! What a policy permits, as one question.

use conversation::{Failure, FailureCode};

use crate::{Clipboard, ExportFormat, Policy};

/// Something that a policy can forbid altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Asking the model on this machine.
    AskBuiltInModel,
    /// Configuring endpoints of one's own.
    ConfigureEndpoints,
    /// Taking conversations, or texts of them, out as a file.
    Export(ExportFormat),
    /// Saving a translated document.
    SaveTranslation,
    /// Copying out of a window.
    Copy,
    /// Pasting files and pictures into a window.
    Paste,
    /// Dragging answers out of a window.
    DragOut,
    /// Sharing the history with other machines.
    Sync,
    /// Holding conversations that are never written.
    ConverseTemporarily,
    /// Bringing in conversations of other programs.
    Import,
    /// Opening links.
    OpenLinks,
    /// Making backups.
    BackUp,
    /// Writing what an answer proposes into files of the disk.
    ChangeFiles,
    /// Reading aloud, by the operating system's voices.
    ReadAloud,
    /// Sending any file.
    Attach,
    /// Deleting anything.
    Delete,
    /// Looking for newer versions of Bureau, and installing them.
    Update,
}

impl Policy {
    /// Whether this is permitted.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] with the organisation's reason where it is not.
    pub fn permit(&self, action: Action) -> Result<(), Failure> {
        let features = &self.features;
        let (permitted, what) = match action {
            Action::AskBuiltInModel => {
                (features.built_in_model, "the model on this machine is not to be used")
            }
            Action::ConfigureEndpoints => {
                (self.endpoints.own, "endpoints of one's own are not to be used")
            }
            Action::Export(format) => (
                features.export.contains(&format),
                match format {
                    ExportFormat::Markdown => "nothing is to be saved as Markdown or text",
                    ExportFormat::Html => "nothing is to be saved as HTML",
                    ExportFormat::Pdf => "nothing is to be saved as PDF",
                    ExportFormat::Docx => "nothing is to be saved for Word",
                    ExportFormat::Json => "nothing is to be saved as JSON",
                },
            ),
            Action::SaveTranslation => {
                (!features.export.is_empty(), "translated documents are not to be saved")
            }
            Action::Copy => {
                (features.clipboard == Clipboard::On, "nothing is to be copied out of Bureau")
            }
            Action::Paste => {
                (features.clipboard != Clipboard::Off, "no file is to be pasted into Bureau")
            }
            Action::DragOut => (features.drag_out, "nothing is to be dragged out of Bureau"),
            Action::Sync => (features.sync, "the history is not to be shared with other machines"),
            Action::ConverseTemporarily => {
                (features.temporary, "every conversation is to be kept; none is temporary")
            }
            Action::Import => (features.import, "no conversations are to be brought in"),
            Action::OpenLinks => (features.links, "links of answers are not to be opened"),
            Action::BackUp => (features.backup, "backups are not to be made"),
            Action::ChangeFiles => {
                (features.file_changes, "what an answer proposes is not to be written into files")
            }
            Action::ReadAloud => (features.read_aloud, "nothing is to be read aloud"),
            Action::Attach => (!self.attachments.kinds.is_empty(), "no files are to be sent"),
            Action::Delete => (!self.retention.hold, "nothing is to be deleted (legal hold)"),
            Action::Update => (self.updates.allowed(), "updates are installed by the organisation"),
        };
        let reason = match action {
            Action::ConfigureEndpoints => &self.endpoints.reason,
            Action::Attach => &self.attachments.reason,
            Action::Delete => &self.retention.reason,
            Action::Update => &self.updates.reason,
            _ => &features.reason,
        };
        if permitted { Ok(()) } else { Err(self.forbidden(what, reason.as_deref())) }
    }

    /// The failure of something that this policy forbids. `what` says what is forbidden, as a
    /// sentence without its full stop; `reason` is that of the section, the general one stands in
    /// for it.
    pub fn forbidden(&self, what: &str, reason: Option<&str>) -> Failure {
        let mut message = format!("forbidden by policy: {what}");
        if let Some(reason) = self.reason_or(reason) {
            message.push('\n');
            // Its second line is the reason, whole.
            message.push_str(&reason.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        Failure::new(FailureCode::Forbidden, message)
    }

    /// A section's reason, or the general one.
    pub fn reason_or<'a>(&'a self, section: Option<&'a str>) -> Option<&'a str> {
        section.or(self.reason.as_deref())
    }
}
