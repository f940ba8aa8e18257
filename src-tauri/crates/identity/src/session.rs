//! One person signed in at one provider: which token is good now, and renewing it without anybody
//! noticing.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use conversation::{Failure, FailureCode};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Url;

use crate::grant::Exchanged;
use crate::{Account, BrowserPage, DeviceCode, IdentityError, Provider, Tokens};

/// Where tokens are kept between two runs, and what keeps two programs from renewing at once. Its
/// methods may block.
pub trait Keeper: Send + Sync {
    /// The tokens that are kept.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn kept(&self) -> Result<Option<Tokens>, Failure>;

    /// Keeps these tokens in place of others; without any forgets those that are kept.
    ///
    /// # Errors
    /// Where they cannot be kept.
    fn keep(&self, tokens: Option<&Tokens>) -> Result<(), Failure>;

    /// Waits for the turn to renew among all programs; it lasts until what is given is dropped.
    ///
    /// # Errors
    /// Where the turn cannot be had.
    fn turn(&self) -> Result<Box<dyn Any + Send>, Failure>;
}

/// A person's session at a provider. Many may ask it for a token at once: it renews once.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    provider: Provider,
    keeper: Arc<dyn Keeper>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    tokens: Option<Tokens>,
    /// What the endpoint takes in place of the access token, where that is exchanged.
    exchanged: Option<Exchanged>,
}

impl Session {
    /// The session of whoever is signed in at the provider. Nothing is read or asked yet.
    pub fn new(provider: Provider, keeper: Arc<dyn Keeper>) -> Self {
        Self(Arc::new(Inner { provider, keeper, held: Mutex::default() }))
    }

    /// Who is signed in, whichever program signed them in. Blocks as the [`Keeper`] does.
    ///
    /// # Errors
    /// Where what is kept cannot be read.
    pub fn account(&self) -> Result<Option<Account>, IdentityError> {
        let kept = self.0.keeper.kept().map_err(IdentityError::Keeping)?;
        Ok(kept.map(|tokens| tokens.account.clone()))
    }

    /// The token to send, renewed where it is about to end.
    ///
    /// # Errors
    /// [`IdentityError::NeedsPerson`] where nobody is signed in, or no longer.
    pub async fn token(&self) -> Result<SecretString, IdentityError> {
        let inner = self.0.clone();
        whole(async move {
            let mut held = inner.held.lock().await;
            inner.good_token(&mut held).await
        })
        .await
    }

    /// Another token than this one, which an endpoint refused although it had not ended.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn token_after(&self, refused: SecretString) -> Result<SecretString, IdentityError> {
        let inner = self.0.clone();
        whole(async move {
            let mut held = inner.held.lock().await;
            let token = inner.good_token(&mut held).await?;
            // Another request may have met the same, and renewed it meanwhile.
            if token.expose_secret() != refused.expose_secret() {
                return Ok(token);
            }
            let Some(old) = held.tokens.take() else { return Err(inner.needs_person()) };
            inner.renew(&mut held, &old).await?;
            inner.token_to_send(&mut held).await
        })
        .await
    }

    /// Signs a person in with the browser; see [`Provider::sign_in`].
    ///
    /// # Errors
    /// As there, and where the tokens cannot be kept; they are revoked then.
    pub async fn sign_in(
        &self,
        page: &BrowserPage,
        patience: std::time::Duration,
        open: impl FnOnce(&Url) -> std::io::Result<()>,
    ) -> Result<Account, IdentityError> {
        self.0.enter(self.0.provider.sign_in(page, patience, open).await?).await
    }

    /// Signs a person in by a code; see [`Provider::sign_in_by_device`].
    ///
    /// # Errors
    /// As there, and where the tokens cannot be kept; they are revoked then.
    pub async fn sign_in_by_device(
        &self,
        show: impl FnOnce(&DeviceCode),
    ) -> Result<Account, IdentityError> {
        self.0.enter(self.0.provider.sign_in_by_device(show).await?).await
    }

    /// Revokes and forgets the tokens. They are forgotten even if the provider does not answer.
    /// Gives the address at which the browser ends its own session, if there is one.
    ///
    /// # Errors
    /// Where the provider could not be told, or the tokens cannot be forgotten.
    pub async fn sign_out(&self) -> Result<Option<Url>, IdentityError> {
        let inner = &self.0;
        let mut held = inner.held.lock().await;
        let _turn = inner.keeper(|keeper| keeper.turn()).await?;
        let kept = inner.keeper(|keeper| keeper.kept()).await;
        *held = Held::default();
        inner.keeper(|keeper| keeper.keep(None)).await?;
        match kept? {
            Some(tokens) => inner.provider.sign_out(&tokens).await,
            None => Ok(None),
        }
    }
}

/// Carries a renewal to its end, even if whoever asked for it no longer waits: what was issued in
/// place of a refresh token must be kept, or the person is signed out.
async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, IdentityError>> + Send + 'static,
) -> Result<T, IdentityError> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(IdentityError::Keeping(broken_off())))
}

fn broken_off() -> Failure {
    Failure::new(FailureCode::Internal, "renewing the sign-in was broken off")
}

impl Inner {
    async fn enter(&self, tokens: Tokens) -> Result<Account, IdentityError> {
        let mut held = self.held.lock().await;
        let _turn = self.keeper(|keeper| keeper.turn()).await?;
        let kept = tokens.clone();
        if let Err(error) = self.keeper(move |keeper| keeper.keep(Some(&kept))).await {
            // What nobody keeps, nobody could revoke later.
            let _ = self.provider.sign_out(&tokens).await;
            return Err(error);
        }
        let account = tokens.account.clone();
        *held = Held { tokens: Some(tokens), exchanged: None };
        Ok(account)
    }

    /// The tokens in memory, or else those that are kept.
    async fn tokens(&self, held: &mut Held) -> Result<Tokens, IdentityError> {
        if held.tokens.is_none() {
            held.tokens = self.keeper(|keeper| keeper.kept()).await?;
        }
        held.tokens.clone().ok_or_else(|| self.needs_person())
    }

    /// Asks the keeper on a thread that may wait: the keychain may first ask the person.
    async fn keeper<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Keeper) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let keeper = self.keeper.clone();
        let asked = tokio::task::spawn_blocking(move || ask(&*keeper)).await;
        asked.unwrap_or_else(|_| Err(broken_off())).map_err(IdentityError::Keeping)
    }

    async fn good_token(&self, held: &mut Held) -> Result<SecretString, IdentityError> {
        let tokens = self.tokens(held).await?;
        if !tokens.is_fresh()
            && let Err(error) = self.renew(held, &tokens).await
        {
            // A provider that is away for a moment stops nobody whose token still holds.
            let passing = matches!(error, IdentityError::Request(_));
            if !(passing && tokens.still_holds()) {
                return Err(error);
            }
            held.tokens = Some(tokens);
        }
        self.token_to_send(held).await
    }

    /// Renews, one program at a time: a refresh token that is used twice may end the whole grant
    /// (RFC 9700 §4.14.2).
    async fn renew(&self, held: &mut Held, old: &Tokens) -> Result<(), IdentityError> {
        let _turn = self.keeper(|keeper| keeper.turn()).await?;
        held.tokens = None;
        held.exchanged = None;
        let kept = self.keeper(|keeper| keeper.kept()).await?;
        let Some(kept) = kept else { return Err(self.needs_person()) };
        if kept.access != old.access && kept.is_fresh() {
            // Another program has renewed them.
            held.tokens = Some(kept);
            return Ok(());
        }
        match self.provider.renew(&kept).await {
            Ok(new) => {
                // Where they cannot be kept they still serve until the program ends.
                let to_keep = new.clone();
                if let Err(error) = self.keeper(move |keeper| keeper.keep(Some(&to_keep))).await {
                    tracing::warn!(%error, "the renewed sign-in cannot be kept");
                }
                held.tokens = Some(new);
                Ok(())
            }
            Err(error @ IdentityError::NeedsPerson(_)) => {
                self.keeper(|keeper| keeper.keep(None)).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn token_to_send(&self, held: &mut Held) -> Result<SecretString, IdentityError> {
        let Some(tokens) = &held.tokens else { return Err(self.needs_person()) };
        let Some(exchange) = &self.provider.config.exchange else { return Ok(tokens.access()) };
        let known = held.exchanged.as_ref();
        if let Some(known) = known.filter(|known| known.term.is_none_or(|term| term.is_fresh())) {
            return Ok(known.token.clone());
        }
        let new = self.provider.exchange(tokens, exchange).await?;
        let token = new.token.clone();
        held.exchanged = Some(new);
        Ok(token)
    }

    fn needs_person(&self) -> IdentityError {
        IdentityError::NeedsPerson(self.provider.host())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("provider", &self.0.provider).finish_non_exhaustive()
    }
}
