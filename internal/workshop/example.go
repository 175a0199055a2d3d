package workshop

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/lang"
	"parley/internal/redact"
)

// The longest question and answer of an example that is suggested, in bytes.
const (
	maxQuestion = 2_000
	maxAnswer   = 4_000
)

// lookBack is how many messages before an answer may hold its question.
const lookBack = 50

// Suggestion is an answer that may become an example.
type Suggestion struct {
	Assistant *parley.Assistant // whose example it would be
	Example   parley.Example    // the question is "" if nobody asked anything before
	Kept      bool              // the newest version has it already
}

// personal hides in a question what tells who asked.
var personal = redact.New(redact.Kinds{Email: true, Phone: true, Card: true, IBAN: true})

// Suggest makes an example of what the assistant or an operator has written. It
// returns CodeNotFound, and CodeInvalid for a message that is no answer.
func (w *Workshop) Suggest(ctx context.Context, ws, conv, message string) (*Suggestion, error) {
	c, err := w.Store.Conversation(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	m, err := w.Store.Message(ctx, ws, conv, message)
	if err != nil {
		return nil, err
	}
	answer := lang.Clean(m.Content, maxAnswer)
	if m.Role != parley.ByAssistant && m.Role != parley.ByOperator || !m.DeletedAt.IsZero() || answer == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Only an answer of the assistant or of an operator can be an example.")
	}
	a, err := w.Store.Assistant(ctx, ws, c.AssistantID)
	if err != nil {
		return nil, err
	}
	before, err := w.Store.Messages(ctx, ws, conv, max(0, m.Seq-1-lookBack), lookBack)
	if err != nil {
		return nil, err
	}
	return &Suggestion{
		Assistant: a,
		Example: parley.Example{
			Question: lang.Clean(personal.Text(asked(before, m.Seq)), maxQuestion), Answer: answer,
			ConversationID: conv, MessageID: m.ID,
		},
		Kept: slices.ContainsFunc(a.Config.Examples, func(x parley.Example) bool { return x.MessageID == m.ID }),
	}, nil
}

// asked returns what the contact wrote last before a place in the log.
func asked(log []parley.Message, before int64) string {
	var said []string
	for _, m := range slices.Backward(log) {
		if m.Seq >= before || !m.DeletedAt.IsZero() || strings.TrimSpace(m.Content) == "" {
			continue
		}
		switch m.Role {
		case parley.ByUser:
			if m.Type != parley.MessageUnsupported && m.Type != parley.MessageReaction {
				said = append(said, m.Content)
			}
		case parley.ByAssistant, parley.ByOperator:
			if len(said) > 0 {
				slices.Reverse(said)
				return strings.Join(said, "\n")
			}
		default:
		}
	}
	slices.Reverse(said)
	return strings.Join(said, "\n")
}

// patience is how often an example is added anew when somebody else has saved
// the assistant meanwhile.
const patience = 5

// Keep adds an answer to the examples of its assistant, as a new version. An
// empty question or answer is the suggested one. It returns what Suggest does,
// and CodeInvalid for an example that cannot be kept.
func (w *Workshop) Keep(ctx context.Context, ws, conv, message, question, answer, by string) (*parley.Assistant, error) {
	for try := 1; ; try++ {
		s, err := w.Suggest(ctx, ws, conv, message)
		if err != nil {
			return nil, err
		}
		x := s.Example
		if strings.TrimSpace(question) != "" {
			x.Question = strings.TrimSpace(question)
		}
		if strings.TrimSpace(answer) != "" {
			x.Answer = strings.TrimSpace(answer)
		}
		cfg := s.Assistant.Config
		same := func(y parley.Example) bool { return y.MessageID == message }
		cfg.Examples = append(slices.DeleteFunc(slices.Clone(cfg.Examples), same), x)
		if err := cfg.Validate(); err != nil {
			return nil, err
		}
		a, err := w.Store.UpdateAssistant(ctx, ws, s.Assistant.ID, s.Assistant.Version, cfg, by)
		if try < patience && parley.ErrorCode(err) == parley.CodeConflict {
			continue
		}
		return a, err
	}
}
