-- What a person does with conversations beside reading them: pinning, instructions for the model,
-- drafts, and deleting with a time in which that can be undone.
ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
ALTER TABLE conversation ADD COLUMN instructions TEXT NOT NULL DEFAULT '';
-- When it was deleted, while that can be undone.
ALTER TABLE conversation ADD COLUMN deleted INTEGER;
CREATE INDEX conversation_deleted ON conversation (deleted) WHERE deleted IS NOT NULL;

-- From sending the question to the end of the answer.
ALTER TABLE message ADD COLUMN milliseconds INTEGER;
-- What an answer's request was made of beside the branch: written and read by the assistant.
ALTER TABLE message ADD COLUMN request TEXT;

CREATE TABLE draft (
    -- 0 stands for the conversation to be, so this is no declared reference.
    conversation INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TRIGGER conversation_removed_with_draft AFTER DELETE ON conversation BEGIN
    DELETE FROM draft WHERE conversation = old.id;
END;
