//! Delivery to a collector: OTLP over HTTP, in JSON (OTLP specification 1.9.0, “OTLP/HTTP”).
//!
//! A collector acknowledges what it takes. Where its answer is lost, the same records are sent again
//! with the same `log.record.uid`, by which a receiver drops what it has already.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::Url;

use crate::delivery::{Taken, Undelivered};
use crate::read::Written;
use crate::{Destination, Outcome, tls};

/// How long a collector may take to be reached, and to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// So much of an answer is read.
const MOST_ANSWER: usize = 64 << 10;

/// A collector.
pub(crate) struct Otlp {
    url: Url,
    client: Client,
    runtime: Runtime,
}

/// What a collector answers (`ExportLogsServiceResponse`).
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer {
    partial_success: PartialSuccess,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartialSuccess {
    /// A number of 64 bits, which JSON of Protobuf writes as a string.
    rejected_log_records: Value,
    error_message: String,
}

impl Otlp {
    pub(crate) fn new(destination: &Destination) -> Result<Self, String> {
        let url = url(&destination.address)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in &destination.headers {
            let unusable = || format!("its header “{name}” cannot be sent");
            let header = HeaderName::try_from(name).map_err(|_| unusable())?;
            let mut value = HeaderValue::try_from(value).map_err(|_| unusable())?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        let mut client = Client::builder()
            .user_agent(concat!("Bureau/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls::config(destination)?)
            .default_headers(headers)
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none());
        if is_this_machine(&url) {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { url, client, runtime })
    }

    pub(crate) fn deliver(&self, records: &[Written]) -> Result<Taken, Undelivered> {
        let body = request(records).to_string();
        self.runtime.block_on(async {
            let host = self.url.host_str().unwrap_or_default();
            let failed = |error: reqwest::Error| {
                Undelivered::new(format!("{host} cannot be reached ({})", root(&error)))
            };
            let response =
                self.client.post(self.url.clone()).body(body).send().await.map_err(failed)?;
            match response.status() {
                status if status.is_success() => Ok(taken(&text(response).await)),
                status => Err(refused(host, status, response).await),
            }
        })
    }
}

/// What a collector says that it has taken. One that says nothing has taken all.
fn taken(answer: &str) -> Taken {
    let PartialSuccess { rejected_log_records: rejected, error_message } =
        serde_json::from_str::<Answer>(answer).unwrap_or_default().partial_success;
    let rejected = match &rejected {
        Value::String(text) => text.parse().unwrap_or(0),
        number => number.as_u64().unwrap_or(0),
    };
    Taken { rejected, words: error_message }
}

async fn refused(host: &str, status: StatusCode, response: Response) -> Undelivered {
    // The specification names these as passing.
    let passing = matches!(status.as_u16(), 429 | 502 | 503 | 504);
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let wait = wait.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let words: String =
        text(response).await.chars().filter(|c| !c.is_control()).take(200).collect();
    let message = format!("{host} does not take the records ({status}) {words}");
    Undelivered { message: message.trim_end().to_owned(), wait, passing }
}

/// The beginning of what a collector answers.
async fn text(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_ANSWER {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn root(error: &reqwest::Error) -> String {
    let mut root: &dyn std::error::Error = error;
    while let Some(cause) = root.source() {
        root = cause;
    }
    root.to_string()
}

/// The records as an `ExportLogsServiceRequest`, in the JSON of Protobuf: numbers of 64 bits are
/// strings, names are in camel case.
fn request(records: &[Written]) -> Value {
    let resource = records.first().map(|written| {
        let (name, version) =
            written.record.program.split_once(' ').unwrap_or((&written.record.program, ""));
        json!({ "attributes": [
            text_attribute("service.name", name),
            text_attribute("service.version", version),
            text_attribute("host.name", &written.record.host),
        ] })
    });
    let records: Vec<_> = records.iter().map(log_record).collect();
    json!({ "resourceLogs": [{
        "resource": resource,
        "scopeLogs": [{ "scope": { "name": "bureau.audit" }, "logRecords": records }],
    }] })
}

fn log_record(written: &Written) -> Value {
    let Written { record, line } = written;
    let time: Option<jiff::Timestamp> = record.time.parse().ok();
    let time = time.map_or(0, |time| time.as_nanosecond()).to_string();
    let (severity, severity_text) = match record.event.outcome {
        Outcome::Begun | Outcome::Done => (9, "INFO"),
        Outcome::Failed | Outcome::Refused => (13, "WARN"),
    };
    let hash = record.hash.map(|hash| hash.to_string()).unwrap_or_default();
    json!({
        "timeUnixNano": time,
        "observedTimeUnixNano": time,
        "severityNumber": severity,
        "severityText": severity_text,
        "eventName": format!("bureau.{}", record.event.action.as_str()),
        "body": { "stringValue": line },
        "attributes": [
            // What has the same one is the same record (semantic conventions, “log”).
            text_attribute("log.record.uid", &hash),
            text_attribute("bureau.audit.log", &record.log),
            { "key": "bureau.audit.sequence", "value": { "intValue": record.sequence.to_string() } },
            text_attribute("bureau.audit.outcome", record.event.outcome.as_str()),
            text_attribute("user.name", &record.account),
        ],
    })
}

fn text_attribute(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

/// The address of a collector.
///
/// # Errors
/// What is wrong with it, to be said after the address.
pub(crate) fn url(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim())
        .map_err(|_| "is no address; it is such as https://host:4318/v1/logs".to_owned())?;
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(url),
        "http" if is_this_machine(&url) => Ok(url),
        "http" => Err("has to begin with https://; records leave this machine".to_owned()),
        _ => Err("has to begin with https://".to_owned()),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
