//! .deb, by Debian's own tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::contents::{Contents, seconds};
use super::{emptied, folder, unwritable, write};
use crate::process::{self, Problem, command};

/// How a package is compressed.
#[derive(Clone, Copy)]
pub enum Compression {
    /// As small as can be, which takes minutes.
    Small,
    /// For what is only tested with, or cannot be compressed.
    Quick,
}

impl Compression {
    /// For xz. The dictionary spans both programs, which have most of their code in common: with
    /// that of `-9`, which is half as large, the package is a third larger.
    fn filter(self) -> &'static str {
        match self {
            Self::Small => "--lzma2=preset=9e,dict=128MiB,lc=4,pb=1,depth=8192",
            Self::Quick => "--lzma2=preset=0",
        }
    }
}

/// Packs contents into a .deb.
pub fn pack(
    contents: &Contents,
    version: &str,
    compression: Compression,
) -> Result<PathBuf, Problem> {
    let Contents { name, root } = contents;
    let architecture = if contents.is_model() { "all".to_owned() } else { architecture()? };
    let control = control(contents, version, &architecture)?;
    write(&root.join("DEBIAN/control"), control)?;
    let file = folder().join(format!("{name}_{version}_{architecture}.deb"));
    let mut dpkg = command("dpkg-deb");
    dpkg.args(["--root-owner-group", "-Znone", "--build"]).arg(root).arg(&file);
    dpkg.env("SOURCE_DATE_EPOCH", seconds()?);
    contents.packed_as("DEB", || {
        process::step(&format!("{name} {version}.deb"), &mut dpkg, "the lines above say why")
    })?;
    compress(&file, compression)?;
    // The same contents become an .rpm.
    let ours = root.join("DEBIAN");
    fs::remove_dir_all(&ours).map_err(|error| unwritable(&ours, &error))?;
    Ok(file)
}

/// Compresses what a .deb holds (deb(5): an archive of `ar`), for dpkg-deb takes no dictionary.
fn compress(file: &Path, compression: Compression) -> Result<(), Problem> {
    let parts = folder().join("parts");
    emptied(&parts)?;
    let within = |program: &str| {
        let mut command = command(program);
        command.current_dir(&parts);
        command
    };
    process::output(within("ar").arg("x").arg(file))?;
    order(&parts, within)?;
    let mut xz = within("xz");
    xz.args(["--threads=1", compression.filter(), "control.tar", "data.tar"]);
    process::step("compressing", &mut xz, "the lines above say why")?;
    fs::remove_file(file).map_err(|error| unwritable(file, &error))?;
    let members = ["debian-binary", "control.tar.xz", "data.tar.xz"];
    process::output(within("ar").arg("rcD").arg(file).args(members))?;
    fs::remove_dir_all(&parts).map_err(|error| unwritable(&parts, &error))
}

/// Puts the terminal program behind all else: what xz has seen of the window's, which is larger and has
/// most of its code, makes it smaller than the other way round.
fn order(parts: &Path, within: impl Fn(&str) -> Command) -> Result<(), Problem> {
    const LAST: &str = "./usr/bin/bureau";
    let listed = process::output(within("tar").args(["-tf", "data.tar"]))?;
    let (last, mut names): (Vec<&str>, Vec<&str>) = listed.lines().partition(|name| *name == LAST);
    names.extend(last);
    write(&parts.join("names"), names.join("\n"))?;
    emptied(&parts.join("tree"))?;
    process::output(within("tar").args(["-xpf", "data.tar", "-C", "tree"]))?;
    let anew = ["--no-recursion", "--numeric-owner", "--owner=0", "--group=0", "--format=gnu"];
    let names = ["--directory=tree", "--files-from=names", "-cf", "data.tar"];
    process::output(within("tar").args(anew).args(names))?;
    Ok(())
}

fn control(contents: &Contents, version: &str, architecture: &str) -> Result<String, Problem> {
    let about = if contents.is_model() {
        "Enhances: bureau\nDescription: Built-in model of Bureau\n SmolLM2-135M-Instruct, with which Bureau answers on the \
         machine itself, without a network.\n"
            .to_owned()
    } else {
        format!(
            "Depends: {}\nRecommends: bureau-model, pkexec, tesseract-ocr\nSuggests: speech-dispatcher, \
             speech-dispatcher-espeak-ng\nDescription: Chat with your organisation's model, in an \
             encrypted history\n A window (bureau-desktop) and a terminal program (bureau) for organisations that must keep\n \
             control of what their staff type into an AI. Conversations stay on the machine, encrypted.\n",
            libraries(&contents.root)?
        )
    };
    let size = installed_size(&contents.root)?;
    let name = contents.name;
    Ok(format!(
        "Package: {name}\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: The authors of Bureau\n\
         Installed-Size: {size}\nSection: misc\nPriority: optional\n{about}"
    ))
}

/// The packages whose libraries the programs are linked to.
fn libraries(root: &Path) -> Result<String, Problem> {
    // dpkg-shlibdeps wants to stand in a source package.
    let source = folder().join("source");
    emptied(&source)?;
    write(
        &source.join("debian/control"),
        "Source: bureau\n\nPackage: bureau\nArchitecture: any\n",
    )?;
    let mut shlibdeps = command("dpkg-shlibdeps");
    let programs = ["bureau", "bureau-desktop"].map(|name| root.join("usr/bin").join(name));
    let named = programs.iter().map(|program| format!("-e{}", program.display()));
    shlibdeps.current_dir(&source).arg("-O").args(named);
    let told = process::output(&mut shlibdeps)?;
    let found = told.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    let found = found.ok_or_else(|| Problem("dpkg-shlibdeps names no library".to_owned()))?;
    let needs = process::output(command("readelf").arg("--version-info").args(&programs))?;
    Ok(if needs.contains(PACKED) { with_packed(found) } else { found.to_owned() })
}

/// What a program with packed relocations (`linking.rs`) needs of glibc. dpkg-shlibdeps does not
/// see it, for it looks at symbols.
const PACKED: &str = "GLIBC_ABI_DT_RELR";
/// Of the glibc that has it, after its major version 2.
const PACKED_SINCE: u32 = 36;

/// These dependencies, with a glibc that reads packed relocations.
fn with_packed(depends: &str) -> String {
    let raised = |dependency: &str| {
        let minor = dependency
            .strip_prefix("libc6 (>= 2.")
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok());
        match minor {
            Some(minor) if minor < PACKED_SINCE => format!("libc6 (>= 2.{PACKED_SINCE})"),
            _ => dependency.to_owned(),
        }
    };
    depends.split(", ").map(raised).collect::<Vec<_>>().join(", ")
}

/// In KiB, as the control file wants it.
fn installed_size(root: &Path) -> Result<String, Problem> {
    let mut du = command("du");
    du.args(["-sk", "--apparent-size", "--exclude=DEBIAN"]).arg(root);
    let told = process::output(&mut du)?;
    Ok(told.split_whitespace().next().unwrap_or("0").to_owned())
}

fn architecture() -> Result<String, Problem> {
    process::output(command("dpkg").arg("--print-architecture"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_relocations_need_a_glibc_that_reads_them() {
        let raised = "libatk1.0-0 (>= 2.12.0), libc6 (>= 2.36), libgcc-s1 (>= 4.2)";
        assert_eq!(
            with_packed("libatk1.0-0 (>= 2.12.0), libc6 (>= 2.4), libgcc-s1 (>= 4.2)"),
            raised
        );
        assert_eq!(
            with_packed("libatk1.0-0 (>= 2.12.0), libc6 (>= 2.35.1), libgcc-s1 (>= 4.2)"),
            raised
        );
        assert_eq!(with_packed(raised), raised);
        assert_eq!(with_packed("libc6 (>= 2.38)"), "libc6 (>= 2.38)");
    }
}
