//! What is found, in which order, and how it is told.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use conversation::{ConversationId, MessageId, MessageState, Role};
use history::{History, MATCH_END, MATCH_START, Match, NewAttachment, NewMessage, Order};
use proptest::prelude::*;

fn history() -> History {
    History::in_memory().unwrap()
}

fn conversation(history: &History, title: &str) -> ConversationId {
    history.create_conversation(title, None).unwrap().id
}

fn message(conversation: ConversationId, text: &str) -> NewMessage<'_> {
    NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments: &[],
    }
}

fn add(history: &History, conversation: ConversationId, text: &str) -> MessageId {
    history.add_message(message(conversation, text)).unwrap().id
}

fn found(history: &History, query: &str) -> Vec<Match> {
    history.search(query, Order::Newest, 99).unwrap()
}

/// The messages that are found, in the order of `ids`.
fn which(history: &History, query: &str, ids: &[MessageId]) -> Vec<usize> {
    let found = found(history, query);
    let mut which: Vec<_> = found
        .iter()
        .filter_map(|found| ids.iter().position(|id| Some(*id) == found.message))
        .collect();
    which.sort_unstable();
    which
}

#[test]
fn words_phrases_either_and_without() {
    let history = history();
    let c = conversation(&history, "");
    let texts = ["le français écrit", "écrit le français", "le chat", "francophone"];
    let ids = texts.map(|text| add(&history, c, text));
    for (query, expected) in [
        ("francais ", &[0, 1][..]),
        ("FRANCAIS ecrit ", &[0, 1]),
        ("fran", &[0, 1, 3]),
        ("fran ", &[]),
        ("fran* le ", &[0, 1]),
        ("\"francais ecrit\"", &[0]),
        ("le -francais ", &[2]),
        ("le -\"francais ecrit\"", &[1, 2]),
        ("-le ", &[3]),
        ("-fran*", &[2]),
        ("chat OR francophone ", &[2, 3]),
        ("chat OR ecrit le -\"le francais\"", &[2]),
        ("", &[]),
        ("\u{0} \"\" - -- * OR", &[]),
    ] {
        assert_eq!(which(&history, query, &ids), expected, "{query}");
    }
}

#[test]
fn filters_select_and_combine() {
    let history = history();
    let report = conversation(&history, "Rapport annuel");
    let other = conversation(&history, "Autre");
    let answer = |text| NewMessage {
        role: Role::Assistant,
        model: Some("gpt-4o-mini"),
        ..message(report, text)
    };
    let file = [NewAttachment { name: "a.png", media_type: "image/png", data: &[] }];
    let ids = [
        add(&history, report, "budget"),
        history.add_message(answer("budget\n```\nx\n```")).unwrap().id,
        add(&history, other, "budget"),
        history
            .add_message(NewMessage { attachments: &file, ..message(other, "budget user") })
            .unwrap()
            .id,
    ];
    for (query, expected) in [
        ("from:me budget", &[0, 2, 3][..]),
        ("from:assistant", &[1]),
        ("-from:assistant", &[0, 2, 3]),
        ("model:gpt-4o budget", &[1]),
        ("model:mini", &[1]),
        ("model:\"4o gpt\"", &[]),
        ("in:\"annuel rapport\" budget", &[0, 1]),
        ("in:rapport", &[0, 1]),
        ("-in:rapport", &[2, 3]),
        ("in:nulle budget", &[]),
        ("has:code", &[1]),
        ("has:file OR has:code budget", &[1, 3]),
        ("-has:file -has:code budget", &[0, 2]),
        ("after:2020 budget", &[0, 1, 2, 3]),
        ("after:2020", &[0, 1, 2, 3]),
        ("before:2020", &[]),
        ("-before:2020 from:me in:autre has:file", &[3]),
        ("after:2100 budget", &[]),
        // What is indexed of the filters is no word of the text.
        ("user ", &[3]),
        ("mini ", &[]),
        ("before:yesterday", &[]),
    ] {
        assert_eq!(which(&history, query, &ids), expected, "{query}");
    }
    // In more conversations than are looked up one by one.
    for _ in 0..600 {
        conversation(&history, "Rapport de plus");
    }
    assert_eq!(which(&history, "in:rapport budget", &ids), [0, 1]);
    assert_eq!(which(&history, "in:rapport", &ids), [0, 1]);
}

#[test]
fn tags_folders_and_what_was_put_away_are_filters() {
    let history = history();
    let [tagged, foldered, plain] =
        ["Rapport", "Rapport bis", "Rapport ter"].map(|title| conversation(&history, title));
    let ids = [tagged, foldered, plain].map(|c| add(&history, c, "budget"));
    history
        .transaction(|t| {
            let folder = t.create_folder("Marchés publics")?;
            t.add_tag(&[tagged, foldered], "Été 2026")?;
            t.add_tag(&[tagged], "urgent")?;
            t.set_folder(&[foldered], Some(folder.id))?;
            t.set_archived(&[foldered], true)
        })
        .unwrap();
    for (query, messages, titles) in [
        ("tag:\"ete 2026\"", &[0, 1][..], &[foldered, tagged][..]),
        ("tag:ete", &[], &[]),
        ("tag:urgent tag:\"été 2026\" budget ", &[0], &[]),
        ("tag:urgent OR folder:\"MARCHES publics\"", &[0, 1], &[foldered, tagged]),
        ("folder:\"marchés publics\" rapport ", &[], &[foldered]),
        ("is:archived budget ", &[1], &[]),
        ("-is:archived budget ", &[0, 2], &[]),
        ("-tag:urgent rapport ", &[], &[plain, foldered]),
        ("tag:urgent -rapport ", &[0], &[]),
        ("tag:urgent from:me", &[0], &[]),
        ("in:bis tag:urgent", &[], &[]),
        ("tag:nulle budget", &[], &[]),
    ] {
        assert_eq!(which(&history, query, &ids), messages, "{query}");
        let all = found(&history, query);
        let listed: Vec<_> =
            all.iter().filter(|m| m.message.is_none()).map(|m| m.conversation).collect();
        assert_eq!(listed, titles, "{query}");
        assert!(all.iter().all(|m| m.archived == (m.conversation == foldered)), "{query}");
    }
    // More than are looked up one by one.
    let more: Vec<_> = (0..600).map(|_| conversation(&history, "de plus")).collect();
    history.transaction(|t| t.add_tag(&more, "urgent")).unwrap();
    assert_eq!(which(&history, "tag:urgent budget", &ids), [0]);
    assert_eq!(history.search("tag:urgent rapport", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(history.search("tag:urgent", Order::Newest, 700).unwrap().len(), 602);
    // Neither is what was deleted.
    history.delete(tagged).unwrap();
    assert_eq!(which(&history, "tag:urgent", &ids), [0; 0]);
}

#[test]
fn scripts_without_spaces_are_found_by_any_part() {
    let history = history();
    let c = conversation(&history, "東京タワー");
    let texts = ["東京都庁の会議", "人工智能的发展", "ภาษาไทยง่าย", "ذهبت إلى المَكتبة", "서울에서"];
    let ids = texts.map(|text| add(&history, c, text));
    for (query, expected) in [
        ("京都", &[0][..]),
        ("議", &[0]),
        ("東", &[0]),
        ("都京", &[]),
        ("会議 東京", &[0]),
        ("智能", &[1]),
        ("ไทย", &[2]),
        ("مكتبة", &[3]),
        ("الى", &[3]),
        ("서울", &[4]),
        ("-京都 from:me", &[1, 2, 3, 4]),
    ] {
        assert_eq!(which(&history, query, &ids), expected, "{query}");
    }
    assert_eq!(found(&history, "タワ")[0].snippet, "東京\u{2}タワ\u{3}ー");
}

#[test]
fn attached_files_are_found_by_name_and_text() {
    let history = history();
    let c = conversation(&history, "Titre");
    let long = format!("mot {}dernier", "x ".repeat(1 << 19));
    let files = [
        NewAttachment {
            name: "Devis 東京.txt", media_type: "text/plain", data: b"le prix total"
        },
        NewAttachment { name: "photo.png", media_type: "image/png", data: b"invisible" },
        NewAttachment { name: "long.txt", media_type: "text/plain", data: long.as_bytes() },
    ];
    let id =
        history.add_message(NewMessage { attachments: &files, ..message(c, "voici") }).unwrap().id;
    let matches = found(&history, "prix from:me in:titre");
    assert_eq!((matches.len(), matches[0].message), (1, Some(id)));
    assert_eq!(matches[0].attachment.as_deref(), Some("Devis 東京.txt"));
    assert_eq!(matches[0].snippet, "le \u{2}prix\u{3} total");
    assert_eq!(matches[0].role, Some(Role::User));
    assert!(found(&history, "prix from:assistant").is_empty());
    assert!(found(&history, "prix -has:file").is_empty());
    assert_eq!(found(&history, "photo")[0].snippet, "\u{2}photo\u{3}.png");
    assert_eq!(found(&history, "京")[0].snippet, "Devis 東\u{2}京\u{3}.txt");
    assert!(found(&history, "invisible").is_empty());
    assert_eq!(found(&history, "mot ").len(), 1);
    assert!(found(&history, "dernier").is_empty(), "only the first megabyte is indexed");
    history.erase(c).unwrap();
    assert!(found(&history, "prix OR photo ").is_empty());
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn the_best_come_first_or_the_newest() {
    let history = history();
    let c = conversation(&history, "");
    let far = format!("prix {} total", "x ".repeat(20));
    let texts = ["prix total", "le total du prix", &far, "prix totalement", "prix"];
    let ids = texts.map(|text| add(&history, c, text));
    let titled = conversation(&history, "Prix total");
    let order = |order, limit| -> Vec<_> {
        let found = history.search("prix total", order, limit).unwrap();
        assert_eq!(found[0].conversation, titled);
        found[1..].iter().filter_map(|m| ids.iter().position(|id| Some(*id) == m.message)).collect()
    };
    assert_eq!(order(Order::Newest, 9), [3, 2, 1, 0]);
    assert_eq!(order(Order::Best, 9), [0, 1, 2, 3]);
    assert_eq!(order(Order::Best, 3), [0, 1]);
}

#[test]
fn a_common_beginning_is_found_in_the_newest_and_in_old_ones() {
    let history = history();
    let c = conversation(&history, "");
    let texts: Vec<_> = (0..2500)
        .map(|n| if n % 2 == 0 { format!("commun{n}") } else { format!("autre commande {n}") })
        .collect();
    let ids: Vec<_> = history
        .transaction(|t| texts.iter().map(|text| Ok(t.add_message(message(c, text))?.id)).collect())
        .unwrap();
    let newest: Vec<_> =
        history.search("com", Order::Newest, 40).unwrap().iter().map(|m| m.message).collect();
    let expected: Vec<_> = ids.iter().rev().take(40).copied().map(Some).collect();
    assert_eq!(newest, expected);
    assert_eq!(history.search("com", Order::Newest, 3000).unwrap().len(), 2500);
    assert_eq!(history.search("commun2", Order::Newest, 9).unwrap().len(), 9);
    assert_eq!(history.search("commun0", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(history.search("autre -commande com", Order::Newest, 9).unwrap().len(), 0);
}

#[test]
fn a_misspelt_word_is_put_right_by_ones_own() {
    let history = history();
    let c = conversation(&history, "Ministère");
    for text in ["La Réunion du comité", "la réunion", "les réunions budgétaires", "x2 東京"]
    {
        add(&history, c, text);
    }
    let suggest = |query: &str| history.suggest(query).unwrap();
    for (query, expected) in [
        ("reunoin", Some("réunion")),
        ("éruniom", None),
        ("eruniom", None),
        ("erunion", Some("réunion")),
        ("rreuniom", Some("réunion")),
        ("ministre", Some("ministère")),
        ("from:me \"du comitte\" -abc reunoin ", Some("from:me \"du comité\" -abc réunion ")),
        // No message holds both.
        ("comitte budjetaires", None),
        ("réunion", None),
        ("réun", None),
        ("réun ", None),
        ("xyzzy reunoin", None),
        ("42 東方 x9", None),
        ("", None),
    ] {
        assert_eq!(suggest(query).as_deref(), expected, "{query}");
    }
    history.delete(c).unwrap();
    assert_eq!(suggest("reunoin"), None);
}

/// Words that share beginnings, so that queries often find something.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[abé]{1,3}".prop_map(String::from),
        "[東京都]{1,3}".prop_map(String::from),
        Just("été".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(word(), 0..6)
}

fn plain(word: &str) -> String {
    word.to_lowercase().replace('é', "e")
}

/// Whether a text of these words holds one, as a person would say.
fn holds(text: &[String], word: &str) -> bool {
    let is_run = |word: &str| word.chars().all(|c| "東京都".contains(c));
    text.iter().any(|held| {
        if is_run(word) { held.contains(word) } else { !is_run(held) && plain(held) == plain(word) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_found_is_what_holds_the_words(
        texts in prop::collection::vec(text(), 1..12),
        wanted in prop::collection::vec(word(), 1..3),
        unwanted in prop::option::of(word()),
        best in any::<bool>(),
    ) {
        let history = history();
        let c = conversation(&history, "");
        let ids: Vec<_> = texts.iter().map(|words| add(&history, c, &words.join(" "))).collect();
        let without = unwanted.iter().map(|word| format!("-{word} ")).collect::<String>();
        let query = format!("{} {without} ", wanted.join(" ").to_uppercase());
        let order = if best { Order::Best } else { Order::Newest };
        let found = history.search(&query, order, 99).unwrap();
        let found_ids: Vec<_> = found.iter().filter_map(|m| m.message).collect();
        for (id, words) in ids.iter().zip(&texts) {
            let expected = wanted.iter().all(|word| holds(words, word))
                && !unwanted.iter().any(|word| holds(words, word));
            prop_assert_eq!(found_ids.contains(id), expected, "{} in {:?}", query, words);
        }
        prop_assert_eq!(found_ids.len(), found.len());
        if !best {
            prop_assert!(found_ids.is_sorted_by(|one, other| one > other));
        }
        for found in &found {
            prop_assert!(found.snippet.contains(MATCH_START) && found.snippet.contains(MATCH_END));
        }
    }

    #[test]
    fn any_text_is_a_query(
        query in prop_oneof![
            any::<String>(),
            "([-\"*():^+{}\u{0}' ]|OR|AND|NOT|NEAR|from:|in:|before:2025|has:code|[a東ال🙂\u{202e}]){0,30}",
        ],
    ) {
        let history = history();
        let c = conversation(&history, "a 東");
        let file = [NewAttachment { name: "a", media_type: "text/plain", data: b"a" }];
        history.add_message(NewMessage { attachments: &file, ..message(c, "a 東 ال") }).unwrap();
        for order in [Order::Newest, Order::Best] {
            prop_assert!(history.search(&query, order, 2).unwrap().len() <= 2);
        }
        history.suggest(&query).unwrap();
    }

    #[test]
    fn the_index_stays_whole(texts in prop::collection::vec(("\\PC{0,8}", text()), 1..6), erased in 0_usize..6) {
        let history = history();
        let mut conversations = Vec::new();
        for (around, words) in &texts {
            let text = format!("{around}{}", words.concat());
            let c = conversation(&history, &text);
            let file = [NewAttachment { name: &text, media_type: "text/plain", data: text.as_bytes() }];
            history.add_message(NewMessage { attachments: &file, ..message(c, &text) }).unwrap();
            conversations.push(c);
        }
        history.rename(conversations[0], "東京 autre").unwrap();
        if let Some(c) = conversations.get(erased) {
            history.erase(*c).unwrap();
        }
        prop_assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_very_long_query_is_one() {
    let history = history();
    let c = conversation(&history, "");
    add(&history, c, "a");
    for part in ["a ", "\"", "東", "-a ", "a OR ", "in:a ", "é"] {
        let query = part.repeat(10_000 / part.len());
        history.search(&query, Order::Best, 9).unwrap();
        history.suggest(&query).unwrap();
    }
}
