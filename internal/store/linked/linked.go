// Package linked holds the filters of the list that tables beside conversations
// answer: the topics of what was asked, and tags. It only writes conditions: it
// must never read the database itself.
package linked

import (
	"strconv"
	"strings"

	"parley"
)

// Links selects conversations; its zero value selects all.
type Links struct {
	TopicID    string            // of a question's topic, of either kind
	Unanswered parley.Unanswered // any of the signs; 0: all conversations
	Tags       []string          // any of these, by id
}

// Linked returns the conditions, each with " AND " before it, on a conversation
// c. bind adds an argument and returns its name.
func (l *Links) Linked(bind func(any) string) (where string) {
	if l.TopicID != "" {
		// With || the rows of the topic are not gone through for each conversation.
		where += ` AND (SELECT 1 FROM question t WHERE t.conversation_n = c.n AND t.topic_id || '' = ` + bind(l.TopicID) + ` LIMIT 1) = 1`
	}
	if l.Unanswered != 0 {
		where += ` AND (SELECT 1 FROM question u WHERE u.conversation_n = c.n AND u.kind = 'unanswered' AND u.topic_id <> ''
			AND u.reasons & ` + bind(int(l.Unanswered)) + ` <> 0) = 1`
	}
	return where + Tagged(l.Tags, bind)
}

// Tagged is the condition of Linked on the tags of a conversation c, "" for none.
func Tagged(tags []string, bind func(any) string) string {
	if len(tags) == 0 {
		return ""
	}
	return ` AND (SELECT 1 FROM desk_tagged g WHERE g.n = c.n AND g.tag_id IN (` + list(tags, bind) + `) LIMIT 1) = 1`
}

// list binds values, the last one repeated so that few different statements are
// prepared.
func list(values []string, bind func(any) string) string {
	size := 1
	for size < len(values) {
		size *= 4
	}
	names := make([]string, size)
	for i := range names {
		names[i] = bind(values[min(i, len(values)-1)])
	}
	return strings.Join(names, ", ")
}

// Set is a query of conversations, by n.
type Set struct {
	SQL  string
	Args []any
}

// Bind adds an argument and returns its name.
func (s *Set) Bind(v any) string {
	s.Args = append(s.Args, v)
	return "$" + strconv.Itoa(len(s.Args))
}

// Sets returns a query for what each of the filters leaves of a workspace. Where
// few says so, only those that can be answered without reading more than that.
func (l *Links) Sets(ws string, few bool) (sets []*Set) {
	if l.TopicID != "" {
		s := &Set{}
		s.SQL = `SELECT conversation_n FROM question WHERE topic_id = ` + s.Bind(l.TopicID) + ` AND workspace_id || '' = ` + s.Bind(ws)
		sets = append(sets, s)
	}
	if len(l.Tags) > 0 {
		s := &Set{}
		s.SQL = `SELECT DISTINCT n FROM desk_tagged WHERE tag_id IN (` + list(l.Tags, s.Bind) + `)`
		sets = append(sets, s)
	}
	if l.Unanswered != 0 && !few {
		s := &Set{}
		s.SQL = `SELECT conversation_n FROM question WHERE workspace_id = ` + s.Bind(ws) + ` AND kind = 'unanswered' AND topic_id <> ''
			AND reasons & ` + s.Bind(int(l.Unanswered)) + ` <> 0`
		sets = append(sets, s)
	}
	return sets
}
