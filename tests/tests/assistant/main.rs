//! What the window and the terminal program both rest on, through the crate that they call: real
//! endpoints, a real history, and nothing between.

#[cfg(unix)]
mod aloud;
mod answers;
mod audit;
mod conversations;
mod desk;
mod endpoints;
mod policy;
mod prevention;
mod settings;
mod summaries;
mod updates;
mod writing;

use std::sync::Arc;

use assistant::{
    AnswerUpdate, Assistant, Config, EndpointDraft, Folders, KeyChange, Question, Updates,
};
use conversation::{Conversation, Message};
use endpoint::EndpointKind;
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile};

const KEY: &str = "sk-of-this-server-alone";

/// An assistant on the profile, its history open, and this endpoint its one.
fn assistant(profile: &Profile, endpoint: &Endpoint) -> Arc<Assistant> {
    let assistant = Assistant::new(folders(profile), Config::default());
    let passphrase = SecretString::from(PASSPHRASE);
    assistant.create_with_passphrase(&passphrase).unwrap();
    let key = KeyChange::Set { key: KEY.to_owned() };
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    Arc::new(assistant)
}

fn folders(profile: &Profile) -> Folders {
    Folders { config: profile.root().join("config"), data: profile.data() }
}

fn draft(name: &str, address: &str) -> EndpointDraft {
    EndpointDraft {
        name: name.to_owned(),
        address: address.to_owned(),
        kind: EndpointKind::OpenAiChat,
        api_version: None,
        allow_http: false,
    }
}

fn question(text: &str) -> Question {
    Question { text: text.to_owned(), ..Question::default() }
}

/// Waits for the end of the answer.
async fn ended(mut updates: Updates) -> (Message, Conversation) {
    while let Some(update) = updates.recv().await {
        if let AnswerUpdate::Ended { answer, conversation } = update {
            return (*answer, conversation);
        }
    }
    panic!("the answer never ended");
}

async fn ask(assistant: &Arc<Assistant>, question: Question) -> (Message, Conversation) {
    ended(assistant.send(question).await.unwrap()).await
}
