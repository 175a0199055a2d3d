-- +goose Up

-- import holds what was brought from another system in a file, and how far the
-- taking of it is. The file is in the blobs until that ends.
CREATE TABLE import (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,   -- of the file
    size         BIGINT NOT NULL, -- bytes
    system       TEXT NOT NULL,   -- '' while it is not known
    state        TEXT NOT NULL,   -- queued, running, done or failed
    attempt      BIGINT NOT NULL, -- raised by everybody who begins to take it
    total        BIGINT NOT NULL, -- conversations; -1 while it is not known
    done         TEXT NOT NULL,   -- JSON: how far it is, and what was not taken
    ahead        TEXT NOT NULL,   -- JSON: how far it will be with the step that has begun; '' for none
    code         TEXT NOT NULL,   -- why it failed, '' if it has not
    error        TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL
);
CREATE INDEX import_workspace ON import (workspace_id, id);

-- +goose Down
DROP TABLE import;
