//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
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
    /// List, show, search and keep conversations
    #[command(subcommand)]
    History(HistoryCommand),
    /// List the models that can be asked
    Models {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// See and change what opens the history
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Say what is configured and reachable, what is wrong, and how to mend it
    Doctor,
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
    /// A file to send along: text, or an image
    #[arg(long, short, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// The conversation to go on with
    #[arg(long, short, value_name = "ID")]
    pub conversation: Option<ConversationId>,
    /// Write nothing to disk
    #[arg(long, conflicts_with = "conversation")]
    pub temporary: bool,
    /// One JSON object a line: delta, reasoning, usage, finished, failed
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
    /// Every conversation, the last changed one first
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
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
    /// How much there is
    Stats {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Check the whole history; exits 0 only when all is well
    Verify,
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
