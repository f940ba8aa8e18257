//! The last look at a picture before it leaves: it must only show.

use crate::DiagramError;

/// What would run, lead somewhere, or be fetched, in lower case.
const FORBIDDEN: &[&str] = &[
    "<script",
    "<foreignobject",
    "<iframe",
    "<image",
    "<a ",
    "<a>",
    "<a/",
    "<animate",
    "<set ",
    "<!doctype",
    "<!entity",
    "<?",
    "javascript:",
    "@import",
    "data:",
];

/// The picture as it is, if it only shows.
///
/// # Errors
/// [`DiagramError::Unreadable`] where something in it could do more than that: a renderer that is
/// asked for inert pictures has then failed, and nothing is mended here.
pub fn checked(svg: &str) -> Result<String, DiagramError> {
    // Any space parts a tag from its attributes.
    let lower = svg.to_ascii_lowercase().replace(|c: char| c.is_ascii_whitespace(), " ");
    // Text in a picture has its signs escaped; what stands in tags and styles is looked at whole.
    let runs = FORBIDDEN.iter().any(|word| lower.contains(word)) || has_handler(&lower);
    if runs || addresses(&lower).any(|address| !address.starts_with('#')) {
        let reason = "the diagram holds a link, a script or a picture, which are not drawn";
        return Err(DiagramError::Unreadable(reason.to_owned()));
    }
    Ok(svg.to_owned())
}

/// Whether a tag has an attribute that handles an event.
fn has_handler(lower: &str) -> bool {
    let tags = lower.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    tags.flat_map(|tag| tag.split([' ', '/', '"', '\'']).skip(1)).any(|word| {
        let name = word.split('=').next().unwrap_or_default();
        word.contains('=') && name.starts_with("on") && name.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// Everything that attributes and styles refer to.
fn addresses(lower: &str) -> impl Iterator<Item = &str> {
    let of = |mark: &'static str| lower.split(mark).skip(1);
    let styles = of("url(").map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
    let styles = styles.map(|rest| rest.strip_prefix("&quot;").unwrap_or(rest));
    let attributes = ["href=\"", "href='", "src=\"", "src='"].into_iter().flat_map(of);
    attributes.chain(styles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shows_passes() {
        for fine in [
            "<svg><path marker-end=\"url(#a)\"/><use href=\"#b\"/></svg>",
            "<svg><text>on = off &lt;script&gt;</text></svg>",
        ] {
            assert_eq!(checked(fine).as_deref(), Ok(fine));
        }
        for hostile in [
            "<svg><script>x</script></svg>",
            "<svg onload=\"x\"></svg>",
            "<svg><a href=\"#x\">x</a></svg>",
            "<svg onload='x'></svg>",
            "<svg/onload=\"x\"></svg>",
            "<svg id=\"x\"onload=\"x\"></svg>",
            "<svg><a\nhref=\"#x\">x</a></svg>",
            "<svg><use href='https://a.example/x.svg#y'/></svg>",
            "<svg><use xlink:href=\"https://a.example/x.svg#y\"/></svg>",
            "<svg><style>a{fill:url( 'https://a.example')}</style></svg>",
            "<svg><style>@import 'x'</style></svg>",
            "<?xml-stylesheet href=\"x\"?><svg></svg>",
        ] {
            assert!(checked(hostile).is_err(), "{hostile}");
        }
    }
}
