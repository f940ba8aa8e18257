//! `bureau chat`: a conversation in the terminal.

use std::sync::Arc;

use assistant::{Assistant, Question, Updates};
use conversation::{ConversationId, Failure, FailureCode, MessageId, Role, thread};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::args::Chat;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::{ask, models, output, unlock};

const HELP: &str = "\
/new            begin a new conversation
/model [NAME]   ask another model; without a name, list them
/retry          answer the last question again
/continue       go on with an answer that ended early
/confirm        send what was asked about, as it is
/quit           leave (or Ctrl-D); Ctrl-C stops an answer";

pub async fn run(assistant: &Arc<Assistant>, arguments: Chat) -> Result<Exit, Failure> {
    unlock::open_or_temporary(assistant, arguments.temporary, arguments.conversation)?;
    let mut chat = Session {
        assistant: assistant.clone(),
        conversation: arguments.conversation,
        model: arguments.model,
        system: arguments.system,
        last_answer: None,
        unconfirmed: None,
    };
    if let Some(id) = chat.conversation {
        chat.show_so_far(id)?;
        chat.go_on(id).await;
    }
    let synced = assistant.clone();
    tokio::spawn(async move { synced.keep_synced().await });
    // Lines typed are remembered until the program ends, and written nowhere.
    let mut editor = DefaultEditor::new().map_err(|error| unreadable(&error))?;
    eprintln!("Type a message, or /help.");
    loop {
        let line = match editor.readline("› ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(Exit::Done),
            Err(error) => return Err(unreadable(&error)),
        };
        if line.trim().is_empty() {
            continue;
        }
        // Remembering a line can fail for want of memory alone.
        let _ = editor.add_history_entry(&line);
        if line.trim() == "/quit" {
            return Ok(Exit::Done);
        }
        let confirmed = chat.unconfirmed.take().filter(|_| line.trim() == "/confirm");
        let (line, confirmed) = confirmed.map_or((line, false), |before| (before, true));
        if let Err(failure) = chat.take(&line, confirmed).await {
            eprintln!("bureau: {failure}");
            if failure.code == FailureCode::ConfirmationNeeded {
                eprintln!("(/confirm sends it as it is)");
                chat.unconfirmed = Some(line);
            }
        }
    }
}

struct Session {
    assistant: Arc<Assistant>,
    conversation: Option<ConversationId>,
    model: Option<String>,
    system: Option<String>,
    last_answer: Option<MessageId>,
    /// The line that goes only once the person has said so.
    unconfirmed: Option<String>,
}

impl Session {
    /// Does what a line says; Ctrl-C ends it.
    async fn take(&mut self, line: &str, confirmed: bool) -> Result<(), Failure> {
        let mut interrupts = Interrupts::listen()?;
        let updates = tokio::select! {
            updates = self.begin(line, confirmed) => updates?,
            () = interrupts.next() => return Ok(()),
        };
        let Some(updates) = updates else { return Ok(()) };
        let answer = ask::show(&self.assistant, updates, &mut interrupts, false).await?;
        self.conversation = Some(answer.conversation);
        self.last_answer = Some(answer.id);
        if let Some(reason) = ask::cut_short(&answer) {
            eprintln!("bureau: {reason}");
        }
        if !answer.is_whole() && !answer.text.is_empty() {
            eprintln!("(/continue goes on)");
        }
        output::write("\n")
    }

    /// Asks what a line asks; none if it asks nothing of a model.
    async fn begin(&mut self, line: &str, confirmed: bool) -> Result<Option<Updates>, Failure> {
        let (command, argument) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let updates = match (command, argument.trim()) {
            ("/help", _) => {
                eprintln!("{HELP}");
                return Ok(None);
            }
            ("/new", _) => {
                self.conversation = None;
                self.last_answer = None;
                return Ok(None);
            }
            ("/model", "") => {
                models::run(&self.assistant, false).await?;
                return Ok(None);
            }
            ("/model", name) => {
                self.model = Some(name.to_owned());
                return Ok(None);
            }
            ("/retry", _) => {
                let model = self.model.as_deref();
                self.assistant.regenerate(self.answer()?, model, confirmed).await?
            }
            ("/continue", _) => self.assistant.continue_answer(self.answer()?, confirmed).await?,
            (unknown, _) if unknown.starts_with('/') && !unknown[1..].contains('/') => {
                let message = format!("there is no command {unknown}; /help lists them");
                return Err(Failure::new(FailureCode::Invalid, message));
            }
            _ => {
                let question = Question {
                    conversation: self.conversation,
                    text: line.to_owned(),
                    model: self.model.clone(),
                    system: self.system.clone(),
                    files: Vec::new(),
                    temporary: false,
                    folder: None,
                    summary: None,
                    given: Vec::new(),
                    confirmed,
                };
                self.assistant.send(question).await?
            }
        };
        Ok(Some(updates))
    }

    /// Goes on with a summary that its program did not live to finish.
    async fn go_on(&mut self, id: ConversationId) {
        let gone_on = match self.assistant.interrupted_summary(id) {
            Ok(Some(_)) => self.take("/continue", false).await,
            Ok(None) => Ok(()),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = gone_on {
            eprintln!("bureau: {failure}");
        }
    }

    fn answer(&self) -> Result<MessageId, Failure> {
        self.last_answer.ok_or_else(|| Failure::new(FailureCode::Invalid, "there is no answer yet"))
    }

    fn show_so_far(&mut self, id: ConversationId) -> Result<(), Failure> {
        let (conversation, messages) = self.assistant.messages(id)?;
        eprintln!("{}\n", output::printable(&conversation.title));
        for message in thread(&messages, conversation.leaf).messages {
            let mark = if message.role == Role::User { "› " } else { "" };
            output::write(&format!("{mark}{}\n\n", output::printable(&message.text)))?;
            if message.role == Role::Assistant {
                self.last_answer = Some(message.id);
            }
        }
        Ok(())
    }
}

fn unreadable(error: &ReadlineError) -> Failure {
    Failure::new(FailureCode::Internal, format!("the terminal cannot be read: {error}"))
}
