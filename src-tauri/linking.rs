//! How the build scripts of both programs have them linked: small, and soon begun.

use std::process::Command;

/// glibc reads relocations that are packed since 2.36; a program that has them starts with no older one.
const PACKED_SINCE: (u32, u32) = (2, 36);

/// Tells cargo what the linker is to do, in release and where Rust links with lld.
pub(crate) fn small() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|told| told == value);
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
    {
        // Functions that are alike are one.
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=safe");
        // Programs run on the glibc that they are built on, and later ones.
        if std::env::var("HOST") == std::env::var("TARGET") && glibc() >= Some(PACKED_SINCE) {
            println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
    }
}

/// The version of the machine's own; none where it does not tell.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
