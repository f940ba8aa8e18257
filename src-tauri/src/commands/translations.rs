//! Commands that translate: one translation at a time in each window. A translated document waits
//! until the person says where it goes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assistant::{
    TextTranslation, Translating, Translation, TranslationChoices, TranslationProgress,
    TranslationReport,
};
use conversation::{AttachmentId, Failure, FailureCode};
use policy::Action;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs};

/// What is translated in each window, by its label.
#[derive(Default)]
pub(crate) struct Translations(Mutex<HashMap<String, Held>>);

/// A translation that is under way, or waits to be written.
#[derive(Default)]
struct Held {
    under_way: Option<Arc<Translating>>,
    done: Option<(String, Arc<Translation>)>,
}

/// Translates a text, by the glossary of the conversation's folder.
#[tauri::command]
#[specta::specta]
pub async fn translate_text(
    profile: State<'_, Profile>,
    translations: State<'_, Translations>,
    window: WebviewWindow,
    text: String,
    choices: TranslationChoices,
    progress: Channel<TranslationProgress>,
) -> Result<TextTranslation, Failure> {
    let assistant = profile.assistant()?;
    let glossary = assistant.glossary_of(choices.conversation, choices.folder)?;
    let under_way = translations.begin(window.label())?;
    let told = tell(&under_way, progress);
    let result = assistant.translate_text(&text, &choices, glossary, &under_way).await;
    told.abort();
    translations.end(window.label(), &under_way, None);
    result
}

/// Translates a waiting file; what comes of it waits for [`save_translation`].
#[tauri::command]
#[specta::specta]
pub async fn translate_file(
    profile: State<'_, Profile>,
    translations: State<'_, Translations>,
    window: WebviewWindow,
    file: AttachmentId,
    choices: TranslationChoices,
    progress: Channel<TranslationProgress>,
) -> Result<TranslationReport, Failure> {
    let assistant = profile.assistant()?;
    let glossary = assistant.glossary_of(choices.conversation, choices.folder)?;
    let (name, document) = blocking(profile, move |a| a.translatable_staged(file)).await?;
    let under_way = translations.begin(window.label())?;
    let told = tell(&under_way, progress);
    let result = assistant.translate(document, &choices, glossary, &under_way).await;
    told.abort();
    let report = result.as_ref().map(|done| done.report().clone()).map_err(Clone::clone);
    let done = result.ok().map(|done| (name, Arc::new(done)));
    translations.end(window.label(), &under_way, done);
    report
}

/// Stops the window's translation; what is done is kept.
#[tauri::command]
#[specta::specta]
pub async fn stop_translation(
    translations: State<'_, Translations>,
    window: WebviewWindow,
) -> Result<(), Failure> {
    translations.stop(window.label());
    Ok(())
}

/// Writes the translated document where the person says; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn save_translation(
    profile: State<'_, Profile>,
    translations: State<'_, Translations>,
    window: WebviewWindow,
) -> Result<bool, Failure> {
    profile.assistant()?.permit(Action::SaveTranslation)?;
    let (name, done) = translations.done(window.label())?;
    blocking(profile, move |assistant| {
        let Some(file) = dialogs::save_file(&window, &done.file_name(&name)) else {
            return Ok(false);
        };
        // The system's dialog has asked whether a file is to be replaced.
        assistant.save_translation(&done, &file, true).map(|()| true)
    })
    .await
}

/// Tells the page how far it has come.
fn tell(
    under_way: &Translating,
    progress: Channel<TranslationProgress>,
) -> tauri::async_runtime::JoinHandle<()> {
    let mut heard = under_way.progress.subscribe();
    tauri::async_runtime::spawn(async move {
        while heard.changed().await.is_ok() {
            let now = *heard.borrow_and_update();
            // A window that was closed meanwhile needs none.
            let _ = progress.send(now);
        }
    })
}

impl Translations {
    fn begin(&self, window: &str) -> Result<Arc<Translating>, Failure> {
        let mut all = self.all();
        let held = all.entry(window.to_owned()).or_default();
        if held.under_way.is_some() {
            let message = "another translation is under way in this window";
            return Err(Failure::new(FailureCode::Busy, message));
        }
        let under_way = Arc::new(Translating::default());
        *held = Held { under_way: Some(under_way.clone()), done: None };
        Ok(under_way)
    }

    fn stop(&self, window: &str) {
        if let Some(under_way) = self.all().get(window).and_then(|held| held.under_way.as_ref()) {
            under_way.stop.cancel();
        }
    }

    /// Holds what has come of a translation, unless it was forgotten meanwhile.
    fn end(
        &self,
        window: &str,
        ended: &Arc<Translating>,
        done: Option<(String, Arc<Translation>)>,
    ) {
        let is_it = |held: &&mut Held| {
            held.under_way.as_ref().is_some_and(|under_way| Arc::ptr_eq(under_way, ended))
        };
        if let Some(held) = self.all().get_mut(window).filter(is_it) {
            *held = Held { under_way: None, done };
        }
    }

    fn done(&self, window: &str) -> Result<(String, Arc<Translation>), Failure> {
        self.all().get(window).and_then(|held| held.done.clone()).ok_or_else(|| {
            Failure::new(FailureCode::NotFound, "there is no translated document to be written")
        })
    }

    /// Stops what is under way in a window, and lets go of what was done in it.
    pub(crate) fn forget(&self, window: &str) {
        self.stop(window);
        self.all().remove(window);
    }

    /// The same in all windows.
    pub(crate) fn forget_all(&self) {
        for (_, held) in self.all().drain() {
            if let Some(under_way) = held.under_way {
                under_way.stop.cancel();
            }
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
