//! What a person's groups, which their provider tells, let the policy be.

use assistant::{Assistant, Config, Folders, PreventionAction};
use policy::{Format, Policy};
use secrecy::SecretString;
use serde_json::json;
use whole_program::{Oidc, PASSPHRASE, Profile, browse};

use crate::support::page;

const CARD: &str = "4111 1111 1111 1111";

fn signed_in_to(oidc: &Oidc) -> String {
    format!(
        "{{ address = \"{}\", auth = \"oidc\", oidc = {{ issuer = \"{}\", client_id = \"{}\" }} }}",
        oidc.endpoint,
        oidc.issuer,
        Oidc::CLIENT
    )
}

fn under(profile: &Profile, policy: &str) -> Assistant {
    let folders = Folders { config: profile.root().join("config"), data: profile.data() };
    let config = Config::load(&folders.config_file()).unwrap();
    let policy = Policy::parse("policy", policy, Format::Toml).unwrap();
    Assistant::new(folders, config).with_policy(policy)
}

async fn sign_in(assistant: &Assistant, endpoint: &str) {
    let open = |address: &reqwest::Url| {
        let address = address.to_string();
        std::thread::spawn(move || browse(&address, &json!({})));
        Ok(())
    };
    let account = assistant.sign_in(endpoint, &page(), open).await.unwrap();
    assert_eq!(account.groups, ["staff", "legal"]);
}

/// What is done about a card.
fn done(assistant: &Assistant) -> PreventionAction {
    assistant.check_any(CARD).unwrap()[0].action
}

#[tokio::test(flavor = "multi_thread")]
async fn the_groups_that_the_organisations_own_provider_tells_are_heeded_and_no_others() {
    let (organisations, own) = (Oidc::start(&json!({})), Oidc::start(&json!({})));
    let profile = Profile::new();
    profile.configure(&format!("[endpoints]\nmine = {}\n", signed_in_to(&own)));
    let policy = format!(
        "[endpoints.provided]
        agency = {}
        [prevention.kinds]
        card = \"note\"
        [[groups]]
        name = \"legal\"
        [groups.prevention.kinds]
        card = \"block\"
        [groups.lock]
        idle_minutes = 5",
        signed_in_to(&organisations)
    );
    let passphrase = SecretString::from(PASSPHRASE);
    let assistant = under(&profile, &policy);
    assistant.create_with_passphrase(&passphrase).unwrap();
    // A provider that a person chooses can tell any group.
    sign_in(&assistant, "mine").await;
    assert_eq!(done(&assistant), PreventionAction::Note);
    sign_in(&assistant, "agency").await;
    assert_eq!(done(&assistant), PreventionAction::Block);
    assert!(assistant.until_idle().is_some(), "the group's lock holds as well");
    assistant.lock();
    assert_eq!(done(&assistant), PreventionAction::Block, "a lock makes nobody another");
    drop(assistant);

    // Every program that opens the history knows them.
    let assistant = under(&profile, &policy);
    assert_eq!(done(&assistant), PreventionAction::Note);
    assistant.unlock(&passphrase).unwrap();
    assert_eq!(done(&assistant), PreventionAction::Block);
    profile.govern(&policy);
    let checked = profile.run_with_input(&["check"], CARD);
    assert_eq!(checked.code, Some(4), "{checked:?}");
    let shown = profile.run(&["policy", "show"]).ok().stdout;
    assert!(shown.contains("Never sent to an endpoint: a payment card's number"), "{shown}");

    assistant.sign_out("agency").await.unwrap();
    assert_eq!(done(&assistant), PreventionAction::Note);
}
