-- +goose Up
-- What analytics are counted from; package rollup keeps it up to date. A fact
-- is what one conversation contributes, a span what the facts of a local day or
-- month are together.

-- rollup_state says how far the facts have come: messages up to one n are in
-- them, and of the conversations that were there before them those up to
-- backfill.
CREATE TABLE rollup_state (
    id          BIGINT NOT NULL PRIMARY KEY,
    shape       BIGINT NOT NULL, -- of the facts; another one is made anew
    message     BIGINT NOT NULL,
    backfill    BIGINT NOT NULL,
    backfill_to BIGINT NOT NULL
);
INSERT INTO rollup_state (id, shape, message, backfill, backfill_to) VALUES (1, 0, 0, 0, 0);

-- rollup_dirty names conversations that changed otherwise than by a message, or
-- are gone, since their fact was made.
CREATE TABLE rollup_dirty (
    conversation_n BIGINT NOT NULL PRIMARY KEY,
    workspace_id   TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    generation     BIGINT NOT NULL -- raised by every change
) WITHOUT ROWID;

CREATE TABLE rollup_fact (
    conversation_n BIGINT NOT NULL PRIMARY KEY,
    workspace_id   TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    facet_id       BIGINT NOT NULL,
    seq            BIGINT NOT NULL, -- of the last message that is in it
    turn_seq       BIGINT NOT NULL, -- to_seq of the last turn that is in it
    first_reply    BIGINT NOT NULL, -- microseconds after the contact's first message; -1: none
    data           BLOB NOT NULL    -- see rollup.Fact
) WITHOUT ROWID;
CREATE INDEX rollup_fact_started ON rollup_fact (workspace_id, started_at);

-- rollup_contact gives contacts the small numbers by which spans name them.
CREATE TABLE rollup_contact (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL,
    contact_id   TEXT NOT NULL UNIQUE
);

-- rollup_label holds the topics, passages, tools and models that conversations
-- had, and rollup_labeled which had which.
CREATE TABLE rollup_label (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL,
    kind         TEXT NOT NULL,
    value        TEXT NOT NULL, -- folded: what it is found by
    name         TEXT NOT NULL,
    UNIQUE (workspace_id, kind, value)
);
CREATE TABLE rollup_labeled (
    conversation_n BIGINT NOT NULL,
    label_id       BIGINT NOT NULL,
    calls          BIGINT NOT NULL, -- of a model, as are the next four
    input_tokens   BIGINT NOT NULL,
    output_tokens  BIGINT NOT NULL,
    credits        BIGINT NOT NULL, -- micro-credits
    unknown        BIGINT NOT NULL, -- calls whose tokens or price are unknown
    PRIMARY KEY (conversation_n, label_id)
) WITHOUT ROWID;
CREATE INDEX rollup_labeled_label ON rollup_labeled (label_id, conversation_n);

-- rollup_zone says by which time zone's days a workspace's spans are made. Each
-- change of the zone begins a new layout, which is served once it is complete.
CREATE TABLE rollup_zone (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    zone         TEXT NOT NULL,
    layout       BIGINT NOT NULL,
    served       BIGINT NOT NULL, -- a layout; 0: none is complete yet
    served_zone  TEXT NOT NULL
);

-- rollup_due names the spans that have to be made again.
CREATE TABLE rollup_due (
    workspace_id TEXT NOT NULL,
    layout       BIGINT NOT NULL,
    unit         TEXT NOT NULL, -- day or month
    span         BIGINT NOT NULL,
    generation   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, layout, unit, span)
) WITHOUT ROWID;

-- rollup_span holds tables of cells, see rollup.Table: one cell for each
-- combination of source, assistant, version and flags.
CREATE TABLE rollup_span (
    workspace_id TEXT NOT NULL,
    layout       BIGINT NOT NULL,
    unit         TEXT NOT NULL,
    span         BIGINT NOT NULL, -- days, or months, since 1970
    cells        BLOB NOT NULL,
    times        BLOB NOT NULL,
    contacts     BLOB NOT NULL,
    labels       BLOB NOT NULL,
    PRIMARY KEY (workspace_id, layout, unit, span)
);

-- +goose Down
DROP TABLE rollup_span;
DROP TABLE rollup_due;
DROP TABLE rollup_zone;
DROP TABLE rollup_labeled;
DROP TABLE rollup_label;
DROP TABLE rollup_contact;
DROP TABLE rollup_fact;
DROP TABLE rollup_dirty;
DROP TABLE rollup_state;
