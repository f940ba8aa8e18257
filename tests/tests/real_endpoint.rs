//! A conversation through a real OpenAI-compatible server: llama.cpp's, in Python, on the
//! built-in model's own file. `cargo xtask test` installs it and says where its Python is.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use whole_program::{Profile, workspace};

const KEY: &str = "sk-test-of-the-real-server";

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let python = std::env::var_os("BUREAU_TEST_LLAMA_SERVER")
            .expect("BUREAU_TEST_LLAMA_SERVER must name the Python of a llama-cpp-python[server]; cargo xtask test sets it");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let model = workspace().join("models/SmolLM2-135M-Instruct.Q4_1.gguf");
        // A file takes all of its log; a pipe that nobody reads would stop it.
        let log = tempfile::NamedTempFile::new().unwrap();
        let process = Command::new(python)
            .args([
                "-m",
                "llama_cpp.server",
                "--host",
                "127.0.0.1",
                "--n_ctx",
                "512",
                "--n_threads",
                "1",
            ])
            .args([
                "--port",
                &port.to_string(),
                "--api_key",
                KEY,
                "--model_alias",
                "smollm2",
                "--model",
            ])
            .arg(model)
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
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_conversation_through_a_real_server() {
    let server = Server::start();
    let profile = Profile::new();
    let run = |key: &str, arguments: &[&str]| {
        let mut command = profile.bureau(arguments);
        command.env("BUREAU_ENDPOINT", &server.address).env("BUREAU_API_KEY", key);
        let output = command.output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), stdout, String::from_utf8(output.stderr).unwrap())
    };

    let (code, models, error) = run(KEY, &["models"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(models.lines().any(|l| l == "smollm2"), "{models}");

    let (code, answer, error) = run(KEY, &["ask", "--json", "Say hello in one short sentence."]);
    assert_eq!(code, Some(0), "{answer}{error}");
    let deltas = answer.lines().filter(|l| l.contains("\"delta\"")).count();
    assert!(deltas > 1, "the answer came in {deltas} pieces: {answer}");

    let (code, answer, error) = run("wrong", &["ask", "--json", "x"]);
    assert_eq!(code, Some(3), "{answer}{error}");
    assert!(answer.contains("wrong_key"), "{answer}");

    let long = "many words ".repeat(2000);
    // This server answers with status 200 and a stream without a single event: nothing says why.
    // That is told as a failure, and not taken for an answer.
    let (code, answer, _) = run(KEY, &["ask", "--json", &long]);
    assert_eq!(code, Some(3), "{answer}");
    assert!(answer.contains("cut_off"), "{answer}");
}
