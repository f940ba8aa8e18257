//! Keys, tokens and passwords of services, by the families that gitleaks knows
//! (<https://github.com/gitleaks/gitleaks>), in patterns written from what the vendors publish.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::{ahead, once};
use crate::Kind;
use crate::candidate::{Candidate, Certainty};

/// The longest token that is looked for, in bytes.
const LONGEST: usize = 2048;

/// What tokens begin with, and all of them from there: what a service issues begins so and
/// nothing else does. Several beginnings are set apart by spaces.
const FAMILIES: &[(&str, &str)] = &[
    // Amazon Web Services: identifiers of keys, in base 32.
    ("AKIA ASIA ABIA ACCA A3T", r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    // Google: keys, secrets of clients, access tokens.
    ("AIza", r"AIza[0-9A-Za-z_-]{35}"),
    ("GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{28}"),
    ("ya29.", r"ya29\.[0-9A-Za-z_-]{20,}"),
    // Azure: keys of storage, signatures of access, secrets of applications (see `around`).
    ("AccountKey= SharedAccessKey=", r"(?:AccountKey|SharedAccessKey)=[0-9A-Za-z+/]{42,86}={1,2}"),
    ("&sig= ?sig=", r"[?&]sig=[0-9A-Za-z%+/]{40,80}(?:%3[Dd]|=)"),
    // GitHub: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
    ("ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[0-9A-Za-z]{36,255}"),
    ("github_pat_", r"github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}"),
    // GitLab: https://docs.gitlab.com/security/tokens/
    (
        "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- gloas- glwt-",
        r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas|wt)-[0-9A-Za-z_.-]{20,}",
    ),
    ("GR1348941", r"GR1348941[0-9A-Za-z_-]{20}"),
    // Slack.
    ("xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe.", r"xox[abeprs](?:\.xox[bp])?-[0-9A-Za-z-]{10,}"),
    ("xapp-", r"xapp-\d-[A-Z0-9]+-\d+-[0-9a-z]+"),
    ("hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z+/]{30,60}"),
    // Stripe.
    ("sk_live_ sk_test_ rk_live_ rk_test_", r"[sr]k_(?:live|test)_[0-9A-Za-z]{16,247}"),
    ("whsec_", r"whsec_[0-9A-Za-z+/=]{32,}"),
    // OpenAI and Anthropic, and others that begin as they do.
    ("sk-ant-", r"sk-ant-[0-9a-z]+-[0-9A-Za-z_-]{20,}"),
    ("sk-", r"sk-(?:(?:proj|svcacct|admin|None|or-v1)-)?[0-9A-Za-z_]{1,8}[0-9A-Za-z_-]{28,}"),
    ("hf_", r"hf_[0-9A-Za-z]{34,}"),
    ("gsk_", r"gsk_[0-9A-Za-z]{40,}"),
    ("pplx- r8_ xai-", r"(?:pplx-[0-9a-zA-Z]{40,}|r8_[0-9A-Za-z]{37}|xai-[0-9A-Za-z]{60,})"),
    // Registries: npm, PyPI, RubyGems, crates.io, NuGet, Docker.
    ("npm_", r"npm_[0-9A-Za-z]{36}"),
    ("pypi-", r"pypi-AgE[0-9A-Za-z_-]{50,}"),
    ("rubygems_", r"rubygems_[0-9a-f]{48}"),
    ("cio", r"cio[0-9A-Za-z]{32}"),
    ("oy2", r"oy2[a-z0-9]{43}"),
    ("dckr_pat_ dckr_oat_", r"dckr_[po]at_[0-9A-Za-z_-]{27,}"),
    // JSON Web Tokens (RFC 7519): both parts begin with `{"` in base 64.
    ("eyJ", r"eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}"),
    // Mail and messages.
    ("SG.", r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    ("SK AC", r"(?:SK|AC)[0-9a-f]{32}"),
    ("key-", r"key-[0-9a-f]{32}"),
    ("xkeysib-", r"xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    ("discord.com/api/webhooks/", r"discord\.com/api/webhooks/\d{17,20}/[0-9A-Za-z_-]{60,}"),
    (":AA", r":AA[0-9A-Za-z_-]{33}"),
    // Hosting and operations.
    ("dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    ("hvs. hvb. hvr.", r"hv[sbr]\.[0-9A-Za-z_-]{24,}"),
    (".atlasv1.", r"\.atlasv1\.[0-9A-Za-z_=-]{60,70}"),
    ("dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("glc_ glsa_", r"(?:glc_[0-9A-Za-z+/]{32,}={0,2}|glsa_[0-9A-Za-z]{32}_[0-9a-fA-F]{8})"),
    ("NRAK-", r"NRAK-[0-9A-Z]{27}"),
    ("PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("dp.pt. dp.st. dp.ct.", r"dp\.[psc]t\.(?:[a-z0-9_-]+\.)?[0-9A-Za-z]{40,44}"),
    ("pul-", r"pul-[0-9a-f]{40}"),
    ("sntrys_ sntryu_", r"sntry[su]_[0-9A-Za-z+/=_]{40,}"),
    ("lin_api_", r"lin_api_[0-9A-Za-z]{40}"),
    ("ATATT3 ATCTT3", r"AT[AC]TT3[0-9A-Za-z_=-]{50,}"),
    ("shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    (
        "sq0csp- sq0atp- EAAA",
        r"(?:sq0csp-[0-9A-Za-z_-]{43}|sq0atp-[0-9A-Za-z_-]{22}|EAAA[0-9A-Za-z_-]{60})",
    ),
    ("secret_ ntn_", r"(?:secret_[0-9A-Za-z]{43}|ntn_[0-9A-Za-z]{40,})"),
    ("PRIVATE-TOKEN", r"PRIVATE-TOKEN: ?[0-9A-Za-z_.-]{20,}"),
    ("tskey-", r"tskey-[a-z]+-[0-9A-Za-z]+-[0-9A-Za-z]{20,}"),
    ("cfut_ v1.0-", r"(?:cfut_[0-9A-Za-z_-]{36,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146})"),
    ("figd_", r"figd_[0-9A-Za-z_-]{38,}"),
    ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
];

/// What names a secret before it is given: `password = …`.
const NAMES: [&str; 19] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "mot de passe",
    "mdp",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "api key",
    "clé api",
    "clé d'api",
    "access_key",
    "accesskey",
    "access key",
    "credential",
    "auth_key",
];

struct Tables {
    beginnings: AhoCorasick,
    /// The family of each beginning.
    of: Vec<usize>,
    patterns: Vec<Regex>,
    names: AhoCorasick,
}

static TABLES: LazyLock<Option<Tables>> = LazyLock::new(|| {
    let all = FAMILIES.iter().enumerate().flat_map(|(family, (beginnings, _))| {
        beginnings.split(' ').map(move |beginning| (family, beginning))
    });
    let (of, beginnings): (Vec<_>, Vec<_>) = all.unzip();
    let patterns = FAMILIES.iter().map(|(_, p)| super::pattern(&format!("^(?:{p})"))).collect();
    let names = AhoCorasick::builder().ascii_case_insensitive(true).build(NAMES).ok()?;
    Some(Tables { beginnings: AhoCorasick::new(beginnings).ok()?, of, patterns, names })
});

pub(super) fn find(text: &str, found: &mut Vec<Candidate>) {
    private_keys(text, found);
    passwords_of_addresses(text, found);
    bearers(text, found);
    applications_of_azure(text, found);
    let Some(tables) = &*TABLES else { return };
    let mut secret = |range: Range<usize>, certainty| {
        found.push(Candidate::new(Kind::Secret, range, certainty));
    };
    for beginning in tables.beginnings.find_overlapping_iter(text) {
        let family = tables.of[beginning.pattern().as_usize()];
        let (start, window) = (beginning.start(), ahead(text, beginning.start(), LONGEST));
        let first = window.as_bytes()[0];
        let free = !first.is_ascii_alphanumeric() || free_before(text, start);
        let matched = free.then(|| tables.patterns[family].find(window)).flatten();
        if let Some(matched) = matched.filter(|matched| !is_example(matched.as_str())) {
            let start = match first {
                // What stands before the sign belongs to the token.
                b':' | b'.' => token_start(text, start),
                _ => start,
            };
            let end = beginning.start() + matched.end();
            secret(start..end, Certainty::Listed);
        }
    }
    for name in tables.names.find_iter(text) {
        if let Some(range) = assigned(text, name.end()) {
            let range = name.end() + range.start..name.end() + range.end;
            secret(range, Certainty::Shape);
        }
    }
}

/// Whether no token goes on at a place.
fn free_before(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-')
}

fn token_start(text: &str, at: usize) -> usize {
    let before = super::behind(text, at, 16);
    at - (before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len())
}

/// Private keys: from the line that begins one to the line that ends it (RFC 7468; OpenPGP and
/// PuTTY likewise), or to the last line of base 64 where the end is missing.
fn private_keys(text: &str, found: &mut Vec<Candidate>) {
    const BEGIN: &str = "-----BEGIN ";
    let starts: Vec<_> = memchr::memmem::find_iter(text.as_bytes(), BEGIN).collect();
    for (place, &start) in starts.iter().enumerate() {
        let until = starts.get(place + 1).copied().unwrap_or(text.len());
        let body = text.get(start..until).unwrap_or_default();
        let label = ahead(body, BEGIN.len(), 64);
        let Some(label_end) = label.find("-----") else { continue };
        if !label[..label_end].contains("PRIVATE KEY") || label[..label_end].contains('\n') {
            continue;
        }
        let head = BEGIN.len() + label_end + 5;
        let end = match memchr::memmem::find(&body.as_bytes()[head..], b"-----END ") {
            Some(at) => {
                let line = ahead(body, head + at, 80);
                head + at + line[9..].find("-----").map_or(line.len().min(9), |end| 9 + end + 5)
            }
            None => {
                let rest = &body[head..];
                let is_body = |c: char| c.is_ascii_alphanumeric() || "+/=\r\n\\: ".contains(c);
                head + rest.find(|c| !is_body(c)).unwrap_or(rest.len())
            }
        };
        let range = start..start + body[..end].trim_end().len();
        found.push(Candidate::new(Kind::PrivateKey, range, Certainty::Listed));
    }
    for start in memchr::memmem::find_iter(text.as_bytes(), b"PuTTY-User-Key-File-") {
        let window = ahead(text, start, 8192);
        let end = once!(r"Private-MAC: [0-9a-f]+").find(window).map_or(0, |mac| mac.end());
        if end > 0 {
            found.push(Candidate::new(Kind::PrivateKey, start..start + end, Certainty::Listed));
        }
    }
}

/// Passwords within addresses: `postgres://user:password@host` (RFC 3986, section 3.2.1).
fn passwords_of_addresses(text: &str, found: &mut Vec<Candidate>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        let user = once!(r"^://[^\s/:@?#]{0,64}:(?P<password>[^\s/@?#]{3,128})@[\w\[]");
        let Some(password) = user.captures(ahead(text, at, 256)).and_then(|c| c.name("password"))
        else {
            continue;
        };
        if !is_placeholder(password.as_str()) {
            let range = at + password.start()..at + password.end();
            // Surer than that it and the host are an address of e-mail.
            found.push(Candidate::new(Kind::Secret, range, Certainty::Checksum));
        }
    }
}

/// `Authorization: Bearer …` and `Basic …` (RFC 6750 and 7617).
fn bearers(text: &str, found: &mut Vec<Candidate>) {
    for scheme in ["earer ", "asic "] {
        for at in memchr::memmem::find_iter(text.as_bytes(), scheme) {
            let start = at + scheme.len();
            let token = once!(r"^[0-9A-Za-z._~+/-]{16,1024}={0,2}").find(ahead(text, start, 1100));
            let token = token.filter(|token| {
                let word = token.as_str();
                let digits = word.bytes().any(|b| b.is_ascii_digit());
                let capitals = word.bytes().any(|b| b.is_ascii_uppercase());
                (digits || capitals) && entropy(word) > 3.2 && !is_placeholder(word)
            });
            found.extend(token.map(|token| {
                Candidate::new(Kind::Secret, start..start + token.end(), Certainty::Context)
            }));
        }
    }
}

/// Secrets of applications in Azure's directory: three characters, a digit, `Q~`, 31 to 34 more.
fn applications_of_azure(text: &str, found: &mut Vec<Candidate>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"Q~") {
        let Some(start) = at.checked_sub(4) else { continue };
        let secret = once!(r"^[0-9A-Za-z_~.]{3}\dQ~[0-9A-Za-z_~.\-]{31,34}");
        if text.is_char_boundary(start) && free_before(text, start) {
            let matched = secret.find(ahead(text, start, 48));
            found.extend(matched.map(|matched| {
                Candidate::new(Kind::Secret, start..start + matched.end(), Certainty::Listed)
            }));
        }
    }
}

/// What is assigned behind a name of a secret, if it looks like one: `= "…"`, `: …`, `is …`.
fn assigned(text: &str, at: usize) -> Option<Range<usize>> {
    let assignment = once!(concat!(
        r#"^(?:[\w.\-]{0,24}["'`\]\)]{0,2}\s{0,3}(?::=|=>|=|:)\s{0,3}|[ \u{a0}]{1,2}(?:is|was|est|sera|c['’]est|:)[ \u{a0}]{1,2}(?::[ ])?|[ \u{a0}]:[ \u{a0}]?)"#,
        r#"(?:(?P<q>["'`«“]\s?(?P<quoted>[^"'`\s»”]{6,256})\s?["'`»”])|(?P<bare>[^\s"'`,;<>()\[\]{}«»“”]{8,256}))"#
    ));
    let window = ahead(text, at, 320);
    let found = assignment.captures(window)?;
    let quoted = found.name("quoted");
    let value = quoted.or(found.name("bare"))?;
    let mut word = value.as_str();
    if quoted.is_none() {
        word = word.trim_end_matches(['.', '!', '?', ':']);
        // A call or a member of something is code that gets the secret, not the secret.
        if window[value.start() + word.len()..].starts_with('(')
            || once!(r"^[A-Za-z_]+(?:\.[A-Za-z_]+)+$").is_match(word)
        {
            return None;
        }
    }
    (looks_random(word) && !is_placeholder(word)).then(|| value.start()..value.start() + word.len())
}

/// Whether a word looks chosen by a machine, or as a password that must have signs of several
/// sorts.
fn looks_random(word: &str) -> bool {
    let has = |is: fn(&char) -> bool| word.chars().any(|c| is(&c));
    let digit = has(char::is_ascii_digit);
    let sorts = [
        digit,
        has(|c| c.is_lowercase()),
        has(|c| c.is_uppercase()),
        has(|c| !c.is_alphanumeric()),
    ];
    let sorts = sorts.into_iter().filter(|sort| *sort).count();
    if word.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
        return word.len() >= 20 && digit && entropy(word) > 2.8;
    }
    let path = word.contains("://")
        || word.starts_with(['/', '.', '~', '$', '@'])
        || word.matches('/').count() > 2;
    digit
        && !path
        && (sorts >= 3 && entropy(word) >= 2.5 || word.len() >= 16 && entropy(word) > 3.3)
}

/// Whether it stands for a secret: `${TOKEN}`, `<your-key>`, `xxxx`, `changeme`.
fn is_placeholder(word: &str) -> bool {
    once!(r"(?i)^(?:\$|<|\{\{|%\w+%|\*+|x{4,}|\.{3}|…|•+|env\b|process\.env|os\.environ|vault:|ref:)|your|example|placeholder|change_?me|redacted|dummy|xxxx|\*{3}|0{8}|123456789|\$\{|password\}|process\.env|getenv")
        .is_match(word)
}

/// Whether a token is one of those that documentation shows.
fn is_example(token: &str) -> bool {
    once!(r"(?i)EXAMPLE|x{8,}|0{12}|1234567890abcdef1234|your").is_match(token)
}

/// Shannon's entropy of the characters, in bits.
fn entropy(word: &str) -> f64 {
    let mut counts = std::collections::HashMap::new();
    let mut total = 0_f64;
    for c in word.chars() {
        *counts.entry(c).or_insert(0_f64) += 1.0;
        total += 1.0;
    }
    counts.values().map(|count| -(count / total) * (count / total).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text, &mut found);
        found.into_iter().map(|found| &text[found.range]).collect()
    }

    #[test]
    fn every_family_compiles_and_begins_as_it_says() {
        assert!(TABLES.is_some());
        for (beginnings, pattern) in FAMILIES {
            assert!(Regex::new(pattern).is_ok(), "{beginnings}");
        }
    }

    #[test]
    fn tokens_are_found_whole() {
        let github = format!("ghp_{}", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6");
        assert_eq!(found(&format!("curl -H 'token {github}'")), [github.as_str()]);
        assert_eq!(found("postgres://app:s3cr3t-Pw@db/x"), ["s3cr3t-Pw"]);
        assert_eq!(found("password = \"Tr0ub4dor&3\""), ["Tr0ub4dor&3"]);
        assert_eq!(found("le mot de passe est Soleil2026!"), ["Soleil2026"]);
        assert_eq!(
            found("API_KEY: 9f86d081884c7d659a2feaa0c55ad015"),
            ["9f86d081884c7d659a2feaa0c55ad015"]
        );
    }

    #[test]
    fn a_private_key_is_found_to_its_end() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----";
        assert_eq!(found(&format!("a\n{key}\nb")), [key]);
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\nMIIE\n\n…"),
            ["-----BEGIN PRIVATE KEY-----\nMIIE"]
        );
        assert!(found("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----").is_empty());
    }

    #[test]
    fn what_only_speaks_of_secrets_is_none() {
        for other in [
            "password: ${DB_PASSWORD}",
            "token = os.environ[\"TOKEN\"]",
            "the password is required",
            "api_key = \"your-api-key-here\"",
            "secret: changeme",
            "token: getToken()",
            "le mot de passe est obligatoire",
            "password = config.database.password",
            "AKIAIOSFODNN7EXAMPLE",
            "https://user@host/",
        ] {
            assert!(found(other).is_empty(), "{other}: {:?}", found(other));
        }
    }
}
