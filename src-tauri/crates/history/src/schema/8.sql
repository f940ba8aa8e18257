-- What terms are to be called in the translations of a folder, as lines of a term and its translation.
ALTER TABLE folder ADD COLUMN glossary TEXT NOT NULL DEFAULT '';

-- Other machines are told of it as of all else that a folder is.
DROP VIEW sync_known_field;
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
    WHERE retention IS NOT NULL
UNION ALL SELECT 2, id, 'glossary', glossary, id >> 21 FROM folder
    WHERE glossary <> '';

DROP TRIGGER sync_folder_changed;
CREATE TRIGGER sync_folder_changed AFTER UPDATE ON folder
WHEN (SELECT recording FROM sync_device) = 1 BEGIN
    UPDATE sync_device SET clock = (SELECT time FROM sync_next);
    INSERT INTO sync_field (kind, record, field, value, time, device, place)
    SELECT 2, new.id, name, now, clock, device, clock FROM sync_device, (
        SELECT 'name' AS name, new.name AS now, old.name AS before
        UNION ALL SELECT 'held', new.held, old.held
        UNION ALL SELECT 'instructions', new.instructions, old.instructions
        UNION ALL SELECT 'retention', new.retention, old.retention
        UNION ALL SELECT 'glossary', new.glossary, old.glossary
    )
    WHERE now IS NOT before
    ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value, time = excluded.time,
        device = excluded.device, place = excluded.place, segment = NULL;
END;
