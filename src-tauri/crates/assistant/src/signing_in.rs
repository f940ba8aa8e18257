//! Signing in to endpoints: who is signed in, where their tokens are kept, and the secret of a
//! client's certificate.

use audit::{Action, Event};
use std::any::Any;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conversation::{Failure, FailureCode};
use endpoint::{Credentials, EndpointConfig, EndpointError, HttpEndpoint};
use history::History;
use identity::{
    Account, BrowserPage, CertificateError, ClientCertificate, DeviceCode, Keeper, ProviderConfig,
    Session, Tokens,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;
use vault::Keepsake;

use crate::defect::unexpected;
use crate::{Access, Assistant, Change};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(300);

/// How an endpoint stands that a person signs in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SignIn {
    /// The host at which they sign in.
    pub provider: String,
    /// Who is signed in; none where nobody is.
    pub account: Option<SignedIn>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SignedIn {
    /// Their name, or else what the provider knows of them.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// Their groups, as the provider says.
    pub groups: Vec<String>,
}

impl From<Account> for SignedIn {
    fn from(account: Account) -> Self {
        let name = account.label().to_owned();
        Self { name, email: account.email, groups: account.groups }
    }
}

/// A client certificate that opens with a password or PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SealedCertificate {
    /// The file or the card.
    pub place: String,
    /// Whether its password or PIN is kept.
    pub has_secret: bool,
}

/// The sessions of this process, and the sign-ins that wait for a person.
#[derive(Default)]
pub(crate) struct SignIns {
    sessions: Mutex<HashMap<String, Session>>,
    waiting: Mutex<HashMap<String, CancellationToken>>,
}

fn signing(action: Action, endpoint: &str) -> Event {
    Event::new(action).with("endpoint_name", endpoint)
}

impl SignIns {
    /// Lets go of the sessions, which hold a history; the tokens stay kept.
    pub(crate) fn forget(&self) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Assistant {
    /// Signs a person in to an endpoint with the system's browser, which `open` opens. Waits for
    /// them, until [`cancel_sign_in`](Self::cancel_sign_in); another sign-in to the same endpoint
    /// takes the place of one that waits.
    ///
    /// # Errors
    /// [`FailureCode::SignInFailed`] where nobody was signed in; [`FailureCode::Invalid`] where
    /// there is nothing to sign in to.
    pub async fn sign_in(
        &self,
        endpoint: &str,
        page: &BrowserPage,
        open: impl FnOnce(&Url) -> std::io::Result<()>,
    ) -> Result<SignedIn, Failure> {
        let noted = self.note_beginning(signing(Action::SignIn, endpoint).with("by", "browser"))?;
        let signed_in = async {
            let session = self.session_to(endpoint)?;
            self.waiting_for(endpoint, session.sign_in(page, PATIENCE, open)).await
        };
        let signed_in = signed_in.await;
        self.know_who_is_signed_in();
        noted.end(&signed_in);
        signed_in
    }

    /// Signs a person in by a code that they type on another device, which `show` shows.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn sign_in_by_device(
        &self,
        endpoint: &str,
        show: impl FnOnce(&DeviceCode),
    ) -> Result<SignedIn, Failure> {
        let noted = self.note_beginning(signing(Action::SignIn, endpoint).with("by", "device"))?;
        let signed_in = async {
            let session = self.session_to(endpoint)?;
            self.waiting_for(endpoint, session.sign_in_by_device(show)).await
        };
        let signed_in = signed_in.await;
        self.know_who_is_signed_in();
        noted.end(&signed_in);
        signed_in
    }

    /// Gives up the sign-in that waits, if one does.
    pub fn cancel_sign_in(&self, endpoint: &str) {
        let waiting = self.sign_ins.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = waiting.get(endpoint) {
            waiting.cancel();
        }
    }

    /// Signs out of an endpoint: its tokens are forgotten, and revoked at the provider. Gives the
    /// address at which the browser ends its own session there, if there is one.
    ///
    /// # Errors
    /// Where the provider could not be told; the tokens are forgotten all the same.
    pub async fn sign_out(&self, endpoint: &str) -> Result<Option<Url>, Failure> {
        let noted = self.note_beginning(signing(Action::SignOut, endpoint))?;
        let signed_out = async {
            let session = self.session_to(endpoint)?;
            let signed_out = session.sign_out().await;
            self.tell_of_sign_in();
            Ok(signed_out?)
        };
        let signed_out = signed_out.await;
        noted.end(&signed_out);
        self.know_who_is_signed_in();
        signed_out
    }

    /// Every endpoint that a person signs in to, and who is signed in.
    ///
    /// # Errors
    /// Where what is kept cannot be read.
    pub fn sign_ins(&self) -> Result<Vec<(String, SignIn)>, Failure> {
        let config = self.config();
        let one = |(name, endpoint): (&String, &EndpointConfig)| {
            Ok(self.sign_in_of(endpoint)?.map(|sign_in| (name.clone(), sign_in)))
        };
        config.endpoints.iter().filter_map(|both| one(both).transpose()).collect()
    }

    /// Whom the audit log is to name: whoever is signed in, of the first endpoint that has somebody.
    pub(crate) fn audit_subject(&self) -> Option<String> {
        let accounts = self.sign_ins().ok()?.into_iter().filter_map(|(_, sign_in)| sign_in.account);
        accounts.map(|account| account.email.unwrap_or(account.name)).next()
    }

    /// Lets the audit log name whoever is signed in, and the policy hold as it is for their groups.
    fn know_who_is_signed_in(&self) {
        self.set_audit_subject(self.audit_subject());
        self.heed_groups();
    }

    /// Lets the policy hold as it is for the groups of whoever is signed in. While the history is
    /// locked nobody can be known: the groups are those that were.
    pub(crate) fn heed_groups(&self) {
        if self.history().is_err() {
            return;
        }
        match self.groups() {
            Ok(groups) => self.set_groups(groups),
            Err(error) => tracing::warn!(%error, "the person's groups cannot be told"),
        }
    }

    /// The groups of whoever is signed in. Only sign-ins of the policy's own endpoints count, those
    /// of its general section: a provider that a person configures could tell any group.
    fn groups(&self) -> Result<Vec<String>, Failure> {
        let mut groups = Vec::new();
        for endpoint in self.provided_to_all() {
            let account = self.sign_in_of(&endpoint)?.and_then(|sign_in| sign_in.account);
            groups.extend(account.into_iter().flat_map(|account| account.groups));
        }
        groups.sort();
        groups.dedup();
        Ok(groups)
    }

    /// Keeps the password or PIN of an endpoint's client certificate, or forgets it.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the endpoint has no such certificate;
    /// [`FailureCode::WrongPassword`] where it does not open it, so that it is not kept;
    /// [`FailureCode::Locked`] while there is no history to keep it in.
    pub fn set_certificate_secret(
        &self,
        endpoint: &str,
        secret: Option<&SecretString>,
    ) -> Result<(), Failure> {
        let config = self.config();
        let certificate =
            config.endpoints.get(endpoint).and_then(|e| e.client_certificate.as_ref());
        let Some(certificate) = certificate.filter(|certificate| certificate.may_need_secret())
        else {
            let message =
                format!("“{endpoint}” has no client certificate that opens with a secret");
            return Err(Failure::new(FailureCode::Invalid, message));
        };
        let history = self.history()?;
        let name = certificate_setting(certificate);
        let secret = secret.filter(|secret| !secret.expose_secret().is_empty());
        // The card counts what it is told: what it refuses is not told it again.
        history.set_setting(&name, secret.map(ExposeSecret::expose_secret))?;
        self.forget_endpoints();
        if secret.is_some() {
            self.endpoint(&config, endpoint)?;
        }
        self.changes.tell(|| Change::Endpoints);
        Ok(())
    }

    /// How an endpoint stands that a person signs in to; none for others.
    pub(crate) fn sign_in_of(&self, endpoint: &EndpointConfig) -> Result<Option<SignIn>, Failure> {
        let Some(provider) = endpoint.provider()? else { return Ok(None) };
        let session = self.session(endpoint, provider)?;
        let account = session.account()?.map(SignedIn::from);
        Ok(Some(SignIn { provider: provider.host(), account }))
    }

    /// The client certificate of an endpoint, where it opens with a password or PIN.
    pub(crate) fn sealed_certificate(
        &self,
        endpoint: &EndpointConfig,
    ) -> Result<Option<SealedCertificate>, Failure> {
        let certificate = endpoint.client_certificate.as_ref();
        let Some(certificate) = certificate.filter(|certificate| certificate.may_need_secret())
        else {
            return Ok(None);
        };
        let has_secret = self.certificate_secret(certificate)?.is_some();
        Ok(Some(SealedCertificate { place: certificate.to_string(), has_secret }))
    }

    /// An endpoint that is asked with what is kept to open it, and with this key where it wants
    /// one.
    pub(crate) fn opened_with(
        &self,
        endpoint: &EndpointConfig,
        key: Option<SecretString>,
    ) -> Result<HttpEndpoint, Failure> {
        let session =
            endpoint.provider()?.map(|provider| self.session(endpoint, provider)).transpose()?;
        let certificate = endpoint.client_certificate.as_ref();
        let certificate_secret = certificate
            .map(|certificate| self.certificate_secret(certificate))
            .transpose()?
            .flatten();
        let credentials = Credentials { key, session, certificate_secret };
        HttpEndpoint::with(endpoint.clone(), credentials).map_err(|error| {
            if let (
                EndpointError::ClientCertificate(CertificateError::WrongSecret { .. }),
                Some(certificate),
                Ok(history),
            ) = (&error, certificate, self.history())
                && let Err(failure) = history.set_setting(&certificate_setting(certificate), None)
            {
                // It would be told to the card again, which locks itself after some times.
                return Failure::from(failure);
            }
            error.into()
        })
    }

    fn certificate_secret(
        &self,
        certificate: &ClientCertificate,
    ) -> Result<Option<SecretString>, Failure> {
        let Ok(history) = self.history() else { return Ok(None) };
        Ok(history.setting(&certificate_setting(certificate))?.map(SecretString::from))
    }

    fn session_to(&self, endpoint: &str) -> Result<Session, Failure> {
        let config = self.config();
        let Some(configured) = config.endpoints.get(endpoint) else {
            let message = format!("there is no endpoint “{endpoint}”");
            return Err(Failure::new(FailureCode::Invalid, message));
        };
        match configured.provider()? {
            Some(provider) => self.session(configured, provider),
            None => {
                let message = format!("nobody signs in to “{endpoint}”: it has no auth = \"oidc\"");
                Err(Failure::new(FailureCode::Invalid, message))
            }
        }
    }

    fn session(
        &self,
        endpoint: &EndpointConfig,
        provider: &ProviderConfig,
    ) -> Result<Session, Failure> {
        let purpose = purpose(endpoint, provider);
        let mut sessions = self.sign_ins.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        // Two endpoints may exchange the same tokens for others.
        let name = format!("{purpose} {provider:?}");
        if let Some(session) = sessions.get(&name) {
            return Ok(session.clone());
        }
        let keeper = KeptTokens {
            keepsake: Keepsake::of(&self.folders.data, &purpose),
            history: self.history().ok(),
            is_temporary: self.access()? == Access::Temporary,
            folder: self.folders.data.clone(),
            setting: tokens_setting(&purpose),
        };
        let provider = endpoint::provider(endpoint, provider)?;
        let session = Session::new(provider, Arc::new(keeper));
        sessions.insert(name, session.clone());
        Ok(session)
    }

    async fn waiting_for(
        &self,
        endpoint: &str,
        sign_in: impl Future<Output = Result<Account, identity::IdentityError>>,
    ) -> Result<SignedIn, Failure> {
        let waits = CancellationToken::new();
        let earlier = self
            .sign_ins
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(endpoint.to_owned(), waits.clone());
        if let Some(earlier) = earlier {
            earlier.cancel();
        }
        let signed_in = tokio::select! {
            biased;
            () = waits.cancelled() => Err(identity::IdentityError::Cancelled),
            signed_in = sign_in => signed_in,
        };
        self.tell_of_sign_in();
        Ok(signed_in?.into())
    }

    /// What an endpoint offers may be another's now.
    fn tell_of_sign_in(&self) {
        *self.first_model.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.changes.tell(|| Change::Endpoints);
    }

    /// Forgets what was issued for an endpoint, without telling the provider. What cannot be
    /// forgotten ends by itself.
    pub(crate) fn forget_tokens(&self, endpoint: &EndpointConfig) {
        self.sign_ins.forget();
        let Ok(Some(provider)) = endpoint.provider() else { return };
        let purpose = purpose(endpoint, provider);
        if let Err(error) = Keepsake::of(&self.folders.data, &purpose).forget() {
            tracing::debug!(%error, "the keychain has forgotten no tokens");
        }
        if let Ok(history) = self.history()
            && let Err(error) = history.set_setting(&tokens_setting(&purpose), None)
        {
            tracing::warn!(%error, "the history has forgotten no tokens");
        }
    }
}

/// What tokens are for. They serve nothing else: neither another server, nor another provider, nor
/// another program of it.
fn purpose(endpoint: &EndpointConfig, provider: &ProviderConfig) -> String {
    let ProviderConfig { issuer, client_id, audience, scopes, .. } = provider;
    let audience = audience.as_deref().unwrap_or_default();
    let server = endpoint.origin().unwrap_or_default();
    format!("sign-in of {client_id} at {issuer} for {server} {audience} {}", scopes.join(" "))
}

/// The setting in the encrypted history that holds tokens where no keychain does.
fn tokens_setting(purpose: &str) -> String {
    format!("sign_in/{purpose}")
}

/// The setting in the encrypted history that holds the password or PIN of a client certificate.
fn certificate_setting(certificate: &ClientCertificate) -> String {
    format!("certificate_secret/{certificate}")
}

/// Tokens in the keychain or, where there is none, in the encrypted history.
struct KeptTokens {
    keepsake: Keepsake,
    history: Option<History>,
    /// Whether the history is in memory alone, so that nothing new is written elsewhere either.
    is_temporary: bool,
    /// The folder of the history, in which programs take turns.
    folder: PathBuf,
    setting: String,
}

impl KeptTokens {
    fn keep_in_history(&self, text: Option<&str>) -> Result<(), Failure> {
        match (&self.history, text) {
            (Some(history), text) => Ok(history.set_setting(&self.setting, text)?),
            (None, None) => Ok(()),
            (None, Some(_)) => Err(Failure::new(
                FailureCode::Locked,
                "there is no keychain to keep the sign-in in, and the history is locked; unlock it first",
            )),
        }
    }
}

impl Keeper for KeptTokens {
    fn kept(&self) -> Result<Option<Tokens>, Failure> {
        // A keychain that does not answer has nothing.
        let text = match self.keepsake.get() {
            Ok(Some(secret)) => Some(secret),
            Ok(None) | Err(_) => match &self.history {
                Some(history) => history.setting(&self.setting)?.map(SecretString::from),
                None => None,
            },
        };
        // What an older version wrote otherwise is as good as nothing: the person signs in again.
        Ok(text.and_then(|text| serde_json::from_str(text.expose_secret()).ok()))
    }

    fn keep(&self, tokens: Option<&Tokens>) -> Result<(), Failure> {
        let in_keychain = matches!(self.keepsake.get(), Ok(Some(_)));
        let Some(tokens) = tokens else {
            if in_keychain {
                self.keepsake.forget()?;
            }
            return self.keep_in_history(None);
        };
        let text = SecretString::from(serde_json::to_string(tokens).map_err(unexpected)?);
        if in_keychain || !self.is_temporary {
            match self.keepsake.keep(&text) {
                Ok(()) => return self.keep_in_history(None),
                // Some keep only short texts. What is there is old now.
                Err(_) if in_keychain => self.keepsake.forget()?,
                Err(_) => {}
            }
        }
        self.keep_in_history(Some(text.expose_secret()))
    }

    fn turn(&self) -> Result<Box<dyn Any + Send>, Failure> {
        if !self.folder.is_dir() {
            return Ok(Box::new(()));
        }
        let file = self.folder.join("sign-in.lock");
        let lock = || -> std::io::Result<File> {
            let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&file)?;
            lock.lock()?;
            Ok(lock)
        };
        match lock() {
            Ok(lock) => Ok(Box::new(lock)),
            Err(error) => {
                let message = format!("{} cannot be locked: {error}", file.display());
                Err(Failure::new(FailureCode::Storage, message))
            }
        }
    }
}
