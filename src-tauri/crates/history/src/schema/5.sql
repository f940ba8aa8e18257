-- What keeps order among many conversations: folders with instructions and files of their own,
-- tags, putting away; what was brought in from elsewhere; how long things are kept, and what is
-- held against every deletion; and counts that would take a second to take anew.
-- `count_words` and `month_of` are functions of this crate's connections (functions.rs).
CREATE TABLE folder (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    instructions TEXT NOT NULL DEFAULT '',
    -- So many days after it was last changed is a conversation in it erased; where there is none,
    -- the setting for all holds.
    retention INTEGER CHECK (retention > 0),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))
) STRICT;
CREATE TABLE folder_file (
    id INTEGER PRIMARY KEY NOT NULL,
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX folder_file_folder ON folder_file (folder);

ALTER TABLE conversation ADD COLUMN folder INTEGER REFERENCES folder (id) ON DELETE SET NULL;
ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0
    CHECK (archived IN (0, 1));
-- Nothing of it may be deleted, or changed so that something is lost.
ALTER TABLE conversation ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
-- A list is read page by page in this order.
CREATE INDEX conversation_listed ON conversation (pinned, updated, id)
    WHERE deleted IS NULL AND archived = 0;
CREATE INDEX conversation_folder ON conversation (folder) WHERE folder IS NOT NULL;
CREATE INDEX conversation_archived ON conversation (id) WHERE archived = 1;

CREATE TABLE tag (
    id INTEGER PRIMARY KEY NOT NULL,
    -- As it was first written.
    name TEXT NOT NULL,
    -- Without case: what tells one from another.
    folded TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE conversation_tag (
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    tag INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_tag_tag ON conversation_tag (tag);
-- A tag is there as long as something bears it.
CREATE TRIGGER tag_unused AFTER DELETE ON conversation_tag BEGIN
    DELETE FROM tag WHERE id = old.tag
        AND NOT EXISTS (SELECT 1 FROM conversation_tag WHERE tag = old.tag);
END;

-- What was brought in, by the name that it has where it comes from.
CREATE TABLE imported (
    key TEXT PRIMARY KEY NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_conversation ON imported (conversation);

-- What is counted of the messages that have come to an end, for each conversation, so that it goes
-- with that. Messages are added by statements of transaction.rs, as they are to the index; what
-- streamed in by the triggers below.
CREATE TABLE usage (
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    -- `2026-11`, of UTC.
    month TEXT NOT NULL,
    -- Empty for what people write.
    model TEXT NOT NULL,
    messages INTEGER NOT NULL,
    words INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    PRIMARY KEY (conversation, month, model)
) STRICT, WITHOUT ROWID;
INSERT INTO usage
SELECT conversation, month_of(created), coalesce(model, ''), count(*), sum(count_words(text)),
    sum(coalesce(input_tokens, 0)), sum(coalesce(output_tokens, 0))
FROM message WHERE state <> 'streaming' GROUP BY 1, 2, 3;
CREATE TRIGGER message_counted AFTER UPDATE OF state ON message
WHEN old.state = 'streaming' AND new.state <> 'streaming' BEGIN
    INSERT INTO usage VALUES (
        new.conversation, month_of(new.created), coalesce(new.model, ''), 1,
        count_words(new.text), coalesce(new.input_tokens, 0), coalesce(new.output_tokens, 0)
    )
    ON CONFLICT DO UPDATE SET messages = messages + 1, words = words + excluded.words,
        input_tokens = input_tokens + excluded.input_tokens,
        output_tokens = output_tokens + excluded.output_tokens;
END;
-- An answer that goes on is counted again when it ends.
CREATE TRIGGER message_counted_no_more AFTER UPDATE OF state ON message
WHEN old.state <> 'streaming' AND new.state = 'streaming' BEGIN
    UPDATE usage SET messages = messages - 1, words = words - count_words(old.text),
        input_tokens = input_tokens - coalesce(old.input_tokens, 0),
        output_tokens = output_tokens - coalesce(old.output_tokens, 0)
    WHERE conversation = old.conversation AND month = month_of(old.created)
        AND model = coalesce(old.model, '');
    DELETE FROM usage WHERE conversation = old.conversation AND messages = 0;
END;

-- The index of attached files is filled by a statement of its own as well now, and for the same
-- reason: an import with many files is as quick as one without.
DROP TRIGGER attachment_added;
