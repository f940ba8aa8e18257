//! Numbers, which are the same in every language.

/// Whether both texts name the same numbers, in whatever order and with whatever separators: `1,234.50`
/// and `1 234,50` are one number.
pub(crate) fn same(one: &str, other: &str) -> bool {
    runs(one, false) == runs(other, false) || runs(one, true) == runs(other, true)
}

/// The numbers of a text, sorted, without zeroes before them: each run of digits, or each number with
/// its separators left out.
fn runs(text: &str, joined: bool) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut runs: Vec<String> = Vec::new();
    let mut run = String::new();
    let mut end = |run: &mut String| {
        if !run.is_empty() {
            let number = run.trim_start_matches('0');
            runs.push(if number.is_empty() { "0".to_owned() } else { number.to_owned() });
            run.clear();
        }
    };
    for (place, character) in characters.iter().enumerate() {
        if let Some(digit) = digit(*character) {
            run.push(digit);
            continue;
        }
        let between = || {
            let after = characters.get(place + 1).copied().and_then(digit).is_some();
            joined && after && is_separator(*character)
        };
        if !run.is_empty() && between() {
            continue;
        }
        end(&mut run);
    }
    end(&mut run);
    runs.sort();
    runs
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{66b}' | '\u{66c}'
    )
}

/// A digit of any script that writes numbers with ten of them, as an ASCII one.
fn digit(character: char) -> Option<char> {
    const ZEROES: [char; 8] = ['0', '٠', '۰', '०', '০', '๐', '０', '૦'];
    ZEROES.iter().find_map(|zero| {
        let digit =
            u32::from(character).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10)?;
        char::from_digit(digit, 10)
    })
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        assert!(same("It costs 1,234.50 in 2024.", "2024: 1 234,50"));
        assert!(same("12 pages", "١٢ صفحة"));
        assert!(same("on 03/04", "le 3/4"));
        assert!(same("no number", "aucun nombre"));
        assert!(!same("12 pages", "13 pages"));
        assert!(!same("12 pages", "pages"));
        assert!(!same("pages 1 and 2", "pages 1, 2 et 3"));
    }
}
