package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"parley"
)

// ErrSuperseded is returned for the result of a turn that a takeover, a
// release or the end of the conversation has made void.
var ErrSuperseded = parley.Errorf(parley.CodeConflict, "The conversation has changed hands; the turn is void.")

// HistoryLimit bounds the messages that a turn gets.
const HistoryLimit = 200

// TurnStart is all that a turn needs. Turn is nil when there is nothing to
// answer, or the assistant may not; then only Conversation is set.
type TurnStart struct {
	Conversation *parley.Conversation
	Turn         *parley.Turn
	Version      *parley.AssistantVersion // the newest
	History      []parley.Message         // the newest HistoryLimit up to Turn.ToSeq, oldest first
	Variables    []parley.Variable
	Contact      *parley.Contact
	// WaitUntil is until when the turn waits for files of the contact's that are
	// not read yet; Turn is nil then. The turn becomes due earlier when they are.
	WaitUntil time.Time
}

// TurnEnd is the result of a turn.
type TurnEnd struct {
	Turn      *parley.Turn      // with its trace and versions; Status is derived
	Messages  []parley.Message  // assistant and tool messages in order; Role, Content, ID
	Variables []parley.Variable // extracted
	Handoff   string            // why the assistant asks for a person, "" if it does not
	End       bool              // the assistant ends the conversation
	Push      bool              // the assistant's messages have to be sent out
	// Trouble says why there is no answer. The turn has failed, the operator
	// reads it in a system message, and the conversation waits for a person.
	Trouble *parley.MessageError
	Waiting string // why the conversation waits for a person for another reason
}

// FinishedTurn is what was recorded of a turn.
type FinishedTurn struct {
	Conversation *parley.Conversation
	Messages     []parley.Message // with their seqs, system messages included
}

// BeginTurn starts the turn that is due, or the next attempt at the one that
// was started: it keeps its id. The work must be held; it returns ErrLeaseLost
// and CodeNotFound.
func (s *Store) BeginTurn(ctx context.Context, work parley.Work) (*TurnStart, error) {
	var out *TurnStart
	err := s.write(ctx, func(t *tx) error {
		out = &TurnStart{}
		c, err := lockConversation(ctx, t, work.WorkspaceID, work.Key)
		if err != nil {
			return err
		}
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		out.Conversation = &c.Conversation
		if c.Status != parley.ConversationActive || c.Owner != parley.OwnerAssistant {
			return nil
		}
		if out.WaitUntil, err = c.waitForFiles(ctx, t, work); err != nil || !out.WaitUntil.IsZero() {
			return err
		}
		out.Turn, err = beginTurn(ctx, t, c)
		return err
	})
	if err != nil || out.Turn == nil {
		return out, err
	}
	return out, s.fillTurn(ctx, out)
}

// beginTurn returns nil when everything is answered, or taken back.
func beginTurn(ctx context.Context, t *tx, c *conversationRow) (*parley.Turn, error) {
	var last int64
	err := t.queryRow(ctx, `
		SELECT COALESCE(MAX(seq), 0) FROM message WHERE conversation_n = $1 AND seq > $2 AND role = 'user' AND type <> 'reaction'
			AND deleted_at = 0`,
		c.n, c.AnsweredSeq).Scan(&last)
	if err != nil || last == 0 {
		return nil, err
	}
	turn, err := scanTurn(t.queryRow(ctx, `
		UPDATE turn SET attempt = attempt + 1, to_seq = $2
		WHERE id = (SELECT MAX(id) FROM turn WHERE conversation_n = $1 AND status = 'running')
		RETURNING `+turnColumns, c.n, last), c.ID)
	if !errors.Is(err, sql.ErrNoRows) {
		return turn, err
	}
	now := t.s.nowMicros()
	turn = &parley.Turn{
		ID: parley.NewID(now), WorkspaceID: c.WorkspaceID, ConversationID: c.ID,
		FromSeq: c.AnsweredSeq + 1, ToSeq: last, Status: parley.TurnRunning, Attempt: 1, StartedAt: now,
	}
	return turn, t.queryRow(ctx, `
		INSERT INTO turn (workspace_id, id, conversation_n, from_seq, to_seq, status, attempt, epoch,
			assistant_version, trace, error, started_at, first_token_at, ended_at)
		SELECT $1, $2, $3, $4, $5, 'running', 1, $6, version, '', '', $7, 0, 0 FROM assistant WHERE id = $8
		RETURNING assistant_version`,
		c.WorkspaceID, turn.ID, c.n, turn.FromSeq, turn.ToSeq, c.Epoch, micros(now), c.AssistantID).
		Scan(&turn.AssistantVersion)
}

// fillTurn reads what does not need the transaction: what a turn answers does
// not change any more.
func (s *Store) fillTurn(ctx context.Context, out *TurnStart) error {
	c := out.Conversation
	v, err := s.AssistantVersion(ctx, c.WorkspaceID, c.AssistantID, out.Turn.AssistantVersion)
	if err != nil {
		return err
	}
	out.Version = v
	out.History, err = s.messages(ctx, c.ID, HistoryLimit,
		fromMessages+` AND seq <= $3 ORDER BY seq DESC LIMIT $4`, c.ID, c.WorkspaceID, out.Turn.ToSeq)
	if err != nil {
		return err
	}
	slices.Reverse(out.History)
	if out.Variables, err = s.Variables(ctx, c.WorkspaceID, c.ID); err != nil {
		return err
	}
	out.Contact, _, err = s.Contact(ctx, c.WorkspaceID, c.ContactID)
	return err
}

// FinishTurn records the result of a turn in one transaction. It returns
// ErrLeaseLost, and ErrSuperseded if the turn is no longer running.
func (s *Store) FinishTurn(ctx context.Context, work parley.Work, end TurnEnd) (*FinishedTurn, error) {
	var out *FinishedTurn
	err := s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, work.WorkspaceID, work.Key)
		if err != nil {
			return err
		}
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		if c.Status != parley.ConversationActive || c.Owner != parley.OwnerAssistant {
			return ErrSuperseded
		}
		if err := closeTurn(ctx, t, c, &end); err != nil {
			return err
		}
		out = &FinishedTurn{Conversation: &c.Conversation}
		if out.Messages, err = c.finish(ctx, t, &end); err != nil {
			return err
		}
		if err := changed(ctx, t, c); err != nil {
			return err
		}
		return c.save(ctx, t)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// closeTurn ends the row of a running turn of the conversation's epoch.
func closeTurn(ctx context.Context, t *tx, c *conversationRow, end *TurnEnd) error {
	status := parley.TurnDone
	if end.Trouble != nil {
		status = parley.TurnFailed
	}
	turn := end.Turn
	n, err := t.exec(ctx, `
		UPDATE turn SET status = $3, assistant_version = $4, trace = $5, error = $6, first_token_at = $7, ended_at = $8
		WHERE id = $1 AND conversation_n = $2 AND status = 'running' AND epoch = $9`,
		turn.ID, c.n, string(status), turn.AssistantVersion, toJSON(turn.Trace), errorJSON(end.Trouble),
		micros(turn.FirstTokenAt), micros(t.s.nowMicros()), c.Epoch)
	if err == nil && n == 0 {
		err = ErrSuperseded
	}
	return err
}

// finish adds to the log what a turn has brought and returns it.
func (c *conversationRow) finish(ctx context.Context, t *tx, end *TurnEnd) ([]parley.Message, error) {
	log := make([]parley.Message, 0, len(end.Messages)+2)
	for _, m := range end.Messages {
		m.TurnID = end.Turn.ID
		push := end.Push && m.Role == parley.ByAssistant && m.Content != ""
		if err := c.say(ctx, t, &m, push); err != nil {
			return nil, err
		}
		log = append(log, m)
	}
	if err := saveVariables(ctx, t, c, end.Variables, t.s.nowMicros()); err != nil {
		return nil, err
	}
	record := func(event parley.Event, text string) error {
		m, err := c.record(ctx, t, event, text, "", nil)
		if err == nil {
			log = append(log, *m)
		}
		return err
	}
	c.AnsweredSeq = max(c.AnsweredSeq, end.Turn.ToSeq)
	c.AssistantVersion = end.Turn.AssistantVersion
	var err error
	switch {
	case end.Trouble != nil:
		c.HasError, c.Waiting = true, true
		var m *parley.Message
		if m, err = c.record(ctx, t, parley.EventTrouble, end.Trouble.Message, "", end.Trouble); err == nil {
			log = append(log, *m)
		}
	case end.Handoff != "":
		c.HandedOver, c.Waiting = true, true
		err = record(parley.EventHandoff, "The assistant asks for a person: "+end.Handoff)
	case end.Waiting != "":
		c.Waiting = true
		err = record(parley.EventWaiting, end.Waiting)
	}
	if err == nil && end.End {
		var m *parley.Message
		if m, err = c.end(ctx, t, parley.EndAssistant, ""); err == nil {
			log = append(log, *m)
		}
	}
	return log, err
}

// CancelTurn ends a running turn that will not be finished, and keeps what it
// had done so far; so it does for one that a takeover or the end has canceled
// already. Any other turn stays as it is. It returns CodeNotFound.
func (s *Store) CancelTurn(ctx context.Context, turn *parley.Turn) error {
	return s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, turn.WorkspaceID, turn.ConversationID)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			UPDATE turn SET status = 'canceled', trace = $3, ended_at = $4
			WHERE id = $1 AND conversation_n = $2 AND (status = 'running' OR status = 'canceled' AND trace = '')`,
			turn.ID, c.n, toJSON(turn.Trace), micros(t.s.nowMicros()))
		return err
	})
}

const turnColumns = `workspace_id, id, from_seq, to_seq, status, attempt, assistant_version, trace, error,
	started_at, first_token_at, ended_at`

func scanTurn(row scanner, conv string, more ...any) (*parley.Turn, error) {
	v := &parley.Turn{ConversationID: conv}
	dest := append([]any{
		&v.WorkspaceID, &v.ID, &v.FromSeq, &v.ToSeq, &v.Status, &v.Attempt, &v.AssistantVersion, asJSON(&v.Trace),
		asJSON(&v.Error), asTime(&v.StartedAt), asTime(&v.FirstTokenAt), asTime(&v.EndedAt),
	}, more...)
	return v, row.Scan(dest...)
}

// Turns returns the turns of a conversation, oldest first.
func (s *Store) Turns(ctx context.Context, ws, conv string) ([]parley.Turn, error) {
	r, err := s.read.query(ctx, `
		SELECT `+turnColumns+` FROM turn
		WHERE conversation_n = (SELECT n FROM conversation WHERE id = $1 AND workspace_id = $2) ORDER BY id`, conv, ws)
	return collect(r, err, func(row scanner) (parley.Turn, error) {
		v, err := scanTurn(row, conv)
		return *v, err
	})
}

// Turn returns a turn. It returns CodeNotFound.
func (s *Store) Turn(ctx context.Context, ws, id string) (*parley.Turn, error) {
	var conv string
	v, err := scanTurn(s.read.queryRow(ctx, `
		SELECT `+qualified("t", turnColumns)+`, c.id FROM turn t JOIN conversation c ON c.n = t.conversation_n
		WHERE t.id = $1 AND t.workspace_id = $2`, id, ws), "", &conv)
	if err != nil {
		return nil, orNotFound(err, "turn")
	}
	v.ConversationID = conv
	return v, nil
}
