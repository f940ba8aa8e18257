//! Keys and tokens as their vendors form them; none of them opens anything.

use super::random::Random;

const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const URL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const BASE64: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/";
const HEX: &str = "0123456789abcdef";

pub(super) fn token(r: &mut Random) -> String {
    match r.within(0, 24) {
        0 => {
            format!("{}{}", r.pick(&["AKIA", "ASIA"]), r.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16))
        }
        1 => format!("AIza{}", r.of(URL, 35)),
        2 => format!("{}{}", r.pick(&["ghp_", "gho_", "ghs_", "ghu_"]), r.of(ALNUM, 36)),
        3 => format!("github_pat_{}_{}", r.of(ALNUM, 22), r.of(ALNUM, 59)),
        4 => format!("glpat-{}", r.of(URL, 20)),
        5 => format!("xoxb-{}-{}-{}", r.digits(12), r.digits(13), r.of(ALNUM, 24)),
        6 => format!("sk_live_{}", r.of(ALNUM, 24)),
        7 => format!("sk-proj-{}T3BlbkFJ{}", r.of(URL, 74), r.of(URL, 74)),
        8 => format!("sk-{}T3BlbkFJ{}", r.of(ALNUM, 20), r.of(ALNUM, 20)),
        9 => format!("sk-ant-api03-{}AA", r.of(URL, 93)),
        10 => format!("npm_{}", r.of(ALNUM, 36)),
        11 => format!("pypi-AgEIcHlwaS5vcmc{}", r.of(URL, 150)),
        12 => format!("SG.{}.{}", r.of(URL, 22), r.of(URL, 43)),
        13 => {
            format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{}.{}", r.of(URL, 60), r.of(URL, 43))
        }
        14 => format!("hf_{}", r.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34)),
        15 => format!("dop_v1_{}", r.of(HEX, 64)),
        16 => format!("hvs.{}", r.of(URL, 90)),
        17 => format!("GOCSPX-{}", r.of(URL, 28)),
        18 => format!("{}{}Q~{}", r.of(ALNUM, 3), r.digits(1), r.of(URL, 34)),
        19 => format!("shpat_{}", r.of(HEX, 32)),
        20 => format!("glsa_{}_{}", r.of(ALNUM, 32), r.of(HEX, 8)),
        21 => format!("{}:AA{}", r.digits(10), r.of(URL, 33)),
        22 => format!("dckr_pat_{}", r.of(URL, 27)),
        _ => format!("dapi{}", r.of(HEX, 32)),
    }
}

/// A value that only what names it tells: a password, or a key of no vendor's form.
pub(super) fn value(r: &mut Random) -> String {
    match r.within(0, 5) {
        0 => r.of(ALNUM, 32) + "7",
        1 => r.of(HEX, 40),
        2 => format!(
            "{}{}{}",
            r.pick(&["Soleil", "Hunter", "Tr0ub4dor", "Montagne"]),
            r.pick(&["!", "#", "&", "_"]),
            r.digits(4)
        ),
        3 => format!("{}{}", r.of(BASE64, 39), r.digits(1)),
        _ => format!("{}{}{}", r.of(ALNUM, 10), r.pick(&["!", "%", "*"]), r.digits(3)),
    }
}

/// A private key, of as many lines as there are in short ones.
pub(super) fn private_key(r: &mut Random) -> String {
    let label = r.pick(&[
        "RSA PRIVATE KEY",
        "PRIVATE KEY",
        "EC PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ]);
    let lines: Vec<_> = (0..r.within(2, 6)).map(|_| r.of(BASE64, 64)).collect();
    let newline = r.pick(&["\n", "\n", "\\n", "\r\n"]);
    format!("-----BEGIN {label}-----{newline}{}{newline}-----END {label}-----", lines.join(newline))
}

pub(super) fn hex(r: &mut Random, count: usize) -> String {
    r.of(HEX, count)
}
