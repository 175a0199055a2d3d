package store

import (
	"time"

	"parley"
)

// Sort is an order of the list. All run from the greatest to the least.
type Sort string

// The orders of the list.
const (
	SortActivity Sort = "-last_activity_at" // the default
	SortStarted  Sort = "-started_at"
	SortMessages Sort = "-message_count"
	SortCredits  Sort = "-credits"
)

// ListQuery selects conversations of a workspace. Filters are combined with
// AND, the values of one filter with OR; an empty filter does not filter.
type ListQuery struct {
	WorkspaceID string
	Source      []parley.Source
	AssistantID []string
	Status      parley.ConversationStatus
	From, To    time.Time // of the last activity, To exclusive; zero: open
	// Contact is a contact's id, or the beginning of a word of the name, of
	// the phone number (three digits or more) or of the identifier.
	Contact       string
	Q             string // words, never query syntax
	HasAttachment *bool
	HasError      *bool
	HandedOver    *bool
	Waiting       *bool
	Resolved      *bool
	Variables     map[string][]string // value by name, compared without case
	Sort          Sort                // with Q: the newest matching message first, whatever Sort says
	Cursor        string              // NextCursor of the page before
	Limit         int                 // 1 to 100; 0: 25
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
	Snippets          []Snippet // of the newest messages that Q found, at most 3
}

// Snippet is a part of a message that a search found.
type Snippet struct {
	MessageID string
	Seq       int64
	Role      parley.MessageRole
	Segments  []Segment // plain text, in order
}

// Segment is a piece of a snippet.
type Segment struct {
	Text string
	Hit  bool // this is what was searched for
}
