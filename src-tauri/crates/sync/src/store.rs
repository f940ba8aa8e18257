//! The place in which machines leave their changes for each other: a bucket, a container, or a
//! folder that they share.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorage, GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, ObjectStoreScheme, PutPayload, RetryConfig,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::SyncError;

/// How long a connection may take to be made, and an object to be sent or fetched.
const CONNECT: Duration = Duration::from_secs(10);
const TRANSFER: Duration = Duration::from_secs(300);
/// How often, and for how long, the same is asked again before a store counts as away.
const RETRIES: usize = 2;
const RETRY: Duration = Duration::from_secs(20);
const NOT_FROM_ROOT: &str = "a folder is named from the root: file:///folder";
const INCOMPLETE: &str = "its region, account or credentials are wrong or missing";

/// Where a store is. Nothing of it is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `s3://bucket/folder`, `az://container/folder`, `gs://bucket/folder`, or the path of a folder
    /// from the root.
    pub address: String,
    /// The server of a store that is not the vendor's own, such as `https://objects.example`.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The region of a bucket.
    #[serde(default)]
    pub region: Option<String>,
    /// Whether the store may be asked without TLS: what it sees is encrypted all the same, but who
    /// asks, and with what credentials, is not. A store on this machine always may.
    #[serde(default)]
    pub allow_http: bool,
}

impl StoreConfig {
    /// That of this address, with nothing else said.
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into(), ..Self::default() }
    }

    /// Whether it is a folder that this machine sees.
    pub fn is_folder(&self) -> bool {
        let address = self.address.trim();
        let is_file = |url: Url| url.scheme() == "file";
        std::path::Path::new(address).is_absolute() || Url::parse(address).is_ok_and(is_file)
    }
}

/// What lets a machine into a store that is no folder.
#[derive(Debug, Clone)]
pub struct StoreKey {
    /// The access key's id (S3) or the account (Azure); empty for a service account of Google's.
    pub id: String,
    /// The secret access key (S3), the account's key or a shared access signature (Azure), or the
    /// service account's JSON (Google).
    pub secret: SecretString,
}

/// A folder of a store.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    folder: Path,
}

impl Store {
    /// The store at this place. Asks it nothing yet. Without a key its credentials are those of the
    /// environment (`AWS_*`, `AZURE_*`, `GOOGLE_*`).
    ///
    /// # Errors
    /// [`SyncError::Address`]; [`SyncError::Unencrypted`]; [`SyncError::Away`] for a folder that is
    /// not there.
    pub fn at(config: &StoreConfig, key: Option<&StoreKey>) -> Result<Self, SyncError> {
        let address = config.address.trim();
        let folder = std::path::Path::new(address);
        if folder.is_absolute() {
            return Self::in_folder(folder);
        }
        let url = Url::parse(address).map_err(|_| SyncError::Address("it is no address"))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(SyncError::Address("credentials do not belong into it"));
        }
        let (scheme, folder) = ObjectStoreScheme::parse(&url)
            .map_err(|_| SyncError::Address("Bureau knows no such store"))?;
        let is_google = matches!(scheme, ObjectStoreScheme::GoogleCloudStorage);
        if !is_google
            && key.is_some_and(|key| key.id.is_empty() || key.secret.expose_secret().is_empty())
        {
            return Err(SyncError::Address(INCOMPLETE));
        }
        let objects: Arc<dyn ObjectStore> = match scheme {
            ObjectStoreScheme::AmazonS3 => Arc::new(amazon_s3(address, config, key)?),
            ObjectStoreScheme::MicrosoftAzure => Arc::new(microsoft_azure(address, config, key)?),
            ObjectStoreScheme::GoogleCloudStorage => Arc::new(google_cloud(address, config, key)?),
            ObjectStoreScheme::Local => {
                let folder = url.to_file_path().map_err(|()| SyncError::Address(NOT_FROM_ROOT))?;
                return Self::in_folder(&folder);
            }
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
    fn in_folder(folder: &std::path::Path) -> Result<Self, SyncError> {
        // It is not made: where a disk is not connected, another store would be begun in its place.
        if !folder.is_dir() {
            return Err(SyncError::Away("there is no such folder".to_owned()));
        }
        let objects = LocalFileSystem::new_with_prefix(folder)
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

fn amazon_s3(
    address: &str,
    config: &StoreConfig,
    key: Option<&StoreKey>,
) -> Result<AmazonS3, SyncError> {
    let mut builder = match key {
        None => AmazonS3Builder::from_env(),
        Some(StoreKey { id, secret }) => AmazonS3Builder::new()
            .with_access_key_id(id)
            .with_secret_access_key(secret.expose_secret()),
    };
    builder = builder.with_url(address).with_retry(retry());
    if let Some(region) = &config.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
    let client = client(endpoint.as_deref(), config)?;
    builder.with_client_options(client).build().map_err(|_| SyncError::Address(INCOMPLETE))
}

fn microsoft_azure(
    address: &str,
    config: &StoreConfig,
    key: Option<&StoreKey>,
) -> Result<MicrosoftAzure, SyncError> {
    let mut builder = match key {
        None => MicrosoftAzureBuilder::from_env(),
        Some(StoreKey { id, secret }) => {
            let secret = secret.expose_secret();
            let kind = if secret.contains("sig=") {
                AzureConfigKey::SasKey
            } else {
                AzureConfigKey::AccessKey
            };
            MicrosoftAzureBuilder::new().with_account(id).with_config(kind, secret)
        }
    };
    builder = builder.with_url(address).with_retry(retry());
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint.clone());
    }
    let endpoint = builder.get_config_value(&AzureConfigKey::Endpoint);
    let client = client(endpoint.as_deref(), config)?;
    builder.with_client_options(client).build().map_err(|_| SyncError::Address(INCOMPLETE))
}

fn google_cloud(
    address: &str,
    config: &StoreConfig,
    key: Option<&StoreKey>,
) -> Result<GoogleCloudStorage, SyncError> {
    let mut builder = match key {
        None => GoogleCloudStorageBuilder::from_env(),
        Some(StoreKey { secret, .. }) => {
            GoogleCloudStorageBuilder::new().with_service_account_key(secret.expose_secret())
        }
    };
    builder = builder.with_url(address).with_retry(retry());
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_config(GoogleConfigKey::BaseUrl, endpoint);
    }
    let endpoint = builder.get_config_value(&GoogleConfigKey::BaseUrl);
    let client = client(endpoint.as_deref(), config)?;
    builder.with_client_options(client).build().map_err(|_| SyncError::Address(INCOMPLETE))
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: RETRIES, retry_timeout: RETRY, ..RetryConfig::default() }
}

/// How a store is asked: without TLS only where it may be.
fn client(endpoint: Option<&str>, config: &StoreConfig) -> Result<ClientOptions, SyncError> {
    Ok(ClientOptions::new()
        .with_connect_timeout(CONNECT)
        .with_timeout(TRANSFER)
        .with_allow_http(is_without_tls(endpoint, config)?))
}

/// Whether the store is asked without TLS, and may be.
fn is_without_tls(endpoint: Option<&str>, config: &StoreConfig) -> Result<bool, SyncError> {
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
        "http" if is_here || config.allow_http => Ok(true),
        "http" => Err(SyncError::Unencrypted),
        _ => Err(SyncError::Address("the endpoint begins with https://")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(endpoint: &str) -> StoreConfig {
        StoreConfig {
            endpoint: Some(endpoint.to_owned()),
            region: Some("eu-1".to_owned()),
            ..StoreConfig::new("s3://bucket/folder")
        }
    }

    #[test]
    fn a_store_is_asked_without_tls_only_here_or_where_that_is_allowed() {
        for here in ["http://localhost:9000", "http://127.0.0.1:9", "http://[::1]:9"] {
            assert!(Store::at(&with(here), None).is_ok(), "{here}");
        }
        let far = with("http://objects.example");
        assert!(matches!(Store::at(&far, None), Err(SyncError::Unencrypted)));
        let allowed = StoreConfig { allow_http: true, ..far };
        assert!(Store::at(&allowed, None).is_ok());
        assert!(Store::at(&with("https://objects.example"), None).is_ok());
        let no_address = with("objects.example");
        assert!(matches!(Store::at(&no_address, None), Err(SyncError::Address(_))));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for wrong in [
            "",
            "folder",
            "ftp://host/x",
            "s3://me:sesame@bucket/x",
            "az://c/x?sig=sesame",
            "memory:///",
        ] {
            let refused = Store::at(&StoreConfig::new(wrong), None).unwrap_err();
            assert!(matches!(refused, SyncError::Address(_)), "{wrong}: {refused}");
            assert!(!refused.to_string().contains("sesame"));
        }
    }

    #[test]
    fn each_kind_of_store_takes_a_key_that_is_its_own() {
        let key = |id: &str, secret: &str| {
            let secret = SecretString::from(secret.to_owned());
            StoreKey { id: id.to_owned(), secret }
        };
        let signature = "?sv=2024-11-04&sp=racwdl&sig=c2VzYW1l";
        let account = "{\"private_key\": \"sesame\"}";
        for (address, key, is_one) in [
            ("s3://bucket/folder", key("id", "sesame"), true),
            ("az://container/folder", key("account", "c2VzYW1l"), true),
            ("az://container/folder", key("account", signature), true),
            ("az://container/folder", key("account", "not base 64!"), false),
            ("az://container/folder", key("", "c2VzYW1l"), false),
            ("gs://bucket/folder", key("", account), false),
            ("gs://bucket/folder", key("", "no JSON"), false),
        ] {
            match Store::at(&StoreConfig::new(address), Some(&key)) {
                Ok(_) => assert!(is_one, "{address} {key:?}"),
                Err(refused) => {
                    assert!(!is_one && matches!(refused, SyncError::Address(_)), "{refused:?}");
                    assert!(!format!("{refused:?}").contains("sesame"));
                }
            }
        }
    }

    #[test]
    fn a_folder_is_named_by_its_path_and_is_never_made() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared with all");
        let by_path = StoreConfig::new(shared.to_str().unwrap());
        let by_url = StoreConfig::new(Url::from_file_path(&shared).unwrap());
        for config in [&by_path, &by_url] {
            assert!(matches!(Store::at(config, None), Err(SyncError::Away(_))));
        }
        assert!(!shared.exists());
        std::fs::create_dir(&shared).unwrap();
        for config in [by_path, by_url] {
            assert!(Store::at(&config, None).is_ok() && config.is_folder());
        }
        assert!(!StoreConfig::new("s3://bucket/folder").is_folder());
    }
}
