package store

import (
	"context"
	"time"

	"parley"
)

// Tiles are the numbers above the list. They come from counters, which learn
// of a conversation's duration when the assistant or an operator writes and
// when it ends.
type Tiles struct {
	Conversations     int64
	Last7Days         int64 // started since the midnight six days ago
	AssistantMessages int64
	AverageSeconds    float64 // of the durations
	Waiting           int64   // conversations that wait for a person
}

// tallyBucket is the time that one bucket of counters covers. All time zones
// differ from UTC by a multiple of it.
const tallyBucket = 15 * time.Minute

// tallyTotal is the bucket that counts everything.
const tallyTotal = 0

// addTally adds to the counters of a conversation's bucket and of all.
func addTally(ctx context.Context, t *tx, c *parley.Conversation, conversations, messages, duration int64) error {
	var shard int64
	if t.s.dialect.postgres() {
		shard = int64(c.ID[len(c.ID)-1] & 15)
	}
	for _, bucket := range tallyBuckets(c) {
		err := addToBucket(ctx, t, c.WorkspaceID, bucket, shard, tallyCount{conversations, messages, duration})
		if err != nil {
			return err
		}
	}
	return nil
}

// tallyBuckets are the buckets in which a conversation counts.
func tallyBuckets(c *parley.Conversation) [2]int64 {
	return [2]int64{tallyTotal, c.StartedAt.UnixMicro() / tallyBucket.Microseconds()}
}

// tallyCount is what is added to a bucket; messages are the assistant's, the
// duration is in microseconds.
type tallyCount struct{ conversations, messages, duration int64 }

func addToBucket(ctx context.Context, t *tx, ws string, bucket, shard int64, n tallyCount) error {
	_, err := t.exec(ctx, `
		INSERT INTO tally (workspace_id, bucket, shard, conversations, assistant_messages, duration)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, bucket, shard) DO UPDATE SET
			conversations = tally.conversations + excluded.conversations,
			assistant_messages = tally.assistant_messages + excluded.assistant_messages,
			duration = tally.duration + excluded.duration`,
		ws, bucket, shard, n.conversations, n.messages, n.duration)
	return err
}

// tally brings the counters up to date with the conversation.
func (c *conversationRow) tally(ctx context.Context, t *tx) error {
	messages, duration := int64(c.AssistantCount-c.counted), c.Duration().Microseconds()-c.tallied
	if messages == 0 && duration == 0 {
		return nil
	}
	if err := addTally(ctx, t, &c.Conversation, 0, messages, duration); err != nil {
		return err
	}
	c.counted, c.tallied = c.AssistantCount, c.tallied+duration
	return nil
}

// Tiles returns the numbers above the list, at a time in a time zone.
func (s *Store) Tiles(ctx context.Context, ws string, now time.Time, tz *time.Location) (*Tiles, error) {
	var out Tiles
	var duration int64
	err := s.read.queryRow(ctx, `
		SELECT CAST(COALESCE(SUM(conversations), 0) AS BIGINT), CAST(COALESCE(SUM(assistant_messages), 0) AS BIGINT),
			CAST(COALESCE(SUM(duration), 0) AS BIGINT)
		FROM tally WHERE workspace_id = $1 AND bucket = $2`, ws, tallyTotal).
		Scan(&out.Conversations, &out.AssistantMessages, &duration)
	if err != nil {
		return nil, err
	}
	if out.Conversations > 0 {
		out.AverageSeconds = float64(duration) / 1e6 / float64(out.Conversations)
	}
	now = now.In(tz)
	since := time.Date(now.Year(), now.Month(), now.Day()-6, 0, 0, 0, 0, tz)
	err = s.read.queryRow(ctx, `
		SELECT CAST(COALESCE(SUM(conversations), 0) AS BIGINT) FROM tally
		WHERE workspace_id = $1 AND bucket >= $2 AND bucket > $3`,
		ws, since.UnixMicro()/tallyBucket.Microseconds(), tallyTotal).Scan(&out.Last7Days)
	if err != nil {
		return nil, err
	}
	err = s.read.queryRow(ctx, `
		SELECT COUNT(*) FROM conversation
		WHERE facet_id IN (SELECT id FROM facet WHERE workspace_id = $1 AND waiting = 1)`, ws).Scan(&out.Waiting)
	return &out, err
}
