-- +goose Up
-- What people ask, by topic. All of it is found again in the log; it holds no
-- text of a conversation, only where it stands.

CREATE TABLE topic (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL, -- of the questions
    other        BIGINT NOT NULL, -- 1: what fits no other topic
    language     TEXT NOT NULL,
    label        TEXT NOT NULL,
    terms        TEXT NOT NULL, -- JSON
    created_at   BIGINT NOT NULL
);
CREATE INDEX topic_workspace ON topic (workspace_id, kind, id);

-- question names the message of a conversation in which something was asked.
CREATE TABLE question (
    conversation_n BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    workspace_id   TEXT NOT NULL,
    seq            BIGINT NOT NULL, -- of the message; 0: nothing was asked
    reasons        BIGINT NOT NULL, -- bits: why it seems unanswered
    topic_id       TEXT NOT NULL,   -- '' until it is sorted
    fit            BIGINT NOT NULL, -- how well, in thousandths
    rev            BIGINT NOT NULL, -- of the conversation when it was read
    PRIMARY KEY (conversation_n, kind)
) WITHOUT ROWID;
CREATE INDEX question_topic ON question (topic_id, fit);
-- Counting reads it in the order of the conversations, which lie together.
CREATE INDEX question_count ON question (workspace_id, kind, conversation_n, topic_id, reasons);

CREATE TABLE topic_run (
    workspace_id  TEXT NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    phase         TEXT NOT NULL,
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    started_at    BIGINT NOT NULL,
    finished_at   BIGINT NOT NULL, -- of the last one that came to its end
    conversations BIGINT NOT NULL, -- that it looked at
    error         TEXT NOT NULL
);

-- Turns in which the built-in answerer did not know did not say so as data.
UPDATE turn SET trace = replace(trace, '"note":"', '"unanswered":true,"note":"')
WHERE trace LIKE '%"note":"%below % it is not quoted.%' OR trace LIKE '%"note":"%The knowledge has no passage with a word of the message.%';
CREATE INDEX turn_unanswered ON turn (conversation_n) WHERE replace(trace, '"unanswered":true', '') <> trace;
CREATE INDEX evaluation_topic ON evaluation (workspace_id, topic);

-- +goose Down
DROP INDEX evaluation_topic;
DROP INDEX turn_unanswered;
DROP TABLE topic_run;
DROP TABLE question;
DROP TABLE topic;
