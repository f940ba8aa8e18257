//! How well the reader of PDFs reads: compares it with `pdftotext` (poppler-utils) on a folder.
//!
//!     cargo run --release -p documents --example score-pdf -- FOLDER [--show NAME] [--json]
//!
//! For every PDF of the folder: the F1 of its words (with their case and punctuation), and of its pairs of neighbouring words (which tells whether they are in order),
//! both against what `pdftotext` finds, for files in which it finds at least five words. Text is
//! compared without regard to ligatures and to marks of direction (NFKC). "plain" is the text as
//! it stands on the page; "product" what a person gets: the Markdown as it is shown, so that its
//! marks are no words (a list's bullets and numbers are), with headers and footers gone, which
//! counts against it; "source" the same with Markdown's marks as words, which is what a model gets.
//! Where `pdftotext` finds control characters it knows no text: the means are also given without
//! those files. Prints the worst files and the slowest. `--show` prints one file's text, as both
//! programs read it; `--json` the means alone, for a program to read.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use documents::pdf;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization;

struct Score {
    name: String,
    words: f64,
    pairs: f64,
    product: f64,
    product_pairs: f64,
    source: f64,
    source_pairs: f64,
    /// Whether what `pdftotext` finds is text.
    text: bool,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, words, pairs, product, product_pairs, .. } = self;
        write!(f, "{words:.3} {pairs:.3} {product:.3} {product_pairs:.3} {name}")
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        eprintln!("usage: score-pdf FOLDER [--show NAME] [--json]");
        return ExitCode::FAILURE;
    };
    let show = arguments.iter().position(|argument| argument == "--show");
    let show = show.and_then(|at| arguments.get(at + 1));
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("{folder} cannot be read");
        return ExitCode::FAILURE;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    paths.sort();
    let mut scores = Vec::new();
    let mut times = Vec::new();
    let mut errors = Vec::new();
    for path in &paths {
        eprintln!("{}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if show.is_some_and(|show| !name.contains(show.as_str())) {
            continue;
        }
        let Ok(data) = std::fs::read(path) else { continue };
        let started = Instant::now();
        let read = pdf::read(&data, None);
        times.push((started.elapsed().as_secs_f64(), name.clone()));
        let (product, plain) = match (read, pdf::plain(&data, None)) {
            (Ok(read), Ok(plain)) => {
                (read.document.text().replace('\u{c}', "\n\n"), plain.join("\n"))
            }
            (read, _) => {
                let error = read.err().map(|error| error.to_string()).unwrap_or_default();
                errors.push((name.clone(), error));
                (String::new(), String::new())
            }
        };
        let theirs = pdftotext(path);
        if show.is_some() {
            println!(
                "=== {name}\n--- product\n{product}\n--- plain\n{plain}\n--- pdftotext\n{theirs}"
            );
        }
        let wanted = words(&theirs);
        if wanted.len() < 5 {
            continue;
        }
        let own = words(&plain);
        let source = words(&product);
        let product = words(&shown(&product));
        scores.push(Score {
            name,
            words: f1(&own, &wanted),
            pairs: f1(&pairs(&own), &pairs(&wanted)),
            product: f1(&product, &wanted),
            product_pairs: f1(&pairs(&product), &pairs(&wanted)),
            source: f1(&source, &wanted),
            source_pairs: f1(&pairs(&source), &pairs(&wanted)),
            text: !theirs.chars().any(|c| c.is_control() && !c.is_whitespace()),
        });
    }
    if arguments.iter().any(|argument| argument == "--json") {
        let slowest = times.iter().map(|(seconds, _)| *seconds).fold(0.0, f64::max);
        let all: Vec<_> = scores.iter().collect();
        println!(
            "{}",
            serde_json::json!({
                "files": paths.len(), "scored": all.len(), "refused": errors.len(), "slowest": slowest,
                "words": mean(&all, |s| s.words), "pairs": mean(&all, |s| s.pairs),
                "product_words": mean(&all, |s| s.product),
                "product_pairs": mean(&all, |s| s.product_pairs),
            })
        );
    } else {
        report(scores, times, &errors, paths.len());
    }
    ExitCode::SUCCESS
}

fn report(
    mut scores: Vec<Score>,
    mut times: Vec<(f64, String)>,
    errors: &[(String, String)],
    files: usize,
) {
    println!("{files} files, {} with text, {} not read", scores.len(), errors.len());
    means("all", &scores.iter().collect::<Vec<_>>());
    means("without those of no text", &scores.iter().filter(|s| s.text).collect::<Vec<_>>());
    let good = scores.iter().filter(|score| score.words >= 0.95).count();
    println!("words of at least .95 in {good} files");
    for (name, error) in errors {
        println!("not read: {name}: {error}");
    }
    println!("worst by words (words, pairs, product's words and pairs):");
    scores.sort_by(|a, b| a.words.total_cmp(&b.words));
    for score in scores.iter().take(40) {
        println!("  {score}");
    }
    println!("worst by pairs:");
    scores.sort_by(|a, b| a.pairs.total_cmp(&b.pairs));
    for score in scores.iter().take(20) {
        println!("  {score}");
    }
    println!("worst by the product's words, where the plain text is better:");
    scores.sort_by(|a, b| (a.product - a.words).total_cmp(&(b.product - b.words)));
    for score in scores.iter().take_while(|score| score.product < score.words).take(20) {
        println!("  {score}");
    }
    println!("slowest (seconds):");
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (seconds, name) in times.iter().take(8) {
        println!("  {seconds:.3} {name}");
    }
}

fn mean(scores: &[&Score], what: fn(&Score) -> f64) -> f64 {
    let sum: f64 = scores.iter().map(|score| what(score)).sum();
    sum / f64::from(u32::try_from(scores.len()).unwrap_or(1).max(1))
}

fn means(which: &str, scores: &[&Score]) {
    let mean = |what: fn(&Score) -> f64| mean(scores, what);
    println!(
        "{which} ({}): plain: words {:.4}, pairs {:.4}; product: words {:.4}, pairs {:.4}; \
         source: words {:.4}, pairs {:.4}",
        scores.len(),
        mean(|s| s.words),
        mean(|s| s.pairs),
        mean(|s| s.product),
        mean(|s| s.product_pairs),
        mean(|s| s.source),
        mean(|s| s.source_pairs)
    );
}

fn pdftotext(path: &Path) -> String {
    // It may take for ever on a file that was made for that.
    let output = Command::new("timeout")
        .args(["20", "pdftotext", "-enc", "UTF-8"])
        .arg(path)
        .arg("-")
        .output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

/// A page's Markdown as a person sees it: without marks, but for those of lists, which are seen.
fn shown(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut text = String::new();
    for (event, place) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::Start(Tag::Item) => {
                let source = markdown.get(place).unwrap_or_default();
                let mark = source.split_whitespace().next().unwrap_or_default();
                text.push_str(if mark == "-" { "\u{2022}" } else { mark });
                text.push(' ');
            }
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Table(_))
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell,
            ) => text.push('\n'),
            _ => {}
        }
    }
    text
}

/// What whitespace parts. Control characters are no text, and part words; in Chinese and Japanese,
/// which put no spaces between words, every character is one.
fn words(text: &str) -> Vec<String> {
    let marks =
        |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{ad}');
    let mut parted = String::with_capacity(text.len());
    for c in text.nfkc().filter(marks) {
        match c {
            _ if c.is_control() => parted.push(' '),
            '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' => parted.extend([' ', c, ' ']),
            _ => parted.push(c),
        }
    }
    parted.split_whitespace().map(str::to_owned).collect()
}

fn pairs(words: &[String]) -> Vec<String> {
    words.windows(2).map(|pair| pair.join(" ")).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn f1(own: &[String], wanted: &[String]) -> f64 {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in wanted {
        *counts.entry(word).or_default() += 1;
    }
    let mut common = 0_usize;
    for word in own {
        if let Some(count) = counts.get_mut(word.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    if own.is_empty() && wanted.is_empty() {
        return 1.0;
    }
    2.0 * common as f64 / (own.len() + wanted.len()).max(1) as f64
}
