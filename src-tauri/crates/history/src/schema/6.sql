-- What other machines of the same person are to know: for each thing that can change, when it was
-- last changed and where. Nothing stands here while the history is on one machine alone.
--
-- A version is a time of a hybrid logical clock (milliseconds << 16, and a counter) and the machine
-- that it is of. `place` is where a change stands among those that are still to be sent, `segment`
-- the one of this machine's own segments that it was sent with; of what other machines changed last
-- both are empty. `kind` is 1 for conversations and 2 for folders.
CREATE TABLE sync_device (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    device INTEGER NOT NULL CHECK (device > 0),
    -- The time of the last change.
    clock INTEGER NOT NULL,
    -- So many milliseconds are added to what the machine's clock says.
    ahead INTEGER NOT NULL DEFAULT 0,
    -- Whether changes are noted: not while those of others are brought in.
    recording INTEGER NOT NULL DEFAULT 1 CHECK (recording IN (0, 1)),
    -- How often the list of segments was changed, and whether the store has it as it is here.
    counter INTEGER NOT NULL DEFAULT 0,
    published INTEGER NOT NULL DEFAULT 1 CHECK (published IN (0, 1)),
    -- What the store has, as the hash of that list.
    head TEXT
) STRICT;

-- How far the changes of each other machine were brought in.
CREATE TABLE sync_peer (
    device INTEGER PRIMARY KEY NOT NULL,
    counter INTEGER NOT NULL,
    head TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT;

-- This machine's segments in the store.
CREATE TABLE sync_segment (
    root INTEGER PRIMARY KEY NOT NULL,
    generation INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL,
    records INTEGER NOT NULL,
    -- So many of its records say what is no longer so, and whether any of them was erased.
    dead INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1))
) STRICT;
-- Those of them that no list names any more and that are still to be deleted.
CREATE TABLE sync_dropped (
    root INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (root, generation)
) STRICT, WITHOUT ROWID;

-- What a conversation or folder is beside its messages or files: each field, with its value, also
-- where there is no row for it yet, or where what it refers to is not there yet.
CREATE TABLE sync_field (
    kind INTEGER NOT NULL,
    record INTEGER NOT NULL,
    field TEXT NOT NULL,
    value ANY,
    time INTEGER NOT NULL,
    device INTEGER NOT NULL,
    place INTEGER,
    segment INTEGER,
    PRIMARY KEY (kind, record, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_field_place ON sync_field (place) WHERE place IS NOT NULL;
CREATE INDEX sync_field_segment ON sync_field (segment) WHERE segment IS NOT NULL;
CREATE INDEX sync_field_folder ON sync_field (value) WHERE field = 'folder';
CREATE INDEX sync_field_tag ON sync_field (field) WHERE field >= 'tag:' AND field < 'tag;';

-- The messages of conversations and the files of folders.
CREATE TABLE sync_part (
    kind INTEGER NOT NULL,
    record INTEGER NOT NULL,
    part INTEGER NOT NULL,
    -- When it was added, and when it was last changed.
    born INTEGER NOT NULL,
    born_device INTEGER NOT NULL,
    time INTEGER NOT NULL,
    device INTEGER NOT NULL,
    -- The message that it follows, where that is not here yet.
    parent INTEGER,
    place INTEGER,
    segment INTEGER,
    PRIMARY KEY (kind, record, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_part_place ON sync_part (place) WHERE place IS NOT NULL;
CREATE INDEX sync_part_segment ON sync_part (segment) WHERE segment IS NOT NULL;
CREATE INDEX sync_part_parent ON sync_part (parent) WHERE parent IS NOT NULL;

-- What was erased: nothing of this part (0 stands for all fields) is kept up to this version.
CREATE TABLE sync_floor (
    kind INTEGER NOT NULL,
    record INTEGER NOT NULL,
    part INTEGER NOT NULL,
    time INTEGER NOT NULL,
    device INTEGER NOT NULL,
    place INTEGER,
    segment INTEGER,
    PRIMARY KEY (kind, record, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_floor_place ON sync_floor (place) WHERE place IS NOT NULL;
CREATE INDEX sync_floor_segment ON sync_floor (segment) WHERE segment IS NOT NULL;

-- What a segment of this machine holds is no longer so, or was erased.
CREATE TRIGGER sync_field_moved AFTER UPDATE OF segment ON sync_field
WHEN old.segment IS NOT NULL AND new.segment IS NOT old.segment BEGIN
    UPDATE sync_segment SET dead = dead + 1 WHERE root = old.segment;
END;
CREATE TRIGGER sync_part_moved AFTER UPDATE OF segment ON sync_part
WHEN old.segment IS NOT NULL AND new.segment IS NOT old.segment BEGIN
    UPDATE sync_segment SET dead = dead + 1 WHERE root = old.segment;
END;
CREATE TRIGGER sync_floor_moved AFTER UPDATE OF segment ON sync_floor
WHEN old.segment IS NOT NULL AND new.segment IS NOT old.segment BEGIN
    UPDATE sync_segment SET dead = dead + 1 WHERE root = old.segment;
END;
CREATE TRIGGER sync_field_erased AFTER DELETE ON sync_field WHEN old.segment IS NOT NULL BEGIN
    UPDATE sync_segment SET dead = dead + 1, erased = 1 WHERE root = old.segment;
END;
CREATE TRIGGER sync_part_erased AFTER DELETE ON sync_part WHEN old.segment IS NOT NULL BEGIN
    UPDATE sync_segment SET dead = dead + 1, erased = 1 WHERE root = old.segment;
END;

-- The fields of what is there, and since when, in milliseconds, each can have been so.
CREATE VIEW sync_known_field (kind, record, field, value, since) AS
SELECT 1, id, 'title', title, created FROM conversation WHERE title <> ''
UNION ALL SELECT 1, id, 'model', model, created FROM conversation WHERE model IS NOT NULL
UNION ALL SELECT 1, id, 'pinned', 1, created FROM conversation WHERE pinned = 1
UNION ALL SELECT 1, id, 'archived', 1, created FROM conversation WHERE archived = 1
UNION ALL SELECT 1, id, 'held', 1, created FROM conversation WHERE held = 1
UNION ALL SELECT 1, id, 'instructions', instructions, created FROM conversation
    WHERE instructions <> ''
UNION ALL SELECT 1, id, 'folder', folder, created FROM conversation WHERE folder IS NOT NULL
UNION ALL SELECT 1, id, 'leaf', leaf, created FROM conversation WHERE leaf IS NOT NULL
UNION ALL SELECT 1, id, 'trashed', deleted, deleted FROM conversation WHERE deleted IS NOT NULL
UNION ALL SELECT 1, id, 'created', created, created FROM conversation
UNION ALL SELECT 1, id, 'updated', updated, created FROM conversation
UNION ALL SELECT 1, conversation, 'imported', key, created
    FROM imported JOIN conversation ON conversation.id = imported.conversation
UNION ALL SELECT 1, conversation, 'tag:' || folded, name, created
    FROM conversation_tag JOIN tag ON tag.id = tag
    JOIN conversation ON conversation.id = conversation_tag.conversation
UNION ALL SELECT 2, id, 'made', 1, id >> 21 FROM folder
UNION ALL SELECT 2, id, 'name', name, id >> 21 FROM folder
UNION ALL SELECT 2, id, 'held', 1, id >> 21 FROM folder WHERE held = 1
UNION ALL SELECT 2, id, 'instructions', instructions, id >> 21 FROM folder
    WHERE instructions <> ''
UNION ALL SELECT 2, id, 'retention', retention, id >> 21 FROM folder
    WHERE retention IS NOT NULL;

-- The time of the next change.
CREATE VIEW sync_next AS
SELECT max(clock + 1, (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) + ahead) << 16) AS time
FROM sync_device;

-- What is changed and erased is noted by the triggers below; new conversations and messages are by
-- statements of sync/journal.rs, as they are put into the index: an import fires no trigger for
-- each row.
CREATE TRIGGER sync_conversation_changed AFTER UPDATE ON conversation
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, new.id, name, now, clock, device, clock FROM sync_device, (
        SELECT 'title' AS name, new.title AS now, old.title AS before
        UNION ALL SELECT 'model', new.model, old.model
        UNION ALL SELECT 'pinned', new.pinned, old.pinned
        UNION ALL SELECT 'archived', new.archived, old.archived
        UNION ALL SELECT 'instructions', new.instructions, old.instructions
        UNION ALL SELECT 'held', new.held, old.held
        UNION ALL SELECT 'trashed', new.deleted, old.deleted
        UNION ALL SELECT 'leaf', new.leaf, old.leaf
        UNION ALL SELECT 'updated', new.updated, old.updated
    )
    WHERE now IS NOT before
    UNION ALL
    -- A folder that is deleted leaves its conversations; they did not leave it.
    SELECT 1, new.id, 'folder', new.folder, clock, device, clock FROM sync_device
    WHERE new.folder IS NOT old.folder
        AND (new.folder IS NOT NULL OR EXISTS (SELECT 1 FROM folder WHERE id = old.folder))
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
CREATE TRIGGER sync_conversation_erased BEFORE DELETE ON conversation
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_floor (kind, record, part, time, device, place)
    SELECT 1, old.id, part, version.time, version.device, clock FROM sync_device, (
        SELECT part, time, device FROM sync_part WHERE kind = 1 AND record = old.id
        UNION ALL
        SELECT * FROM (SELECT 0, time, device FROM sync_field
            WHERE kind = 1 AND record = old.id ORDER BY time DESC, device DESC LIMIT 1)
    ) AS version
    WHERE true
    ON CONFLICT (kind, record, part) DO UPDATE SET time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL
        WHERE (excluded.time, excluded.device) > (time, device);
    DELETE FROM sync_part WHERE kind = 1 AND record = old.id;
    DELETE FROM sync_field WHERE kind = 1 AND record = old.id;
END;

CREATE TRIGGER sync_message_changed AFTER UPDATE ON message
WHEN new.state <> 'streaming' AND (old.state <> new.state OR old.text <> new.text
    OR old.reasoning <> new.reasoning) AND (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    UPDATE sync_part SET segment = NULL, (time, device, place) =
            (SELECT clock, device, clock FROM sync_device)
        WHERE kind = 1 AND record = new.conversation AND part = new.id;
END;

-- A tag is a field of each conversation: its name where that bears it.
CREATE TRIGGER sync_tag_put AFTER INSERT ON conversation_tag
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, new.conversation, 'tag:' || folded, name, clock, device, clock
        FROM sync_device, tag WHERE tag.id = new.tag
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
CREATE TRIGGER sync_tag_taken BEFORE DELETE ON conversation_tag
WHEN (SELECT recording FROM sync_device) = 1
    AND EXISTS (SELECT 1 FROM conversation WHERE id = old.conversation) BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, old.conversation, 'tag:' || folded, NULL, clock, device, clock
        FROM sync_device, tag WHERE tag.id = old.tag
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
CREATE TRIGGER sync_tag_deleted BEFORE DELETE ON tag
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, conversation, 'tag:' || old.folded, NULL, clock, device, clock
        FROM sync_device, conversation_tag WHERE tag = old.id
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
CREATE TRIGGER sync_tag_renamed AFTER UPDATE ON tag
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, conversation, 'tag:' || old.folded, NULL, clock, device, clock
        FROM sync_device, conversation_tag WHERE tag = new.id
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, conversation, 'tag:' || new.folded, new.name, clock, device, clock
        FROM sync_device, conversation_tag WHERE tag = new.id
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;

CREATE TRIGGER sync_imported AFTER INSERT ON imported
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 1, new.conversation, 'imported', new.key, clock, device, clock FROM sync_device
    WHERE true
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;

CREATE TRIGGER sync_folder_made AFTER INSERT ON folder
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 2, new.id, name, value, clock, device, clock FROM sync_device, (
        SELECT 'made' AS name, 1 AS value UNION ALL SELECT 'name', new.name
    );
END;
CREATE TRIGGER sync_folder_changed AFTER UPDATE ON folder
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 2, new.id, name, now, clock, device, clock FROM sync_device, (
        SELECT 'name' AS name, new.name AS now, old.name AS before
        UNION ALL SELECT 'held', new.held, old.held
        UNION ALL SELECT 'instructions', new.instructions, old.instructions
        UNION ALL SELECT 'retention', new.retention, old.retention
    )
    WHERE now IS NOT before
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
CREATE TRIGGER sync_folder_erased BEFORE DELETE ON folder
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_floor (kind, record, part, time, device, place)
    SELECT 2, old.id, part, version.time, version.device, clock FROM sync_device, (
        SELECT part, time, device FROM sync_part WHERE kind = 2 AND record = old.id
        UNION ALL
        SELECT * FROM (SELECT 0, time, device FROM sync_field
            WHERE kind = 2 AND record = old.id ORDER BY time DESC, device DESC LIMIT 1)
    ) AS version
    WHERE true
    ON CONFLICT (kind, record, part) DO UPDATE SET time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL
        WHERE (excluded.time, excluded.device) > (time, device);
    DELETE FROM sync_part WHERE kind = 2 AND record = old.id;
    DELETE FROM sync_field WHERE kind = 2 AND record = old.id;
END;
CREATE TRIGGER sync_folder_file_added AFTER INSERT ON folder_file
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_part (kind, record, part, born, born_device, time, device, place)
    SELECT 2, new.folder, new.id, clock, device, clock, device, clock FROM sync_device;
END;
CREATE TRIGGER sync_folder_file_erased BEFORE DELETE ON folder_file
WHEN (SELECT recording FROM sync_device) = 1
    AND EXISTS (SELECT 1 FROM folder WHERE id = old.folder) BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_floor (kind, record, part, time, device, place)
    SELECT 2, old.folder, old.id, sync_part.time, sync_part.device, clock
        FROM sync_device, sync_part
        WHERE kind = 2 AND record = old.folder AND part = old.id
    ON CONFLICT (kind, record, part) DO UPDATE SET time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL
        WHERE (excluded.time, excluded.device) > (time, device);
    DELETE FROM sync_part WHERE kind = 2 AND record = old.folder AND part = old.id;
END;
