-- Full-text search over titles and messages. An answer enters the index when it ends, so that a
-- checkpoint of a long one does not index it anew each second.
CREATE VIEW message_searchable AS SELECT id, text FROM message WHERE state <> 'streaming';

CREATE VIRTUAL TABLE message_index USING fts5 (
    text, content = 'message_searchable', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE title_index USING fts5 (
    title, content = 'conversation', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
-- What is deleted leaves no word behind in the index.
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
INSERT INTO title_index (title_index, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_index (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_changed_from AFTER UPDATE ON message
WHEN old.state <> 'streaming' AND (new.state = 'streaming' OR new.text <> old.text) BEGIN
    INSERT INTO message_index (message_index, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER message_changed_to AFTER UPDATE ON message
WHEN new.state <> 'streaming' AND (old.state = 'streaming' OR new.text <> old.text) BEGIN
    INSERT INTO message_index (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_index (message_index, rowid, text) VALUES ('delete', old.id, old.text);
END;

CREATE TRIGGER conversation_added AFTER INSERT ON conversation BEGIN
    INSERT INTO title_index (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER conversation_renamed AFTER UPDATE OF title ON conversation
WHEN new.title <> old.title BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO title_index (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER conversation_removed AFTER DELETE ON conversation BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title);
END;

INSERT INTO message_index (message_index) VALUES ('rebuild');
INSERT INTO title_index (title_index) VALUES ('rebuild');
