-- +goose Up
-- Times are microseconds since 1970 in UTC, 0 for none.

-- app holds what belongs to the installation.
CREATE TABLE app (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspace (
    id         TEXT NOT NULL PRIMARY KEY,
    number     BIGINT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    time_zone  TEXT NOT NULL,
    settings   TEXT NOT NULL, -- JSON
    created_at BIGINT NOT NULL
);

CREATE TABLE member (
    workspace_id  TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE, -- lower case
    name          TEXT NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL DEFAULT 0,
    disabled_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX member_workspace ON member (workspace_id, id);

CREATE TABLE invite (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    email        TEXT NOT NULL,
    role         TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX invite_workspace ON invite (workspace_id, id);

CREATE TABLE api_key (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL, -- JSON
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL DEFAULT 0,
    revoked_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX api_key_workspace ON api_key (workspace_id, id);

-- auth_session holds the sessions of members, by a hash of their token.
CREATE TABLE auth_session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    member_id  TEXT NOT NULL, -- '' while nobody is signed in
    data       BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX auth_session_member ON auth_session (member_id);
CREATE INDEX auth_session_expires ON auth_session (expires_at);

-- login_token holds one-time links, by a hash of their token.
CREATE TABLE login_token (
    token_hash   TEXT NOT NULL PRIMARY KEY,
    purpose      TEXT NOT NULL, -- setup or signin
    workspace_id TEXT NOT NULL, -- '' for setup
    member_id    TEXT NOT NULL, -- '' for setup
    expires_at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE login_token;
DROP TABLE auth_session;
DROP TABLE api_key;
DROP TABLE invite;
DROP TABLE member;
DROP TABLE workspace;
DROP TABLE app;
