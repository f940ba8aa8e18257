//! What an organisation has recorded, as the person sees it in the window.

use whole_program::{Endpoint, Profile, Window};

#[tokio::test]
async fn a_person_sees_their_records_and_where_they_go() {
    let profile = Profile::new();
    profile.govern(
        "[audit]
        reason = \"Circular 2026/14\"
        [[audit.destinations]]
        name = \"siem\"
        kind = \"syslog\"
        address = \"127.0.0.1:9\"",
    );
    let endpoint = Endpoint::saying("Recorded.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Mirabelle").await;
    window.shows("Recorded.").await;
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-privacy]").await;
    window.click("[data-testid=audit-show]").await;
    let entries = window.find("[data-testid=audit-entries]").await.text().await.unwrap();
    assert!(entries.contains("A question to a model"), "{entries}");
    assert!(entries.contains("The history was made"), "{entries}");
    assert!(!entries.contains("Mirabelle"), "{entries}");

    // The rules of the organisation say the same, and that the destination is away.
    window.click("[data-testid=section-organisation]").await;
    let stands = window.find("[data-testid=audit-deliveries]").await.text().await.unwrap();
    assert!(stands.contains("siem") && stands.contains("Syslog · 127.0.0.1:9"), "{stands}");
    assert!(stands.contains("Not delivered yet"), "{stands}");
    window.shows("Circular 2026/14").await;
    window.close().await;
}
