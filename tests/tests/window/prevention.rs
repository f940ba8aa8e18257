//! What must not leave, in the window: what an endpoint is sent, and what a person sees of it.

use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, stream_of};

const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

/// A window under rules, whose endpoint answers with a placeholder in pieces.
async fn governed(profile: &Profile) -> (Window, Endpoint) {
    profile.configure("[settings]\nmodel_titles = false\nquick_keys = \"\"\n");
    profile.govern(
        "[prevention]
        reason = \"Ask the desk\"
        [prevention.kinds]
        card = \"block\"
        iban = \"ask\"
        [[prevention.names]]
        name = \"Patients\"
        action = \"replace\"
        entries = [\"Jeanne Moreau\"]",
    );
    let endpoint =
        Endpoint::start(|_| stream_of(["Dear [PER", "SON_1], good day."], Duration::ZERO));
    let window = Window::open(profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    (window, endpoint)
}

fn sent(endpoint: &Endpoint) -> Vec<String> {
    endpoint.bodies().iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect()
}

#[tokio::test]
async fn a_name_is_replaced_on_its_way_and_comes_back() {
    let profile = Profile::new();
    let (window, endpoint) = governed(&profile).await;
    window.write("[data-testid=composer]", "Write to JEANNE MOREAU").await;
    // Words that are cut short on the page the driver takes for none.
    let chip = window.find("[data-testid=found] [data-action=replace]").await;
    let chip = chip.attr("title").await.unwrap().unwrap();
    assert!(chip.contains("Patients") && chip.contains("JEANNE MOREAU"), "{chip}");

    // What would go is shown before it does.
    window.click("[data-testid=outgoing]").await;
    let bytes = window.find("[data-testid=outgoing-dialog] pre").await.text().await.unwrap();
    assert!(bytes.contains("Write to [PERSON_1]") && !bytes.contains("MOREAU"), "{bytes}");
    assert!(endpoint.bodies().is_empty());
    window.click("[data-testid=outgoing-dialog] button[aria-label=Close]").await;
    window.click("[data-testid=send]").await;
    window.shows("Dear JEANNE MOREAU, good day.").await;
    let sent = sent(&endpoint);
    assert!(sent.len() == 1 && sent[0].contains("Write to [PERSON_1]"), "{sent:?}");
    assert!(!sent[0].to_lowercase().contains("moreau"), "{sent:?}");

    // And afterwards: what was sent has the placeholder, the conversation the name.
    window.click("[data-testid=replaced]").await;
    let exchange = window.find("[data-testid=exchange-dialog] pre").await.text().await.unwrap();
    assert!(exchange.contains("[PERSON_1]") && !exchange.contains("MOREAU"), "{exchange}");
    window.close().await;
}

#[tokio::test]
async fn what_is_held_is_not_sent_until_it_is_confirmed_and_what_is_stopped_never() {
    let profile = Profile::new();
    let (window, endpoint) = governed(&profile).await;
    window.ask("Charge 4111 1111 1111 1111").await;
    window.find("[data-testid=held-dialog]").await;
    window.shows("This cannot be sent").await;
    window.shows("Ask the desk").await;
    let confirm = fantoccini::Locator::Css("[data-testid=send-confirmed]");
    assert!(window.client.find(confirm).await.is_err(), "it cannot be confirmed");
    window.click("[data-testid=held-back]").await;
    window.holds("[data-testid=composer]", "Charge 4111 1111 1111 1111").await;
    window.find("[data-testid=composer]").await.clear().await.unwrap();

    window.ask(&format!("Pay {IBAN}")).await;
    window.shows("Send this?").await;
    window.find("[data-testid=held-dialog] [data-testid=found-list] [data-action=ask]").await;
    assert!(endpoint.bodies().is_empty(), "nothing goes before it is confirmed");
    window.click("[data-testid=send-confirmed]").await;
    window.find("[data-role=assistant][data-state=complete]").await;
    let sent = sent(&endpoint);
    assert!(sent.len() == 1 && sent[0].contains(IBAN), "{sent:?}");
    assert!(!sent[0].contains("4111"), "{sent:?}");
    window.close().await;
}

#[tokio::test]
async fn a_person_can_have_more_looked_for_than_the_organisation_does() {
    let profile = Profile::new();
    let (window, endpoint) = governed(&profile).await;
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-privacy]").await;
    let card = window.find("[data-testid=prevention-card] select").await;
    assert!(!card.is_enabled().await.unwrap(), "there is nothing stricter");
    let choose = window.find("[data-testid=prevention-email] select").await;
    choose.select_by_value("block").await.unwrap();
    window.shows("Ask the desk").await;
    window.click("[data-testid=section-organisation]").await;
    window.shows("Never sent to an endpoint: Payment card.").await;
    window.click("[data-testid=settings] button[aria-label=Close]").await;
    window.ask("Write to jeanne@exemple.fr").await;
    window.shows("This cannot be sent").await;
    assert!(endpoint.bodies().is_empty());
    window.close().await;
    let kept = std::fs::read_to_string(profile.root().join("config/config.toml")).unwrap();
    assert!(kept.contains("[prevention.kinds]\nemail = \"block\""), "{kept}");
}
