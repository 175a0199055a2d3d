-- +goose Up
-- The desk: what the people who work with conversations put on them. None of it
-- is part of a transcript.

-- Whether somebody has reviewed a conversation is one of the flags that lists
-- filter by. The table is made anew, because its rows are unique by all of them.
CREATE TABLE facet_new (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id   TEXT NOT NULL,
    source         TEXT NOT NULL,
    assistant_id   TEXT NOT NULL,
    status         TEXT NOT NULL,
    waiting        BIGINT NOT NULL,
    handed_over    BIGINT NOT NULL,
    has_error      BIGINT NOT NULL,
    has_attachment BIGINT NOT NULL,
    resolved       BIGINT NOT NULL, -- 0 not evaluated, 1 no, 2 yes
    reviewed       BIGINT NOT NULL,
    UNIQUE (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, reviewed)
);
-- As many ids as there are in use are taken and given up again, so that the next
-- new one is above them.
INSERT INTO facet_new (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, reviewed)
WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < (SELECT MAX(id) FROM facet))
SELECT '', '', '', '', i, 0, 0, 0, 0, 0 FROM k;
DELETE FROM facet_new;
INSERT INTO facet_new (id, workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, reviewed)
SELECT id, workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, 0 FROM facet;
DROP TABLE facet;
ALTER TABLE facet_new RENAME TO facet;

ALTER TABLE conversation ADD COLUMN reviewed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN tagged BIGINT NOT NULL DEFAULT 0; -- 1: has, or had, rows in desk_tagged

-- desk_review says who reviewed a conversation, and when.
CREATE TABLE desk_review (
    conversation_n BIGINT NOT NULL PRIMARY KEY,
    by_id          TEXT NOT NULL, -- member or API key
    by_name        TEXT NOT NULL,
    at             BIGINT NOT NULL
);

CREATE TABLE desk_tag (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL, -- the name in lower case
    color        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    deleted_at   BIGINT NOT NULL -- it is taken off its conversations by a sweep
);
CREATE UNIQUE INDEX desk_tag_name ON desk_tag (workspace_id, folded) WHERE deleted_at = 0;
CREATE INDEX desk_tag_deleted ON desk_tag (id) WHERE deleted_at > 0;

-- desk_tagged puts a tag on a conversation. It repeats what lists filter and
-- sort by, so that the newest of a tag in a facet are read in order.
CREATE TABLE desk_tagged (
    n                BIGINT NOT NULL, -- of the conversation
    tag_id           TEXT NOT NULL,
    facet_id         BIGINT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    started_at       BIGINT NOT NULL,
    PRIMARY KEY (n, tag_id)
) WITHOUT ROWID;
CREATE INDEX desk_tagged_activity ON desk_tagged (tag_id, facet_id, last_activity_at, n);
CREATE INDEX desk_tagged_started ON desk_tagged (tag_id, facet_id, started_at, n);

CREATE TABLE desk_note (
    workspace_id   TEXT NOT NULL,
    id             TEXT NOT NULL PRIMARY KEY,
    conversation_n BIGINT NOT NULL,
    author_id      TEXT NOT NULL, -- member or API key
    author_name    TEXT NOT NULL,
    text           TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    edited_at      BIGINT NOT NULL
);
CREATE INDEX desk_note_conversation ON desk_note (conversation_n, id);

-- desk_read says how many of a conversation's messages a member has read; -1: the
-- member has marked it as unread. What was last written before read_before of
-- the member counts as read; 0: before the member came.
CREATE TABLE desk_read (
    member_id      TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    conversation_n BIGINT NOT NULL,
    messages       BIGINT NOT NULL,
    PRIMARY KEY (member_id, conversation_n)
) WITHOUT ROWID;
CREATE INDEX desk_read_conversation ON desk_read (conversation_n);
ALTER TABLE member ADD COLUMN read_before BIGINT NOT NULL DEFAULT 0;
UPDATE member SET read_before = COALESCE(
    (SELECT MAX(c.last_activity_at) FROM conversation c WHERE c.workspace_id = member.workspace_id), 0);

-- desk_view is a filter of the list with a name.
CREATE TABLE desk_view (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    member_id    TEXT NOT NULL,   -- whose it is; '': everybody's
    name         TEXT NOT NULL,
    filter       TEXT NOT NULL,   -- the query of the list's address
    position     BIGINT NOT NULL, -- the lower, the further up
    created_at   BIGINT NOT NULL
);
CREATE INDEX desk_view_member ON desk_view (workspace_id, member_id, position, id);

-- desk_reply is a text that is written often.
CREATE TABLE desk_reply (
    workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id           TEXT NOT NULL PRIMARY KEY,
    shortcut     TEXT NOT NULL, -- lower case
    text         TEXT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (workspace_id, shortcut)
);

-- +goose Down
DROP TABLE desk_reply;
DROP TABLE desk_view;
ALTER TABLE member DROP COLUMN read_before;
DROP TABLE desk_read;
DROP TABLE desk_note;
DROP TABLE desk_tagged;
DROP TABLE desk_tag;
DROP TABLE desk_review;
INSERT INTO facet (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, reviewed)
SELECT workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved, 0 FROM facet WHERE reviewed = 1
ON CONFLICT DO NOTHING;
UPDATE conversation SET facet_id = (SELECT o.id FROM facet f JOIN facet o ON o.reviewed = 0
    AND o.workspace_id = f.workspace_id AND o.source = f.source AND o.assistant_id = f.assistant_id
    AND o.status = f.status AND o.waiting = f.waiting AND o.handed_over = f.handed_over
    AND o.has_error = f.has_error AND o.has_attachment = f.has_attachment AND o.resolved = f.resolved
    WHERE f.id = conversation.facet_id) WHERE reviewed = 1;
ALTER TABLE conversation DROP COLUMN tagged;
ALTER TABLE conversation DROP COLUMN reviewed;
CREATE TABLE facet_old (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id   TEXT NOT NULL,
    source         TEXT NOT NULL,
    assistant_id   TEXT NOT NULL,
    status         TEXT NOT NULL,
    waiting        BIGINT NOT NULL,
    handed_over    BIGINT NOT NULL,
    has_error      BIGINT NOT NULL,
    has_attachment BIGINT NOT NULL,
    resolved       BIGINT NOT NULL,
    UNIQUE (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved)
);
INSERT INTO facet_old (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved)
WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < (SELECT MAX(id) FROM facet))
SELECT '', '', '', '', i, 0, 0, 0, 0 FROM k;
DELETE FROM facet_old;
INSERT INTO facet_old (id, workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved)
SELECT id, workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved FROM facet WHERE reviewed = 0;
DROP TABLE facet;
ALTER TABLE facet_old RENAME TO facet;
