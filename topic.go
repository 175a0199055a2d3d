package parley

import "time"

// Topic is a group of questions about the same thing, of one workspace and kind.
type Topic struct {
	ID          string
	WorkspaceID string
	Kind        QuestionKind
	Other       bool     // it holds what fits no other topic
	Language    string   // BCP 47; "" if unknown
	Label       string   // "" for Other
	Terms       []string // what tells it from the others, the most telling first
	CreatedAt   time.Time
}

// QuestionKind says which question of a conversation is meant.
type QuestionKind string

// The kinds of questions.
const (
	QuestionAsked      QuestionKind = "asked"      // the first that somebody asked
	QuestionUnanswered QuestionKind = "unanswered" // one that seems to have had no answer
)

// QuestionKinds are all kinds.
func QuestionKinds() []QuestionKind { return []QuestionKind{QuestionAsked, QuestionUnanswered} }

// Unanswered says why a question seems to have had no answer: a set of signs.
type Unanswered int

// The signs that a question had no answer.
const (
	UnansweredUnknown    Unanswered = 1 << iota // the assistant said that it does not know
	UnansweredHandover                          // a person was asked for
	UnansweredUnresolved                        // the evaluation says that it was not resolved
	UnansweredRepeated                          // it was asked again
)

// UnansweredSigns are the signs by their names.
func UnansweredSigns() map[string]Unanswered {
	return map[string]Unanswered{
		"unknown": UnansweredUnknown, "handover": UnansweredHandover,
		"unresolved": UnansweredUnresolved, "repeated": UnansweredRepeated,
	}
}
