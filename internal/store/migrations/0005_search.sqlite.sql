-- +goose Up

-- search holds the words of messages; its row is the message's n. The words
-- are made by package search, so the tokenizer only splits at spaces. Every
-- word begins with the four characters of its workspace: a prefix of seven is
-- one of three letters.
CREATE VIRTUAL TABLE search USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='7'
);

-- search_word holds the words, to find those with a longer prefix.
CREATE TABLE search_word (
    word TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE search_state (
    id       BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL -- the n of the last message that was looked at
);
INSERT INTO search_state (id, position) VALUES (1, 0);

-- +goose Down
DROP TABLE search_state;
DROP TABLE search_word;
DROP TABLE search;
