-- +goose Up
-- budget is what may be spent in a calendar month of the workspace's time zone.
CREATE TABLE budget (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    assistant_id TEXT NOT NULL,   -- '' for the whole workspace
    credits      BIGINT NOT NULL, -- micro-credits a month
    updated_by   TEXT NOT NULL,   -- member or API key
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, assistant_id)
) WITHOUT ROWID;

-- spend is the sum of the ledger of a month, kept with each of its rows; package
-- spend does so. What is missing has not been asked for yet and is summed up.
CREATE TABLE spend (
    workspace_id TEXT NOT NULL,
    zone         TEXT NOT NULL,   -- whose month it is
    month        BIGINT NOT NULL, -- since January 1970
    assistant_id TEXT NOT NULL,   -- '' for the whole workspace
    credits      BIGINT NOT NULL, -- micro-credits, as far as known
    unpriced     BIGINT NOT NULL, -- rows that are settled and whose credits are unknown
    PRIMARY KEY (workspace_id, zone, month, assistant_id)
) WITHOUT ROWID;
CREATE INDEX usage_started ON usage (workspace_id, started_at);

-- +goose Down
DROP INDEX usage_started;
DROP TABLE spend;
DROP TABLE budget;
