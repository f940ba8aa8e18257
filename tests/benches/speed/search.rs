//! Search over a million messages in the encrypted history, beside `LIKE` over the same messages in
//! a file of SQLite's that is not encrypted; and what the index costs: time, and space.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use history::{History, Order};
use rusqlite::{Connection, params};
use secrecy::SecretString;
use vault::Vault;
use whole_program::{PASSPHRASE, Profile};

use crate::million::{self, MESSAGES, MESSAGES_PER_CONVERSATION};
use crate::prose::{self, Chance};
use crate::table::Row;

/// Queries of each kind, and how many of them `LIKE` is asked as well: it takes long.
const QUERIES: usize = 40;
const COMPARED: usize = 6;
/// As many matches as the window shows.
const LIMIT: usize = 50;
/// Messages written to see what the index costs.
const WRITTEN: usize = 200_000;

const GOAL_P95: Duration = Duration::from_millis(50);
const GOAL_MEDIAN: Duration = Duration::from_millis(5);
const GOAL_TIMES_FASTER: f64 = 20.0;
const GOAL_INSERT: f64 = 2.5;
const GOAL_SIZE: f64 = 2.2;

/// A query, and the condition that asks the same of the file without an index.
type Query = (String, String);

struct Kind {
    name: &'static str,
    order: Order,
    query: fn(&mut Chance) -> Query,
}

const KINDS: [Kind; 9] = [
    Kind { name: "a rare word", order: Order::Newest, query: |chance| plain(chance, 5000, 30_000) },
    Kind { name: "a common word", order: Order::Newest, query: |chance| plain(chance, 25, 500) },
    Kind { name: "a word in half of all", order: Order::Newest, query: |_| same("de ") },
    Kind { name: "a phrase", order: Order::Newest, query: phrase },
    Kind { name: "a beginning of 1 to 5 letters", order: Order::Newest, query: beginning },
    Kind { name: "words with a filter", order: Order::Newest, query: filtered },
    Kind { name: "two words, best first", order: Order::Best, query: two_words },
    Kind { name: "very common words, best first", order: Order::Best, query: |_| same("de la ") },
    Kind { name: "a misspelt word, and its suggestion", order: Order::Newest, query: misspelt },
];

/// Measures all of it on this profile's history.
pub fn measure(profile: &Profile) -> Vec<Row> {
    let key = Vault::at(&profile.data())
        .unlock_with_passphrase(&SecretString::from(PASSPHRASE))
        .expect("the key");
    let file = profile.data().join("history.db");
    let size = fs::metadata(&file).expect("the history").len();
    let history = History::open(&file, key.expose()).expect("the history");
    let plain_file = profile.root().join("plain.db");
    let plain = unencrypted(&plain_file);

    let mut rows = Vec::new();
    let (mut all, mut all_like) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let mut chance = Chance::new(7);
        let mut times = Vec::new();
        for number in 0..QUERIES {
            let (query, like) = (kind.query)(&mut chance);
            let begun = Instant::now();
            let found = history.search(&query, kind.order, LIMIT).expect("matches");
            if found.is_empty() {
                history.suggest(&query).expect("a suggestion");
            }
            times.push(begun.elapsed());
            if number < COMPARED {
                all_like.push(like_time(&plain, &like, kind.order));
            }
        }
        all.extend_from_slice(&times);
        rows.push(kind_row(kind.name, times));
    }
    let median = middle(&mut all);
    let times_faster = middle(&mut all_like).as_secs_f64() / median.as_secs_f64();
    rows.push(Row {
        what: "search, 1,000,000 messages: median of all queries".into(),
        measured: format!("{:.1} ms", milliseconds(median)),
        goal: "< 5 ms".into(),
        met: median < GOAL_MEDIAN,
    });
    rows.push(Row {
        what: "search, 1,000,000 messages: median over that of LIKE in a file not encrypted".into(),
        measured: format!("{times_faster:.0} × faster"),
        goal: "≥ 20 × faster".into(),
        met: times_faster >= GOAL_TIMES_FASTER,
    });
    drop(plain);
    fs::remove_file(plain_file).expect("the file without encryption");
    rows.push(size_row(size));
    rows.push(insert_row(profile.root()));
    rows
}

fn kind_row(name: &str, mut times: Vec<Duration>) -> Row {
    let median = middle(&mut times);
    let p95 = times[times.len() * 95 / 100];
    Row {
        what: format!("search, 1,000,000 messages: {name} (p50, p95)"),
        measured: format!("{:.1}, {:.1} ms", milliseconds(median), milliseconds(p95)),
        goal: "p95 < 50 ms".into(),
        met: p95 < GOAL_P95,
    }
}

/// How much larger the encrypted file is than the text in it.
fn size_row(size: u64) -> Row {
    let text: usize = (0..MESSAGES).map(|number| prose::message(number).len()).sum();
    let ratio = size as f64 / text as f64;
    Row {
        what: "search, 1,000,000 messages: the encrypted file over the text".into(),
        measured: format!("{ratio:.2} × ({} MB)", size / 1_000_000),
        goal: "≤ 2.2 ×".into(),
        met: ratio <= GOAL_SIZE,
    }
}

/// How much longer messages take to be written with the index than without.
fn insert_row(folder: &Path) -> Row {
    const KEY: [u8; 32] = [7; 32];
    let time = |name: &str, is_indexed: bool| {
        let folder = folder.join(name);
        let file = folder.join("history.db");
        drop(History::open(&file, &KEY).expect("a history"));
        if !is_indexed {
            drop_index(&file, &KEY);
        }
        let begun = Instant::now();
        million::build(&folder, &KEY, WRITTEN, MESSAGES_PER_CONVERSATION);
        let time = begun.elapsed();
        fs::remove_dir_all(&folder).expect("the history");
        time
    };
    // Making the text is no part of it.
    let begun = Instant::now();
    std::hint::black_box((0..WRITTEN).map(|number| prose::message(number).len()).sum::<usize>());
    let making = begun.elapsed();
    let without = time("without", false).saturating_sub(making);
    let with = time("with", true).saturating_sub(making);
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    Row {
        what: "search: writing messages with the index over without".into(),
        measured: format!("{ratio:.2} ×"),
        goal: "≤ 2.5 ×".into(),
        met: ratio <= GOAL_INSERT,
    }
}

/// Puts in the place of the indexes what takes the same statements and keeps nothing.
fn drop_index(file: &Path, key: &[u8; 32]) {
    let connection = Connection::open(file).expect("the history");
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).expect("the key");
    for (name, columns) in [("message", "rowid, text, facets"), ("title", "rowid, text")] {
        let statements = format!(
            "DROP TABLE {name}_word;
             DROP TABLE {name}_index;
             CREATE VIEW {name}_index ({columns}) AS SELECT {columns} FROM (
                 SELECT 0 AS rowid, '' AS text, '' AS facets);
             CREATE TRIGGER {name}_index_added INSTEAD OF INSERT ON {name}_index BEGIN
                 SELECT 1;
             END;"
        );
        connection.execute_batch(&statements).expect("no index");
    }
}

/// The same messages in a file that is not encrypted.
fn unencrypted(file: &Path) -> Connection {
    let mut connection = Connection::open(file).expect("a database");
    connection
        .execute_batch(
            "CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL,
                 role TEXT NOT NULL, model TEXT, text TEXT NOT NULL)",
        )
        .expect("a table");
    let transaction = connection.transaction().expect("a transaction");
    {
        let mut insert = transaction
            .prepare("INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5)")
            .expect("a statement");
        for number in 0..MESSAGES {
            let conversation = (number - number % MESSAGES_PER_CONVERSATION) as i64;
            let (role, model) =
                if number % 2 == 0 { ("user", None) } else { ("assistant", Some("m")) };
            let text = prose::message(number);
            insert
                .execute(params![number as i64, conversation, role, model, text])
                .expect("a message");
        }
    }
    transaction.commit().expect("the messages");
    connection
}

/// How long the newest matches take to be found; all of them, where the best are asked for: what
/// has no index must read them to tell.
fn like_time(plain: &Connection, condition: &str, order: Order) -> Duration {
    let limit = if order == Order::Best { -1 } else { LIMIT as i64 };
    let begun = Instant::now();
    let found: Vec<(i64, String)> = plain
        .prepare(&format!(
            "SELECT id, text FROM message WHERE {condition} ORDER BY id DESC LIMIT {limit}"
        ))
        .and_then(|mut statement| {
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .expect("matches");
    std::hint::black_box(found);
    begun.elapsed()
}

fn like(text: &str) -> String {
    format!("text LIKE '%{text}%'")
}

fn same(query: &str) -> Query {
    let conditions: Vec<_> = query.split_whitespace().map(like).collect();
    (query.to_owned(), conditions.join(" AND "))
}

/// A word of a rank between these.
fn plain(chance: &mut Chance, least: usize, end: usize) -> Query {
    same(&format!("{} ", prose::word(chance.between(least, end), chance.next() < 0.3)))
}

/// Two or three words that stand in a message.
fn phrase(chance: &mut Chance) -> Query {
    let text = prose::message(chance.between(0, MESSAGES)).replace('.', "");
    let words: Vec<_> = text.split(' ').skip(chance.between(0, 10)).collect();
    let phrase = words[..chance.between(2, 4)].join(" ");
    (format!("\"{phrase}\""), like(&phrase))
}

/// The first letters of a word as often as it is written.
fn beginning(chance: &mut Chance) -> Query {
    let rank = (prose::WORDS as f64).powf(chance.next()) as usize - 1;
    let word = prose::word(rank, chance.next() < 0.3);
    same(&word.chars().take(chance.between(1, 6)).collect::<String>())
}

/// A common word, or one in half of all messages, with one of the filters.
fn filtered(chance: &mut Chance) -> Query {
    let (word, holds) = match chance.between(0, 2) {
        0 => same("de "),
        _ => plain(chance, 25, 500),
    };
    let conversation = chance.between(0, MESSAGES / MESSAGES_PER_CONVERSATION);
    let number = conversation * MESSAGES_PER_CONVERSATION;
    let (filter, holds_too) = match chance.between(0, 8) {
        0 => ("from:me".to_owned(), "role = 'user'".to_owned()),
        1 => ("-from:me model:m".to_owned(), "role <> 'user' AND model = 'm'".to_owned()),
        2 => ("model:absent".to_owned(), "model = 'absent'".to_owned()),
        3 => (format!("in:{number}"), format!("conversation = {number}")),
        4 => ("in:conversation".to_owned(), "conversation >= 0".to_owned()),
        5 => ("before:2020".to_owned(), "id < 0".to_owned()),
        6 => ("after:2020".to_owned(), "id >= 0".to_owned()),
        _ => ("has:code".to_owned(), like("```")),
    };
    (format!("{filter} {word}"), format!("{holds} AND {holds_too}"))
}

fn two_words(chance: &mut Chance) -> Query {
    let ((one, _), (other, _)) = (plain(chance, 0, 60), plain(chance, 25, 2000));
    same(&format!("{one}{other}"))
}

/// A word with two of its letters exchanged, and sometimes one left out.
fn misspelt(chance: &mut Chance) -> Query {
    let word = prose::word(chance.between(25, 20_000), chance.next() < 0.3);
    let mut letters: Vec<_> = word.chars().collect();
    let place = chance.between(0, letters.len() - 1);
    letters.swap(place, place + 1);
    if chance.next() < 0.3 {
        letters.remove(chance.between(1, letters.len()));
    }
    same(&format!("{} ", letters.into_iter().collect::<String>()))
}

/// The median; the times are sorted by it.
fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
