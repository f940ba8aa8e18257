//! A real OpenAI-compatible server: llama.cpp's, in Python, on the built-in model's own file.
//! `cargo xtask test` installs it and says where its Python is.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::workspace;

/// A server that runs until it is dropped.
pub struct LlamaServer {
    process: Child,
    address: String,
}

impl LlamaServer {
    /// The key that it asks for.
    pub const KEY: &str = "sk-test-of-the-real-server";
    /// The name of its model.
    pub const MODEL: &str = "smollm2";

    /// Starts it with a context of so many tokens, and waits until it listens.
    ///
    /// # Panics
    /// Without `BUREAU_TEST_LLAMA_SERVER`, the Python that has it; and where it ends by itself.
    pub fn start(context_tokens: u32) -> Self {
        let python = std::env::var_os("BUREAU_TEST_LLAMA_SERVER")
            .expect("BUREAU_TEST_LLAMA_SERVER must name the Python of a llama-cpp-python[server]; cargo xtask test sets it");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // A file takes all of its log; a pipe that nobody reads would stop it.
        let log = tempfile::NamedTempFile::new().unwrap();
        let process = Command::new(python)
            .args(["-m", "llama_cpp.server", "--host", "127.0.0.1", "--n_threads", "1"])
            .args(["--n_ctx", &context_tokens.to_string(), "--port", &port.to_string()])
            .args(["--api_key", Self::KEY, "--model_alias", Self::MODEL, "--model"])
            .arg(workspace().join("models/SmolLM2-135M-Instruct.Q4_1.gguf"))
            .stdout(Stdio::null())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut server = Self { process, address: format!("http://127.0.0.1:{port}/v1") };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = server.process.try_wait().unwrap() {
                let error = std::fs::read_to_string(log.path()).unwrap();
                panic!("the server ended with {status}: {error}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for LlamaServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
