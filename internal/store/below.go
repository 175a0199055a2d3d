package store

import (
	"context"

	"parley"
	"parley/internal/search"
)

// Conditions returns what a filter asks for as SQL, each condition with " AND "
// before it, and adds its arguments to args: of the facets, which hold for a row
// of facet and of conversation alike, by the name that it has in the statement,
// and the rest, of a conversation c.
func (q ListQuery) Conditions(args *[]any, facet string) (facets, rest string) {
	q.Sort = SortStarted
	b := &Binder{*args}
	facets, rest = q.facetFilter(b, facet), q.rowFilter(b)+q.Times(b.Bind)
	*args = b.Args
	return facets, rest
}

// FacetConditions returns the first of Conditions alone, with its arguments only.
func (q ListQuery) FacetConditions(args *[]any, facet string) string {
	b := &Binder{*args}
	facets := q.facetFilter(b, facet)
	*args = b.Args
	return facets
}

// Few returns conversations among which are all that a filter leaves, if one of
// its conditions leaves few.
func (s *Store) Few(ctx context.Context, q ListQuery) (ns []int64, ok bool, err error) {
	q.Sort = SortStarted
	if q.rowFilter(&Binder{}) == "" {
		return nil, false, nil
	}
	return (&listing{s: s, q: &q}).few(ctx)
}

// Found returns the next conversations in which words are found, and the message
// that was looked at last, 0 for the last one there is: those before the message
// at are looked at, and those from below on count for nothing.
func (s *Store) Found(ctx context.Context, q ListQuery, below, at int64) (ns []int64, last int64, err error) {
	q.Sort, q.below = "q", below
	l := &listing{s: s, q: &q, after: position{Sort: q.Sort, N: at}}
	if at < below {
		q.Cursor = l.after.cursor()
	}
	f, err := s.newFinder(ctx, l)
	if err != nil || f.match == "" {
		return nil, 0, err
	}
	next, _, err := f.run(ctx)
	if next == "" {
		f.last = 0
	}
	return f.found, f.last, err
}

// Match returns what a search and its filters by source and assistant ask the
// index for, "" if there can be nothing, and the search itself.
func (s *Store) Match(ctx context.Context, q *ListQuery) (match string, query *search.Query, err error) {
	own := &ListQuery{WorkspaceID: q.WorkspaceID, Q: q.Q, Source: q.Source, AssistantID: q.AssistantID}
	f, err := s.newFinder(ctx, &listing{s: s, q: own})
	if err != nil {
		return "", nil, err
	}
	return f.match, f.query, nil
}

// FoldVariable is what the value of a variable is compared by.
func FoldVariable(value string) string { return foldValue(value) }

// ContactPrefix is how the keys begin by which a contact is found that is typed
// so; they are below prefix+LastRune.
func ContactPrefix(typed string) string { return contactPrefix(typed) }

// LastRune sorts after every text that may follow a prefix.
const LastRune = lastRune

// Listed returns the rows of conversations, in their order. One that has been
// erased is left out.
func (s *Store) Listed(ctx context.Context, ws string, ns []int64) ([]ListRow, error) {
	return s.listRows(ctx, ws, ns)
}

// What the scans below read, in the tables message, variable, usage u, evaluation
// and visitor_conversation v.
const (
	MessageColumns    = messageColumns
	VariableColumns   = variableColumns
	VariableOrder     = variableOrder // in which a conversation's variables are shown
	UsageColumns      = usageColumns
	EvaluationColumns = evaluationColumns
	VisitorColumns    = visitorColumns
)

// ScanMessage reads MessageColumns, and what follows them into more.
func ScanMessage(r Row, conv string, more ...any) (parley.Message, error) {
	return scanMessage(r, conv, more...)
}

// ScanVariable reads VariableColumns, and what follows them into more.
func ScanVariable(r Row, conv string, more ...any) (parley.Variable, error) {
	return scanVariable(r, conv, more...)
}

// ScanUsage reads UsageColumns, and what follows them into more.
func ScanUsage(r Row, conv string, more ...any) (parley.Usage, error) {
	return scanUsage(r, conv, more...)
}

// ScanEvaluation reads EvaluationColumns, and what follows them into more.
func ScanEvaluation(r Row, conv string, more ...any) (*parley.Evaluation, error) {
	return scanEvaluation(r, conv, more...)
}

// ScanVisitor reads VisitorColumns, and what follows them into more.
func ScanVisitor(r Row, more ...any) (*parley.VisitorConversation, error) {
	v := &parley.VisitorConversation{}
	return v, r.Scan(append(visitorDest(v), more...)...)
}
