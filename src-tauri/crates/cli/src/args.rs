//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use conversation::ConversationId;

/// Chat with your organisation's model, or the built-in one, in an encrypted history.
#[derive(Parser)]
#[command(name = "bureau", version, after_help = ENVIRONMENT)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

const ENVIRONMENT: &str = "\
Environment:
  BUREAU_ENDPOINT          address of an OpenAI-compatible endpoint, such as https://llm.example/v1
  BUREAU_MODEL             model to ask
  BUREAU_API_KEY           the endpoint's key
  BUREAU_LOCAL_MODEL       a GGUF file to use as the built-in model
  BUREAU_PASSPHRASE_FILE   file with the history's passphrase, for unattended use
  BUREAU_CONFIG_DIR        folder of config.toml
  BUREAU_DATA_DIR          folder of the encrypted history
  BUREAU_POLICY_FILE       a policy's file, heeded where the machine has no managed policy
  AWS_*, AZURE_*, GOOGLE_* credentials of the store of `bureau sync`, where none are given

Exit codes: 0 done, 1 failed, 2 usage, 3 endpoint unreachable or refusing, 4 forbidden by policy,
5 locked or wrong passphrase, 130 interrupted.";

#[derive(Subcommand)]
pub enum Command {
    /// Ask one question; the answer streams to standard output
    Ask(Ask),
    /// Hold a conversation in the terminal
    Chat(Chat),
    /// Turn Markdown into the HTML that the window would show
    Render {
        /// The file; standard input without one or with `-`
        file: Option<PathBuf>,
    },
    /// Summarise documents, each statement led back to the passage it rests on
    Summarize(Summarize),
    /// Rewrite, correct or summarise a text, or write one from notes; nothing of it is kept
    Write(Write),
    /// The text of a document, page by page
    Extract(Extract),
    /// Translate a text, or a document with its layout kept
    Translate(Translate),
    /// Find in a text or document what must not leave, by the rules in force
    Check(Check),
    /// List, show, search and keep conversations
    #[command(subcommand)]
    History(HistoryCommand),
    /// List the models that can be asked
    Models {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Copy the history into one encrypted file, check such a file, and put it back
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Share the history between your own machines, encrypted, through a store or a folder
    #[command(subcommand)]
    Sync(SyncCommand),
    /// See and change what opens the history
    #[command(subcommand)]
    Vault(VaultCommand),
    /// What the organisation has recorded: show it, verify it, take it out
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Sign in to an endpoint at your organisation
    SignIn(SignIn),
    /// Sign out of an endpoint
    SignOut {
        /// The endpoint's name; the default one without it
        endpoint: Option<String>,
    },
    /// Say who is signed in, to which endpoint and in which groups
    Whoami {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// See what the organisation decides, and check a policy's file
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Say what is configured and reachable, what is wrong, and how to mend it
    Doctor,
    /// Write the manual's pages and the completions of Bash, Zsh and Fish, for a package
    #[command(hide = true)]
    Manual {
        /// The folder; made if it is not there
        folder: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// Every rule that applies
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say whether a file is a policy, and where it is not: for an administrator's own tests
    Check {
        /// The file; JSON where its name ends in .json, else TOML
        file: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Look for a newer policy at once
    Refresh {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct SignIn {
    /// The endpoint's name; the default one without it
    pub endpoint: Option<String>,
    /// Open no browser: show a code to type on another device
    #[arg(long)]
    pub device: bool,
    /// A file with the password or PIN of the endpoint's client certificate
    #[arg(long, value_name = "FILE")]
    pub pin_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct Ask {
    /// The question; `-` stands for standard input, also after a question
    pub prompt: Vec<String>,
    /// The model to ask
    #[arg(long, short)]
    pub model: Option<String>,
    /// Instructions for the model, for a new conversation
    #[arg(long, short, conflicts_with = "conversation")]
    pub system: Option<String>,
    /// A file to send along: a document, text, or an image
    #[arg(long, short, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// The conversation to go on with
    #[arg(long, short, value_name = "ID")]
    pub conversation: Option<ConversationId>,
    /// Write nothing to disk
    #[arg(long, conflicts_with = "conversation")]
    pub temporary: bool,
    /// Send what is asked about before it leaves
    #[arg(long)]
    pub confirm: bool,
    /// One JSON object a line: delta, reasoning, usage, finished, failed
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Check {
    /// The file: text or a document; `-` or nothing for standard input
    pub file: Option<PathBuf>,
    /// A file with the password that opens it
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// One JSON object a line: what is found, where, and what is done about it
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Summarize {
    /// The documents: PDF, Word, PowerPoint, Excel, OpenDocument, RTF, EPUB, HTML, mail, text
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The language of the summary, such as fr or pt-BR; without it the document's own
    #[arg(long, short, value_name = "TAG")]
    pub language: Option<String>,
    /// How long it is to be
    #[arg(long, value_enum, default_value_t)]
    pub length: Length,
    /// In what form
    #[arg(long, value_enum, default_value_t)]
    pub form: Form,
    /// What it is to be about above all, such as “What does it oblige us to do?”
    #[arg(long, value_name = "TEXT")]
    pub focus: Option<String>,
    /// The model to ask
    #[arg(long, short)]
    pub model: Option<String>,
    /// A file with the password that opens the documents
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Write nothing to disk
    #[arg(long)]
    pub temporary: bool,
    /// Send what is asked about before it leaves
    #[arg(long)]
    pub confirm: bool,
    /// One JSON object a line: progress, delta, reasoning, usage, finished, failed
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Write {
    /// What is to be done
    #[arg(value_enum)]
    pub action: WriteAction,
    /// The text, or the notes; standard input without it or with `-`
    pub text: Option<String>,
    /// How it is to sound; nothing to a correction
    #[arg(long, value_enum, default_value_t)]
    pub tone: WriteTone,
    /// How long it is to be; nothing to a correction
    #[arg(long, value_enum, default_value_t)]
    pub length: WriteLength,
    /// What else is wished, such as “address the mayor”
    #[arg(long, value_name = "TEXT")]
    pub wish: Option<String>,
    /// The model to ask
    #[arg(long, short)]
    pub model: Option<String>,
    /// Send what is asked about before it leaves
    #[arg(long)]
    pub confirm: bool,
    /// One JSON object: the text, and how it differs from the one before, piece by piece
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Translate {
    /// The file: Word, PowerPoint, Excel, OpenDocument, HTML, Markdown, subtitles or plain text;
    /// standard input without one or with `-`
    pub file: Option<PathBuf>,
    /// The language to translate into, such as fr or pt-BR
    #[arg(long, short, value_name = "TAG")]
    pub to: String,
    /// The language that it is in; without it that is found out
    #[arg(long, short, value_name = "TAG")]
    pub from: Option<String>,
    /// The file to write; standard output without one
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file to write if it is there
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// A table of terms and their translations, one a line, such as “convention,agreement”
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// The folder of conversations whose glossary holds
    #[arg(long, value_name = "NAME", conflicts_with_all = ["glossary", "temporary"])]
    pub folder: Option<String>,
    /// The model to ask
    #[arg(long, short)]
    pub model: Option<String>,
    /// Do without the encrypted history, and the keys in it
    #[arg(long)]
    pub temporary: bool,
    /// Send what is asked about before it leaves
    #[arg(long)]
    pub confirm: bool,
    /// One JSON object a line: progress, text, finished, failed
    #[arg(long)]
    pub json: bool,
}

/// What is done with a text.
#[derive(Clone, Copy, ValueEnum)]
pub enum WriteAction {
    Rewrite,
    Correct,
    Summarise,
    FromNotes,
}

/// How a text is to sound.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum WriteTone {
    #[default]
    AsIs,
    Formal,
    Friendly,
    Direct,
    Plain,
    Administrative,
}

/// How long a text is to be.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum WriteLength {
    #[default]
    AsIs,
    Shorter,
    Longer,
}

/// How long a summary is to be.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Length {
    Short,
    #[default]
    Medium,
    Long,
}

/// The form of a summary.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Form {
    Paragraph,
    #[default]
    Bullets,
    Table,
    DecisionNote,
    NoteDeSynthese,
    Comparison,
}

#[derive(Args)]
pub struct Extract {
    /// The document
    pub file: PathBuf,
    /// A file with the password that opens it
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// One JSON object a line: each page, then how it was read
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Chat {
    /// The model to ask
    #[arg(long, short)]
    pub model: Option<String>,
    /// Instructions for the model, for a new conversation
    #[arg(long, short, conflicts_with = "conversation")]
    pub system: Option<String>,
    /// The conversation to go on with
    #[arg(long, short, value_name = "ID")]
    pub conversation: Option<ConversationId>,
    /// Write nothing to disk
    #[arg(long, conflicts_with = "conversation")]
    pub temporary: bool,
}

#[derive(Subcommand)]
pub enum HistoryCommand {
    /// Conversations, the pinned ones first, then the last changed ones
    List(List),
    /// The messages of a conversation: the shown branch, or with --json all of them
    Show {
        /// The conversation
        id: ConversationId,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// The conversations and messages that hold these words
    Search {
        /// What to look for: words, "phrases", word*, -without, one OR other, from:me,
        /// from:assistant, model:NAME, in:"title words", before:2025-06-01, after:2025-06, has:code,
        /// has:file
        query: String,
        /// What comes first
        #[arg(long, value_enum, default_value_t)]
        order: SearchOrder,
        /// How many at most
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give a conversation another title
    Rename {
        /// The conversation
        id: ConversationId,
        /// Its new title
        title: String,
    },
    /// Delete conversations for good
    Delete {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
    },
    /// Put conversations into the trash, where they are kept for thirty days
    Trash {
        /// The conversations
        #[arg(required_unless_present = "empty")]
        ids: Vec<ConversationId>,
        /// Delete what is in the trash for good
        #[arg(long, conflicts_with = "ids")]
        empty: bool,
    },
    /// Have conversations back from the trash
    Restore {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
    },
    /// Put conversations away; they are still found
    Archive {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
        /// Take them out again
        #[arg(long)]
        undo: bool,
    },
    /// Put conversations into a folder, or out of any
    #[command(group(ArgGroup::new("where").required(true)))]
    Move {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
        /// The folder's name
        #[arg(long, group = "where")]
        folder: Option<String>,
        /// Out of any folder
        #[arg(long, group = "where")]
        no_folder: bool,
    },
    /// Put tags on conversations, or take them off
    #[command(group(ArgGroup::new("which").required(true).multiple(true)))]
    Tag {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
        /// A tag to put on
        #[arg(long, group = "which")]
        add: Vec<String>,
        /// A tag to take off
        #[arg(long, group = "which")]
        remove: Vec<String>,
    },
    /// Hold conversations, so that nobody can delete them
    Hold {
        /// The conversations
        #[arg(required = true)]
        ids: Vec<ConversationId>,
        /// Let them go
        #[arg(long)]
        undo: bool,
    },
    /// Copy a conversation with all its branches
    Duplicate {
        /// The conversation
        id: ConversationId,
        /// The copy's title; that of the conversation without one
        #[arg(long)]
        title: Option<String>,
    },
    /// Make one conversation of several, which go into the trash
    Merge {
        /// The conversations
        #[arg(required = true, num_args = 2..)]
        ids: Vec<ConversationId>,
        /// The title of the new one
        #[arg(long)]
        title: String,
    },
    /// Folders: conversations with instructions and files of their own
    #[command(subcommand)]
    Folder(FolderCommand),
    /// Write conversations into a file: one as a document, several as a ZIP archive of documents
    Export {
        /// The conversations; without any, all but those that were put away
        ids: Vec<ConversationId>,
        /// How they are written; json holds everything, and can be imported again
        #[arg(long, value_enum, default_value_t)]
        format: ExportFormat,
        /// The file; a single conversation goes to standard output without one
        #[arg(long, short, value_name = "FILE", required_unless_present = "ids")]
        output: Option<PathBuf>,
    },
    /// Bring in the export of ChatGPT, Claude, Open WebUI, LibreChat or Bureau, or a conversation
    /// in Markdown; importing it again adds nothing
    Import {
        /// The file, archive or folder
        file: PathBuf,
        /// The report as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// How long conversations are kept
    Retention {
        /// Delete for good what was not changed for so many days
        #[arg(long, value_name = "N", conflicts_with = "forever")]
        days: Option<u32>,
        /// Keep everything
        #[arg(long)]
        forever: bool,
        /// Whether everything is held, so that nobody can delete anything
        #[arg(long, value_name = "YES|NO", value_parser = clap::builder::BoolishValueParser::new())]
        hold: Option<bool>,
    },
    /// How much there is, by model and by month
    Stats {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Check the whole history; exits 0 only when all is well
    Verify,
}

/// Which conversations are listed.
#[derive(Args)]
#[command(group(ArgGroup::new("view")))]
pub struct List {
    /// Those in the folder of this name
    #[arg(long, group = "view", value_name = "NAME")]
    pub folder: Option<String>,
    /// Those with this tag
    #[arg(long, group = "view")]
    pub tag: Option<String>,
    /// Those that were put away
    #[arg(long, group = "view")]
    pub archived: bool,
    /// Those in the trash
    #[arg(long, group = "view")]
    pub deleted: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum FolderCommand {
    /// Every folder
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Make a folder
    Create {
        /// Its name
        name: String,
    },
    /// Change a folder
    Change {
        /// Its name
        name: String,
        /// Another name
        #[arg(long)]
        rename: Option<String>,
        /// Instructions for the model that go with every question of its conversations
        #[arg(long)]
        instructions: Option<String>,
        /// A table of terms and what they are called in its translations, one a line
        #[arg(long, value_name = "FILE")]
        glossary: Option<PathBuf>,
        /// A file that goes with every question of its conversations: text, or an image
        #[arg(long, value_name = "FILE")]
        attach: Vec<PathBuf>,
        /// Delete for good what was not changed for so many days
        #[arg(long, value_name = "N", conflicts_with = "as_all")]
        days: Option<u32>,
        /// Keep its conversations as long as all others
        #[arg(long)]
        as_all: bool,
    },
    /// Hold a folder, so that nobody can delete anything in it
    Hold {
        /// Its name
        name: String,
        /// Let it go
        #[arg(long)]
        undo: bool,
    },
    /// Delete a folder; its conversations stay
    Delete {
        /// Its name
        name: String,
    },
}

/// How exported conversations are written.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum ExportFormat {
    #[default]
    Markdown,
    Html,
    Json,
    Pdf,
    Docx,
}

/// What a search shows first.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum SearchOrder {
    /// What was made last
    #[default]
    Newest,
    /// What fits best
    Best,
}

/// A way to open the history.
#[derive(Clone, Copy, ValueEnum)]
pub enum SlotName {
    Keychain,
    Passphrase,
    Recovery,
}

#[derive(Subcommand)]
pub enum VaultCommand {
    /// What opens the history
    Status {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Let a passphrase open the history too
    AddPassphrase(NewPassphrase),
    /// Let the operating system's keychain open the history too
    AddKeychain,
    /// Replace the passphrase
    ChangePassphrase(NewPassphrase),
    /// Take a way to open the history away; the last one stays
    Remove {
        /// Which one
        slot: SlotName,
    },
    /// Open a history or a backup with the organisation's recovery key, and set a new passphrase
    Recover {
        /// The file of the secret key, as `age-keygen` writes it
        key_file: PathBuf,
        /// Put this backup in the place of the history; what the recovery key opens it by lies
        /// beside it (`.age`)
        #[arg(long, value_name = "FILE")]
        backup: Option<PathBuf>,
        #[command(flatten)]
        passphrase: NewPassphrase,
    },
}

#[derive(Subcommand)]
pub enum BackupCommand {
    /// How backups stand
    Status {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Choose what opens the backups that are made from now on: a passphrase, or a recovery key
    Protect {
        /// Make a recovery key and print it, to be written down
        #[arg(long, conflicts_with = "new_passphrase_file")]
        recovery_key: bool,
        #[command(flatten)]
        passphrase: NewPassphrase,
    },
    /// Print the recovery key that is in force
    RecoveryKey,
    /// Make a backup while the history is in use
    Make {
        /// The file; without one it goes to the scheduled folder, of which the oldest are removed
        file: Option<PathBuf>,
    },
    /// Make backups by themselves while the window's program runs; `make` without a file makes
    /// them from a scheduler of your own
    Schedule {
        /// The folder
        #[arg(required_unless_present = "off")]
        folder: Option<PathBuf>,
        /// Days from one to the next
        #[arg(long, default_value_t = 1)]
        days: u32,
        /// How many are kept, the last ones
        #[arg(long, default_value_t = 7)]
        keep: u32,
        /// No longer
        #[arg(long, conflicts_with_all = ["folder", "days", "keep"])]
        off: bool,
    },
    /// Check a whole backup; exits 0 only when all is well
    Check(Backup),
    /// Put a backup in the place of the history, once the whole of it was checked
    Restore(Backup),
}

/// A backup, and what opens it.
#[derive(Args)]
pub struct Backup {
    /// The file
    pub file: PathBuf,
    /// File with its passphrase or recovery key; without one it is asked for
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum SyncCommand {
    /// Start in an empty store, and print the code with which other machines join
    Start {
        #[command(flatten)]
        store: SyncStore,
    },
    /// Join the machines that share a history in a store
    Join {
        #[command(flatten)]
        store: SyncStore,
        /// File with the pairing code; without one it is asked for
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
    /// Exchange changes at once; the window's program and `bureau chat` do it by themselves
    Now,
    /// How sharing stands
    Status {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print the code with which other machines join
    Code,
    /// Share no longer; what came stays here, and what was sent stays with the others
    Stop,
}

/// Where machines leave their changes for each other.
#[derive(Args)]
pub struct SyncStore {
    /// s3://bucket/folder, az://container/folder, gs://bucket/folder, or a folder; the one in
    /// config.toml without it
    #[arg(value_name = "STORE")]
    pub address: Option<String>,
    /// The server of a store that is not the vendor's own
    #[arg(long, value_name = "URL", requires = "address")]
    pub endpoint: Option<String>,
    /// The region of a bucket
    #[arg(long, requires = "address")]
    pub region: Option<String>,
    /// Ask the store without TLS
    #[arg(long, requires = "address")]
    pub allow_http: bool,
    /// The access key's id (S3) or the account (Azure)
    #[arg(long, value_name = "ID")]
    pub key_id: Option<String>,
    /// File with the secret access key (S3), the account's key or shared access signature (Azure),
    /// or the service account's JSON (Google); without one it is asked for if an id is given
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct NewPassphrase {
    /// File with the new passphrase; without one it is asked for
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// The last records
    Show {
        /// So many
        #[arg(long, default_value_t = 50)]
        last: u64,
        /// The records' own lines of JSON
        #[arg(long)]
        json: bool,
    },
    /// Whether a log is what was written; ends with 0 only if all of it is
    Verify {
        /// The folder of the log; without one, this profile's, with the key in its history
        folder: Option<PathBuf>,
        /// A file with a public key that is trusted; may be given several times
        #[arg(long, value_name = "FILE")]
        key: Vec<PathBuf>,
        /// A record that is known to be in it, as a collector has it: NUMBER:HASH
        #[arg(long, value_name = "RECORD")]
        record: Vec<String>,
        /// What was found, as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write all records into a file
    Export {
        /// The file
        file: PathBuf,
        /// As what
        #[arg(long, value_enum, default_value_t)]
        format: AuditFormat,
        /// The folder of the log; without one, this profile's
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// The public key that verifies this profile's log, in PEM
    Key,
}

/// The form of exported records.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// One JSON object a line, as they are in the log
    #[default]
    Json,
    /// A table
    Csv,
}
