package store

import "context"

// topicFilter returns the conditions, each with " AND " before it, on what was
// asked in a conversation with the alias c.
func (q *ListQuery) topicFilter(b *binder) (where string) {
	if q.Topics != nil {
		where += ` AND (SELECT 1 FROM evaluation e WHERE e.conversation_n = c.n AND e.topic <> ''
			AND e.topic IN (` + q.topicNames(b) + `)) = 1`
	}
	if q.TopicID != "" {
		where += ` AND (SELECT 1 FROM question t WHERE t.conversation_n = c.n AND t.topic_id = ` + b.bind(q.TopicID) + ` LIMIT 1) = 1`
	}
	if q.Unanswered != 0 {
		where += ` AND (SELECT 1 FROM question u WHERE u.conversation_n = c.n AND u.kind = 'unanswered' AND u.topic_id <> ''
			AND u.reasons & ` + b.bind(int(q.Unanswered)) + ` <> 0) = 1`
	}
	return where
}

// topicNames binds the topics and one that no evaluation names.
func (q *ListQuery) topicNames(b *binder) string {
	return placeholders(&b.args, append([]string{""}, q.Topics...))
}

// ofTopic is few for the filters by topic.
func (l *listing) ofTopic(ctx context.Context) (ns []int64, ok bool, err error) {
	if l.q.TopicID != "" {
		b := &binder{}
		ns, ok, err = l.atMostFew(ctx, `SELECT conversation_n FROM question WHERE topic_id = `+b.bind(l.q.TopicID)+
			` AND workspace_id || '' = `+b.bind(l.q.WorkspaceID), b)
		if ok || err != nil {
			return ns, ok, err
		}
	}
	if l.q.Topics == nil {
		return nil, false, nil
	}
	b := &binder{}
	return l.atMostFew(ctx, `SELECT conversation_n FROM evaluation WHERE workspace_id = `+b.bind(l.q.WorkspaceID)+
		` AND topic <> '' AND topic IN (`+l.q.topicNames(b)+`)`, b)
}
