package parley

import "time"

// Document is a piece of an assistant's knowledge. It does not change.
type Document struct {
	ID          string
	WorkspaceID string
	AssistantID string
	Title       string
	Format      DocumentFormat
	Content     string // "" in listings
	Size        int    // of Content in bytes
	State       DocumentState
	Error       string // why State is failed, for a person
	CreatedAt   time.Time
}

// DocumentFormat is the form of a document's content.
type DocumentFormat string

// The document formats.
const (
	FormatText     DocumentFormat = "text"
	FormatMarkdown DocumentFormat = "markdown"
)

// DocumentState says whether a document can be used.
type DocumentState string

// The document states.
const (
	DocumentReady  DocumentState = "ready"
	DocumentFailed DocumentState = "failed"
)

// Passage is a part of a document that was found for a question.
type Passage struct {
	DocumentID string  `json:"document_id"`
	Title      string  `json:"title"`             // of the document
	Heading    string  `json:"heading,omitempty"` // the headings above it, joined by " › "
	Text       string  `json:"text"`
	Score      float64 `json:"score"` // BM25; comparable within one retrieval only
	// Coverage is the share of the question's information that the passage
	// holds: 0 to 1, words weighted by their rarity.
	Coverage float64 `json:"coverage"`
}
