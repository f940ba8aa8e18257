//! Endpoints against a real server on a loopback port: one file per subject.

#[cfg(test)]
mod azure;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod card;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
