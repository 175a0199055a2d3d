-- +goose Up

-- provider holds the places where models are called.
CREATE TABLE provider (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    base_url     TEXT NOT NULL,
    api_key      TEXT NOT NULL, -- encrypted, '' for none
    models       TEXT NOT NULL, -- JSON
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX provider_workspace ON provider (workspace_id, id);

-- assistant holds the newest version's name and status for lists. A deleted
-- one stays for the conversations that it had.
CREATE TABLE assistant (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL, -- the name in lower case, to find it by
    status       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    deleted_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX assistant_workspace ON assistant (workspace_id, id);

CREATE TABLE assistant_version (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL REFERENCES assistant (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    config       TEXT NOT NULL, -- JSON; the values of tools' headers are encrypted
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (assistant_id, version)
);

-- assistant_provider says which providers the newest versions use.
CREATE TABLE assistant_provider (
    provider_id  TEXT NOT NULL,
    assistant_id TEXT NOT NULL REFERENCES assistant (id) ON DELETE CASCADE,
    PRIMARY KEY (provider_id, assistant_id)
);
CREATE INDEX assistant_provider_assistant ON assistant_provider (assistant_id);

CREATE TABLE document (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    assistant_id TEXT NOT NULL REFERENCES assistant (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    format       TEXT NOT NULL,
    size         BIGINT NOT NULL, -- bytes
    state        TEXT NOT NULL,
    error        TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX document_assistant ON document (assistant_id);

-- document_content is apart, so that listings do not read it.
CREATE TABLE document_content (
    document_id TEXT NOT NULL PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
    content     TEXT NOT NULL
);

-- price holds versions: a row never changes. workspace_id is '' for those that
-- Parley is delivered with. Prices are micro-USD for a million tokens.
CREATE TABLE price (
    workspace_id TEXT NOT NULL,
    id           TEXT NOT NULL PRIMARY KEY,
    provider     TEXT NOT NULL,
    model        TEXT NOT NULL,
    input        BIGINT, -- NULL: unknown
    output       BIGINT,
    cached       BIGINT,
    source       TEXT NOT NULL,
    read_on      TEXT NOT NULL,
    valid_from   BIGINT NOT NULL
);
CREATE INDEX price_model ON price (workspace_id, provider, model, valid_from, id);

-- attachment holds what is known about a file; the bytes are in the blob store.
CREATE TABLE attachment (
    workspace_id    TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id              TEXT NOT NULL PRIMARY KEY,
    conversation_id TEXT NOT NULL, -- '' until a message has it
    name            TEXT NOT NULL,
    mime_type       TEXT NOT NULL,
    size            BIGINT NOT NULL, -- bytes
    blob_key        TEXT NOT NULL,
    created_by      TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE INDEX attachment_conversation ON attachment (conversation_id);

-- +goose Down
DROP TABLE attachment;
DROP TABLE price;
DROP TABLE document_content;
DROP TABLE document;
DROP TABLE assistant_provider;
DROP TABLE assistant_version;
DROP TABLE assistant;
DROP TABLE provider;
