-- +goose Up
-- Which conversation each message is of, of runs of messages, see
-- found.Finder: a search that finds a million messages looks none of them up.
CREATE TABLE message_block (
    block         BIGINT NOT NULL PRIMARY KEY, -- the n of its messages, divided by 1,024
    last          BIGINT NOT NULL,             -- the n of its last message
    conversations BLOB NOT NULL
);

-- +goose Down
DROP TABLE message_block;
