//! Has the linker make the program small.

fn main() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|told| told == value);
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
    {
        // Functions that are alike are one: by lld, which links there.
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=safe");
    }
}
