-- +goose Up

-- export holds what was asked to be written to a file, and how far that is. The
-- file is in the blobs, in parts.
CREATE TABLE export (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    options      TEXT NOT NULL,   -- JSON
    state        TEXT NOT NULL,   -- queued, running, done, failed, canceled or expired
    attempt      BIGINT NOT NULL, -- of those who write it: its part of the names of what they write
    position     TEXT NOT NULL,   -- where the selection goes on, '' at its beginning
    parts        TEXT NOT NULL,   -- JSON: the sizes of the parts in bytes, and who wrote each
    total        BIGINT NOT NULL, -- conversations; -1 while it is not known
    done         BIGINT NOT NULL,
    size         BIGINT NOT NULL, -- bytes
    error        TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX export_workspace ON export (workspace_id, id);
CREATE INDEX export_expires ON export (expires_at) WHERE state = 'done';

-- +goose Down
DROP TABLE export;
