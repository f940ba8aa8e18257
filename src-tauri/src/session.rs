//! The operating system's session: the history is locked with it, and before the machine sleeps.
//!
//! On Linux desktops say so on the session bus (`ActiveChanged` of their screen savers), and logind
//! on the system bus (`Lock` of the session, `PrepareForSleep`). A delay is asked of logind, so
//! that the machine sleeps only once the history is locked. Elsewhere nothing is heard yet.

use tauri::AppHandle;

/// Locks the history with the session from now on, where that is wanted.
pub(crate) fn watch(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    {
        let (on_desktop, on_system) = (app.clone(), app.clone());
        // A system without either bus has nothing to tell.
        std::thread::spawn(move || drop(linux::screen_savers(&on_desktop)));
        std::thread::spawn(move || drop(linux::logind(&on_system)));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

#[cfg(target_os = "linux")]
mod linux {
    use tauri::AppHandle;
    use zbus::MatchRule;
    use zbus::blocking::{Connection, MessageIterator, Proxy};
    use zbus::message::Type;
    use zbus::zvariant::{OwnedFd, OwnedObjectPath};

    use crate::lock;

    /// The interfaces of the desktops' screen savers.
    const SCREEN_SAVERS: &[&str] = &[
        "org.freedesktop.ScreenSaver",
        "org.gnome.ScreenSaver",
        "org.cinnamon.ScreenSaver",
        "org.mate.ScreenSaver",
        "org.xfce.ScreenSaver",
    ];
    const LOGIND: &str = "org.freedesktop.login1";
    const MANAGER: &str = "org.freedesktop.login1.Manager";
    const SESSION: &str = "org.freedesktop.login1.Session";

    /// Hears the screen savers until the bus ends.
    pub(super) fn screen_savers(app: &AppHandle) -> zbus::Result<()> {
        let bus = Connection::session()?;
        let rule = MatchRule::builder().msg_type(Type::Signal).member("ActiveChanged")?.build();
        for message in MessageIterator::for_match_rule(rule, &bus, None)? {
            let message = message?;
            let header = message.header();
            let known = header.interface().is_some_and(|name| SCREEN_SAVERS.contains(&&**name));
            if known && message.body().deserialize::<bool>().is_ok_and(|active| active) {
                lock::with_system(app);
            }
        }
        Ok(())
    }

    /// Hears logind until the bus ends.
    pub(super) fn logind(app: &AppHandle) -> zbus::Result<()> {
        let bus = Connection::system()?;
        let manager = Proxy::new(&bus, LOGIND, "/org/freedesktop/login1", MANAGER)?;
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(LOGIND)?.build();
        let messages = MessageIterator::for_match_rule(rule, &bus, None)?;
        let session = own_session(&manager);
        let mut delay = delay(&manager);
        for message in messages {
            let message = message?;
            let header = message.header();
            let told = (
                header.interface().map(|name| name.as_str()),
                header.member().map(|name| name.as_str()),
            );
            match told {
                (Some(SESSION), Some("Lock")) => {
                    let path = header.path().map(|path| path.as_str());
                    if session.as_ref().is_some_and(|own| Some(own.as_str()) == path) {
                        lock::with_system(app);
                    }
                }
                (Some(MANAGER), Some("PrepareForSleep")) => {
                    if message.body().deserialize::<bool>().unwrap_or(true) {
                        lock::with_system(app);
                        // Now the machine may sleep.
                        delay = None;
                    } else if delay.is_none() {
                        delay = self::delay(&manager);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The session that this program is part of. One that a desktop started through its services
    /// belongs to none, and is of the person's graphical one.
    fn own_session(manager: &Proxy<'_>) -> Option<OwnedObjectPath> {
        manager
            .call("GetSessionByPID", &std::process::id())
            .or_else(|_| manager.call("GetSession", &"auto"))
            .ok()
    }

    /// What keeps the machine from sleeping for a moment, as long as it is held.
    fn delay(manager: &Proxy<'_>) -> Option<OwnedFd> {
        manager.call("Inhibit", &("sleep", "Bureau", "the history is locked first", "delay")).ok()
    }
}
