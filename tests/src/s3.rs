//! A real S3 server on a port of this machine, to which the connection can be lost.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// A server with one bucket, called `bucket`, until it is dropped.
pub struct S3 {
    address: String,
    /// So many bytes are still read of its clients.
    left: Arc<AtomicI64>,
    /// Whether it falls silent then, and loses no connection.
    silent: Arc<AtomicBool>,
    /// Where it keeps its bucket.
    folder: TempDir,
    /// What serves; there until it is dropped.
    runtime: Option<Runtime>,
}

impl S3 {
    /// The id of the access key that it knows.
    pub const ACCESS: &str = "access";
    /// The secret of that key.
    pub const SECRET: &str = "a secret of the bucket";

    /// Starts one.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bucket")).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(Self::ACCESS, Self::SECRET));
        let service = service.build();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let silent = Arc::new(AtomicBool::new(false));
        let own = (left.clone(), silent.clone());
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((socket, _)) = listener.accept().await {
                let io =
                    TokioIo::new(Losing { socket, left: own.0.clone(), silent: own.1.clone() });
                tokio::spawn(http1::Builder::new().serve_connection(io, service.clone()));
            }
        });
        Self { address, left, silent, folder, runtime: Some(runtime) }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The folder with what lies in its bucket.
    pub fn bucket(&self) -> PathBuf {
        self.folder.path().join("bucket")
    }

    /// Loses every connection once so many bytes more were received, until [`mend`](Self::mend).
    pub fn lose_after(&self, bytes: i64) {
        self.silent.store(false, Ordering::SeqCst);
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Reads nothing more of any connection once so many bytes more were received, until
    /// [`mend`](Self::mend).
    pub fn fall_silent_after(&self, bytes: i64) {
        self.silent.store(true, Ordering::SeqCst);
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Waits until it has received as much as it was to.
    pub fn wait_until_silent(&self) {
        for _ in 0..600 {
            if self.left.load(Ordering::SeqCst) < 0 {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it was sent too little");
    }

    /// Serves whoever connects from now on.
    pub fn mend(&self) {
        self.lose_after(i64::MAX);
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        // It may end where another runtime runs.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The contents of every file in a folder.
pub fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => contents(&path),
            false => vec![std::fs::read(path).unwrap()],
        })
        .collect()
}

/// A connection that is lost once too much was read of it.
struct Losing {
    socket: TcpStream,
    left: Arc<AtomicI64>,
    silent: Arc<AtomicBool>,
}

impl AsyncRead for Losing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        let read = i64::try_from(buffer.filled().len() - before).unwrap();
        if self.left.fetch_sub(read, Ordering::SeqCst) < read {
            if self.silent.load(Ordering::SeqCst) {
                // Nothing wakes it: it ends with its client.
                return Poll::Pending;
            }
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Losing {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
