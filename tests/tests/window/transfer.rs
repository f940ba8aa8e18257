//! Bringing conversations in and taking them out, by the system's own dialogs.

use whole_program::{Endpoint, Profile, Window};

use crate::display::choose_file;

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
