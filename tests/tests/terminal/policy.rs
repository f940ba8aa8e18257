//! The organisation's policy, as the terminal program meets it: from its place, and from a real
//! server with real signatures.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use minisign::KeyPair as SigningKey;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::aws_lc_rs};
use whole_program::{Endpoint, Output, Profile};

/// Runs the program under the policy in this file.
fn under(profile: &Profile, policy: &Path, arguments: &[&str]) -> Output {
    let output = profile.bureau(arguments).env("BUREAU_POLICY_FILE", policy).output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

#[test]
fn what_is_forbidden_ends_the_program_with_four_and_the_reason() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("x");
    profile.configure_endpoint(&endpoint, "m");
    let policy = profile.root().join("policy.toml");
    std::fs::write(
        &policy,
        "reason = \"Ask the desk.\"\n[features]\nexport = [\"pdf\"]\ntemporary = false\n[endpoints]\nmodels = [\"other\"]",
    )
    .unwrap();
    for arguments in [&["ask", "--temporary", "?"][..], &["ask", "?"]] {
        let refused = under(&profile, &policy, arguments);
        assert_eq!(refused.code, Some(4), "{refused:?}");
        assert!(
            refused.stderr.contains("forbidden by policy")
                && refused.stderr.contains("Ask the desk.")
        );
    }
    assert!(endpoint.requests().is_empty());
    let answered = under(&profile, &policy, &["ask", "--json", "-m", "other", "?"]).ok();
    let id = answered.json().last().unwrap()["conversation"].as_str().unwrap().to_owned();
    let to = |name: &str| profile.root().join(name).display().to_string();
    let export = |format: &str, file: &str| {
        under(
            &profile,
            &policy,
            &["history", "export", &id, "--format", format, "--output", &to(file)],
        )
    };
    let refused = export("markdown", "a.md");
    assert_eq!(refused.code, Some(4), "{refused:?}");
    assert!(!Path::new(&to("a.md")).exists());
    export("pdf", "a.pdf").ok();
}

#[test]
fn a_policy_with_a_mistake_stops_every_program_and_check_says_where() {
    let profile = Profile::new();
    let policy = profile.root().join("policy.toml");
    std::fs::write(&policy, "version = 1\n[features]\n  snyc = false\n").unwrap();
    for arguments in [&["ask", "?"][..], &["history", "list"], &["policy", "show"]] {
        let refused = under(&profile, &policy, arguments);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains("line 3, column 3"), "{refused:?}");
    }
    let check = |json: bool| {
        let file = policy.display().to_string();
        let mut arguments = vec!["policy", "check", &file];
        if json {
            arguments.push("--json");
        }
        profile.run(&arguments)
    };
    let wrong = check(false);
    assert_eq!(wrong.code, Some(1));
    assert!(
        wrong.stderr.contains("line 3, column 3") && wrong.stderr.contains("snyc"),
        "{wrong:?}"
    );
    assert_eq!(check(true).json()[0]["valid"], false);
    std::fs::write(&policy, "version = 7\n[features]\nsync = false\n").unwrap();
    assert_eq!(check(true).ok().json()[0]["version"], 7);
    let shown = under(&profile, &policy, &["policy", "show"]).ok();
    assert!(shown.stdout.contains("not shared with other machines"), "{}", shown.stdout);
    let missing = under(&profile, &profile.root().join("none.toml"), &["policy", "show"]);
    assert_eq!(missing.code, Some(1));
}

#[test]
fn what_is_looked_for_and_recorded_is_shown_with_the_rules() {
    let profile = Profile::new();
    profile.govern(
        "reason = \"General\"
        [prevention]
        reason = \"Ask the desk\"
        markings = [\"INTERNE GROUPE\"]
        [prevention.kinds]
        card = \"block\"
        marking = \"block\"
        email = \"off\"
        [[prevention.names]]
        name = \"Patients\"
        action = \"replace\"
        entries = [\"Jeanne Moreau\"]
        [audit]
        content = true
        keep_days = 400
        [[audit.destinations]]
        name = \"siem\"
        kind = \"syslog\"
        address = \"127.0.0.1:9\"",
    );
    let shown = profile.run(&["policy", "show"]).ok().stdout;
    for line in [
        "- Never sent to an endpoint: a payment card's number, a classification marking, \
         a classification marking (“INTERNE GROUPE”)\n  Ask the desk\n",
        "- Replaced in what is sent to an endpoint: a name of the organisation's lists (“Patients”)\n",
        "- Not looked for in what is sent to an endpoint: an e-mail address\n",
        "- What is done is recorded, with questions and answers; what cannot be recorded is not done; \
         records are kept here for 400 days\n",
        "- Records go to siem (syslog, 127.0.0.1:9): ",
    ] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
    assert!(!shown.contains("Jeanne"), "{shown}");
    let told = &profile.run(&["policy", "show", "--json"]).ok().json()[0];
    assert_eq!(told["prevention"][0], json!({"kind": "card", "rule": null, "action": "block"}));
    let delivery = &told["audit"]["deliveries"][0];
    assert_eq!((&delivery["kind"], &told["audit"]["content"]), (&json!("syslog"), &json!(true)));
    assert_eq!(told["reason"], "General");
}

/// A server with a certificate of its own authority, and the organisation's key.
struct Organisation {
    address: String,
    authority: String,
    key: SigningKey,
    /// The policy and its signature, as they are served.
    served: Arc<Mutex<(String, String)>>,
}

impl Organisation {
    fn start() -> Self {
        let mut authority = CertificateParams::new([]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let host = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = host.signed_by(&key, &authority).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address =
            format!("https://localhost:{}/policy.toml", listener.local_addr().unwrap().port());
        let served = Arc::new(Mutex::new((String::new(), String::new())));
        let (config, given) = (Arc::new(config), served.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(connection) = ServerConnection::new(config.clone()) else { continue };
                let mut stream = BufReader::new(StreamOwned::new(connection, stream));
                let mut request = String::new();
                // One that does not trust the certificate goes away.
                if stream.read_line(&mut request).is_err() {
                    continue;
                }
                let mut header = String::new();
                while stream.read_line(&mut header).is_ok() && header != "\r\n" {
                    header.clear();
                }
                let (policy, signature) = given.lock().unwrap().clone();
                let body = if request.contains(".minisig") { signature } else { policy };
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = stream.get_mut().write_all(answer.as_bytes());
                stream.get_mut().conn.send_close_notify();
                let _ = stream.get_mut().flush();
            }
        });
        let key = SigningKey::generate_unencrypted_keypair().unwrap();
        Self { address, authority: authority.pem(), key, served }
    }

    fn publish(&self, policy: &str) {
        let signature = minisign::sign(None, &self.key.sk, policy.as_bytes(), None, None).unwrap();
        *self.served.lock().unwrap() = (policy.to_owned(), signature.into_string());
    }

    /// The small policy of the managed place.
    fn bootstrap(&self, profile: &Profile, trusted: bool) -> std::path::PathBuf {
        let authority = profile.root().join("authority.pem");
        std::fs::write(&authority, &self.authority).unwrap();
        let trust =
            if trusted { format!("ca_certificates = [{:?}]", authority) } else { String::new() };
        let file = profile.root().join("bootstrap.toml");
        let key = self.key.pk.to_base64();
        let text = format!(
            "version = 1\n[source]\naddress = \"{}\"\npublic_key = \"{key}\"\n{trust}\n[features]\nlinks = false\n",
            self.address
        );
        std::fs::write(&file, text).unwrap();
        file
    }
}

#[test]
fn a_policy_is_fetched_and_the_last_good_one_goes_on() {
    let profile = Profile::new();
    let organisation = Organisation::start();
    organisation.publish("version = 5\n[features]\nsync = false\n");
    let place = organisation.bootstrap(&profile, true);
    let refresh = || {
        let output = under(&profile, &place, &["policy", "refresh", "--json"]);
        let told: Value = serde_json::from_str(&output.stdout).unwrap();
        let rules: Vec<_> =
            told["rules"].as_array().unwrap().iter().map(|r| r["rule"].clone()).collect();
        let problem = told["problem"].as_str().unwrap_or_default().to_owned();
        (told["version"].as_u64().unwrap(), rules, problem, output.code)
    };
    // Any command fetches what is due.
    under(&profile, &place, &["policy", "show"]).ok();
    let shown = under(&profile, &place, &["policy", "show", "--json"]).ok().json();
    assert_eq!((&shown[0]["version"], &shown[0]["fetched"]), (&5.into(), &true.into()));
    assert_eq!(refresh(), (5, vec!["no_sync".into()], String::new(), Some(0)));

    // Older: the last good one goes on, and why is told.
    organisation.publish("version = 4\n");
    let (version, rules, problem, code) = refresh();
    assert_eq!((version, rules.len(), code), (5, 1, Some(1)));
    assert!(problem.contains("version 4") && problem.contains("older"), "{problem}");

    // Changed after it was signed.
    organisation.publish("version = 6\n[features]\nsync = false\n");
    organisation.served.lock().unwrap().0 = "version = 6\n".to_owned();
    let (version, rules, problem, _) = refresh();
    assert_eq!((version, rules.len()), (5, 1));
    assert!(problem.contains("signature"), "{problem}");

    // With a mistake in it.
    organisation.publish("version = 7\n[features]\nsnyc = false\n");
    let (version, _, problem, _) = refresh();
    assert!(version == 5 && problem.contains("line 3"), "{problem}");

    // Good again, and kept for when there is no network.
    organisation.publish("version = 8\n[features]\nimport = false\n");
    assert_eq!(refresh(), (8, vec!["no_import".into()], String::new(), Some(0)));
    let kept = profile.data().join("policy.fetched");
    assert!(std::fs::read_to_string(&kept).unwrap().contains("version = 8"));

    // What somebody wrote into the folder is not the organisation's: what the managed place says holds.
    std::fs::write(&kept, "version = 9\n").unwrap();
    let shown = under(&profile, &place, &["policy", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!((&shown["version"], &shown["rules"][0]["rule"]), (&1.into(), &"no_links".into()));
    assert!(shown["problem"].as_str().unwrap().contains("signature"), "{shown}");
}

#[test]
fn a_server_that_is_not_trusted_gives_no_policy() {
    let profile = Profile::new();
    let organisation = Organisation::start();
    organisation.publish("version = 5\n");
    let place = organisation.bootstrap(&profile, false);
    let shown = under(&profile, &place, &["policy", "refresh", "--json"]);
    let told: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!((&told["version"], &told["rules"][0]["rule"]), (&1.into(), &"no_links".into()));
    assert!(told["problem"].as_str().unwrap().contains("trusted"), "{told}");
}
