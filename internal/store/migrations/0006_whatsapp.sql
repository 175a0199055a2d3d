-- +goose Up

-- whatsapp_app holds what verifies the webhooks of a Meta app.
CREATE TABLE whatsapp_app (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY, -- the last part of the webhook's address
    name         TEXT NOT NULL,
    app_secret   TEXT NOT NULL, -- encrypted, as is the next
    verify_token TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX whatsapp_app_workspace ON whatsapp_app (workspace_id, id);

-- sender holds the WhatsApp numbers. A deleted one stays for the conversations
-- that it had.
CREATE TABLE sender (
    workspace_id    TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    simulated       BIGINT NOT NULL,
    app_id          TEXT NOT NULL,
    waba_id         TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    display_phone   TEXT NOT NULL,
    base_url        TEXT NOT NULL,
    graph_version   TEXT NOT NULL,
    token           TEXT NOT NULL, -- encrypted
    assistant_id    TEXT NOT NULL,
    ai_on           BIGINT NOT NULL,
    reply_delay     BIGINT NOT NULL, -- seconds
    health          TEXT NOT NULL,   -- JSON
    webhook_at      BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    deleted_at      BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX sender_number ON sender (workspace_id, phone_number_id) WHERE deleted_at = 0;
CREATE INDEX sender_app ON sender (app_id);

-- webhook_inbox holds what Meta has posted, as it came, for a week.
CREATE TABLE webhook_inbox (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL,
    id           TEXT NOT NULL UNIQUE,
    app_id       TEXT NOT NULL,
    sender_id    TEXT NOT NULL, -- '' until it is processed, and for what concerns several or none
    received_at  BIGINT NOT NULL,
    body         BLOB NOT NULL,
    size         BIGINT NOT NULL, -- bytes
    state        TEXT NOT NULL,   -- waiting, done or failed
    updates      BIGINT NOT NULL,
    unknown      BIGINT NOT NULL, -- of the updates: not understood
    fields       TEXT NOT NULL,   -- JSON
    error        TEXT NOT NULL,
    done_at      BIGINT NOT NULL
);
CREATE INDEX webhook_inbox_waiting ON webhook_inbox (app_id, n) WHERE state = 'waiting';
CREATE INDEX webhook_inbox_app ON webhook_inbox (app_id, n);
CREATE INDEX webhook_inbox_received ON webhook_inbox (received_at);

CREATE TABLE template (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    waba_id      TEXT NOT NULL,
    meta_id      TEXT NOT NULL,
    name         TEXT NOT NULL,
    language     TEXT NOT NULL,
    category     TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    quality      TEXT NOT NULL,
    format       TEXT NOT NULL,
    components   TEXT NOT NULL, -- JSON
    synced_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX template_name ON template (workspace_id, waba_id, name, language);

-- alert holds what an operator has to look at; one that happens again is
-- counted.
CREATE TABLE alert (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL UNIQUE,
    subject_id   TEXT NOT NULL, -- a sender
    code         TEXT NOT NULL,
    message      TEXT NOT NULL,
    count        BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, subject_id, code)
);

-- contact_merge records contacts that turned out to be one person.
CREATE TABLE contact_merge (
    workspace_id TEXT NOT NULL,
    contact_id   TEXT NOT NULL, -- the one that stayed
    merged_id    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, merged_id)
);
CREATE INDEX contact_merge_contact ON contact_merge (contact_id);

-- outreach counts the people that a portfolio wrote to outside a window.
CREATE TABLE outreach (
    workspace_id TEXT NOT NULL,
    portfolio_id TEXT NOT NULL, -- of the sender, else its account
    contact_id   TEXT NOT NULL,
    at           BIGINT NOT NULL, -- the newest
    PRIMARY KEY (workspace_id, portfolio_id, contact_id)
);
CREATE INDEX outreach_at ON outreach (at);

-- service_tally counts the service messages of a sender in a month.
CREATE TABLE service_tally (
    workspace_id TEXT NOT NULL,
    sender_id    TEXT NOT NULL,
    month        TEXT NOT NULL, -- YYYY-MM, UTC
    sent         BIGINT NOT NULL,
    PRIMARY KEY (sender_id, month)
);

ALTER TABLE message ADD COLUMN payload TEXT NOT NULL DEFAULT '';    -- JSON
ALTER TABLE message ADD COLUMN pricing TEXT NOT NULL DEFAULT '';    -- JSON, as the channel says
ALTER TABLE message ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;  -- of sending
ALTER TABLE message ADD COLUMN retry_at BIGINT NOT NULL DEFAULT 0;  -- while sending: certainly not sent, to be tried again

CREATE INDEX message_failed ON message (workspace_id, sender_id, n) WHERE delivery = 'failed';

-- +goose Down
DROP INDEX message_failed;
ALTER TABLE message DROP COLUMN retry_at;
ALTER TABLE message DROP COLUMN attempts;
ALTER TABLE message DROP COLUMN pricing;
ALTER TABLE message DROP COLUMN payload;
DROP TABLE service_tally;
DROP TABLE outreach;
DROP TABLE contact_merge;
DROP TABLE alert;
DROP TABLE template;
DROP TABLE webhook_inbox;
DROP TABLE sender;
DROP TABLE whatsapp_app;
