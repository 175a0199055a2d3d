-- +goose Up
-- The facts of a day with the labels of its conversations, see rollup.kept: what
-- a question reads that cells cannot answer. They are made with the day; a
-- month has none.
ALTER TABLE rollup_span ADD COLUMN facts BLOB;

-- +goose Down
ALTER TABLE rollup_span DROP COLUMN facts;
