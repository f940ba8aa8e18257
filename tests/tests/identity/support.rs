//! A session at the provider of the tests, kept in memory.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use conversation::Failure;
use endpoint::EndpointConfig;
use identity::{Account, BrowserPage, IdentityError, Keeper, ProviderConfig, Session, Tokens};
use serde_json::{Value, json};
use tempfile::TempDir;
use whole_program::{Oidc, browse};

/// After this long a test fails instead of hanging.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Keeps tokens as JSON, so that a test sees what is kept.
pub struct Kept {
    json: Mutex<Option<String>>,
    folder: TempDir,
}

impl Default for Kept {
    fn default() -> Self {
        Self { json: Mutex::default(), folder: tempfile::tempdir().unwrap() }
    }
}

impl Kept {
    pub fn json(&self) -> Value {
        let json = self.json.lock().unwrap();
        json.as_ref().map_or(Value::Null, |json| serde_json::from_str(json).unwrap())
    }

    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap().to_owned()
    }
}

impl Keeper for Kept {
    fn kept(&self) -> Result<Option<Tokens>, Failure> {
        let json = self.json.lock().unwrap();
        Ok(json.as_ref().map(|json| serde_json::from_str(json).unwrap()))
    }

    fn keep(&self, tokens: Option<&Tokens>) -> Result<(), Failure> {
        *self.json.lock().unwrap() = tokens.map(|tokens| serde_json::to_string(tokens).unwrap());
        Ok(())
    }

    fn turn(&self) -> Result<Box<dyn Any + Send>, Failure> {
        let file = std::fs::File::create(self.folder.path().join("turn")).unwrap();
        file.lock().unwrap();
        Ok(Box::new(file))
    }
}

pub fn page() -> BrowserPage {
    BrowserPage {
        language: "en".into(),
        done: "Signed in.".into(),
        failed: "Not signed in.".into(),
    }
}

pub fn config(oidc: &Oidc) -> ProviderConfig {
    ProviderConfig::new(&oidc.issuer, Oidc::CLIENT)
}

pub fn session_of(config: &ProviderConfig, kept: Arc<Kept>) -> Session {
    let endpoint = EndpointConfig::new("https://llm.example/v1".to_owned());
    Session::new(endpoint::provider(&endpoint, config).unwrap(), kept)
}

pub fn session(oidc: &Oidc) -> (Session, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    (session_of(&config(oidc), kept.clone()), kept)
}

/// Signs in with a browser that behaves so, and gives what the browser saw too.
pub async fn sign_in_with(
    session: &Session,
    browser: Value,
) -> (Result<Account, IdentityError>, Value) {
    let (seen, sees) = std::sync::mpsc::channel();
    let signed_in = session
        .sign_in(&page(), PATIENCE, |address| {
            let address = address.to_string();
            std::thread::spawn(move || seen.send(browse(&address, &browser)));
            Ok(())
        })
        .await;
    (signed_in, tokio::task::spawn_blocking(move || sees.recv().unwrap()).await.unwrap())
}

pub async fn sign_in(session: &Session) -> Account {
    sign_in_with(session, json!({})).await.0.unwrap()
}

/// The address that the browser would bring something back to, which it does not do.
pub async fn address_brought(session: &Session, browser: Value) -> String {
    let (told, tells) = tokio::sync::oneshot::channel();
    let page = page();
    let waits = session.sign_in(&page, PATIENCE, |address| {
        let _ = told.send(address.to_string());
        Ok(())
    });
    let address = tokio::select! {
        signed_in = waits => panic!("{signed_in:?}"),
        address = tells => address.unwrap(),
    };
    let mut options = browser;
    options["keep"] = json!(true);
    let seen = tokio::task::spawn_blocking(move || browse(&address, &options)).await.unwrap();
    seen["address"].as_str().unwrap().to_owned()
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> String {
    let url = reqwest::Url::parse(address).unwrap();
    url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

/// How often the provider has given this kind of grant.
pub async fn grants(oidc: &Oidc, kind: &str) -> u64 {
    let told = reqwest::get(format!("{}/test/grants", oidc.issuer)).await.unwrap();
    told.json::<Value>().await.unwrap()[kind].as_u64().unwrap_or_default()
}

/// Sends a form to the provider, and gives the status and what it answers.
pub async fn post(oidc: &Oidc, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let sent = reqwest::Client::new()
        .post(format!("{}{path}", oidc.issuer))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.join("&"))
        .send()
        .await
        .unwrap();
    (sent.status().as_u16(), sent.json().await.unwrap_or_default())
}
