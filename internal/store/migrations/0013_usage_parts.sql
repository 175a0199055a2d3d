-- +goose Up

-- Parts of the tokens of a call, where a provider tells them apart.
ALTER TABLE usage ADD COLUMN cache_write_tokens BIGINT; -- NULL: unknown
ALTER TABLE usage ADD COLUMN audio_in_tokens BIGINT;
ALTER TABLE usage ADD COLUMN audio_out_tokens BIGINT;

-- What input costs that a provider writes into its cache; NULL: as other input.
ALTER TABLE price ADD COLUMN cache_write BIGINT;

-- +goose Down
ALTER TABLE price DROP COLUMN cache_write;
ALTER TABLE usage DROP COLUMN audio_out_tokens;
ALTER TABLE usage DROP COLUMN audio_in_tokens;
ALTER TABLE usage DROP COLUMN cache_write_tokens;
