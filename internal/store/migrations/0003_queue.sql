-- +goose Up

-- queue holds due work. Whose lease is over may be claimed again.
CREATE TABLE queue (
    kind         TEXT NOT NULL,
    key          TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    generation   BIGINT NOT NULL, -- raised by every merge
    attempt      BIGINT NOT NULL, -- of the claims since it was last done
    due          BIGINT NOT NULL, -- by the application's clock; while claimed, when to look again
    since        BIGINT NOT NULL, -- when the oldest part of it became due
    lease_token  TEXT NOT NULL,   -- '' when nobody has it
    lease_until  BIGINT NOT NULL, -- by the database's clock
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX queue_due ON queue (due);

-- idempotency holds the requests that were made with a key, and what they were
-- answered.
CREATE TABLE idempotency (
    workspace_id TEXT NOT NULL,
    principal    TEXT NOT NULL, -- who asked: a member's or an API key's id
    key          TEXT NOT NULL,
    body_hash    TEXT NOT NULL,
    status       BIGINT NOT NULL, -- HTTP; 0 while there is no answer
    answer       TEXT NOT NULL,   -- encrypted
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, principal, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- +goose Down
DROP TABLE idempotency;
DROP TABLE queue;
