//! How the system writes dates and numbers, which the web view need not know.

/// The locale of the system's dates and numbers as a tag, such as `en-GB`; none where it has none.
pub(crate) fn of_system() -> Option<String> {
    if cfg!(target_os = "linux") {
        of_variables(|name| std::env::var(name).ok())
    } else {
        sys_locale::get_locale()
    }
}

/// The same by POSIX: the first of these variables that is set says it.
fn of_variables(value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let names = ["LC_ALL", "LC_TIME", "LANG"];
    let locale = names.into_iter().filter_map(value).find(|locale| !locale.is_empty())?;
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    (!matches!(name, "C" | "POSIX")).then(|| name.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(set: &[(&str, &str)]) -> Option<String> {
        let value = |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, v)| (*v).into());
        of_variables(value)
    }

    #[test]
    fn the_variable_for_dates_comes_before_the_one_for_all() {
        let british = Some("en-GB".to_owned());
        assert_eq!(told(&[("LANG", "en_GB.UTF-8")]), british);
        assert_eq!(told(&[("LANG", "en_US.UTF-8"), ("LC_TIME", "en_GB@euro")]), british);
        assert_eq!(told(&[("LC_ALL", "en_GB"), ("LC_TIME", "fr_FR.UTF-8")]), british);
        assert_eq!(told(&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")]), british);
    }

    #[test]
    fn a_system_without_a_language_has_no_region() {
        for set in [&[][..], &[("LANG", "C.UTF-8")], &[("LC_ALL", "POSIX"), ("LANG", "fr_FR")]] {
            assert_eq!(told(set), None, "{set:?}");
        }
    }
}
