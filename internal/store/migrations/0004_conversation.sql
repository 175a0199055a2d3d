-- +goose Up
-- Tables below a conversation name it by n, so that a row cannot belong to
-- another workspace than its conversation.

CREATE TABLE contact (
    workspace_id TEXT NOT NULL,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    phone        TEXT NOT NULL,
    identifier   TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE identity (
    workspace_id TEXT NOT NULL,
    kind         TEXT NOT NULL,
    value        TEXT NOT NULL,
    contact_id   TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX identity_contact ON identity (contact_id);

-- contact_key holds the folded words by whose beginning a contact is found.
CREATE TABLE contact_key (
    workspace_id TEXT NOT NULL,
    key          TEXT NOT NULL,
    contact_id   TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key, contact_id)
) WITHOUT ROWID;
CREATE INDEX contact_key_contact ON contact_key (contact_id);

-- facet holds each combination of what the list is filtered by. A conversation
-- names its facet, and the indexes for the list begin with it: a filter picks
-- facets, and the newest of several facets are found by merging.
CREATE TABLE facet (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id   TEXT NOT NULL,
    source         TEXT NOT NULL,
    assistant_id   TEXT NOT NULL,
    status         TEXT NOT NULL,
    waiting        BIGINT NOT NULL,
    handed_over    BIGINT NOT NULL,
    has_error      BIGINT NOT NULL,
    has_attachment BIGINT NOT NULL,
    resolved       BIGINT NOT NULL, -- 0 not evaluated, 1 no, 2 yes
    UNIQUE (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved)
);

CREATE TABLE conversation (
    n                 INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id      TEXT NOT NULL,
    id                TEXT NOT NULL UNIQUE,
    facet_id          BIGINT NOT NULL,
    source            TEXT NOT NULL,
    status            TEXT NOT NULL,
    assistant_id      TEXT NOT NULL,
    assistant_version BIGINT NOT NULL,
    contact_id        TEXT NOT NULL,
    sender_id         TEXT NOT NULL,
    external_id       TEXT NOT NULL,
    owner             TEXT NOT NULL,
    operator_id       TEXT NOT NULL,
    epoch             BIGINT NOT NULL,
    waiting           BIGINT NOT NULL,
    handed_over       BIGINT NOT NULL,
    has_error         BIGINT NOT NULL,
    has_attachment    BIGINT NOT NULL,
    resolved          BIGINT NOT NULL,
    message_count     BIGINT NOT NULL,
    ranked_count      BIGINT NOT NULL, -- message_count as of the last time the search index was filled; what lists sort by
    assistant_count   BIGINT NOT NULL,
    user_count        BIGINT NOT NULL,
    last_role         TEXT NOT NULL,
    last_text         TEXT NOT NULL,
    last_at           BIGINT NOT NULL,
    started_at        BIGINT NOT NULL,
    first_message_at  BIGINT NOT NULL,
    last_activity_at  BIGINT NOT NULL,
    first_reply_at    BIGINT NOT NULL,
    ended_at          BIGINT NOT NULL,
    end_reason        TEXT NOT NULL,
    input_tokens      BIGINT NOT NULL,
    output_tokens     BIGINT NOT NULL,
    credits           BIGINT NOT NULL, -- micro-credits
    unknown_calls     BIGINT NOT NULL,
    window_expires_at BIGINT NOT NULL,
    next_seq          BIGINT NOT NULL,
    answered_seq      BIGINT NOT NULL,
    rev               BIGINT NOT NULL,
    tallied           BIGINT NOT NULL -- the part of the duration that is in tally, microseconds
);
CREATE INDEX conversation_activity ON conversation (workspace_id, last_activity_at, n, facet_id);
CREATE INDEX conversation_facet_activity ON conversation (facet_id, last_activity_at, n);
CREATE INDEX conversation_facet_started ON conversation (facet_id, started_at, n);
CREATE INDEX conversation_facet_count ON conversation (facet_id, ranked_count, n);
CREATE INDEX conversation_facet_credits ON conversation (facet_id, credits, n);
CREATE INDEX conversation_contact ON conversation (contact_id, status, n);

CREATE TABLE message (
    n              INTEGER PRIMARY KEY AUTOINCREMENT, -- rises with time; the row of the search index
    conversation_n BIGINT NOT NULL,
    seq            BIGINT NOT NULL,
    workspace_id   TEXT NOT NULL,
    id             TEXT NOT NULL,
    rev            BIGINT NOT NULL,
    role           TEXT NOT NULL,
    type           TEXT NOT NULL,
    event          TEXT NOT NULL,
    author_id      TEXT NOT NULL,
    author_name    TEXT NOT NULL,
    content        TEXT NOT NULL,
    attachments    TEXT NOT NULL, -- JSON, '' for none, as are the next two
    tool_calls     TEXT NOT NULL,
    choices        TEXT NOT NULL,
    reply_to       TEXT NOT NULL,
    sender_id      TEXT NOT NULL,
    provider_id    TEXT NOT NULL,
    delivery       TEXT NOT NULL,
    error          TEXT NOT NULL, -- JSON, '' for none
    turn_id        TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    edited_at      BIGINT NOT NULL,
    deleted_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX message_seq ON message (conversation_n, seq);
CREATE UNIQUE INDEX message_provider ON message (workspace_id, sender_id, provider_id) WHERE provider_id <> '';
CREATE INDEX message_outbox ON message (conversation_n, seq) WHERE delivery IN ('queued', 'sending');

CREATE TABLE turn (
    workspace_id      TEXT NOT NULL,
    id                TEXT NOT NULL PRIMARY KEY,
    conversation_n    BIGINT NOT NULL,
    from_seq          BIGINT NOT NULL,
    to_seq            BIGINT NOT NULL,
    status            TEXT NOT NULL,
    attempt           BIGINT NOT NULL,
    epoch             BIGINT NOT NULL, -- the conversation's when it began
    assistant_version BIGINT NOT NULL,
    trace             TEXT NOT NULL, -- JSON
    error             TEXT NOT NULL, -- JSON, '' for none
    started_at        BIGINT NOT NULL,
    first_token_at    BIGINT NOT NULL,
    ended_at          BIGINT NOT NULL
);
CREATE INDEX turn_conversation ON turn (conversation_n, id);

-- usage is the ledger: one row per model call.
CREATE TABLE usage (
    workspace_id      TEXT NOT NULL,
    id                TEXT NOT NULL PRIMARY KEY,
    conversation_n    BIGINT NOT NULL, -- 0: outside any
    turn_id           TEXT NOT NULL,
    kind              TEXT NOT NULL,
    provider_id       TEXT NOT NULL,
    model             TEXT NOT NULL,
    assistant_id      TEXT NOT NULL,
    assistant_version BIGINT NOT NULL,
    complete          BIGINT NOT NULL,
    input_tokens      BIGINT, -- NULL: unknown
    output_tokens     BIGINT,
    cached_tokens     BIGINT,
    reasoning_tokens  BIGINT,
    raw               TEXT NOT NULL, -- verbatim, '' for none
    price_id          TEXT NOT NULL,
    credits           BIGINT, -- micro-credits; NULL: unknown
    error             TEXT NOT NULL,
    started_at        BIGINT NOT NULL,
    settled_at        BIGINT NOT NULL
);
CREATE INDEX usage_conversation ON usage (conversation_n, id);

CREATE TABLE variable (
    workspace_id      TEXT NOT NULL,
    conversation_n    BIGINT NOT NULL,
    name              TEXT NOT NULL,
    source            TEXT NOT NULL,
    type              TEXT NOT NULL,
    value             TEXT NOT NULL, -- JSON
    folded            TEXT NOT NULL, -- the beginning of the value in lower case; what the list is filtered by
    message_id        TEXT NOT NULL,
    model             TEXT NOT NULL,
    assistant_version BIGINT NOT NULL,
    set_at            BIGINT NOT NULL,
    PRIMARY KEY (conversation_n, name, source)
) WITHOUT ROWID;
CREATE INDEX variable_value ON variable (workspace_id, name, folded, conversation_n);

CREATE TABLE evaluation (
    workspace_id   TEXT NOT NULL,
    conversation_n BIGINT NOT NULL PRIMARY KEY,
    resolved       BIGINT NOT NULL,
    summary        TEXT NOT NULL,
    topic          TEXT NOT NULL,
    sentiment      TEXT NOT NULL,
    model          TEXT NOT NULL,
    error          TEXT NOT NULL, -- '': there is a result
    evaluated_at   BIGINT NOT NULL
);

-- early_status holds what a channel reported about a message before the answer
-- to its sending was recorded.
CREATE TABLE early_status (
    workspace_id TEXT NOT NULL,
    sender_id    TEXT NOT NULL,
    provider_id  TEXT NOT NULL,
    delivery     TEXT NOT NULL,
    error        TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, sender_id, provider_id)
) WITHOUT ROWID;
CREATE INDEX early_status_at ON early_status (at);

-- tally holds the counters behind the tiles. A bucket is a quarter of an hour
-- since 1970 in which conversations started; bucket 0 is all of them.
CREATE TABLE tally (
    workspace_id       TEXT NOT NULL,
    bucket             BIGINT NOT NULL,
    shard              BIGINT NOT NULL, -- spreads the row locks of PostgreSQL
    conversations      BIGINT NOT NULL,
    assistant_messages BIGINT NOT NULL,
    duration           BIGINT NOT NULL, -- microseconds
    PRIMARY KEY (workspace_id, bucket, shard)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE tally;
DROP TABLE early_status;
DROP TABLE evaluation;
DROP TABLE variable;
DROP TABLE usage;
DROP TABLE turn;
DROP TABLE message;
DROP TABLE conversation;
DROP TABLE facet;
DROP TABLE contact_key;
DROP TABLE identity;
DROP TABLE contact;
