//! What is done, and how it came out: closed sets, so that a collector can rely on the words.

use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Action {
            /// Every action there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// How it is written; at most 32 characters of ASCII, so that it is a MSGID of syslog
            /// (RFC 5424 §6.2.7).
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

actions! {
    /// A program of Bureau began to run.
    ProgramStart = "program.start",
    /// A policy came into force.
    PolicyLoad = "policy.load",
    /// A policy was refused: a bad signature, an older version, a mistake in it.
    PolicyRefuse = "policy.refuse",
    /// The history was made.
    HistoryCreate = "history.create",
    /// The history was unlocked, or somebody tried.
    HistoryUnlock = "history.unlock",
    /// The history was locked.
    HistoryLock = "history.lock",
    /// The history was opened with the organisation's recovery key.
    HistoryRecover = "history.recover",
    /// A session began of which nothing is written.
    HistoryTemporary = "history.temporary",
    /// A way to open the history was added or taken away.
    HistoryKeys = "history.keys",
    /// The whole history was deleted.
    HistoryDelete = "history.delete",
    /// A damaged history was opened to be read.
    HistoryDamaged = "history.damaged",
    /// The use banner was accepted.
    BannerAccept = "banner.accept",
    /// Somebody signed in.
    SignIn = "identity.sign_in",
    /// Somebody signed out.
    SignOut = "identity.sign_out",
    /// A question was sent to a model.
    MessageSend = "message.send",
    /// A question was sent again in other words.
    MessageEdit = "message.edit",
    /// A question was answered again.
    MessageRegenerate = "message.regenerate",
    /// An answer was gone on with.
    MessageContinue = "message.continue",
    /// A text was given to a model to be worked on.
    TextWrite = "text.write",
    /// What an answer proposed was written into a file, or taken out of it again.
    FileChange = "file.change",
    /// Conversations were put into the trash.
    ConversationDelete = "conversation.delete",
    /// Conversations were taken out of the trash.
    ConversationRestore = "conversation.restore",
    /// Conversations were erased for good.
    ConversationErase = "conversation.erase",
    /// The trash was emptied.
    TrashEmpty = "trash.empty",
    /// Conversations were put on hold or let go.
    ConversationHold = "conversation.hold",
    /// A folder was put on hold or let go.
    FolderHold = "folder.hold",
    /// A folder's instructions, files or days of keeping were changed.
    FolderChange = "folder.change",
    /// A folder was deleted.
    FolderDelete = "folder.delete",
    /// How long conversations are kept was changed.
    RetentionChange = "retention.change",
    /// Conversations were erased because they were kept for as long as they may be.
    RetentionErase = "retention.erase",
    /// Conversations left Bureau as files.
    ConversationExport = "conversation.export",
    /// Conversations were brought in.
    ConversationImport = "conversation.import",
    /// A backup was made.
    BackupCreate = "backup.create",
    /// A backup took the history's place.
    BackupRestore = "backup.restore",
    /// How backups are protected, or when and where they are made, was changed.
    BackupChange = "backup.change",
    /// The key was shown that opens backups.
    BackupKey = "backup.key",
    /// The history began to be shared with other machines, or joined them.
    SyncStart = "sync.start",
    /// The history is shared no more.
    SyncStop = "sync.stop",
    /// The code was shown with which another machine joins.
    SyncCode = "sync.code",
    /// Settings were changed.
    SettingsChange = "settings.change",
    /// The instructions for models were changed.
    InstructionsChange = "instructions.change",
    /// An endpoint was set up or changed.
    EndpointChange = "endpoint.change",
    /// An endpoint was removed.
    EndpointRemove = "endpoint.remove",
    /// An endpoint was tried.
    EndpointTest = "endpoint.test",
    /// The package of a newer version of Bureau was fetched, and its signature checked.
    UpdateDownload = "update.download",
    /// A newer version of Bureau was installed.
    UpdateInstall = "update.install",
    /// The log began.
    AuditBegin = "audit.begin",
    /// Checkpoints are signed with this key from now on.
    AuditKey = "audit.key",
    /// All records up to this one are signed.
    AuditCheckpoint = "audit.checkpoint",
    /// A record that had not been written to its end was taken away.
    AuditMend = "audit.mend",
    /// Records that were written are gone.
    AuditGap = "audit.gap",
    /// Old files of the log were removed because they were kept for as long as they must be.
    AuditRemove = "audit.remove",
    /// A destination refused records for good.
    AuditReject = "audit.reject",
    /// Records were taken out of the log, to be read elsewhere.
    AuditExport = "audit.export",
}

/// How it came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is about to be done; another record tells how that ended.
    Begun,
    /// It was done.
    Done,
    /// It was not done: something failed.
    Failed,
    /// It was not done: the policy, or a rule of Bureau, forbids it.
    Refused,
}

impl Outcome {
    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_a_message_id_of_syslog_and_spelt_one_way() {
        for action in Action::ALL {
            let text = action.as_str();
            assert!(text.len() <= 32 && text.bytes().all(|b| b.is_ascii_graphic()), "{text}");
            assert_eq!(serde_json::to_value(action).unwrap(), text);
        }
        for outcome in [Outcome::Begun, Outcome::Done, Outcome::Failed, Outcome::Refused] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}
