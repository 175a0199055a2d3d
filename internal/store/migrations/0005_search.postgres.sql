-- +goose Up

-- search holds the words of messages, made by package search; n is the
-- message's.
CREATE TABLE search (
    n     BIGINT NOT NULL PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_words ON search USING gin (words);

CREATE TABLE search_state (
    id       BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL -- the n of the last message that was looked at
);
INSERT INTO search_state (id, position) VALUES (1, 0);

-- +goose Down
DROP TABLE search_state;
DROP TABLE search;
