//! What is installed, laid out as it will lie on a desk.

use std::fs;
use std::path::{Path, PathBuf};

use super::{emptied, folder, unwritable, write};
use crate::process::{self, Problem, command};
use crate::{model, workspace};

/// The folder that becomes a package.
pub struct Contents {
    /// The package's name.
    pub name: &'static str,
    /// The folder, which stands for the root of a system.
    pub root: PathBuf,
}

impl Contents {
    /// Both programs with what makes them part of a desktop.
    pub fn of_programs(version: &str) -> Result<Self, Problem> {
        let contents = Self::empty("bureau")?;
        for program in ["bureau", "bureau-desktop"] {
            contents.program(program)?;
        }
        contents.desktop(version)?;
        contents.manual()?;
        let documents = "usr/share/doc/bureau";
        contents.copy("LICENSE", &format!("{documents}/copyright"))?;
        for document in
            ["CHANGELOG.md", "docs/deployment.md", "docs/policy.md", "docs/policy.schema.json"]
        {
            let name = document.trim_start_matches("docs/");
            contents.copy(document, &format!("{documents}/{name}"))?;
        }
        Ok(contents)
    }

    /// The built-in model, where programs in `/usr/bin` look for it.
    pub fn of_model() -> Result<Self, Problem> {
        let contents = Self::empty("bureau-model")?;
        contents.install(
            &model::file(),
            &format!("usr/share/bureau/{}", model::FILE_NAME),
            "644",
        )?;
        contents.copy("LICENSE", "usr/share/doc/bureau-model/copyright")?;
        Ok(contents)
    }

    /// Whether this is the model, which is the same on every machine.
    pub fn is_model(&self) -> bool {
        self.name == "bureau-model"
    }

    /// Packs the contents with the kind of the package written into the window's program, where
    /// Tauri's bundler would write it: by that the program knows how it is renewed.
    pub fn packed_as<T>(
        &self,
        kind: &str,
        pack: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.is_model() {
            return pack();
        }
        let program = self.root.join("usr/bin/bureau-desktop");
        let plain = fs::read(&program)
            .map_err(|error| Problem(format!("{} cannot be read: {error}", program.display())))?;
        let marked = marked(&plain, kind)
            .ok_or_else(|| Problem("bureau-desktop has no place for its kind".to_owned()))?;
        write(&program, marked)?;
        let packed = pack();
        write(&program, plain)?;
        packed
    }

    fn empty(name: &'static str) -> Result<Self, Problem> {
        let root = folder().join("contents").join(name);
        emptied(&root)?;
        Ok(Self { name, root })
    }

    /// Without its symbols, which no desk needs.
    fn program(&self, name: &str) -> Result<(), Problem> {
        let built = workspace::target().join("release").join(name);
        let place = format!("usr/bin/{name}");
        self.install(&built, &place, "755")?;
        let mut strip = command("strip");
        strip.arg(self.root.join(place));
        process::step(&format!("stripping {name}"), &mut strip, "install binutils")
    }

    fn desktop(&self, version: &str) -> Result<(), Problem> {
        let id = "io.bureau.desktop";
        self.copy(
            &format!("packaging/linux/{id}.desktop"),
            &format!("usr/share/applications/{id}.desktop"),
        )?;
        for (icon, size) in [
            ("32x32.png", "32x32"),
            ("128x128.png", "128x128"),
            ("128x128@2x.png", "256x256"),
            ("icon.png", "512x512"),
        ] {
            let place = format!("usr/share/icons/hicolor/{size}/apps/{id}.png");
            self.copy(&format!("icons/{icon}"), &place)?;
        }
        let scalable = format!("usr/share/icons/hicolor/scalable/apps/{id}.svg");
        self.copy("icons/icon.svg", &scalable)?;
        let template = workspace::root().join(format!("packaging/linux/{id}.metainfo.xml"));
        let text = fs::read_to_string(&template)
            .map_err(|error| Problem(format!("{} cannot be read: {error}", template.display())))?
            .replace("@VERSION@", version)
            .replace("@DATE@", &date()?);
        let metadata = self.root.join(format!("usr/share/metainfo/{id}.metainfo.xml"));
        write(&metadata, text)?;
        let mut appstream = command("appstreamcli");
        appstream.args(["validate", "--no-net"]).arg(&metadata);
        process::step("AppStream metadata", &mut appstream, "the lines above say what is wrong")?;
        let mut entry = command("desktop-file-validate");
        entry.arg(self.root.join(format!("usr/share/applications/{id}.desktop")));
        process::step("desktop entry", &mut entry, "the lines above say what is wrong")
    }

    /// The pages of the manual and the shells' completions, as the program itself writes them. The
    /// pages are much alike: they are smaller compressed once with the package than each by itself.
    fn manual(&self) -> Result<(), Problem> {
        let written = folder().join("manual");
        emptied(&written)?;
        let mut bureau = command(self.root.join("usr/bin/bureau"));
        bureau.arg("manual").arg(&written);
        process::step("manual and completions", &mut bureau, "the line above says why")?;
        for (completion, place) in [
            ("bureau.bash", "usr/share/bash-completion/completions/bureau"),
            ("_bureau", "usr/share/zsh/site-functions/_bureau"),
            // Where Debian looks instead.
            ("_bureau", "usr/share/zsh/vendor-completions/_bureau"),
            ("bureau.fish", "usr/share/fish/vendor_completions.d/bureau.fish"),
        ] {
            self.install(&written.join(completion), place, "644")?;
        }
        let pages = written.read_dir().map_err(|error| unwritable(&written, &error))?;
        for page in pages.flatten().filter(|page| page.path().extension().is_some_and(|e| e == "1"))
        {
            let name = page.file_name().to_string_lossy().into_owned();
            self.install(&page.path(), &format!("usr/share/man/man1/{name}"), "644")?;
        }
        Ok(())
    }

    /// A file of the checkout.
    fn copy(&self, file: &str, place: &str) -> Result<(), Problem> {
        self.install(&workspace::root().join(file), place, "644")
    }

    fn install(&self, file: &Path, place: &str, mode: &str) -> Result<(), Problem> {
        let mut install = command("install");
        install.args(["-D", "--mode", mode]).arg(file).arg(self.root.join(place));
        process::output(&mut install).map(drop)
    }
}

/// The day of what is packed: that of the last commit, so that the same commit gives the same file.
fn date() -> Result<String, Problem> {
    let mut git = command("git");
    git.args(["log", "-1", "--format=%cs"]);
    process::output(&mut git)
}

/// The same as seconds, as the tools that pack take it (`SOURCE_DATE_EPOCH`).
pub fn seconds() -> Result<String, Problem> {
    let mut git = command("git");
    git.args(["log", "-1", "--format=%ct"]);
    process::output(&mut git)
}

/// What Tauri has in a program that was not packed; behind it are three letters.
const MARK: &[u8] = b"__TAURI_BUNDLE_TYPE_VAR_";

/// The program with its one mark changed; none where it has none, or several.
fn marked(program: &[u8], kind: &str) -> Option<Vec<u8>> {
    let unmarked = [MARK, b"UNK"].concat();
    let mut places = program.windows(unmarked.len()).enumerate();
    let mut next = || places.by_ref().find(|(_, bytes)| *bytes == unmarked).map(|(place, _)| place);
    let (place, None) = (next()?, next()) else { return None };
    let mut marked = program.to_vec();
    marked.get_mut(place + MARK.len()..place + unmarked.len())?.copy_from_slice(kind.as_bytes());
    Some(marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_package_is_written_into_its_one_place() {
        let program = b"..__TAURI_BUNDLE_TYPE_VAR_RPM..__TAURI_BUNDLE_TYPE_VAR_UNK..";
        let expected = b"..__TAURI_BUNDLE_TYPE_VAR_RPM..__TAURI_BUNDLE_TYPE_VAR_DEB..";
        assert_eq!(marked(program, "DEB").as_deref(), Some(&expected[..]));
        assert_eq!(marked(b"nothing", "DEB"), None);
        assert_eq!(marked(&program.repeat(2), "DEB"), None);
    }

    /// The languages of the page, but English, which stands in the files without a name.
    fn languages() -> Vec<String> {
        let catalogues = workspace::root().join("ui/messages").read_dir().unwrap();
        let named = catalogues.flatten().filter_map(|file| {
            let path = file.path();
            (path.extension()? == "json").then(|| path.file_stem().unwrap().to_owned())
        });
        named.map(|name| name.into_string().unwrap()).filter(|name| name != "en").collect()
    }

    fn text(file: &str) -> String {
        fs::read_to_string(workspace::root().join("packaging/linux").join(file)).unwrap()
    }

    #[test]
    fn what_software_centres_and_menus_show_is_there_in_every_language_of_the_page() {
        let (entry, metadata) =
            (text("io.bureau.desktop.desktop"), text("io.bureau.desktop.metainfo.xml"));
        let languages = languages();
        assert_eq!(languages.len(), 7, "{languages:?}");
        for language in languages {
            for key in ["GenericName", "Comment", "Keywords", "Name"] {
                let line = format!("\n{key}[{language}]=");
                assert!(entry.contains(&line), "the desktop entry lacks {}", line.trim());
            }
            for element in ["summary", "p", "li"] {
                let there = |text: &str, begin: &str| text.matches(begin).count();
                let translated = there(&metadata, &format!("<{element} xml:lang=\"{language}\">"));
                let own = there(&metadata, &format!("<{element}>"));
                assert_eq!(translated, own, "<{element}> in {language}");
            }
        }
    }
}
