package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"time"

	"parley"
	"parley/internal/search"
	"parley/internal/store/linked"
	"parley/internal/store/started"
)

// Sort is an order of the list. All run from the greatest to the least.
type Sort string

// The orders of the list.
const (
	SortActivity Sort = "-last_activity_at" // the default
	SortStarted  Sort = "-started_at"
	SortMessages Sort = "-message_count" // may be two seconds behind
	SortCredits  Sort = "-credits"
)

// column returns the column that an order sorts by, "" for no order.
func (o Sort) column() string {
	switch o {
	case SortActivity, "":
		return "last_activity_at"
	case SortStarted:
		return "started_at"
	case SortMessages:
		return "ranked_count"
	case SortCredits:
		return "credits"
	}
	return ""
}

// ListQuery selects conversations of a workspace. Filters are combined with
// AND, the values of one filter with OR; an empty filter does not filter.
type ListQuery struct {
	WorkspaceID string
	Source      []parley.Source
	AssistantID []string
	Status      parley.ConversationStatus
	From, To    time.Time // of the last activity, To exclusive; zero: open
	// Contact is a contact's id, or the beginning of a word of the name, of
	// the identifier, or of the phone number (any three digits or more of it).
	Contact       string
	Q             string // words, never query syntax
	HasAttachment *bool
	HasError      *bool
	HandedOver    *bool
	Waiting       *bool
	Resolved      *bool
	Evaluated     *bool
	Reviewed      *bool
	Variables     map[string][]string // values by name, compared without case
	Sort          Sort                // with Q: the newest matching message first, whatever Sort says
	Cursor        string              // NextCursor of the page before
	Limit         int                 // 1 to 100; 0: 25
	started.Filter
	linked.Links

	below int64 // of a walk: with Q, messages from this n on count for nothing; 0: all count
}

// ListPage is one page of the list.
type ListPage struct {
	Rows       []ListRow
	NextCursor string // "" at the end
	Partial    bool   // the page is short because looking further would take too long; follow NextCursor
}

// ListRow is a conversation with the names that a list shows.
type ListRow struct {
	parley.Conversation
	AssistantName     string
	ContactName       string
	ContactPhone      string
	ContactIdentifier string
	OperatorName      string
	SenderName        string
	SenderPhone       string
	SenderSimulated   bool
	Snippets          []Snippet // of the newest messages that Q found, at most 3
	N                 int64     // names the row below the store
}

// Snippet is a part of a message that a search found.
type Snippet struct {
	MessageID string
	Seq       int64
	Role      parley.MessageRole
	Segments  []search.Segment // plain text, in order
}

// position is where a page ends: the sort key and the n of its last row.
type position struct {
	Sort Sort  `json:"s,omitempty"`
	Key  int64 `json:"k"`
	N    int64 `json:"n"`

	facet int64 // where it is known
}

func (p position) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(toJSON(p)))
}

// before reports whether p comes before o in the list.
func (p position) before(o position) bool { return p.Key > o.Key || p.Key == o.Key && p.N > o.N }

// parseCursor returns where a page begins: after the cursor's position, or at
// the start. It returns CodeInvalid for a cursor of another order.
func parseCursor(cursor string, sort Sort) (position, error) {
	p := position{Sort: sort, Key: math.MaxInt64, N: math.MaxInt64}
	if cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil || p.Sort != sort {
		return p, parley.Errorf(parley.CodeInvalid, "The cursor does not belong to this list.")
	}
	return p, nil
}

// List returns a page of conversations, and in a search the parts of messages
// that were found. It returns CodeInvalid for an unknown order or cursor.
func (s *Store) List(ctx context.Context, q ListQuery) (*ListPage, error) {
	if q.Limit < 1 {
		q.Limit = 25
	}
	q.Limit = min(q.Limit, 100)
	if q.Sort == "" {
		q.Sort = SortActivity
	}
	if q.Q != "" {
		q.Sort = "q"
	} else if q.Sort.column() == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "The list cannot be sorted by %q.", string(q.Sort))
	}
	after, err := parseCursor(q.Cursor, q.Sort)
	if err != nil {
		return nil, err
	}
	l := &listing{s: s, q: &q, after: after}
	if q.Q != "" {
		return s.find(ctx, l)
	}
	found, next, partial, err := l.page(ctx)
	if err != nil {
		return nil, err
	}
	ns := make([]int64, len(found))
	for i, p := range found {
		ns[i] = p.N
	}
	page := &ListPage{Partial: partial}
	if next != nil {
		page.NextCursor = next.cursor()
	}
	page.Rows, err = s.listRows(ctx, q.WorkspaceID, ns)
	return page, err
}

// listRows reads the rows of a page in its order. A conversation that has been
// erased meanwhile is left out.
func (s *Store) listRows(ctx context.Context, ws string, ns []int64) ([]ListRow, error) {
	if len(ns) == 0 {
		return nil, nil
	}
	b := &Binder{}
	r, err := s.read.query(ctx, `
		SELECT `+qualified("c", conversationColumns)+`, COALESCE(a.name, ''), COALESCE(p.name, ''),
			COALESCE(p.phone, ''), COALESCE(p.identifier, ''), COALESCE(m.name, k.name, ''),
			COALESCE(s.name, ''), COALESCE(s.display_phone, ''), COALESCE(s.simulated, 0)
		FROM conversation c LEFT JOIN assistant a ON a.id = c.assistant_id
		LEFT JOIN contact p ON p.id = c.contact_id LEFT JOIN sender s ON s.id = c.sender_id
		LEFT JOIN member m ON m.id = c.operator_id AND m.workspace_id = c.workspace_id
		LEFT JOIN api_key k ON k.id = c.operator_id AND k.workspace_id = c.workspace_id
		WHERE c.n IN (`+b.Ints(ns)+`)`+inWorkspace(b, ws), b.Args...)
	rows, err := collect(r, err, func(row scanner) (ListRow, error) {
		var v ListRow
		var simulated int64
		c, err := scanConversation(row, &v.AssistantName, &v.ContactName, &v.ContactPhone, &v.ContactIdentifier, &v.OperatorName,
			&v.SenderName, &v.SenderPhone, &simulated)
		if err != nil {
			return ListRow{}, err
		}
		v.SenderSimulated = simulated != 0
		v.Conversation, v.N = c.Conversation, c.n
		return v, nil
	})
	if err != nil {
		return nil, err
	}
	byN := make(map[int64]*ListRow, len(rows))
	for i := range rows {
		byN[rows[i].N] = &rows[i]
	}
	out := make([]ListRow, 0, len(ns))
	for _, n := range ns {
		if row := byN[n]; row != nil {
			out = append(out, *row)
		}
	}
	return out, nil
}

// ConversationRow returns a conversation as the list shows it. It returns
// CodeNotFound.
func (s *Store) ConversationRow(ctx context.Context, ws, id string) (*ListRow, error) {
	c, err := readConversation(ctx, s.read, ws, id)
	if err != nil {
		return nil, err
	}
	rows, err := s.listRows(ctx, ws, []int64{c.n})
	if err == nil && len(rows) == 0 {
		err = parley.Errorf(parley.CodeNotFound, "There is no such conversation.")
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}
