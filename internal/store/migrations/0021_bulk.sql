-- +goose Up
-- One thing that is done to many conversations, in steps.
CREATE TABLE bulk_run (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    action       TEXT NOT NULL,
    tag_id       TEXT NOT NULL,   -- '' unless the action is about one
    options      TEXT NOT NULL,   -- JSON: which conversations
    by_id        TEXT NOT NULL,   -- member or API key
    by_name      TEXT NOT NULL,
    state        TEXT NOT NULL,   -- queued, running, done or canceled
    position     TEXT NOT NULL,   -- where the walk goes on
    steps        BIGINT NOT NULL, -- that are done
    total        BIGINT NOT NULL, -- conversations; -1: not known yet
    done         BIGINT NOT NULL, -- that were looked at
    changed      BIGINT NOT NULL,
    failures     TEXT NOT NULL,   -- JSON: how often by reason
    undo_of      TEXT NOT NULL,   -- '' for none
    undone_by    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL
);
CREATE INDEX bulk_run_workspace ON bulk_run (workspace_id, id);
CREATE INDEX bulk_run_created ON bulk_run (created_at);

-- bulk_step holds what a step changes, written before it does: so it can be
-- finished after it was cut off, and undone.
CREATE TABLE bulk_step (
    run_id        TEXT NOT NULL REFERENCES bulk_run (id) ON DELETE CASCADE,
    step          BIGINT NOT NULL, -- from 0
    position      TEXT NOT NULL,   -- of the walk after it
    looked        BIGINT NOT NULL, -- at how many conversations
    conversations TEXT NOT NULL,   -- JSON: ids
    PRIMARY KEY (run_id, step)
);

-- +goose Down
DROP TABLE bulk_step;
DROP TABLE bulk_run;
