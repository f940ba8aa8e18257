//! What a model might be made to write against the person who reads it.

#![allow(clippy::unwrap_used, reason = "in a test, failing is the point")]

use markdown::render;

/// Each may show as text, and may do nothing.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<img src=\"x\" \nonerror\n=\nalert(1)>",
    "<img src=https://evil.example/pixel.png>",
    "![](https://evil.example/pixel.png)",
    "![a][x]\n\n[x]: https://evil.example/p.png",
    "<picture><source srcset=//evil.example><img></picture>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<math><maction actiontype=\"statusline#http://evil.example\" xlink:href=\"javascript:alert(1)\">x</maction></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x>",
    "<form action=https://evil.example><input name=p><button>ok</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<input type=image src=https://evil.example/x>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=https://evil.example/v onloadstart=alert(1)>",
    "<audio src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
    "<style>@import url(https://evil.example)</style>",
    "<div style=\"background:url(https://evil.example)\">x</div>",
    "<p style=\"position:fixed;inset:0\">x</p>",
    "<table background=https://evil.example/x><tr><td>x</td></tr></table>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#x0A;script:alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\">x</a>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt&colon;alert(1)\">x</a>",
    "<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>",
    "<a href=vbscript:x>x</a>",
    "<a href=file:///etc/passwd>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href=https://a.example target=_blank ping=https://evil.example>x</a>",
    "<a href=https://a.example onclick=alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\\u006aavascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x](https://a.example \"onmouseover=alert(1)\")",
    "[x](https://a.example \"\\\" onmouseover=\\\"alert(1)\")",
    "[\"onmouseover=alert(1)](https://a.example)",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "```\" onmouseover=alert(1) x=\"\ncode\n```",
    "```<script>alert(1)</script>\ncode\n```",
    "$<script>alert(1)</script>$",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$$\\class{x\" onclick=\"alert(1)}{y}$$",
    "[^\"><script>alert(1)</script>]: x\n\n[^\"><script>alert(1)</script>]",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<p id=composer name=send>x</p>",
    "<a id=location name=cookie>x</a>",
    "<p data-testid=send role=alert aria-label=x>x</p>",
    "<p class=\"code image-link dialog\">x</p>",
    "</div></main></body></html><h1>outside</h1>",
];

/// The tags of some HTML, in lower case.
fn tags(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.0.to_lowercase()))
        .collect()
}

#[test]
fn nothing_can_run_load_or_phone_home() {
    const ELEMENTS: &[&str] = &[
        "script", "style", "img", "picture", "source", "svg", "iframe", "object", "embed",
        "applet", "form", "button", "select", "textarea", "video", "audio", "body", "base", "link",
        "meta", "template", "noscript", "xmp", "title", "maction", "mglyph", "animate",
    ];
    const ATTRIBUTES: &[&str] = &[
        " on",
        " style",
        " src",
        " srcset",
        " srcdoc",
        " action",
        " formaction",
        " data=",
        " background",
        " target",
        " ping",
        " name",
        " role",
        " aria-",
        " data-testid",
        " xlink",
    ];
    for payload in PAYLOADS {
        for block in render(payload) {
            for tag in tags(&block.html) {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
                assert!(!ELEMENTS.contains(&name), "{payload}: {}", block.html);
                // Values are quoted and hold no bare `"`, so outside of them lie the names.
                let names: String = tag.split('"').step_by(2).collect();
                for attribute in ATTRIBUTES {
                    assert!(!names.contains(attribute), "{payload}: {}", block.html);
                }
                if let Some((_, address)) = tag.split_once("href=\"") {
                    let address = address.split('"').next().unwrap();
                    let open = ["https://", "http://", "mailto:", "#fn"];
                    assert!(
                        open.iter().any(|start| address.starts_with(start)),
                        "{payload}: {}",
                        block.html
                    );
                }
                if let Some((_, id)) = tag.split_once(" id=\"") {
                    assert!(id.starts_with("fn"), "{payload}: {}", block.html);
                }
                if let Some((_, class)) = tag.split_once(" class=\"") {
                    assert!(!class.contains("dialog"), "{payload}: {}", block.html);
                }
            }
        }
    }
}

#[test]
fn an_image_is_a_link_that_names_its_host() {
    let blocks = render("![A cat](https://evil.example/p.png?x=1)");
    assert!(blocks[0].html.contains("class=\"image-link\""), "{blocks:?}");
    assert!(blocks[0].html.contains("A cat") && blocks[0].html.contains("evil.example"));
}

#[test]
fn a_formula_that_breaks_the_parser_is_shown_as_its_source() {
    for formula in
        ["\\char é", "\\color{#aéabc}x", "\\kern1em\u{a0}x", "\\char99999999999999999999"]
    {
        let blocks = render(&format!("Voici : ${formula}$ et la suite."));
        assert!(blocks[0].html.contains("et la suite."), "{formula}: {blocks:?}");
    }
}

/// Runs on a thread with the stack that a thread of the runtime has.
fn survives(text: String) {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || drop(render(&text)))
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn deep_and_long_texts_neither_hang_nor_overflow() {
    for unit in [
        "[",
        "*",
        "_",
        "`",
        ">",
        "(",
        "![",
        "<",
        "&",
        "$",
        "\\",
        "~",
        "|",
        "<div>",
        "<b>",
        "- ",
        "1. ",
        "#",
        "[^a]",
        "[a](",
        "$$",
        "\\(",
        "**a ",
        "<a href=\"",
        "<!--",
    ] {
        survives(unit.repeat(100_000 / unit.len()));
    }
    for unit in ["> ", "- ", "1. "] {
        survives((0..400).map(|n| unit.repeat(n) + "x\n").collect());
    }
    survives("[a]: x\n".repeat(10_000));
    survives((0..5_000).map(|n| format!("[^{n}]: x [^{}]\n\n", n + 1)).collect());
    survives("a|".repeat(5_000) + "\n" + &"-|".repeat(5_000) + "\n" + &"|\n".repeat(2_000));
    survives(format!("${}$", "\\frac{".repeat(1_000)));
    survives(format!("${}x$", "\\sqrt".repeat(1_000)));
}
