//! Signing in at a real provider with the system's browser, which is the tests'.

use serde_json::json;
use whole_program::{Oidc, Profile, Window, browser_script, program};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_in_the_browser_asks_in_the_window() {
    let oidc = Oidc::start(&json!({}));
    let profile = Profile::new();
    profile.configure(&format!(
        "[endpoints.work]\naddress = \"{}\"\nauth = \"oidc\"\n\
         [endpoints.work.oidc]\nissuer = \"{}\"\nclient_id = \"{}\"\n",
        oidc.endpoint,
        oidc.issuer,
        Oidc::CLIENT
    ));
    let browser = browser_script();
    let path = format!("{}:{}", browser.path().display(), std::env::var("PATH").unwrap());
    let mut driver = Window::driver(&profile);
    driver.env_remove("BUREAU_PASSPHRASE_FILE").env("PATH", path);
    let window = Window::start(driver, &program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=models-closed] [data-testid=sign-in]").await;
    // Its text is cut short on the page, which the driver takes for none.
    window.find("[data-testid=model-picker][aria-label*=atlas]").await;
    window.ask("Good day").await;
    window.shows("Good day, anne.").await;

    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-endpoints]").await;
    window.shows("anne Example").await;
    window.shows("staff, legal").await;
    window.click("[data-testid=sign-out]").await;
    window.shows("Nobody is signed in.").await;
    window.close().await;
    assert_eq!(profile.run(&["whoami"]).ok().stdout, "work  nobody\n");
}
