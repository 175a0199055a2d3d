-- +goose Up

-- The log is read a page at a time, by workspace and app; what failed is few
-- among many.
DROP INDEX webhook_inbox_app;
CREATE INDEX webhook_inbox_log ON webhook_inbox (workspace_id, app_id, n);
CREATE INDEX webhook_inbox_failed ON webhook_inbox (workspace_id, app_id, n) WHERE state = 'failed';
-- What is old is found by its id, which begins with the time.
DROP INDEX webhook_inbox_received;

-- +goose Down
DROP INDEX webhook_inbox_failed;
CREATE INDEX webhook_inbox_received ON webhook_inbox (received_at);
DROP INDEX webhook_inbox_log;
CREATE INDEX webhook_inbox_app ON webhook_inbox (app_id, n);
