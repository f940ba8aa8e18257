//! Numbers as their issuers form them, written as people write them.

use super::random::Random;

const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The digit that makes a number right by Luhn's formula: what is added to reach a multiple of 10.
fn luhn_digit(payload: &str) -> u32 {
    let mut sum = 0;
    let mut double = true;
    for digit in payload.bytes().rev().map(|b| u32::from(b - b'0')) {
        let value = if double { digit * 2 } else { digit };
        sum += value / 10 + value % 10;
        double = !double;
    }
    (10 - sum % 10) % 10
}

/// The remainder of a long number written in digits.
fn remainder(digits: &str, by: u32) -> u32 {
    digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % by)
}

/// Digits in groups of these sizes; the last takes what is left.
fn grouped(text: &str, sizes: &[usize], separator: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut groups = Vec::new();
    let mut from = 0;
    for size in sizes {
        if from == characters.len() {
            break;
        }
        let end = (from + size).min(characters.len());
        groups.push(characters[from..end].iter().collect::<String>());
        from = end;
    }
    if from < characters.len() {
        groups.push(characters[from..].iter().collect());
    }
    groups.join(separator)
}

pub(super) fn card(r: &mut Random) -> String {
    let (prefix, length): (String, usize) = match r.within(0, 8) {
        0 | 1 => ("4".to_owned(), 16),
        2 => (format!("5{}", r.within(1, 6)), 16),
        3 => (r.within(2221, 2721).to_string(), 16),
        4 => (r.pick(&["34", "37"]).to_owned(), 15),
        5 => (r.pick(&["6011", "644", "65"]).to_owned(), 16),
        6 => (r.within(3528, 3590).to_string(), 16),
        _ => (r.pick(&["36", "38", "300", "305"]).to_owned(), 14),
    };
    let payload = format!("{prefix}{}", r.digits(length - prefix.len() - 1));
    let number = format!("{payload}{}", luhn_digit(&payload));
    let separator = r.pick(&["", " ", " ", "-", "\u{a0}", "\u{202f}"]);
    if separator.is_empty() {
        return number;
    }
    match length {
        16 => grouped(&number, &[4, 4, 4, 4], separator),
        15 => grouped(&number, &[4, 6, 5], separator),
        _ => grouped(&number, &[4, 6, 4], separator),
    }
}

pub(super) fn iban(r: &mut Random) -> String {
    let (country, account) = match r.within(0, 9) {
        0..=3 => {
            // France: bank, branch, account, and the RIB's own key over all three.
            let (bank, branch, account) = (r.digits(5), r.digits(5), r.digits(11));
            let value = |text: &str| text.parse::<u64>().unwrap_or(0);
            let sum = 89 * value(&bank) + 15 * value(&branch) + 3 * value(&account);
            ("FR", format!("{bank}{branch}{account}{:02}", 97 - sum % 97))
        }
        4 => ("DE", r.digits(18)),
        5 => ("GB", format!("{}{}", r.of(CAPITALS, 4), r.digits(14))),
        6 => ("BE", r.digits(12)),
        7 => ("ES", r.digits(20)),
        _ => ("NL", format!("{}{}", r.of(CAPITALS, 4), r.digits(10))),
    };
    let as_digits: String = format!("{account}{country}00")
        .chars()
        .map(|c| c.to_digit(36).unwrap_or(0).to_string())
        .collect();
    let number = format!("{country}{:02}{account}", 98 - remainder(&as_digits, 97));
    match r.within(0, 6) {
        0 => number,
        1 => grouped(&number, &[4; 9], "\u{a0}"),
        2 => number.to_lowercase(),
        3 => grouped(&number, &[4; 9], "-"),
        _ => grouped(&number, &[4; 9], " "),
    }
}

pub(super) fn nir(r: &mut Random) -> String {
    let department = match r.within(0, 12) {
        0 => "2A".to_owned(),
        1 => "2B".to_owned(),
        2 => "99".to_owned(),
        _ => format!("{:02}", r.within(1, 96).clamp(1, 95)),
    };
    let department = if department == "20" { "21".to_owned() } else { department };
    let head = format!("{}{}{:02}", r.within(1, 3), r.digits(2), r.within(1, 13));
    let tail = format!("{:03}{:03}", r.within(1, 990), r.within(1, 999));
    let counted = department.replace("2A", "19").replace("2B", "18");
    let key = 97 - remainder(&format!("{head}{counted}{tail}"), 97);
    let number = format!("{head}{department}{tail}");
    let spaced = |separator| grouped(&number, &[1, 2, 2, 2, 3, 3], separator);
    match r.within(0, 7) {
        0 | 1 => format!("{number}{key:02}"),
        2 => format!("{number} {key:02}"),
        3 => format!("{}\u{a0}{key:02}", spaced("\u{a0}")),
        4 => format!("{} / {key:02}", spaced(" ")),
        5 => format!("{} clé {key:02}", spaced(" ")),
        _ => format!("{} {key:02}", spaced(" ")),
    }
}

pub(super) fn siren(r: &mut Random) -> String {
    let payload = format!("{}{}", r.within(3, 10), r.digits(7));
    format!("{payload}{}", luhn_digit(&payload))
}

pub(super) fn siret(r: &mut Random) -> String {
    let number = if r.within(0, 15) == 0 {
        // La Poste: the sum of all digits is a multiple of 5.
        let (head, nic) = ("356000000", r.within(100, 9999));
        let sum = |text: &str| text.bytes().map(|b| u32::from(b - b'0')).sum::<u32>();
        let payload = format!("{head}{nic:04}");
        format!("{payload}{}", (5 - sum(&payload) % 5) % 5)
    } else {
        let payload = format!("{}{:04}", siren(r), r.within(1, 300));
        format!("{payload}{}", luhn_digit(&payload))
    };
    match r.within(0, 5) {
        0 | 1 => number,
        2 => grouped(&number, &[9, 5], " "),
        3 => grouped(&number, &[3, 3, 3, 5], "\u{a0}"),
        _ => grouped(&number, &[3, 3, 3, 5], " "),
    }
}

pub(super) fn siren_spaced(r: &mut Random) -> String {
    let number = siren(r);
    if r.within(0, 2) == 0 { number } else { grouped(&number, &[3, 3, 3], " ") }
}

pub(super) fn ssn_parts(r: &mut Random) -> (u64, u64, u64) {
    let area = loop {
        let area = r.within(1, 900);
        if area != 666 {
            break area;
        }
    };
    (area, r.within(1, 100), r.within(1, 10_000))
}

pub(super) fn ssn(r: &mut Random) -> String {
    let (area, group, serial) = ssn_parts(r);
    format!("{area:03}-{group:02}-{serial:04}")
}

/// Without hyphens, as forms and databases have it.
pub(super) fn ssn_bare(r: &mut Random) -> String {
    let (area, group, serial) = ssn_parts(r);
    let space = r.pick(&["", " "]);
    format!("{area:03}{space}{group:02}{space}{serial:04}")
}

pub(super) fn ein(r: &mut Random) -> String {
    let prefix = r.pick(&[
        "01", "04", "06", "10", "12", "13", "16", "20", "26", "27", "35", "36", "41", "45", "46",
        "47", "52", "58", "61", "65", "74", "75", "80", "81", "82", "83", "84", "87", "90", "94",
        "95", "98",
    ]);
    format!("{prefix}-{}", r.digits(7))
}

pub(super) fn passport(r: &mut Random) -> String {
    match r.within(0, 6) {
        0..=2 => format!("{:02}{}{}", r.within(5, 26), r.of(CAPITALS, 2), r.digits(5)),
        3 => r.within(300_000_000, 700_000_000).to_string(),
        4 => format!("{}{}", r.pick(&["A", "X", "Y", "Z"]), r.digits(8)),
        _ => format!("C{}", r.of("0123456789CFGHJKLMNPRTVWXYZ", 3) + &r.digits(5)),
    }
}

/// The check digit of a machine-readable zone: weights 7, 3, 1; letters from 10, fillers 0.
fn zone_digit(field: &str) -> u32 {
    let value = |c: char| if c == '<' { 0 } else { c.to_digit(36).unwrap_or(0) };
    field.chars().zip([7, 3, 1].iter().cycle()).map(|(c, weight)| value(c) * weight).sum::<u32>()
        % 10
}

/// The two lines of a passport (ICAO 9303-4).
pub(super) fn zone(r: &mut Random) -> (String, String) {
    let state = r.pick(&["FRA", "USA", "GBR", "D<<", "ESP", "BEL"]);
    let surname = r.pick(&["MOREAU", "DUPONT", "MARTIN<ROUX", "SMITH", "O<BRIEN", "GARCIA"]);
    let given = r.pick(&["JEANNE", "PAUL<LOUIS", "ANNA<MARIA", "JOHN", "LEA"]);
    let first = format!("{:<<44}", format!("P<{state}{surname}<<{given}"));
    let date = |r: &mut Random| {
        format!("{:02}{:02}{:02}", r.within(0, 100), r.within(1, 13), r.within(1, 29))
    };
    let number = format!("{:<<9}", passport(r).chars().take(9).collect::<String>());
    let (birth, expiry) = (date(r), date(r));
    let optional = format!("{:<<14}", r.digits(6));
    let with = |field: &str| format!("{field}{}", zone_digit(field));
    let all = format!("{}{}{}", with(&number), with(&birth), with(&expiry) + &with(&optional));
    let second = format!(
        "{}{state}{}{}{}{}{}",
        with(&number),
        with(&birth),
        r.pick(&["F", "M"]),
        with(&expiry),
        with(&optional),
        zone_digit(&all)
    );
    (first, second)
}

pub(super) fn licence_french(r: &mut Random) -> String {
    match r.within(0, 3) {
        0 => r.digits(12),
        _ => format!("{:02}{}{}", r.within(13, 26), r.of(CAPITALS, 2), r.digits(5)),
    }
}

pub(super) fn licence_american(r: &mut Random) -> String {
    let letter = r.of(CAPITALS, 1);
    match r.within(0, 6) {
        // California, Texas, New York, Illinois, Florida, Ohio.
        0 => format!("{letter}{}", r.digits(7)),
        1 => r.within(10_000_000, 99_999_999).to_string(),
        2 => grouped(&r.digits(9), &[3, 3, 3], " "),
        3 => format!("{letter}{}-{}-{}", r.digits(3), r.digits(4), r.digits(4)),
        4 => format!(
            "{letter}{}-{}-{}-{}-{}",
            r.digits(3),
            r.digits(3),
            r.digits(2),
            r.digits(3),
            r.digits(1)
        ),
        _ => format!("{}{}", r.of(CAPITALS, 2), r.digits(6)),
    }
}

pub(super) fn email(r: &mut Random) -> String {
    let first = r.pick(&[
        "jeanne",
        "paul",
        "a.martin",
        "o'brien",
        "marie-claude",
        "svc_backup",
        "k",
        "zoé",
        "j.r",
    ]);
    let last = r.pick(&["moreau", "smith", "dupont2", "lee", "ngo", "roux+rh", "van.den.berg"]);
    let domain = r.pick(&[
        "exemple.fr",
        "interieur.gouv.fr",
        "example.com",
        "mail.example.co.uk",
        "chu-lyon.fr",
        "société.fr",
        "sub.dept.example.org",
        "example.museum",
        "univ-paris1.fr",
        "EXAMPLE.COM",
    ]);
    let between = r.pick(&[".", "_", "-", ""]);
    let address = format!("{first}{between}{last}@{domain}");
    if r.within(0, 8) == 0 { address.to_uppercase() } else { address }
}

pub(super) fn telephone_french(r: &mut Random) -> String {
    let number = format!("{}{}", r.within(1, 8).max(1), r.digits(8));
    let pairs = |lead: &str, separator: &str| {
        format!(
            "{lead}{}{separator}{}",
            &number[..1],
            grouped(&number[1..], &[2, 2, 2, 2], separator)
        )
    };
    match r.within(0, 9) {
        0 => format!("0{number}"),
        1 => pairs("0", "."),
        2 => pairs("0", "-"),
        3 => pairs("+33 ", " "),
        4 => format!("+33{number}"),
        5 => pairs("+33 (0)", " "),
        6 => pairs("0", "\u{a0}"),
        7 => format!("0033{number}"),
        _ => pairs("0", " "),
    }
}

pub(super) fn telephone_american(r: &mut Random) -> String {
    let part = |r: &mut Random| loop {
        let part = r.within(200, 1000);
        if part % 100 != 11 {
            break part;
        }
    };
    let (area, exchange, line) = (part(r), part(r), r.digits(4));
    match r.within(0, 7) {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}-{exchange}-{line}"),
        2 => format!("{area}.{exchange}.{line}"),
        3 => format!("+1 {area} {exchange} {line}"),
        4 => format!("+1{area}{exchange}{line}"),
        5 => format!("1-{area}-{exchange}-{line}"),
        _ => format!("+1 ({area}) {exchange}-{line}"),
    }
}

pub(super) fn telephone_international(r: &mut Random) -> String {
    match r.within(0, 7) {
        0 => format!("+44 20 {} {}", 7000 + r.within(0, 999), r.digits(4)),
        1 => format!("+49 30 {}", r.digits(7)),
        2 => format!("+32 2 {} {} {}", r.digits(3), r.digits(2), r.digits(2)),
        3 => format!("+41 (0)22 {} {} {}", r.digits(3), r.digits(2), r.digits(2)),
        4 => format!("+352 {} {}", r.digits(3), r.digits(3)),
        5 => format!("+212 6{}", r.digits(8)),
        _ => format!("+34 9{} {} {}", r.digits(2), r.digits(3), r.digits(3)),
    }
}

pub(super) fn ip(r: &mut Random) -> String {
    match r.within(0, 7) {
        0 => format!("10.{}.{}.{}", r.within(0, 256), r.within(0, 256), r.within(1, 255)),
        1 => format!("192.168.{}.{}", r.within(0, 256), r.within(1, 255)),
        2 => format!("172.{}.{}.{}", r.within(16, 32), r.within(0, 256), r.within(1, 255)),
        3 => format!("2001:db8:{}::{}", r.of("123456789abcdef", 3), r.of("123456789abcdef", 4)),
        4 => format!(
            "fe80::{}:{}:{}",
            r.of("123456789abcdef", 4),
            r.of("123456789abcdef", 4),
            r.of("123456789abcdef", 4)
        ),
        _ => format!(
            "{}.{}.{}.{}",
            r.within(20, 224),
            r.within(0, 256),
            r.within(0, 256),
            r.within(1, 255)
        ),
    }
}
