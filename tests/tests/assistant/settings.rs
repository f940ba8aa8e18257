//! Settings, in force and in `config.toml`.

use assistant::{Assistant, Config, Settings, Theme};
use whole_program::Profile;

use crate::folders;

#[test]
fn a_setting_that_is_left_alone_is_left_as_it_is_written() {
    let profile = Profile::new();
    let file = folders(&profile).config_file();
    // As an environment variable puts it there.
    let model = Some("of-the-environment".to_owned());
    let config =
        Config { settings: Settings { model, ..Settings::default() }, ..Config::default() };
    let assistant = Assistant::new(folders(&profile), config);
    std::fs::write(&file, "[settings]\ntext_size = 120\nmodel = \"mine\"\n").unwrap();
    let dark = Settings { theme: Theme::Dark, ..assistant.settings() };
    let now = assistant.set_settings(&dark).unwrap();
    assert_eq!((now.theme, now.text_size, now.model.as_deref()), (Theme::Dark, 120, Some("mine")));
    assert_eq!(Config::load(&file).unwrap().settings, now);
}

#[test]
fn what_is_in_force_is_what_was_written_last() {
    let profile = Profile::new();
    let assistant = Assistant::new(folders(&profile), Config::default());
    std::thread::scope(|threads| {
        for text_size in 80..96 {
            let assistant = &assistant;
            threads.spawn(move || {
                let settings = Settings { text_size, ..Settings::default() };
                assistant.set_settings(&settings).unwrap();
            });
        }
    });
    let written = Config::load(&folders(&profile).config_file()).unwrap();
    assert_eq!(written.settings, assistant.settings());
}
