//! Answers as they stream in: kept as they grow, ended, interrupted, taken up again.

use conversation::{Failure, FinishReason, Message, MessageId, MessageState, Role, Usage};
use rusqlite::params;

use crate::rows::{FINISH, STATE, name_of};
use crate::{History, HistoryError};

/// How an answer ended, and all of it.
#[derive(Debug, Clone, Copy)]
pub struct AnswerEnd<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The whole reasoning.
    pub reasoning: &'a str,
    /// Any state but [`MessageState::Streaming`].
    pub state: MessageState,
    /// Why it failed, if it did.
    pub failure: Option<&'a Failure>,
    /// Why the model ended.
    pub finish: Option<FinishReason>,
    /// Its token counts, where they are known.
    pub usage: Option<Usage>,
    /// From sending the question to this end.
    pub milliseconds: Option<u32>,
}

impl History {
    /// Keeps what has arrived of an answer so far.
    ///
    /// # Errors
    /// [`HistoryError::NotWritable`] if this process is not streaming into the message, as after
    /// its conversation was deleted; or as the disk refuses.
    pub fn checkpoint(
        &self,
        answer: MessageId,
        text: &str,
        reasoning: &str,
    ) -> Result<(), HistoryError> {
        let lease = self.shared.lease()?;
        let changed = self
            .connection()
            .prepare_cached(
                "UPDATE message SET text = ?3, reasoning = ?4 WHERE id = ?1 AND writer = ?2",
            )?
            .execute(params![answer.as_i64(), lease.name(), text, reasoning])?;
        if changed == 0 { Err(HistoryError::NotWritable(answer)) } else { Ok(()) }
    }

    /// Ends an answer that streams into this process. It can be searched from now on.
    ///
    /// # Errors
    /// [`HistoryError::NotWritable`] if this process is not streaming into the message or `end`
    /// names no end; or as the disk refuses.
    pub fn end_answer(
        &self,
        answer: MessageId,
        end: AnswerEnd<'_>,
    ) -> Result<Message, HistoryError> {
        if end.state == MessageState::Streaming {
            return Err(HistoryError::NotWritable(answer));
        }
        let lease = self.shared.lease()?;
        self.transaction(|t| {
            let changed = t
                .sql
                .prepare_cached(
                    "UPDATE message SET text = ?3, reasoning = ?4, state = ?5, failure_code = ?6,
                         failure_message = ?7, failure_retry_after = ?8, finish = ?9,
                         input_tokens = ?10, output_tokens = ?11, milliseconds = ?12,
                         writer = NULL
                     WHERE id = ?1 AND writer = ?2",
                )?
                .execute(params![
                    answer.as_i64(),
                    lease.name(),
                    end.text,
                    end.reasoning,
                    name_of(end.state, STATE),
                    end.failure.map(|failure| failure.code.as_str()),
                    end.failure.map(|failure| &failure.message),
                    end.failure.and_then(|failure| failure.retry_after),
                    end.finish.map(|finish| name_of(finish, FINISH)),
                    end.usage.map(|usage| usage.input_tokens),
                    end.usage.map(|usage| usage.output_tokens),
                    end.milliseconds,
                ])?;
            if changed == 0 {
                return Err(HistoryError::NotWritable(answer));
            }
            t.touch(answer)
        })?;
        self.message(answer)
    }

    /// Lets more text stream into an answer that has ended early in this state, and shows its
    /// branch. `request` is kept as by [`Transaction::set_request`](crate::Transaction::set_request).
    ///
    /// # Errors
    /// [`HistoryError::NoMessage`]; [`HistoryError::NotWritable`] if it is not an answer, or
    /// another process streams into it, or has done so since it was found in this state; [`HistoryError::Held`] if what it says already
    /// could be written over; or as the disk refuses.
    pub fn resume_answer(
        &self,
        answer: MessageId,
        state: MessageState,
        request: &str,
    ) -> Result<Message, HistoryError> {
        let message = self.message(answer)?;
        let lease = self.shared.lease()?;
        self.transaction(|t| {
            t.keep_text(message.conversation, &(message.text.clone() + &message.reasoning), "")?;
            let changed = t
                .sql
                .prepare_cached(
                    "UPDATE message SET state = 'streaming', writer = ?2, failure_code = NULL,
                         failure_message = NULL, failure_retry_after = NULL, finish = NULL
                     WHERE id = ?1 AND role = 'assistant' AND state = ?3
                         AND (writer IS NULL OR writer = ?2)",
                )?
                .execute(params![answer.as_i64(), lease.name(), name_of(state, STATE)])?;
            if changed == 0 || message.role != Role::Assistant {
                return Err(HistoryError::NotWritable(answer));
            }
            t.set_request(answer, request)?;
            t.show(message.conversation, answer)
        })?;
        self.message(answer)
    }

    /// Marks the answers whose process has died.
    pub(crate) fn mark_interrupted(&self) -> Result<(), HistoryError> {
        let writers: Vec<String> = {
            let connection = self.connection();
            let mut statement = connection
                .prepare_cached("SELECT DISTINCT writer FROM message WHERE writer IS NOT NULL")?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for writer in writers.iter().filter(|writer| !self.shared.is_alive(writer)) {
            self.transaction(|t| {
                t.sql.execute(
                    "UPDATE message SET state = 'interrupted', writer = NULL WHERE writer = ?1",
                    [writer],
                )?;
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl crate::Transaction<'_> {
    /// Notes that the message's conversation has changed now.
    fn touch(&self, message: MessageId) -> Result<(), HistoryError> {
        let now = conversation::Timestamp::now().as_millis();
        self.sql
            .prepare_cached(
                "UPDATE conversation SET updated = ?2
                 WHERE id = (SELECT conversation FROM message WHERE id = ?1)",
            )?
            .execute(params![message.as_i64(), now])?;
        Ok(())
    }
}
