//! Signing in where there is no browser: a code that is typed on another device (RFC 8628).

use std::time::Duration;

use openidconnect::core::CoreDeviceAuthorizationResponse;
use openidconnect::{DeviceAuthorizationUrl, Scope};

use crate::error::shown;
use crate::id_token::Expected;
use crate::provider::Provider;
use crate::{IdentityError, Tokens};

/// What a person does on another device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceCode {
    /// Where to go.
    pub address: String,
    /// What to type there.
    pub code: String,
    /// Where to go instead so that nothing need be typed, if the provider has such a place.
    pub whole_address: Option<String>,
}

impl Provider {
    /// Signs a person in by a code, which `show` shows. Waits as long as the code is valid;
    /// dropping the future cancels.
    ///
    /// # Errors
    /// [`IdentityError::NotOffered`] where the provider knows no such codes; otherwise as
    /// [`sign_in`](Self::sign_in).
    pub async fn sign_in_by_device(
        &self,
        show: impl FnOnce(&DeviceCode),
    ) -> Result<Tokens, IdentityError> {
        let description = self.description().await?;
        let not_offered = || IdentityError::NotOffered {
            host: self.host(),
            what: "sign-in for devices without a browser",
        };
        let endpoint = description.additional_metadata().device_authorization_endpoint.clone();
        let endpoint = DeviceAuthorizationUrl::from_url(endpoint.ok_or_else(not_offered)?);
        let client = self.client(&description)?;
        let by_device = client.clone().set_device_authorization_url(endpoint);
        let mut request = by_device
            .exchange_device_code()
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new));
        if let Some((name, value)) = self.config.audience_parameter() {
            request = request.add_extra_param(name, value);
        }
        let begun: CoreDeviceAuthorizationResponse = request
            .request_async(&self.requests())
            .await
            .map_err(|error| self.not_issued(error))?;
        show(&DeviceCode {
            address: shown(begun.verification_uri().as_str()),
            code: shown(begun.user_code().secret()),
            whole_address: begun.verification_uri_complete().map(|whole| shown(whole.secret())),
        });
        let mut request = by_device.exchange_device_access_token(&begun);
        if let Some((name, value)) = self.config.audience_parameter() {
            request = request.add_extra_param(name, value);
        }
        let issued = request
            .set_max_backoff_interval(Duration::from_secs(30))
            .request_async(&self.requests(), tokio::time::sleep, None)
            .await
            .map_err(|error| self.not_issued(error))?;
        self.accept(&description, &client, &issued, Expected::Anyone).await
    }
}
