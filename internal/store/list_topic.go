package store

import "context"

// topicFilter returns the conditions, each with " AND " before it, on what was
// asked in a conversation with the alias c.
func (q *ListQuery) topicFilter(b *Binder) (where string) {
	if q.TopicID != "" {
		// With || the rows of the topic are not gone through for each conversation.
		where += ` AND (SELECT 1 FROM question t WHERE t.conversation_n = c.n AND t.topic_id || '' = ` + b.Bind(q.TopicID) + ` LIMIT 1) = 1`
	}
	if q.Unanswered != 0 {
		where += ` AND (SELECT 1 FROM question u WHERE u.conversation_n = c.n AND u.kind = 'unanswered' AND u.topic_id <> ''
			AND u.reasons & ` + b.Bind(int(q.Unanswered)) + ` <> 0) = 1`
	}
	return where
}

// ofTopic is few for the topic of a question.
func (l *listing) ofTopic(ctx context.Context) (ns []int64, ok bool, err error) {
	if l.q.TopicID == "" {
		return nil, false, nil
	}
	b := &Binder{}
	return l.atMostFew(ctx, `SELECT conversation_n FROM question WHERE topic_id = `+b.Bind(l.q.TopicID)+
		` AND workspace_id || '' = `+b.Bind(l.q.WorkspaceID), b)
}
