//! Delivery by syslog (RFC 5424) over TLS (RFC 5425).
//!
//! Syslog has no acknowledgement. So a connection carries one batch, which counts as taken when the
//! server has answered its end: we say that nothing more comes (close_notify), and the server, which
//! reads everything before that, closes in turn. Where anything else happens the batch is sent again
//! whole. What a server may then have twice bears the same log, number and hash in its structured
//! data.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

use crate::delivery::{Taken, Undelivered};
use crate::read::Written;
use crate::{Destination, Outcome, tls};

/// How long a server may take to be reached, and to say anything.
const PATIENCE: Duration = Duration::from_secs(20);
/// The least time in which a server that had closed before it read everything says so.
const LEAST_PAUSE: Duration = Duration::from_millis(20);
/// “log audit” (RFC 5424 §6.2.1).
const FACILITY: u8 = 13;
/// The greatest sequenceId (RFC 5424 §7.3.1).
const MOST_SEQUENCE_ID: u64 = i32::MAX as u64;

/// A syslog server.
pub(crate) struct Syslog {
    host: String,
    port: u16,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
    accept_silent_close: bool,
    enterprise_number: u32,
}

impl Syslog {
    pub(crate) fn new(destination: &Destination) -> Result<Self, String> {
        let (host, port) = host_and_port(&destination.address)?;
        let name = ServerName::try_from(host.clone()).map_err(|error| error.to_string())?;
        let tls = Arc::new(tls::config(destination)?);
        let Destination { accept_silent_close, enterprise_number, .. } = *destination;
        Ok(Self { host, port, name, tls, accept_silent_close, enterprise_number })
    }

    /// Delivers these records: all of them, or none that counts.
    pub(crate) fn deliver(&self, records: &[Written]) -> Result<Taken, Undelivered> {
        let mut socket = self.connect()?;
        let begun = Instant::now();
        let mut tls = ClientConnection::new(self.tls.clone(), self.name.clone())
            .map_err(|error| Undelivered::new(error.to_string()))?;
        let failed = |error: std::io::Error| self.broken_off(&error);
        while tls.is_handshaking() {
            tls.complete_io(&mut socket).map_err(failed)?;
        }
        let round_trip = begun.elapsed();
        for written in records {
            let message = self.message(written);
            let frame = format!("{} {message}", message.len());
            let mut rest = frame.as_bytes();
            while !rest.is_empty() {
                rest = &rest[tls.writer().write(rest).map_err(failed)?..];
                while tls.wants_write() {
                    tls.write_tls(&mut socket).map_err(failed)?;
                }
            }
        }
        self.still_there(&mut tls, &mut socket)?;
        tls.send_close_notify();
        while tls.wants_write() {
            tls.write_tls(&mut socket).map_err(failed)?;
        }
        socket.shutdown(Shutdown::Write).map_err(failed)?;
        self.taken(&mut tls, &mut socket, round_trip)?;
        Ok(Taken::default())
    }

    fn connect(&self) -> Result<TcpStream, Undelivered> {
        let Self { host, port, .. } = self;
        let addresses = (host.as_str(), *port)
            .to_socket_addrs()
            .map_err(|error| Undelivered::new(format!("there is no host “{host}” ({error})")))?;
        let mut problem = "it has no address".to_owned();
        for address in addresses {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(socket) => {
                    let limits = socket
                        .set_read_timeout(Some(PATIENCE))
                        .and_then(|()| socket.set_write_timeout(Some(PATIENCE)));
                    limits.map_err(|error| self.broken_off(&error))?;
                    return Ok(socket);
                }
                Err(error) => problem = error.to_string(),
            }
        }
        Err(Undelivered::new(format!("{host}:{port} cannot be reached ({problem})")))
    }

    /// A server that closes before we do may not have read everything.
    fn still_there(
        &self,
        tls: &mut ClientConnection,
        socket: &mut TcpStream,
    ) -> Result<(), Undelivered> {
        let failed = |error: std::io::Error| self.broken_off(&error);
        socket.set_nonblocking(true).map_err(failed)?;
        let read = loop {
            match tls.read_tls(socket) {
                Ok(0) => break Err(self.closed()),
                Ok(_) => {
                    let state = tls
                        .process_new_packets()
                        .map_err(|error| Undelivered::new(error.to_string()))?;
                    if state.peer_has_closed() {
                        break Err(self.closed());
                    }
                    // Syslog has nothing to say to its clients.
                    let _ = std::io::copy(&mut tls.reader(), &mut std::io::sink());
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break Ok(()),
                Err(error) => break Err(self.broken_off(&error)),
            }
        };
        socket.set_nonblocking(false).map_err(failed)?;
        read
    }

    /// Waits until the server has closed in turn, and makes sure that it had read everything.
    fn taken(
        &self,
        tls: &mut ClientConnection,
        socket: &mut TcpStream,
        round_trip: Duration,
    ) -> Result<(), Undelivered> {
        let mut answered = false;
        loop {
            match tls.read_tls(socket) {
                Ok(0) => break,
                Ok(_) => {
                    let state = tls
                        .process_new_packets()
                        .map_err(|error| Undelivered::new(error.to_string()))?;
                    answered |= state.peer_has_closed();
                    let _ = tls.reader().read(&mut [0; 256]);
                }
                Err(error) => return Err(self.broken_off(&error)),
            }
        }
        if !answered && !self.accept_silent_close {
            // Anybody on the way can end a connection; only the server can say that it does.
            let Self { host, port, .. } = self;
            return Err(Undelivered::new(format!(
                "{host}:{port} ended the connection without saying so, so it is not known what it took; \
                 if it is rsyslog, let it use its driver “ossl”, or set accept_silent_close"
            )));
        }
        // A server that closed while records were still on their way refuses them when they come.
        std::thread::sleep(round_trip.max(LEAST_PAUSE));
        match socket.take_error() {
            Ok(None) => Ok(()),
            Ok(Some(error)) | Err(error) => Err(self.broken_off(&error)),
        }
    }

    fn closed(&self) -> Undelivered {
        let Self { host, port, .. } = self;
        Undelivered::new(format!("{host}:{port} closed the connection while records were sent"))
    }

    fn broken_off(&self, error: &std::io::Error) -> Undelivered {
        let Self { host, port, .. } = self;
        Undelivered::new(format!("the connection to {host}:{port} failed ({error})"))
    }

    /// A record as a message (RFC 5424 §6). What follows its structured data is the record's line, so
    /// that a receiver can verify it.
    fn message(&self, written: &Written) -> String {
        let Written { record, line } = written;
        // Informational; a warning where something was not done (§6.2.1).
        let severity = match record.event.outcome {
            Outcome::Begun | Outcome::Done => 6,
            Outcome::Failed | Outcome::Refused => 4,
        };
        let priority = FACILITY * 8 + severity;
        let sequence = record.sequence;
        let meta = match sequence <= MOST_SEQUENCE_ID {
            true => format!("[meta sequenceId=\"{sequence}\"]"),
            false => String::new(),
        };
        let hash = record.hash.map(|hash| hash.to_string()).unwrap_or_default();
        format!(
            "<{priority}>1 {} {} bureau {} {} {meta}[audit@{} log=\"{}\" sequence=\"{sequence}\" hash=\"{hash}\"] {line}",
            record.time,
            host_name(&record.host),
            record.process,
            record.event.action.as_str(),
            self.enterprise_number,
            record.log,
        )
    }
}

/// A name as HOSTNAME (RFC 5424 §6.2.4); “-” where it is none.
fn host_name(host: &str) -> &str {
    let fits = (1..=255).contains(&host.len()) && host.bytes().all(|b| b.is_ascii_graphic());
    if fits { host } else { "-" }
}

/// The host and port of an address.
///
/// # Errors
/// What is wrong with it, to be said after the address.
pub(crate) fn host_and_port(address: &str) -> Result<(String, u16), String> {
    let (host, port) =
        address.rsplit_once(':').ok_or("has no port; syslog over TLS has 6514 (RFC 5425)")?;
    let port = port.parse().map_err(|_| "has no port that is a number up to 65535")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match ServerName::try_from(host) {
        Ok(_) => Ok((host.to_owned(), port)),
        Err(_) => Err("names no host".to_owned()),
    }
}
