//! What an answer holds besides prose, under the policy of the real page: diagrams, tables, long code;
//! and what other programs get of it.

use std::time::Duration;

use serde_json::{Value, json};
use whole_program::{Endpoint, Profile, Window, stream_of};

use crate::display::Display;

/// Before a code of sixty lines.
const PARTS: &str = "**Roads** of the *north*:

```mermaid
flowchart LR
  Draft --> Vote
```

```dot
digraph { Vote -> Decree }
```

```csv
Road,Cost
North,40
South,7
East,300
```

| Bridge | Length |
|--------|-------:|
| Old    |     12 |
| New    |     90 |

";
const COSTS: &str = "[...document.querySelectorAll('[data-testid=data-table] tbody tr')]
    .map((row) => row.cells[1].textContent)";
/// How high the long code is, and how high it would be whole.
const HEIGHTS: &str = "(({ clientHeight, scrollHeight }) => [clientHeight, scrollHeight])(
    document.querySelector('.fence:has([data-testid=fold-code]) .frame'))";

async fn value(window: &Window, script: &str) -> Value {
    window.client.execute(&format!("return {script}"), vec![]).await.unwrap()
}

/// Waits until this is what the page tells of itself.
async fn is(window: &Window, script: &str, wanted: Value) {
    for _ in 0..300 {
        if value(window, script).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{script} is {}, never {wanted}", value(window, script).await);
}

/// Both diagrams are pictures that the page may show.
async fn are_drawn(window: &Window) {
    let drawn = "[...document.querySelectorAll('[data-testid=diagram] img')].filter((i) => i.naturalWidth > 0).length";
    is(window, drawn, json!(2)).await;
    is(window, "document.querySelectorAll('[data-testid=diagram-failed]').length", json!(0)).await;
    window.click("[data-testid=diagram] button").await;
    window.find("[role=dialog] img[src^='data:image/svg+xml']").await;
    window.click("[role=dialog] button[aria-label=Close]").await;
}

/// Values are sorted as numbers, up and down, and drawn in one press.
async fn are_sorted_and_charted(window: &Window) {
    is(window, COSTS, json!(["40", "7", "300"])).await;
    for order in [["7", "40", "300"], ["300", "40", "7"]] {
        window.click("[data-testid=data-table] th:nth-child(2) .sort").await;
        is(window, COSTS, json!(order)).await;
    }
    window.click("[data-testid=table-chart]").await;
    let bars = "[...document.querySelectorAll('[data-testid=chart-figure] rect')]
        .map((bar) => bar.getBoundingClientRect().height > 5)";
    is(window, bars, json!([true, true])).await;
}

/// A long code is cut off until the person wants all of it, and again.
async fn is_folded(window: &Window) {
    window.shows("Show all 60 lines").await;
    let whole = value(window, HEIGHTS).await[1].clone();
    let folded = value(window, HEIGHTS).await[0].clone();
    assert!(folded.as_u64().unwrap() * 2 < whole.as_u64().unwrap(), "{folded} of {whole}");
    window.click("[data-testid=fold-code][aria-expanded=false]").await;
    is(window, HEIGHTS, json!([whole, whole])).await;
    window.click("[data-testid=fold-code][aria-expanded=true]").await;
    is(window, &format!("{HEIGHTS}[0]"), folded).await;
}

/// Waits until what other programs get in this form holds this.
async fn is_pasted(form: &str, wanted: &str) -> String {
    let display = Display::connect();
    for _ in 0..100 {
        let pasted = display.clipboard(form);
        if let Some(text) = pasted.filter(|text| text.contains(wanted)) {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{form} is {:?}, without {wanted}", display.clipboard(form));
}

/// As rich text for a mail program and plain text for a terminal, or as plain text alone.
async fn is_copied(window: &Window) {
    let copy = async |way: &str| {
        window.click("[data-role=assistant] [data-testid=copy-as]").await;
        window.click(&format!("[data-testid={way}]")).await;
    };
    copy("copy-markdown").await;
    is_pasted("UTF8_STRING", "**Roads** of the *north*").await;
    copy("copy-rich").await;
    let rich = is_pasted("text/html", "<strong>Roads</strong>").await;
    for part in ["<em>north</em>", "<td>Old</td>", "line 60"] {
        assert!(rich.contains(part), "no {part} in {rich}");
    }
    let beside = is_pasted("UTF8_STRING", "Roads of the north:").await;
    copy("copy-plain").await;
    is_pasted("UTF8_STRING", "Old\t12\nNew\t90").await;
    for _ in 0..100 {
        if Display::connect().clipboard("text/html").is_none() {
            return assert_eq!(is_pasted("UTF8_STRING", "Roads").await, beside);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("plain text is rich: {:?}", Display::connect().clipboard("text/html"));
}

#[tokio::test]
async fn diagrams_tables_and_code_of_an_answer_are_drawn_sorted_folded_and_copied() {
    let profile = Profile::new();
    let lines: String = (1..=60).map(|line| format!("// line {line}\n")).collect();
    let answer = format!("{PARTS}```rust\n{lines}```\n");
    let endpoint =
        Endpoint::start(move |_| stream_of(answer.split_inclusive('\n'), Duration::ZERO));
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;
    let refused = "window.refused = []; document.addEventListener('securitypolicyviolation',
        ({ violatedDirective, blockedURI }) => window.refused.push([violatedDirective, blockedURI]))";
    window.client.execute(refused, vec![]).await.unwrap();
    window.ask("What of the roads?").await;
    window.find("[data-role=assistant][data-state=complete]").await;
    are_drawn(&window).await;
    are_sorted_and_charted(&window).await;
    is_folded(&window).await;
    is_copied(&window).await;
    assert_eq!(value(&window, "window.refused").await, json!([]));
    window.close().await;
}
