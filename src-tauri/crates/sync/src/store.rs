//! The place in which machines leave their changes for each other: a bucket, a container, or a
//! folder that they share.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, ObjectStoreScheme, PutPayload, RetryConfig,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::SyncError;

/// How long a connection may take to be made, and an object to be sent or fetched.
const CONNECT: Duration = Duration::from_secs(10);
const TRANSFER: Duration = Duration::from_secs(300);
/// How often, and for how long, the same is asked again before a store counts as away.
const RETRIES: usize = 2;
const RETRY: Duration = Duration::from_secs(20);

/// What of a store its address does not say. Credentials are not among it: they are read from the
/// environment alone (`AWS_*`, `AZURE_*`, `GOOGLE_*`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreOptions {
    /// The server of a store that is not the vendor's own, such as `https://objects.example`.
    pub endpoint: Option<String>,
    /// The region of a bucket.
    pub region: Option<String>,
    /// Whether the store may be asked without TLS: what it sees is encrypted all the same, but who
    /// asks, and with what credentials, is not. A store on this machine always may.
    pub allow_http: bool,
}

/// A folder of a store.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    folder: Path,
}

impl Store {
    /// The store at `s3://bucket/folder`, `az://container/folder`, `gs://bucket/folder` or
    /// `file:///folder`. Asks it nothing yet; a folder is made if there is none.
    ///
    /// # Errors
    /// [`SyncError::Address`]; [`SyncError::Unencrypted`]; [`SyncError::Away`] for a folder that
    /// cannot be made.
    pub fn at(address: &str, options: &StoreOptions) -> Result<Self, SyncError> {
        let url = Url::parse(address).map_err(|_| SyncError::Address("it is no address"))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(SyncError::Address("credentials belong into the environment"));
        }
        let (scheme, folder) = ObjectStoreScheme::parse(&url)
            .map_err(|_| SyncError::Address("Bureau knows no such store"))?;
        let client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(TRANSFER);
        let retry =
            RetryConfig { max_retries: RETRIES, retry_timeout: RETRY, ..RetryConfig::default() };
        let refused = |_| SyncError::Address("an option or credential of it is wrong or missing");
        let objects: Arc<dyn ObjectStore> = match scheme {
            ObjectStoreScheme::AmazonS3 => {
                let mut builder = AmazonS3Builder::from_env().with_url(address).with_retry(retry);
                if let Some(region) = &options.region {
                    builder = builder.with_region(region);
                }
                if let Some(endpoint) = &options.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
                let http = is_without_tls(endpoint.as_deref(), options)?;
                let client = client.with_allow_http(http);
                Arc::new(builder.with_client_options(client).build().map_err(refused)?)
            }
            ObjectStoreScheme::MicrosoftAzure => {
                let mut builder =
                    MicrosoftAzureBuilder::from_env().with_url(address).with_retry(retry);
                if let Some(endpoint) = &options.endpoint {
                    builder = builder.with_endpoint(endpoint.clone());
                }
                let endpoint = builder.get_config_value(&AzureConfigKey::Endpoint);
                let http = is_without_tls(endpoint.as_deref(), options)?;
                let client = client.with_allow_http(http);
                Arc::new(builder.with_client_options(client).build().map_err(refused)?)
            }
            ObjectStoreScheme::GoogleCloudStorage => {
                let mut builder =
                    GoogleCloudStorageBuilder::from_env().with_url(address).with_retry(retry);
                if let Some(endpoint) = &options.endpoint {
                    builder = builder.with_config(GoogleConfigKey::BaseUrl, endpoint);
                }
                let endpoint = builder.get_config_value(&GoogleConfigKey::BaseUrl);
                let http = is_without_tls(endpoint.as_deref(), options)?;
                let client = client.with_allow_http(http);
                Arc::new(builder.with_client_options(client).build().map_err(refused)?)
            }
            ObjectStoreScheme::Local => return Self::in_folder(&url),
            _ => return Err(SyncError::Address("Bureau knows no such store")),
        };
        Ok(Self { objects, folder })
    }

    /// A folder of a store that is made otherwise.
    pub fn of(objects: Arc<dyn ObjectStore>, folder: &str) -> Self {
        Self { objects, folder: Path::from(folder) }
    }

    /// A folder of this machine or of one that shares it. Files are written beside their place, put
    /// on the disk, and moved there whole.
    fn in_folder(url: &Url) -> Result<Self, SyncError> {
        let folder = url
            .to_file_path()
            .map_err(|()| SyncError::Address("a folder is named from the root: file:///folder"))?;
        std::fs::create_dir_all(&folder)
            .map_err(|error| SyncError::Away(error.kind().to_string()))?;
        let objects = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| SyncError::of_store(&error))?
            .with_fsync(true);
        Ok(Self { objects: Arc::new(objects), folder: Path::default() })
    }

    /// The bytes of an object; none if there is no such object. One of more than `most` bytes is
    /// not fetched.
    pub(crate) async fn get(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, SyncError> {
        let found = match self.objects.get(&self.path(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(|error| SyncError::of_store(&error))?,
        };
        if found.meta.size > most {
            return Err(SyncError::Damaged(name.to_owned()));
        }
        let bytes = found.bytes().await.map_err(|error| SyncError::of_store(&error))?;
        Ok(Some(bytes.into()))
    }

    /// Puts an object there, whole or not at all.
    pub(crate) async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), SyncError> {
        let put = self.objects.put(&self.path(name), PutPayload::from(bytes)).await;
        put.map(drop).map_err(|error| SyncError::of_store(&error))
    }

    /// Deletes an object; one that is not there is deleted.
    pub(crate) async fn delete(&self, name: &str) -> Result<(), SyncError> {
        match self.objects.delete(&self.path(name)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            deleted => deleted.map_err(|error| SyncError::of_store(&error)),
        }
    }

    /// The names of the folders within.
    pub(crate) async fn folders(&self) -> Result<Vec<String>, SyncError> {
        let listed = self
            .objects
            .list_with_delimiter(Some(&self.folder))
            .await
            .map_err(|error| SyncError::of_store(&error))?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename());
        Ok(names.map(str::to_owned).collect())
    }

    fn path(&self, name: &str) -> Path {
        name.split('/').fold(self.folder.clone(), |path, part| path.join(part))
    }
}

/// Whether the store is asked without TLS, and may be.
fn is_without_tls(endpoint: Option<&str>, options: &StoreOptions) -> Result<bool, SyncError> {
    let Some(endpoint) = endpoint else { return Ok(false) };
    let url = Url::parse(endpoint)
        .map_err(|_| SyncError::Address("the endpoint is no address such as https://host"))?;
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(false),
        "http" if is_here || options.allow_http => Ok(true),
        "http" => Err(SyncError::Unencrypted),
        _ => Err(SyncError::Address("the endpoint begins with https://")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(endpoint: &str) -> StoreOptions {
        let (endpoint, region) = (Some(endpoint.to_owned()), Some("eu-1".to_owned()));
        StoreOptions { endpoint, region, allow_http: false }
    }

    #[test]
    fn a_store_is_asked_without_tls_only_here_or_where_that_is_allowed() {
        for here in ["http://localhost:9000", "http://127.0.0.1:9", "http://[::1]:9"] {
            assert!(Store::at("s3://bucket/folder", &with(here)).is_ok(), "{here}");
        }
        let far = with("http://objects.example");
        assert!(matches!(Store::at("s3://bucket", &far), Err(SyncError::Unencrypted)));
        let allowed = StoreOptions { allow_http: true, ..far };
        assert!(Store::at("s3://bucket", &allowed).is_ok());
        assert!(Store::at("s3://bucket", &with("https://objects.example")).is_ok());
        let no_address = with("objects.example");
        assert!(matches!(Store::at("s3://bucket", &no_address), Err(SyncError::Address(_))));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        let none = StoreOptions::default();
        for wrong in [
            "",
            "folder",
            "ftp://host/x",
            "s3://me:sesame@bucket/x",
            "az://c/x?sig=sesame",
            "memory:///",
        ] {
            let refused = Store::at(wrong, &none).unwrap_err();
            assert!(matches!(refused, SyncError::Address(_)), "{wrong}: {refused}");
            assert!(!refused.to_string().contains("sesame"));
        }
    }
}
