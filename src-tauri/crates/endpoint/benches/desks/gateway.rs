//! LiteLLM's proxy, as it comes: one process, nothing set but where the model is.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::model;

/// Python takes a while to load all of it.
const LONGEST_START: Duration = Duration::from_secs(180);

/// The proxy; it ends with this.
pub struct Gateway {
    /// Where it listens.
    pub address: SocketAddr,
    /// The key that it lets in.
    pub key: String,
    /// Dropping it ends the process.
    process: Child,
    folder: TempDir,
}

impl Gateway {
    /// Starts the proxy of the Python environment that `BUREAU_BENCH_GATEWAY` names, before this
    /// model.
    pub async fn before(model: SocketAddr) -> Self {
        let environment = std::env::var_os("BUREAU_BENCH_GATEWAY").expect(
            "BUREAU_BENCH_GATEWAY; `cargo xtask bench desks` installs the gateway and names it",
        );
        let program = PathBuf::from(environment).join("bin/litellm");
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.yaml");
        let name = model::NAME;
        let models = format!(
            "model_list:\n  - model_name: {name}\n    litellm_params:\n      model: openai/{name}\n      api_base: http://{model}/v1\n      api_key: none\n"
        );
        std::fs::write(&config, models).unwrap();
        // Nobody else is given it between this and the proxy's own start.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let key = format!("sk-{:032x}", fastrand::u128(..));
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .args(["--host", "127.0.0.1", "--port", &address.port().to_string()])
            .arg("--config")
            .arg(&config)
            .current_dir(folder.path())
            .env("LITELLM_MASTER_KEY", &key)
            // It would fetch a list of prices otherwise.
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut gateway = Self { address, key, process, folder };
        gateway.until_there().await;
        gateway
    }

    async fn until_there(&mut self) {
        let begun = Instant::now();
        let address = format!("http://{}/health/liveliness", self.address);
        while !reqwest::get(&address).await.is_ok_and(|response| response.status().is_success()) {
            let ended = self.process.try_wait().unwrap();
            if ended.is_some() || begun.elapsed() > LONGEST_START {
                let log = std::fs::read_to_string(self.folder.path().join("log"));
                panic!("the gateway does not answer: {}", log.unwrap_or_default());
            }
            sleep(Duration::from_millis(500)).await;
        }
    }
}
