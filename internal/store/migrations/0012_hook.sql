-- +goose Up
-- Webhooks out: addresses outside that are told what happens in a workspace.
-- Events are recorded from the log of messages; package hooks does so.

-- hook is one such address.
CREATE TABLE hook (
    workspace_id  TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            TEXT NOT NULL PRIMARY KEY,
    url           TEXT NOT NULL,
    description   TEXT NOT NULL,
    events        TEXT NOT NULL,   -- JSON: the types that it is told of
    enabled       BIGINT NOT NULL,
    secret        TEXT NOT NULL,   -- encrypted
    old_secret    TEXT NOT NULL,   -- encrypted, '' for none; signs too until old_until
    old_until     BIGINT NOT NULL,
    since_n       BIGINT NOT NULL, -- of the message after which it was enabled
    failing_since BIGINT NOT NULL, -- 0: the last attempt succeeded, or there was none
    disabled_at   BIGINT NOT NULL, -- by Parley, after days of failure; 0: it was not
    disabled_why  TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX hook_workspace ON hook (workspace_id, id);

-- hook_state says up to which message events have been recorded.
CREATE TABLE hook_state (
    id      BIGINT NOT NULL PRIMARY KEY,
    message BIGINT NOT NULL
);
INSERT INTO hook_state (id, message) VALUES (1, 0);

-- hook_left names messages that have left since they were recorded, of
-- workspaces with an enabled address.
CREATE TABLE hook_left (
    conversation_n BIGINT NOT NULL,
    seq            BIGINT NOT NULL,
    after_seq      BIGINT NOT NULL, -- of the conversation's newest message then
    at             BIGINT NOT NULL,
    PRIMARY KEY (conversation_n, seq)
) WITHOUT ROWID;

-- hook_history says which messages of a conversation were imported, up to a
-- seq: nobody is told of them.
CREATE TABLE hook_history (
    conversation_n BIGINT NOT NULL PRIMARY KEY,
    seq            BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE hook_event (
    workspace_id    TEXT NOT NULL,
    id              TEXT NOT NULL PRIMARY KEY,
    type            TEXT NOT NULL,
    conversation_n  BIGINT NOT NULL, -- 0: of none
    conversation_id TEXT NOT NULL,
    body            TEXT NOT NULL,   -- what is posted, byte for byte
    created_at      BIGINT NOT NULL
);
CREATE INDEX hook_event_conversation ON hook_event (conversation_n);
CREATE INDEX hook_event_created ON hook_event (created_at);

-- hook_delivery is an event on its way to an address. Those of a lane are
-- posted one after the other, in the order of n.
CREATE TABLE hook_delivery (
    n              INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id   TEXT NOT NULL,
    id             TEXT NOT NULL UNIQUE,
    hook_id        TEXT NOT NULL,
    event_id       TEXT NOT NULL,
    conversation_n BIGINT NOT NULL,
    lane           TEXT NOT NULL,   -- a conversation's id
    state          TEXT NOT NULL,   -- pending, delivered or failed
    attempts       BIGINT NOT NULL,
    next_at        BIGINT NOT NULL, -- while it is pending
    created_at     BIGINT NOT NULL,
    finished_at    BIGINT NOT NULL,
    UNIQUE (hook_id, event_id)
);
CREATE INDEX hook_delivery_lane ON hook_delivery (hook_id, lane, n) WHERE state = 'pending';
CREATE INDEX hook_delivery_state ON hook_delivery (hook_id, state, n);
CREATE INDEX hook_delivery_list ON hook_delivery (hook_id, n);
CREATE INDEX hook_delivery_conversation ON hook_delivery (conversation_n);
CREATE INDEX hook_delivery_created ON hook_delivery (created_at);

CREATE TABLE hook_attempt (
    delivery_id    TEXT NOT NULL,
    number         BIGINT NOT NULL, -- from 1
    conversation_n BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    took           BIGINT NOT NULL, -- microseconds
    request        TEXT NOT NULL,   -- JSON: the headers
    status         BIGINT NOT NULL, -- HTTP; 0: there was no answer
    headers        TEXT NOT NULL,   -- JSON: those of the answer
    answer         TEXT NOT NULL,   -- the beginning of its body
    error          TEXT NOT NULL,   -- why it failed, for a person; '' if it did not
    PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;
CREATE INDEX hook_attempt_conversation ON hook_attempt (conversation_n);

-- +goose Down
DROP TABLE hook_attempt;
DROP TABLE hook_delivery;
DROP TABLE hook_event;
DROP TABLE hook_history;
DROP TABLE hook_left;
DROP TABLE hook_state;
DROP TABLE hook;
