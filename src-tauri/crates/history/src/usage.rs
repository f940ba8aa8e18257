//! What was written, by model and by month.

use std::collections::BTreeMap;

use conversation::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{History, HistoryError};

/// What was written in the conversations that are not deleted. An answer counts when it has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Activity {
    /// Conversations.
    pub conversations: u32,
    /// All messages of all branches.
    pub total: Counts,
    /// The same by the model that wrote it, the most messages first.
    pub models: Vec<ModelCounts>,
    /// The same by the month in which it was made, the first one first.
    pub months: Vec<MonthCounts>,
}

/// Numbers of what was written; each stays far below the 2⁵³ that the page can count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Counts {
    /// Messages.
    pub messages: u32,
    /// Words: what stands between spaces and holds a letter or digit; of Chinese and Japanese
    /// each character.
    #[specta(type = u32)]
    pub words: u64,
    /// Tokens that models read, as far as their endpoints told.
    #[specta(type = u32)]
    pub input_tokens: u64,
    /// Tokens that models wrote.
    #[specta(type = u32)]
    pub output_tokens: u64,
}

/// What a model wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ModelCounts {
    /// The model; none for what people wrote.
    pub model: Option<String>,
    /// Its messages.
    pub counts: Counts,
}

/// What was written in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct MonthCounts {
    /// The month, of UTC: `2026-11`.
    pub month: String,
    /// Its messages.
    pub counts: Counts,
}

impl History {
    /// What was written, by model and by month. It is counted as it is written, so that this reads
    /// a row or two for each conversation and no message.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn activity(&self) -> Result<Activity, HistoryError> {
        let connection = self.connection();
        let mut activity = Activity {
            conversations: connection.query_row(
                "SELECT count(*) FROM conversation WHERE deleted IS NULL",
                [],
                |row| row.get(0),
            )?,
            ..Activity::default()
        };
        let mut statement = connection.prepare_cached(
            "SELECT month, usage.model, sum(messages), sum(words), sum(input_tokens), sum(output_tokens)
             FROM usage JOIN conversation ON conversation.id = usage.conversation
             WHERE deleted IS NULL GROUP BY month, usage.model",
        )?;
        let mut models: BTreeMap<String, Counts> = BTreeMap::new();
        let mut months: BTreeMap<String, Counts> = BTreeMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = |column| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0));
            let counts = Counts {
                messages: row.get(2)?,
                words: number(3)?,
                input_tokens: number(4)?,
                output_tokens: number(5)?,
            };
            activity.total.add(counts);
            months.entry(row.get(0)?).or_default().add(counts);
            models.entry(row.get(1)?).or_default().add(counts);
        }
        activity.months =
            months.into_iter().map(|(month, counts)| MonthCounts { month, counts }).collect();
        activity.models = models
            .into_iter()
            .map(|(model, counts)| ModelCounts {
                model: (!model.is_empty()).then_some(model),
                counts,
            })
            .collect();
        activity.models.sort_by_key(|model| std::cmp::Reverse(model.counts.messages));
        Ok(activity)
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.messages = self.messages.saturating_add(other.messages);
        self.words = self.words.saturating_add(other.words);
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }
}

/// The words of a text: see [`Counts::words`].
pub(crate) fn count_words(text: &str) -> i64 {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        if is_word_by_itself(c) {
            count += 1;
            in_word = false;
        } else if c.is_whitespace() {
            in_word = false;
        } else if c.is_alphanumeric() && !in_word {
            count += 1;
            in_word = true;
        }
    }
    count
}

/// Han and kana (<https://www.unicode.org/charts/>).
fn is_word_by_itself(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The month of a moment, of UTC: `2026-11`. One that no calendar holds is the last or first.
pub(crate) fn month_of(moment: Timestamp) -> String {
    let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let millis = moment.as_millis().clamp(first.as_millisecond(), last.as_millisecond());
    let date = jiff::Timestamp::from_millisecond(millis).unwrap_or(last).to_zoned(TimeZone::UTC);
    format!("{:04}-{:02}", date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_spaces_and_characters_of_chinese_by_themselves() {
        for (text, count) in [
            ("", 0),
            ("  l'été  est-il là ?\n- oui", 4),
            ("東京 tower", 3),
            ("これはa1です。", 6),
            ("서울에서 만나요", 2),
            ("— … **", 0),
        ] {
            assert_eq!(count_words(text), count, "{text}");
        }
    }

    #[test]
    fn any_moment_has_a_month() {
        assert_eq!(month_of(Timestamp::from_millis(0)), "1970-01");
        assert_eq!(month_of(Timestamp::from_millis(1_764_201_600_000)), "2025-11");
        assert_eq!(month_of(Timestamp::from_millis(i64::MAX)), "9999-12");
        assert!(!month_of(Timestamp::from_millis(i64::MIN)).is_empty());
    }
}
