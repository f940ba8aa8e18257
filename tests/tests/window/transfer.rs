//! Bringing conversations and prompts in and taking them out, by the system's own dialogs.

use fantoccini::Locator;
use whole_program::{Endpoint, Profile, Window};

use crate::display::choose_file;

/// Keys as WebDriver calls them.
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_comes_from_another_machine_and_goes_out_as_documents() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let (office, profile) = (Profile::new(), Profile::new());
    office.run_with(endpoint.address(), &["ask", "Quels délais ?"]).ok();
    let export = profile.root().join("export.json");
    office.run(&["history", "export", "--format", "json", "-o", export.to_str().unwrap()]).ok();

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=open-import]").await;
    window.click("[data-testid=choose-import]").await;
    choose_file(&window, &export).await;
    window.find("[data-testid=import-report]").await;
    window.click("[data-testid=import] .layer-actions .button:last-child").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;

    for format in ["html", "pdf"] {
        window.click("[data-testid=conversation-actions]").await;
        window.click("[role=menu] [data-testid=export]").await;
        window.click(&format!("[role=menu] [data-testid=export-{format}]")).await;
        let file = profile.root().join(format!("out.{format}"));
        choose_file(&window, &file).await;
        let begins = if format == "pdf" { "%PDF-" } else { "<!DOCTYPE html>" };
        for _ in 0..300 {
            if std::fs::read(&file).is_ok_and(|bytes| bytes.starts_with(begins.as_bytes())) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{}", String::from_utf8_lossy(&bytes));
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_go_out_and_come_back_beside_those_of_the_organisation() {
    let profile = Profile::new();
    let policy = profile.root().join("policy.toml");
    let provides = |organisation: &str, name: &str| {
        let prompt = format!("[[prompts]]\nname = \"{name}\"\ntext = \"In {{{{tone}}}}\"\n");
        std::fs::write(&policy, format!("organisation = \"{organisation}\"\n{prompt}")).unwrap();
    };
    provides("First Agency", "House style");
    let mut driver = Window::driver(&profile);
    driver.env_remove("BUREAU_PASSPHRASE_FILE").env("BUREAU_POLICY_FILE", &policy);
    let window = Window::start(driver, &whole_program::program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    window.find("[data-testid=composer]").await;

    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-prompts]").await;
    window.find("[data-testid=provided-prompt]").await;
    window.click("[data-testid=new-prompt]").await;
    window.write("[data-testid=prompt-name]", "Zebra note").await;
    window.write("[data-testid=prompt-text]", "Thank {{whom}} for the zebra").await;
    window.click("[data-testid=save-prompt]").await;
    window.find("[data-testid=kept-prompt] [aria-label*=Zebra]").await;

    window.click("[data-testid=export-prompts]").await;
    let file = profile.root().join("prompts.json");
    choose_file(&window, &file).await;
    let written = || std::fs::read_to_string(&file).unwrap_or_default();
    for _ in 0..300 {
        if !written().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(
        written().contains("Zebra note") && !written().contains("House style"),
        "{}",
        written()
    );

    // It is the last of a list that is longer than the dialog.
    let show = "document.querySelector('[data-testid=kept-prompt]:last-child').scrollIntoView()";
    window.client.execute(show, vec![]).await.unwrap();
    window.click("[data-testid=kept-prompt] [aria-label*=Zebra]:last-child").await;
    window.find("[data-testid=undo-prompt]").await;
    assert!(
        window
            .client
            .find(Locator::Css("[data-testid=kept-prompt] [aria-label*=Zebra]"))
            .await
            .is_err()
    );
    window.click("[data-testid=import-prompts]").await;
    choose_file(&window, &file).await;
    window.find("[data-testid=kept-prompt] [aria-label*=Zebra]").await;
    window.write("[data-testid=new-prompt]", ESCAPE).await;

    window.write("[data-testid=composer]", "/zebra").await;
    window.find("[data-testid=prompt]").await;
    window.write("[data-testid=composer]", ENTER).await;
    window.write("[data-testid=composer]", "Ada").await;
    window.holds("[data-testid=composer]", "Thank Ada for the zebra").await;

    // Another policy's prompts are there as soon as it is in force.
    provides("Second Agency", "Plain words");
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-organisation]").await;
    window.click("[data-testid=refresh-policy]").await;
    window.shows("Second Agency").await;
    window.click("[data-testid=section-prompts]").await;
    window.shows("Plain words").await;
    assert!(!window.text().await.contains("House style"));
    window.close().await;
}
