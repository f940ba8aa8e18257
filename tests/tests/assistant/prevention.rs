//! What must not leave: what an endpoint is sent, byte for byte, and what a person gets back.

use std::sync::Arc;
use std::time::Duration;

use assistant::{
    Assistant, AttachedFile, FoundIn, PreventionAction, PreventionKind, Question, SummaryChoices,
    SummaryForm, SummaryLength,
};
use conversation::{FailureCode, MessageState, Role, thread};
use history::View;
use whole_program::{Endpoint, Profile, stream_of};

use crate::policy::under;
use crate::{ask, draft, ended, question};

pub(crate) const RULES: &str = "
    [prevention]
    reason = \"ask the desk\"
    [prevention.kinds]
    card = \"block\"
    iban = \"ask\"
    email = \"replace\"
    telephone = \"note\"
    passport = \"replace\"
    [[prevention.names]]
    name = \"Patients\"
    action = \"replace\"
    entries = [\"Jeanne Moreau\"]";
pub(crate) const CARD: &str = "4111 1111 1111 1111";
pub(crate) const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

/// An endpoint that says these pieces, and an assistant under the rules that asks it.
pub(crate) fn asking(
    profile: &Profile,
    rules: &str,
    pieces: &'static [&'static str],
) -> (Arc<Assistant>, Endpoint) {
    let endpoint = Endpoint::start(|_| stream_of(pieces.iter().copied(), Duration::ZERO));
    let assistant = under(profile, rules);
    let key = assistant::KeyChange::Keep;
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    (assistant, endpoint)
}

pub(crate) fn sent(endpoint: &Endpoint) -> String {
    endpoint.bodies().iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect()
}

#[tokio::test]
async fn an_endpoint_never_sees_a_name_and_the_answer_has_it() {
    let profile = Profile::new();
    let pieces = &["Dear [PER", "SON_", "1], write to \\[EMA", "IL\\_1\\]", " or [person_1]."];
    let (assistant, endpoint) = asking(&profile, RULES, pieces);
    let asked = "Write to JEANNE  MOREAU (jeanne@exemple.fr). Jeanne Moreau waits.";
    let (answer, conversation) = ask(&assistant, question(asked)).await;
    assert_eq!(answer.text, "Dear JEANNE  MOREAU, write to jeanne@exemple.fr or JEANNE  MOREAU.");
    assert_eq!(answer.replaced, 3);
    let first = sent(&endpoint);
    assert!(first.contains("Write to [PERSON_1] ([EMAIL_1]). [PERSON_1] waits."), "{first}");

    // What is asked next goes in the same way, with what was answered.
    let next = Question { conversation: Some(conversation.id), ..question("And Jeanne Moreau?") };
    ask(&assistant, next).await;
    assistant.improve_title(conversation.id).await;
    let all = sent(&endpoint);
    assert!(all.contains("And [PERSON_1]?"), "{all}");
    assert!(!all.to_lowercase().contains("moreau") && !all.contains("exemple.fr"), "{all}");

    // The exchange shows what was sent, the conversation what was said.
    let exchange = assistant.exchange(answer.id).unwrap().unwrap();
    let request = &exchange.requests[0];
    assert!(request.contains("[PERSON_1]") && !request.contains("MOREAU"));
    assert!(exchange.response.contains("JEANNE  MOREAU"));
    let said = assistant.open_conversation(conversation.id).unwrap();
    assert_eq!(said.messages[0].text, asked);
    assert_eq!(said.messages[1].replaced, 3);
}

#[tokio::test]
async fn what_is_blocked_is_neither_sent_nor_stored_and_not_repeated() {
    let profile = Profile::new();
    let (assistant, endpoint) = asking(&profile, RULES, &["ok"]);
    let file = AttachedFile::new("carte.txt", format!("Carte : {CARD}").into_bytes()).unwrap();
    for asked in [
        question(&format!("Charge {CARD}.")),
        Question { files: vec![file], ..question("Read this.") },
        Question { system: Some(format!("My card is {CARD}.")), ..question("Hi") },
    ] {
        let failure = assistant.send(Question { confirmed: true, ..asked }).await.err().unwrap();
        assert_eq!(failure.code, FailureCode::Prevented);
        assert!(failure.message.contains("payment card") && !failure.message.contains("4111"));
        assert_eq!(failure.message.lines().nth(1), Some("ask the desk"));
    }
    assistant.set_instructions(&format!("My card is {CARD}.")).unwrap();
    assert!(assistant.send(question("Hi")).await.is_err());
    assistant.set_instructions("").unwrap();
    assert!(assistant.list(&View::All, None).unwrap().is_empty());
    assert!(endpoint.bodies().is_empty());

    // An edit is refused as a question is, and leaves the conversation as it was.
    let (_, conversation) = ask(&assistant, question("Hi")).await;
    let before = assistant.open_conversation(conversation.id).unwrap();
    let edit = assistant.edit(before.messages[0].id, &format!("Pay with {CARD}"), None, true).await;
    assert_eq!(edit.err().unwrap().code, FailureCode::Prevented);
    assert_eq!(assistant.open_conversation(conversation.id).unwrap(), before);
}

#[tokio::test]
async fn what_is_blocked_is_told_before_that_nobody_answers() {
    let profile = Profile::new();
    let assistant = under(&profile, RULES);
    let key = assistant::KeyChange::Keep;
    // Nothing listens there, so nobody can say which model answers.
    assistant.save_endpoint(None, &draft("work", "http://127.0.0.1:9/v1"), &key).unwrap();
    let code = |asked: String| {
        let assistant = assistant.clone();
        async move { assistant.send(question(&asked)).await.err().unwrap().code }
    };
    assert_eq!(code(format!("Pay {CARD}")).await, FailureCode::Prevented);
    assert_eq!(code(format!("Pay {IBAN}")).await, FailureCode::ConfirmationNeeded);
    assert_eq!(code("Good day".to_owned()).await, FailureCode::Unreachable);
}

#[tokio::test]
async fn what_is_asked_about_goes_once_it_is_confirmed_and_is_not_asked_about_again() {
    let profile = Profile::new();
    let (assistant, endpoint) = asking(&profile, RULES, &["ok"]);
    let asked = || question(&format!("Pay to {IBAN}."));
    let failure = assistant.send(asked()).await.err().unwrap();
    assert_eq!(failure.code, FailureCode::ConfirmationNeeded);
    assert!(failure.message.contains("IBAN") && !failure.message.contains("2004"));
    assert!(endpoint.bodies().is_empty() && assistant.list(&View::All, None).unwrap().is_empty());

    let (_, conversation) = ask(&assistant, Question { confirmed: true, ..asked() }).await;
    assert!(sent(&endpoint).contains(IBAN));
    let next = Question { conversation: Some(conversation.id), ..question("And then?") };
    let (answer, _) = ask(&assistant, next).await;
    assert_eq!(answer.state, MessageState::Complete);
    // Another one is asked about again.
    let other = "DE89 3704 0044 0532 0130 00";
    let next = Question { conversation: Some(conversation.id), ..question(other) };
    assert_eq!(assistant.send(next).await.err().unwrap().code, FailureCode::ConfirmationNeeded);
}

#[tokio::test]
async fn a_preview_has_the_very_bytes_that_are_sent() {
    let profile = Profile::new();
    let (assistant, endpoint) = asking(&profile, RULES, &["[PERSON_1]"]);
    let file = AttachedFile::new("lettre.txt", b"De Jeanne Moreau, 06 12 34 56 78".to_vec());
    let asked = Question { files: vec![file.unwrap()], ..question("Réponds à Jeanne Moreau") };
    let preview = assistant.preview(&asked).await.unwrap();
    assert_eq!((preview.replaced, &preview.stopped), (2, &None));
    let found: Vec<_> = preview.found.iter().map(|f| (f.kind, f.action, f.place.clone())).collect();
    let lettre = FoundIn::File { name: "lettre.txt".to_owned() };
    use PreventionAction::{Note, Replace};
    use PreventionKind::{Name, Telephone};
    assert_eq!(
        found,
        [
            (Name, Replace, FoundIn::Question),
            (Name, Replace, lettre.clone()),
            (Telephone, Note, lettre)
        ]
    );
    assert!(endpoint.bodies().is_empty() && assistant.list(&View::All, None).unwrap().is_empty());
    let (_, conversation) = ask(&assistant, asked).await;
    assert_eq!(String::from_utf8(endpoint.bodies()[0].clone()).unwrap(), preview.body);

    let next = Question { conversation: Some(conversation.id), ..question("Et jeanne moreau ?") };
    let preview = assistant.preview(&next).await.unwrap();
    ask(&assistant, next).await;
    assert_eq!(String::from_utf8(endpoint.bodies()[1].clone()).unwrap(), preview.body);
    let blocked = assistant.preview(&question(CARD)).await.unwrap();
    assert_eq!(blocked.stopped.unwrap().code, FailureCode::Prevented);
    assert!(blocked.body.is_empty());
}

#[tokio::test]
async fn every_part_of_a_summary_is_guarded() {
    let profile = Profile::new();
    let rules = format!("{RULES}\n[prevention.kinds]");
    let rules = rules.strip_suffix("\n[prevention.kinds]").unwrap();
    let (assistant, endpoint) = asking(&profile, rules, &["\"Jeanne\" [PERSON_1] came."]);
    let page = "Jeanne Moreau est venue au bureau et a signé le registre. ".repeat(2_000);
    let file = AttachedFile::new("registre.txt", page.into_bytes()).unwrap();
    let choices = SummaryChoices {
        length: SummaryLength::Short,
        form: SummaryForm::Paragraph,
        language: Some("fr".to_owned()),
        focus: "Jeanne Moreau".to_owned(),
    };
    let asked = Question { files: vec![file], summary: Some(choices), ..question("Résume.") };
    let (answer, _) = ask(&assistant, asked).await;
    assert_eq!(answer.state, MessageState::Complete, "{:?}", answer.failure);
    assert!(endpoint.bodies().len() > 1, "it goes in parts");
    assert!(!sent(&endpoint).to_lowercase().contains("moreau"));
    assert!(answer.text.contains("Jeanne Moreau"), "{}", answer.text);
}

#[tokio::test]
async fn what_was_replaced_once_is_replaced_without_what_gave_it_away() {
    let profile = Profile::new();
    let (assistant, endpoint) = asking(&profile, RULES, &["It is [PASSPORT_1]."]);
    let (answer, conversation) = ask(&assistant, question("My passport is 12AB34567.")).await;
    assert_eq!(answer.text, "It is 12AB34567.");
    let next = Question { conversation: Some(conversation.id), ..question("Spell 12AB34567 out") };
    ask(&assistant, next).await;
    // Also after the program was started again, and where an answer is asked for anew.
    let (_, messages) = assistant.messages(conversation.id).unwrap();
    let last = thread(&messages, None).messages.last().copied().unwrap().clone();
    assert_eq!(last.role, Role::Assistant);
    ended(assistant.regenerate(last.id, None, false).await.unwrap()).await;
    drop(assistant);
    let assistant = under(&profile, RULES);
    let next = Question { conversation: Some(conversation.id), ..question("12AB34567?") };
    ask(&assistant, next).await;
    let all = sent(&endpoint);
    assert_eq!(endpoint.bodies().len(), 4);
    assert!(!all.contains("12AB34567") && !all.contains("PASSPORT_2"), "{all}");
}

#[tokio::test]
async fn a_persons_rules_add_to_the_organisations_and_the_built_in_model_is_sent_nothing() {
    let profile = Profile::new();
    let own = "[prevention.kinds]\ncard = \"off\"\nip_address = \"block\"\n";
    std::fs::create_dir_all(profile.root().join("config")).unwrap();
    std::fs::write(profile.root().join("config/config.toml"), own).unwrap();
    let (assistant, endpoint) = asking(&profile, RULES, &["ok"]);
    for text in ["ping 192.168.10.24", CARD] {
        let failure = assistant.send(question(text)).await.err().unwrap();
        assert_eq!(failure.code, FailureCode::Prevented, "{text}");
    }
    assert!(endpoint.bodies().is_empty());
    assert!(!assistant.check_text(None, CARD, None).unwrap().is_empty());
    let built_in = assistant.check_text(None, CARD, Some(assistant::BUILT_IN_MODEL)).unwrap();
    assert!(built_in.is_empty());
}

#[tokio::test]
async fn what_stood_for_what_ends_with_the_conversation() {
    let profile = Profile::new();
    let (assistant, _endpoint) = asking(&profile, RULES, &["[PERSON_1]"]);
    let (_, conversation) = ask(&assistant, question("Jeanne Moreau")).await;
    let history = assistant.history().unwrap();
    assert_eq!(history.replacements(conversation.id).unwrap().len(), 1);
    assistant.delete(&[conversation.id]).unwrap();
    assistant.erase(&[conversation.id]).unwrap();
    assert!(history.replacements(conversation.id).unwrap().is_empty());
}
