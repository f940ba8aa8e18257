//! Who a person is to a server: OpenID Connect, its tokens, and client certificates.
//!
//! A [`Provider`] is one organisation's sign-in: it signs a person in by the system's browser
//! (`browser`, `loopback`) or by a code that is typed elsewhere (`device`), and renews, exchanges
//! and revokes what it issued (`grant`). A [`Session`] holds what was issued and gives each
//! request the token that is good for it. `certificate` makes a client certificate of a file or a
//! smart card (`card`) for TLS.
//!
//! This crate opens no connection but the one on this machine that the browser comes back to:
//! whoever makes a [`Provider`] gives it the [`Http`] to ask with.

mod account;
mod browser;
mod card;
mod card_uri;
mod certificate;
mod config;
mod device;
mod error;
mod grant;
mod id_token;
mod loopback;
mod provider;
mod session;
mod tokens;

pub use account::Account;
pub use browser::BrowserPage;
pub use card_uri::{CardUri, CardUriError};
pub use certificate::{CertificateError, ClientCertificate};
pub use config::{ExchangeConfig, ProviderConfig};
pub use device::DeviceCode;
pub use error::IdentityError;
pub use provider::{Http, Provider};
pub use session::{Keeper, Session};
pub use tokens::Tokens;
