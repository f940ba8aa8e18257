-- Where the file lay that an attached document was read of, and the SHA-256 of what was read, so that
-- its pages can be drawn from there while it is unchanged. It ends with the document, and is this
-- machine's alone.
CREATE TABLE original (
    attachment INTEGER PRIMARY KEY NOT NULL REFERENCES attachment (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32)
) STRICT;
