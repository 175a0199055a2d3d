-- +goose Up
-- What has a tag is read in order, with its facet, without a look at each facet.
CREATE INDEX desk_tagged_newest ON desk_tagged (tag_id, last_activity_at, n, facet_id);
CREATE INDEX desk_tagged_latest ON desk_tagged (tag_id, started_at, n, facet_id);

-- +goose Down
DROP INDEX desk_tagged_latest;
DROP INDEX desk_tagged_newest;
