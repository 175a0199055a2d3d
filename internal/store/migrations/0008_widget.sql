-- +goose Up
CREATE TABLE widget (
    workspace_id    TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    assistant_id    TEXT NOT NULL,
    settings        TEXT NOT NULL, -- JSON
    identity_secret TEXT NOT NULL, -- encrypted
    visitor_epoch   BIGINT NOT NULL, -- raised to make the tokens of visitors void
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX widget_workspace ON widget (workspace_id, id);

-- visitor_conversation holds what a conversation through a widget has beside
-- its log. It outlives its widget.
CREATE TABLE visitor_conversation (
    workspace_id    TEXT NOT NULL,
    conversation_id TEXT NOT NULL PRIMARY KEY,
    widget_id       TEXT NOT NULL,
    visitor_id      TEXT NOT NULL,
    language        TEXT NOT NULL,
    page            TEXT NOT NULL,
    email           TEXT NOT NULL, -- left for a person
    read_seq        BIGINT NOT NULL,
    score           BIGINT NOT NULL, -- 1 to 5, 0 for not rated
    comment         TEXT NOT NULL,
    rated_at        BIGINT NOT NULL,
    consents        TEXT NOT NULL, -- JSON, '' for none
    started_at      BIGINT NOT NULL
);
CREATE INDEX visitor_conversation_visitor ON visitor_conversation (widget_id, visitor_id, started_at, conversation_id);

-- What a visitor has uploaded names the conversation that it was uploaded in.
CREATE INDEX attachment_created_by ON attachment (created_by);

-- +goose Down
DROP INDEX attachment_created_by;
DROP TABLE visitor_conversation;
DROP TABLE widget;
