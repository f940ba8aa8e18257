//! What a person should know before a link from a message is opened.

mod carried;

use std::net::IpAddr;

use conversation::{Failure, FailureCode};
use serde::{Deserialize, Serialize};
use unicode_security::MixedScript as _;
use url::{Host, Url};

/// No site needs a longer address; what is longer carries something.
const LONGEST: usize = 8192;
/// What a mail address may fill in; other headers could attach a file or hide a recipient.
const MAIL_HEADERS: [&str; 3] = ["subject", "body", "cc"];

/// What is suspicious about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The host is written in Punycode or with letters outside ASCII.
    Punycode,
    /// A label of the host mixes scripts, as names that imitate others do.
    MixedScript,
    /// The address holds characters that are not seen or that turn the text around.
    InvisibleCharacters,
    /// The address holds a user name or password, which can pass for the host.
    UserInfo,
    /// The host is a number instead of a name.
    IpAddress,
    /// The address holds text of the conversation, which opening it would send to the host.
    CarriesConversation,
    /// Others can read and change what is sent (`http`).
    NotEncrypted,
}

/// A link, as it is shown before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Inspection {
    /// The address to open, as the system's browser or mail program gets it.
    pub address: String,
    /// That whole address to read: what is percent-encoded is decoded, and what is invisible is
    /// written out.
    pub display: String,
    /// The host in its own script where that cannot deceive; for mail, the recipient's domain.
    pub host: String,
    /// The host in ASCII.
    pub host_ascii: String,
    /// What is suspicious about it.
    pub warnings: Vec<Warning>,
}

/// The link may not be opened at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is not an address.
    #[error("this is not a complete web or mail address; nothing was opened")]
    NotAnAddress,
    /// It is longer than any site needs.
    #[error("this address is longer than {LONGEST} bytes, which no site needs; nothing was opened")]
    TooLong,
    /// It leads to something other than the web or a mail program.
    #[error("links of the kind “{0}” are not opened: only http, https and mailto are")]
    Scheme(String),
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        Self::new(FailureCode::Invalid, error.to_string())
    }
}

/// Looks at a link. `conversation_text` is what must not leave through it; addresses in that text
/// do not count, so a link that a person wrote carries nothing of theirs.
///
/// # Errors
/// If it is not an http, https or mailto address, or far too long.
pub fn inspect(address: &str, conversation_text: &str) -> Result<Inspection, LinkError> {
    if address.len() > LONGEST {
        return Err(LinkError::TooLong);
    }
    let mut url = Url::parse(address).map_err(|_| LinkError::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return Err(LinkError::Scheme(visible(url.scheme())));
    }
    if url.scheme() == "mailto" {
        keep_mail_headers(&mut url);
    }
    let host_ascii = host(&url)?;
    let (unicode, valid) = idna::domain_to_unicode(&host_ascii);
    let mixed = unicode.split('.').any(|label| !label.is_single_script());
    let punycode = host_ascii.split('.').any(|label| label.starts_with("xn--"));
    let safe = valid.is_ok() && !mixed && !unicode.chars().any(is_hidden);
    let decoded = percent_decoded(address);
    let bare = host_ascii.trim_start_matches('[').trim_end_matches(']');
    let found = [
        (Warning::Punycode, punycode),
        (Warning::MixedScript, mixed),
        (Warning::InvisibleCharacters, decoded.chars().any(is_hidden)),
        (Warning::UserInfo, !url.username().is_empty() || url.password().is_some()),
        (Warning::IpAddress, bare.parse::<IpAddr>().is_ok()),
        (Warning::CarriesConversation, carried::carries(&url, &unicode, conversation_text)),
        (Warning::NotEncrypted, url.scheme() == "http"),
    ];
    Ok(Inspection {
        address: url.to_string(),
        display: displayed(url.as_str()),
        host: if safe { unicode } else { host_ascii.clone() },
        host_ascii,
        warnings: found
            .into_iter()
            .filter(|(_, found)| *found)
            .map(|(warning, _)| warning)
            .collect(),
    })
}

/// Leaves of a mail address's headers those that it may fill in.
fn keep_mail_headers(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let kept: Vec<_> = query
        .split('&')
        .filter(|header| {
            let name = percent_decoded(header.split('=').next().unwrap_or_default());
            MAIL_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(&name))
        })
        .collect();
    let kept = kept.join("&");
    url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
}

/// The host in ASCII; for mail, the domain of the (first) recipient.
fn host(url: &Url) -> Result<String, LinkError> {
    if url.scheme() != "mailto" {
        return url.host_str().map(str::to_owned).ok_or(LinkError::NotAnAddress);
    }
    let path = percent_decoded(url.path());
    let recipient = path.split(',').next().unwrap_or_default();
    let domain = recipient.rsplit_once('@').map(|(_, domain)| domain.trim());
    let domain = domain.filter(|domain| !domain.is_empty()).ok_or(LinkError::NotAnAddress)?;
    match Host::parse(domain) {
        Ok(host) => Ok(host.to_string()),
        Err(_) => Err(LinkError::NotAnAddress),
    }
}

/// Characters that are not seen, or that change how the text around them is seen.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{a0}' | '\u{1680}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{1d173}'..='\u{1d17a}')
}

/// The text with every hidden character written out.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if is_hidden(character) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The address with its percent-encoded text readable. An encoded delimiter stays encoded, for
/// decoded it would look like a part of the address's structure.
fn displayed(address: &str) -> String {
    let mut shown = String::new();
    let mut rest = address;
    while let Some(at) = rest.find('%') {
        shown.push_str(&visible(&rest[..at]));
        rest = &rest[at..];
        let length = encoded_length(rest);
        if length == 0 {
            shown.push('%');
            rest = &rest[1..];
            continue;
        }
        for character in percent_decoded(&rest[..length]).chars() {
            if "%:/?#[]@!$&'()*+,;= \u{fffd}".contains(character) {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    shown.push_str(&format!("%{byte:02X}"));
                }
            } else {
                shown.push_str(&visible(character.encode_utf8(&mut [0; 4])));
            }
        }
        rest = &rest[length..];
    }
    shown + &visible(rest)
}

/// The length of the percent-encoded bytes with which the text begins.
fn encoded_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let encoded = |chunk: &[u8]| {
        chunk.len() == 3 && chunk[0] == b'%' && chunk[1..].iter().all(u8::is_ascii_hexdigit)
    };
    bytes.chunks(3).take_while(|chunk| encoded(chunk)).count() * 3
}

/// The text with its percent-encoded bytes decoded.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn warnings(address: &str, conversation: &str) -> Vec<Warning> {
        inspect(address, conversation).unwrap().warnings
    }

    #[test]
    fn an_ordinary_link_has_no_warning() {
        let said = "Où faire un passeport ?";
        let link = inspect("https://www.service-public.fr/particuliers?page=2", said).unwrap();
        assert_eq!(link.host, "www.service-public.fr");
        assert!(link.warnings.is_empty(), "{link:?}");
    }

    #[test]
    fn only_three_kinds_are_opened() {
        for address in
            ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "tauri://localhost"]
        {
            assert!(matches!(inspect(address, ""), Err(LinkError::Scheme(_))), "{address}");
        }
        let long = format!("https://a.example/{}", "x".repeat(LONGEST));
        assert_eq!(inspect(&long, ""), Err(LinkError::TooLong));
        assert!(inspect(&long[..LONGEST], "").is_ok());
        for address in ["", "x", "//host", "https://", "mailto:nobody"] {
            assert_eq!(inspect(address, ""), Err(LinkError::NotAnAddress), "{address}");
        }
        assert_eq!(
            inspect("mailto:a@exämple.org?subject=x", "").unwrap().host_ascii,
            "xn--exmple-cua.org"
        );
    }

    #[test]
    fn a_mail_address_fills_in_nothing_but_what_is_seen() {
        let address = |query: &str| {
            let link = inspect(&format!("mailto:a@b.example{query}"), "").unwrap();
            assert_eq!(link.display, percent_decoded(&link.address));
            link.address
        };
        assert_eq!(
            address("?subject=x&body=y&cc=c@d.example"),
            "mailto:a@b.example?subject=x&body=y&cc=c@d.example"
        );
        assert_eq!(
            address("?attach=/etc/passwd&Subject=x&bcc=e@f.example"),
            "mailto:a@b.example?Subject=x"
        );
        assert_eq!(address("?%61ttach=x&in-reply-to=y"), "mailto:a@b.example");
    }

    #[test]
    fn what_is_odd_is_said() {
        assert_eq!(warnings("http://a.example/", ""), [Warning::NotEncrypted]);
        assert_eq!(warnings("https://a@b.example/", ""), [Warning::UserInfo]);
        assert_eq!(warnings("https://0x7f000001/", ""), [Warning::IpAddress]);
        assert_eq!(warnings("https://[::1]/", ""), [Warning::IpAddress]);
        assert_eq!(warnings("https://münchen.example/", ""), [Warning::Punycode]);
        // A Cyrillic letter among Latin ones.
        let imitation = "https://p\u{430}ypal.example/";
        assert_eq!(warnings(imitation, ""), [Warning::Punycode, Warning::MixedScript]);
        assert!(inspect(imitation, "").unwrap().host.starts_with("xn--"));
        for turned in ["https://a.example/\u{202e}gnp", "https://a.example/%E2%80%AEgnp"] {
            assert_eq!(warnings(turned, ""), [Warning::InvisibleCharacters]);
            assert_eq!(inspect(turned, "").unwrap().display, "https://a.example/⟨U+202E⟩gnp");
        }
        assert_eq!(
            inspect("https://a.example/%C3%A9%2F", "").unwrap().display,
            "https://a.example/é%2F"
        );
    }

    #[test]
    fn a_link_that_carries_the_conversation_is_told() {
        let said = "My secretword is here. Salary: 482500 euros for Mr. Jean Dupont-Lajoie. \
                    See https://known.example/documentation";
        for address in [
            "https://evil.example/?q=secretword",
            "https://evil.example/SECRETWORD",
            "https://evil.example/#x=secret%77ord",
            "https://evil.example/?s=482500",
            "https://secretword.evil.example/",
            "https://se-cret-word.evil.example/?x=jean+dupont+lajoie",
            "https://evil.example/?q=c2VjcmV0d29yZA",
            "https://evil.example/c2VjcmV0d29yZA==/x.png",
            "https://evil.example/?q=736563726574776f7264",
            "https://evil.example/?q=%2573ecretword",
            "https://evil.example/?q=drowterces",
            "mailto:x@evil.example?body=my%20secretword",
            "https://secretword@evil.example/",
        ] {
            assert!(warnings(address, said).contains(&Warning::CarriesConversation), "{address}");
        }
        for address in [
            "https://known.example/documentation",
            "https://secretword.example/",
            "https://docs.example/salary/mr",
        ] {
            assert!(!warnings(address, said).contains(&Warning::CarriesConversation), "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_inspected_and_shows_nothing_hidden(address in ".{0,60}", said in ".{0,60}") {
            for address in [address.clone(), format!("https://a.example/{address}")] {
                if let Ok(link) = inspect(&address, &said) {
                    prop_assert!(!link.display.chars().any(is_hidden));
                    prop_assert!(link.host_ascii.is_ascii());
                }
            }
        }

        #[test]
        fn a_carried_word_is_always_noticed(word in "[a-z]{8,20}", before in "[0-9=&/]{0,10}") {
            let said = format!("remember {word} please");
            let address = format!("https://evil.example/{before}/{word}");
            prop_assert!(warnings(&address, &said).contains(&Warning::CarriesConversation));
        }
    }
}
