-- Conversations, their messages, and what travels with them. Ids are the domain's own: positive
-- 63-bit numbers that grow with time, so rows are appended in order.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    -- The end of the branch that is shown.
    leaf INTEGER,
    model TEXT,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_updated ON conversation (updated, id);

CREATE TABLE message (
    id INTEGER PRIMARY KEY NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    -- In the same conversation, and older. Not a declared reference: that would need an index as
    -- large as the ids themselves, only to find children when a conversation is deleted whole.
    parent INTEGER CHECK (parent < id),
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    state TEXT NOT NULL
        CHECK (state IN ('complete', 'streaming', 'stopped', 'interrupted', 'failed')),
    text TEXT NOT NULL,
    reasoning TEXT NOT NULL,
    failure_code TEXT,
    failure_message TEXT,
    failure_retry_after INTEGER,
    finish TEXT,
    model TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    -- The lease of the process that an answer streams into.
    writer TEXT CHECK ((writer IS NOT NULL) = (state = 'streaming')),
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX message_conversation ON message (conversation);
CREATE INDEX message_streaming ON message (writer) WHERE writer IS NOT NULL;

CREATE TABLE attachment (
    id INTEGER PRIMARY KEY NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX attachment_message ON attachment (message);

CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
