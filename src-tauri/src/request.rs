//! What the program is asked from outside: by its arguments, which another start of it passes on,
//! and by links that begin with `bureau:`.

use conversation::ConversationId;
use tauri::{AppHandle, Url};

use crate::events::Happening;
use crate::{quick, window};

/// All that can be asked from outside. A link can come from any page or letter: it shows what is
/// here already, and does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// Come to the front.
    Show,
    /// Show this conversation.
    Open(ConversationId),
    /// Show a new conversation in a window of its own.
    New,
    /// Show the window for a quick question.
    Quick,
}

impl Request {
    /// What the arguments after the program's name ask: `--quick`, or a link.
    pub(crate) fn of_arguments(arguments: impl IntoIterator<Item = String>) -> Self {
        match arguments.into_iter().next() {
            Some(argument) if argument == "--quick" => Self::Quick,
            Some(argument) => Url::parse(&argument).map_or(Self::Show, |link| Self::of_link(&link)),
            None => Self::Show,
        }
    }

    /// What a link asks: `bureau://conversation/ID`; any other is only a knock at the door.
    pub(crate) fn of_link(link: &Url) -> Self {
        let id = (link.scheme() == "bureau" && link.host_str() == Some("conversation"))
            .then(|| link.path().trim_matches('/').parse().ok())
            .flatten();
        id.map_or(Self::Show, Self::Open)
    }

    /// Does what was asked, on a thread that may wait for windows. Where the platform opens none,
    /// whoever asked sees as much.
    pub(crate) fn serve(self, app: &AppHandle) {
        let app = app.clone();
        tauri::async_runtime::spawn_blocking(move || match self {
            Self::Show => window::come_forward(&app, None),
            Self::Open(conversation) => {
                window::come_forward(&app, Some(Happening::open(conversation)))
            }
            Self::New => window::open(&app, None),
            Self::Quick => quick::show(&app),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Request {
        Request::of_arguments(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn a_link_opens_a_conversation() {
        let id = ConversationId::new();
        let open = Request::Open(id);
        assert_eq!(asked(&[&format!("bureau://conversation/{id}")]), open);
        assert_eq!(asked(&[&format!("BUREAU://conversation/{id}/?x=1#y")]), open);
    }

    #[test]
    fn anything_else_only_shows_what_is_there() {
        let id = ConversationId::new();
        for asked_for in [
            "bureau://conversation/".to_owned(),
            "bureau://conversation/../../etc/passwd".to_owned(),
            format!("bureau://conversation/{id}/delete"),
            format!("bureau://settings/{id}"),
            format!("bureau:conversation/{id}"),
            format!("https://conversation/{id}"),
            "--delete".to_owned(),
            String::new(),
        ] {
            assert_eq!(asked(&[&asked_for]), Request::Show, "{asked_for}");
        }
        assert_eq!(asked(&[]), Request::Show);
    }

    #[test]
    fn the_keys_of_the_system_can_ask_a_quick_question() {
        assert_eq!(asked(&["--quick"]), Request::Quick);
    }
}
