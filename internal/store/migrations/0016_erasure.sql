-- +goose Up
-- The erasing of a person, and then the receipt of what went. It says nothing
-- about the person but the id that stood for them.
CREATE TABLE erasure (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    contact_id   TEXT NOT NULL,
    asked_by     TEXT NOT NULL, -- the name of a member or an API key
    state        TEXT NOT NULL, -- waiting, running or done
    total        BIGINT NOT NULL, -- conversations that there were when it was asked for
    gone         TEXT NOT NULL,   -- JSON: how many of what
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL
);
CREATE INDEX erasure_workspace ON erasure (workspace_id, id);

-- How long conversations of a source are kept after their last message; no row:
-- for ever.
CREATE TABLE retention (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    source       TEXT NOT NULL,
    days         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, source)
);

-- +goose Down
DROP TABLE retention;
DROP TABLE erasure;
