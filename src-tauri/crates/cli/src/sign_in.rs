//! `bureau sign-in`, `bureau sign-out` and `bureau whoami`.

use std::path::Path;

use assistant::{Access, Assistant, BrowserPage, SignIn};
use conversation::{Failure, FailureCode};
use serde::Serialize;

use crate::args;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::{output, unlock};

pub async fn sign_in(assistant: &Assistant, arguments: args::SignIn) -> Result<Exit, Failure> {
    let endpoint = named(assistant, arguments.endpoint)?;
    unlock::open(assistant)?;
    let is_sealed = open_certificate(assistant, &endpoint, arguments.pin_file.as_deref())?;
    if is_sealed && assistant.sign_ins()?.iter().all(|(name, _)| *name != endpoint) {
        eprintln!("Done.");
        return Ok(Exit::Done);
    }
    let mut interrupts = Interrupts::listen()?;
    let signs_in = async {
        if arguments.device {
            return assistant.sign_in_by_device(&endpoint, show).await;
        }
        let page = BrowserPage {
            language: "en".to_owned(),
            done: "You are signed in. Close this page and go back to the terminal.".to_owned(),
            failed: "You are not signed in. Close this page and go back to the terminal."
                .to_owned(),
        };
        let opens = assistant.sign_in(&endpoint, &page, |address| {
            eprintln!("The browser opens. If it does not, go to:\n{address}");
            // Whoever sits here can open the address themselves.
            let _ = open::that_detached(address.as_str());
            Ok(())
        });
        opens.await
    };
    let signed_in = tokio::select! {
        signed_in = signs_in => signed_in?,
        () = interrupts.next() => return Ok(Exit::Interrupted),
    };
    eprintln!("Signed in as {}.", output::printable_line(&signed_in.name));
    Ok(Exit::Done)
}

pub async fn sign_out(assistant: &Assistant, endpoint: Option<String>) -> Result<Exit, Failure> {
    let endpoint = named(assistant, endpoint)?;
    if assistant.access()? != Access::New {
        unlock::open(assistant)?;
    }
    let ends = assistant.sign_out(&endpoint).await?;
    eprintln!("Signed out.");
    if let Some(address) = ends {
        eprintln!("To sign the browser out too, go to:\n{address}");
    }
    Ok(Exit::Done)
}

/// Who is signed in, as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    endpoint: &'a str,
    #[serde(flatten)]
    sign_in: &'a SignIn,
}

pub fn whoami(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    // The keychain may hold all that is asked for.
    if assistant.access()? != Access::New {
        unlock::open(assistant)?;
    }
    let sign_ins = assistant.sign_ins()?;
    for (endpoint, sign_in) in &sign_ins {
        if json {
            output::write_json(&Line { endpoint, sign_in })?;
            continue;
        }
        let who = match &sign_in.account {
            Some(account) => {
                let groups = account.groups.join(", ");
                let email = account.email.as_deref().map(|email| format!(" <{email}>"));
                let groups = if groups.is_empty() { groups } else { format!("  ({groups})") };
                format!("{}{}{groups}", account.name, email.unwrap_or_default())
            }
            None => "nobody".to_owned(),
        };
        output::write(&format!(
            "{}  {}\n",
            output::printable_line(endpoint),
            output::printable_line(&who)
        ))?;
    }
    if sign_ins.is_empty() {
        eprintln!("bureau: no endpoint asks for a sign-in");
    }
    Ok(Exit::Done)
}

/// The endpoint of this name, or the default one.
fn named(assistant: &Assistant, name: Option<String>) -> Result<String, Failure> {
    let config = assistant.config();
    let name = name.or_else(|| config.default_endpoint().map(|(name, _)| name.to_owned()));
    name.ok_or_else(|| {
        Failure::new(FailureCode::Invalid, "no endpoint is configured; add one to config.toml")
    })
}

/// Asks for the password or PIN of the client certificate, where it has one that is not kept or a
/// file gives one. Says whether there is such a certificate.
fn open_certificate(
    assistant: &Assistant,
    endpoint: &str,
    file: Option<&Path>,
) -> Result<bool, Failure> {
    let view = assistant.endpoints()?.into_iter().find(|view| view.draft.name == endpoint);
    let Some(certificate) = view.and_then(|view| view.certificate) else { return Ok(false) };
    let secret = match file {
        Some(file) => unlock::read_secret(file)?,
        None if certificate.has_secret => return Ok(true),
        None => {
            let place = output::printable_line(&certificate.place);
            unlock::ask(&format!("Password or PIN of {place}: "))?
        }
    };
    assistant.set_certificate_secret(endpoint, Some(&secret))?;
    Ok(true)
}

fn show(device: &assistant::DeviceCode) {
    let address = output::printable_line(&device.address);
    let code = output::printable_line(&device.code);
    eprintln!("On any device go to {address}\nand type the code {code}");
    if let Some(whole) = &device.whole_address {
        eprintln!("or go to {}", output::printable_line(whole));
    }
}
