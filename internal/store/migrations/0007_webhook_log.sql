-- +goose Up

-- An index that began with the app alone was taken for what waits too, and all
-- that was done was read on the way there.
DROP INDEX webhook_inbox_app;
CREATE INDEX webhook_inbox_log ON webhook_inbox (workspace_id, app_id, n);
-- What is old is found by its id, which begins with the time.
DROP INDEX webhook_inbox_received;
CREATE INDEX webhook_inbox_failed ON webhook_inbox (workspace_id, app_id, n) WHERE state = 'failed';

-- +goose Down
DROP INDEX webhook_inbox_failed;
CREATE INDEX webhook_inbox_received ON webhook_inbox (received_at);
DROP INDEX webhook_inbox_log;
CREATE INDEX webhook_inbox_app ON webhook_inbox (app_id, n);
