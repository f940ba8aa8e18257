//! What must not leave, in the terminal: found in a text or a document, and kept from going.

use serde_json::json;
use whole_program::{Endpoint, Profile, workspace};

const CARD: &str = "4111 1111 1111 1111";
const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

#[test]
fn what_is_found_is_told_with_its_place_and_nothing_else_is() {
    let profile = Profile::new();
    let clean = profile.run_with_input(&["check"], "Nothing is in here.").ok();
    assert_eq!((&*clean.stdout, &*clean.stderr), ("", ""));
    let text = format!("É 🙂 {CARD}");
    let told = profile.run_with_input(&["check", "-"], &text).ok();
    assert_eq!(told.stdout, format!("noted: a payment card's number: {CARD}\n"));

    // Places are those of a page: a sign beyond the first plane takes two.
    let file = profile.root().join("note.txt");
    std::fs::write(&file, &text).unwrap();
    let found = profile.run(&["check", "--json", file.to_str().unwrap()]).ok().json();
    let expected = json!({"kind": "card", "rule": null, "action": "note", "start": 5, "end": 24, "text": CARD});
    assert_eq!(found, [expected]);
    let missing = profile.run(&["check", "/none/of/these.txt"]);
    assert_eq!((missing.code, &*missing.stdout), (Some(1), ""), "{missing:?}");
}

#[test]
fn a_policy_says_what_is_done_and_what_it_blocks_ends_the_check_with_four() {
    let profile = Profile::new();
    profile.govern(
        "[prevention.kinds]
        card = \"block\"
        iban = \"ask\"
        email = \"replace\"
        [[prevention.words]]
        name = \"Stationery\"
        action = \"block\"
        entries = [\"all prices\"]",
    );
    let mild = format!("{IBAN}, jeanne@exemple.fr");
    let told = profile.run_with_input(&["check"], &mild).ok().stdout;
    assert_eq!(
        told,
        format!("asked about: an IBAN: {IBAN}\nreplaced: an e-mail address: jeanne@exemple.fr\n")
    );
    let stopped = profile.run_with_input(&["check", "--json"], CARD);
    assert_eq!(stopped.code, Some(4), "{stopped:?}");
    assert_eq!(stopped.json()[0]["action"], "block");

    // A document is read as it would be sent.
    let document = workspace().join("src-tauri/crates/documents/tests/corpus/table.pdf");
    let stopped = profile.run(&["check", document.to_str().unwrap()]);
    assert_eq!(stopped.code, Some(4), "{stopped:?}");
    let told = "not sent: a word of the organisation's lists (“Stationery”): All prices\n";
    assert_eq!(stopped.stdout, told);

    // Rules that cannot be used let nothing pass.
    profile.govern(
        "[[prevention.names]]\nname = \"Patients\"\naction = \"block\"\nfile = \"/none/of/these.txt\"",
    );
    let unusable = profile.run_with_input(&["check"], "Anything");
    assert_eq!(unusable.code, Some(1), "{unusable:?}");
    assert!(unusable.stderr.contains("Patients"), "{unusable:?}");
}

#[test]
fn a_question_goes_as_the_policy_lets_it() {
    let profile = Profile::new();
    profile.govern(
        "[prevention]
        reason = \"Ask the desk\"
        [prevention.kinds]
        card = \"block\"
        iban = \"ask\"
        email = \"replace\"",
    );
    let endpoint = Endpoint::saying("Write to [EMAIL_1] .");
    let ask = |arguments: &[&str]| {
        profile.run_with(endpoint.address(), &[&["ask", "--temporary"][..], arguments].concat())
    };
    let blocked = ask(&["--confirm", CARD]);
    assert_eq!(blocked.code, Some(4), "{blocked:?}");
    assert!(blocked.stderr.contains("Ask the desk"), "{blocked:?}");
    let held = ask(&[IBAN]);
    assert_eq!(held.code, Some(4), "{held:?}");
    assert!(held.stderr.contains("--confirm"), "{held:?}");
    assert!(endpoint.bodies().is_empty());
    ask(&["--confirm", IBAN]).ok();
    let replaced = ask(&["Whom? jeanne@exemple.fr"]).ok();
    assert_eq!(replaced.stdout, "Write to jeanne@exemple.fr .\n");
    let sent: Vec<_> =
        endpoint.bodies().iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
    assert!(sent[0].contains(IBAN) && sent.len() == 2, "{sent:?}");
    assert!(sent[1].contains("[EMAIL_1]") && !sent[1].contains("jeanne"), "{sent:?}");
}
