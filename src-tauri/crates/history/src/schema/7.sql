-- What goes to an endpoint in the place of words that must not: the placeholder's kind and number,
-- and the words. A number of 0 stands for words of which a person has said that they may go as they
-- are. It ends with its conversation, and is this machine's alone.
CREATE TABLE replacement (
    id INTEGER PRIMARY KEY NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    words TEXT NOT NULL
) STRICT;
CREATE INDEX replacement_conversation ON replacement (conversation);
-- Two processes that send at once do not give one placeholder to different words.
CREATE UNIQUE INDEX replacement_number ON replacement (conversation, kind, number) WHERE number > 0;

-- For an answer, how many placeholders stood in what was sent for it.
ALTER TABLE message ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced >= 0);
