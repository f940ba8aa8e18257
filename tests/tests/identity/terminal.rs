//! Signing in from the terminal: the browser is the tests', the rest is real.

use std::process::{Command, Stdio};

use serde_json::json;
use whole_program::{Oidc, Output, Profile, browse, browser_script, search_for};

/// A profile with an endpoint that asks for a sign-in.
fn profile(oidc: &Oidc) -> Profile {
    let profile = Profile::new();
    profile.configure(&format!(
        "[endpoints.work]\naddress = \"{}\"\nauth = \"oidc\"\n\
         [endpoints.work.oidc]\nissuer = \"{}\"\nclient_id = \"{}\"\n",
        oidc.endpoint,
        oidc.issuer,
        Oidc::CLIENT
    ));
    profile
}

fn output(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

#[test]
fn whoever_signs_in_asks_and_signs_out_again() {
    let oidc = Oidc::start(&json!({}));
    let profile = profile(&oidc);
    let first = profile.run(&["ask", "Good day"]);
    assert_eq!(first.code, Some(3), "{first:?}");
    assert!(first.stderr.contains("sign in at 127.0.0.1"), "{first:?}");

    let browser = browser_script();
    let path = format!("{}:{}", browser.path().display(), std::env::var("PATH").unwrap());
    let signed_in = output(profile.bureau(&["sign-in"]).env("PATH", path)).ok();
    assert!(signed_in.stderr.contains("Signed in as anne Example."), "{signed_in:?}");
    let whoami = profile.run(&["whoami"]).ok();
    assert_eq!(whoami.stdout, "work  anne Example <anne@example.org>  (staff, legal)\n");
    let json = profile.run(&["whoami", "--json"]).ok().json();
    assert_eq!(json[0]["account"]["groups"], json!(["staff", "legal"]));

    assert_eq!(profile.run(&["ask", "Good day"]).ok().stdout.trim(), "Good day, anne.");
    assert_eq!(profile.run(&["models"]).ok().stdout.lines().next(), Some("atlas"));

    let signed_out = profile.run(&["sign-out"]).ok();
    assert!(signed_out.stderr.contains("/session/end?"), "{signed_out:?}");
    assert_eq!(profile.run(&["whoami"]).ok().stdout, "work  nobody\n");
    assert_eq!(profile.run(&["ask", "Good day"]).code, Some(3));
    let nobody = profile.run(&["sign-in", "elsewhere"]);
    assert_eq!(nobody.code, Some(2), "{nobody:?}");
}

#[test]
fn a_device_signs_in_without_a_browser_and_no_token_lies_in_clear() {
    let oidc = Oidc::start(&json!({}));
    let profile = profile(&oidc);
    let mut signing_in =
        profile.bureau(&["sign-in", "--device"]).stderr(Stdio::piped()).spawn().unwrap();
    let told = std::io::BufReader::new(signing_in.stderr.take().unwrap());
    let mut lines = std::io::BufRead::lines(told).map(|line| line.unwrap());
    let whole = lines.find_map(|line| Some(line.strip_prefix("or go to ")?.to_owned())).unwrap();
    browse(&whole, &json!({}));
    assert!(lines.any(|line| line == "Signed in as anne Example."));
    assert!(signing_in.wait().unwrap().success());
    assert_eq!(profile.run(&["ask", "Good day"]).ok().stdout.trim(), "Good day, anne.");

    // What was issued is in the encrypted history, where no keychain is.
    let words = ["\"access\"", "\"refresh\"", "eyJhbGciOi", "anne@example.org"];
    assert!(search_for(&words, profile.root(), &profile.passphrase_file()) > 0);
}

/// With a keychain, what was issued lies there: it is still known when the history is gone.
#[cfg(target_os = "linux")]
#[test]
fn a_keychain_keeps_what_was_issued() {
    let oidc = Oidc::start(&json!({}));
    let profile = profile(&oidc);
    let browser = browser_script();
    let path = format!("{}:{}", browser.path().display(), std::env::var("PATH").unwrap());
    let script = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        set -e
        \"$0\" sign-in
        rm \"$BUREAU_DATA_DIR\"/history.db* \"$BUREAU_DATA_DIR\"/vault.json
        \"$0\" ask 'Good day'
        \"$0\" sign-out
        \"$0\" whoami";
    let mut session = profile.command("dbus-run-session");
    session
        .args(["--", "sh", "-c", script])
        .arg(whole_program::program("bureau"))
        .env("PATH", path)
        .env("XDG_DATA_HOME", profile.root().join("home"))
        .env_remove("BUREAU_PASSPHRASE_FILE")
        .stdin(Stdio::null());
    let done = output(&mut session).ok();
    assert_eq!(done.stdout, "Good day, anne.\nwork  nobody\n", "{done:?}");
}
