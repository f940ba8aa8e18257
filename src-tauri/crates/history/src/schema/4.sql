-- A search index of what step 2 indexed and of attached files, in which text of scripts without
-- spaces is found by any part of it, and what a message is beside its text by words of its own.
-- `index_text`, `index_facets` and `index_attachment` are functions of this crate's connections
-- (functions.rs). What they give for a value may change only with a step that rebuilds.
DROP TRIGGER message_added;
DROP TRIGGER message_changed_from;
DROP TRIGGER message_changed_to;
DROP TRIGGER message_removed;
DROP TRIGGER conversation_added;
DROP TRIGGER conversation_renamed;
DROP TRIGGER conversation_removed;
DROP TABLE message_index;
DROP TABLE title_index;
DROP VIEW message_searchable;

-- How many files travel with it. It stands here so that what is indexed of a message can be told
-- from its own row, also when that is deleted together with the rows of its files.
ALTER TABLE message ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
UPDATE message SET files = (SELECT count(*) FROM attachment WHERE message = message.id)
WHERE id IN (SELECT message FROM attachment);

CREATE VIEW message_searchable AS
SELECT id, index_text(text) AS text,
    index_facets(conversation, role, model, files, text) AS facets
FROM message WHERE state <> 'streaming';
CREATE VIEW title_searchable AS SELECT id, index_text(title) AS text FROM conversation;
CREATE VIEW attachment_searchable AS
SELECT id, index_attachment(name, media_type, data) AS text FROM attachment;

CREATE VIRTUAL TABLE message_index USING fts5 (
    text, facets, content = 'message_searchable', content_rowid = 'id', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
);
CREATE VIRTUAL TABLE title_index USING fts5 (
    text, content = 'title_searchable', content_rowid = 'id', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
);
CREATE VIRTUAL TABLE attachment_index USING fts5 (
    text, content = 'attachment_searchable', content_rowid = 'id', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
);
-- What is deleted leaves no word behind in the index.
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
INSERT INTO title_index (title_index, rank) VALUES ('secure-delete', 1);
INSERT INTO attachment_index (attachment_index, rank) VALUES ('secure-delete', 1);

-- A leaf of the index fills one page of the database, which has 80 of its 4096 bytes for SQLCipher
-- (by default three leaves lie in a page, and a quarter of it is empty). Four megabytes instead of
-- one are gathered in memory before they are written, so that an import merges less.
INSERT INTO message_index (message_index, rank) VALUES ('pgsz', 3950);
INSERT INTO attachment_index (attachment_index, rank) VALUES ('pgsz', 3950);
INSERT INTO message_index (message_index, rank) VALUES ('hashsize', 4194304);

-- The words of each index, read from it; these tables hold nothing.
CREATE VIRTUAL TABLE message_word USING fts5vocab (message_index, instance);
CREATE VIRTUAL TABLE title_word USING fts5vocab (title_index, instance);
CREATE VIRTUAL TABLE attachment_word USING fts5vocab (attachment_index, instance);

-- What is new is put into the index of messages and titles by transaction.rs, in statements of
-- their own: one that fires a trigger opens a savepoint, at which FTS5 writes out all it has
-- gathered, and an import would be ten times slower.
CREATE TRIGGER message_changed_from AFTER UPDATE ON message
WHEN old.state <> 'streaming' AND (new.state = 'streaming' OR new.text <> old.text) BEGIN
    INSERT INTO message_index (message_index, rowid, text, facets) VALUES (
        'delete', old.id, index_text(old.text),
        index_facets(old.conversation, old.role, old.model, old.files, old.text)
    );
END;
CREATE TRIGGER message_changed_to AFTER UPDATE ON message
WHEN new.state <> 'streaming' AND (old.state = 'streaming' OR new.text <> old.text) BEGIN
    INSERT INTO message_index (rowid, text, facets) VALUES (
        new.id, index_text(new.text),
        index_facets(new.conversation, new.role, new.model, new.files, new.text)
    );
END;
CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_index (message_index, rowid, text, facets) VALUES (
        'delete', old.id, index_text(old.text),
        index_facets(old.conversation, old.role, old.model, old.files, old.text)
    );
END;

CREATE TRIGGER conversation_renamed AFTER UPDATE OF title ON conversation
WHEN new.title <> old.title BEGIN
    INSERT INTO title_index (title_index, rowid, text)
        VALUES ('delete', old.id, index_text(old.title));
    INSERT INTO title_index (rowid, text) VALUES (new.id, index_text(new.title));
END;
CREATE TRIGGER conversation_removed AFTER DELETE ON conversation BEGIN
    INSERT INTO title_index (title_index, rowid, text)
        VALUES ('delete', old.id, index_text(old.title));
END;

CREATE TRIGGER attachment_added AFTER INSERT ON attachment BEGIN
    INSERT INTO attachment_index (rowid, text)
        VALUES (new.id, index_attachment(new.name, new.media_type, new.data));
END;
CREATE TRIGGER attachment_removed AFTER DELETE ON attachment BEGIN
    INSERT INTO attachment_index (attachment_index, rowid, text)
        VALUES ('delete', old.id, index_attachment(old.name, old.media_type, old.data));
END;

INSERT INTO message_index (message_index) VALUES ('rebuild');
INSERT INTO title_index (title_index) VALUES ('rebuild');
INSERT INTO attachment_index (attachment_index) VALUES ('rebuild');
