package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/lang"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/queue"
	"parley/internal/store"
)

// run is a turn in progress. One goroutine owns it; tools that run beside each
// other touch only what is theirs.
type run struct {
	e         *Engine
	work      parley.Work
	conv      *parley.Conversation
	turn      *parley.Turn
	cfg       *parley.AssistantConfig
	workspace *parley.Workspace
	start     *store.TurnStart
	sender    *parley.Sender // the number that the conversation is with; nil for none
	log       func(msg string, args ...any)

	question string            // the user messages that it answers
	source   string            // id of the newest of them
	passages []parley.Passage  // found for question
	fallback bool              // the fallback model has taken over
	budget   int               // bytes of history that a model sees
	blind    bool              // the model takes no images
	calls    map[[32]byte]int  // tool calls so far, by name and arguments
	settled  string            // the text of finished steps, as the watchers have it
	messages []parley.Message  // what the turn will record
	values   []parley.Variable // variables set by it
	dialogue []llm.Message     // of finished steps, for the model
	choices  []string          // offered with the reply
	handoff  string            // why a person is asked for
	end      bool              // the conversation is to end
	deferred bool              // the turn goes on later
}

// giveUp is an error that no further attempt will mend: the contact gets the
// assistant's set text and the operator reads why.
type giveUp struct{ parley.MessageError }

// Error implements error.
func (g *giveUp) Error() string { return g.Code + ": " + g.Message }

// turn answers what is unanswered in the conversation that w names.
func (e *Engine) turn(ctx context.Context, w parley.Work) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Known before it begins: a takeover from here on either keeps BeginTurn
	// from starting or finds the turn and stops it.
	leave := e.running.enter(w.Key, cancel)
	defer leave()

	start, err := e.store.BeginTurn(ctx, w)
	if err != nil {
		return unlessErased(err)
	}
	if !start.WaitUntil.IsZero() {
		return queue.SnoozeUntil(start.WaitUntil)
	}
	if start.Turn == nil {
		return nil
	}
	r, err := e.newRun(ctx, w, start)
	if err != nil {
		return err
	}
	if reason := r.declines(); reason != "" {
		return r.decline(ctx, reason)
	}
	r.signal(ctx)
	r.publish(live.Turn{Status: parley.TurnRunning})
	defer r.publishEnd()

	timed, stop := context.WithTimeoutCause(ctx, e.cfg.Limits.TurnTime, errTurnTime)
	defer stop()
	if r.turn.Attempt > e.cfg.Limits.TurnAttempts {
		err = &giveUp{parley.MessageError{Code: "gave_up", Message: fmt.Sprintf(
			"The assistant tried %d times to answer and did not come to an end.", e.cfg.Limits.TurnAttempts)}}
	} else {
		err = r.answer(timed)
	}
	return r.conclude(ctx, context.Cause(timed), err)
}

func (e *Engine) newRun(ctx context.Context, w parley.Work, start *store.TurnStart) (*run, error) {
	ws, err := e.workspace(ctx, start.Conversation.WorkspaceID)
	if err != nil {
		return nil, err
	}
	sender, err := e.outbox.Sender(ctx, start.Conversation.WorkspaceID, start.Conversation.SenderID)
	if err != nil {
		return nil, err
	}
	log := e.log.With("conversation", start.Conversation.ID, "turn", start.Turn.ID)
	r := &run{
		e: e, work: w, conv: start.Conversation, turn: start.Turn, cfg: &start.Version.Config,
		workspace: ws, start: start, sender: sender, log: func(msg string, args ...any) { log.Warn(msg, args...) },
		budget: e.cfg.Limits.HistoryBytes, calls: map[[32]byte]int{},
	}
	r.turn.AssistantVersion = start.Version.Version
	r.turn.Trace = parley.Trace{AssistantVersion: start.Version.Version}
	var asked []string
	for i := range start.History {
		m := &start.History[i]
		if m.Role == parley.ByUser && m.Seq >= r.turn.FromSeq {
			r.source = m.ID
			if said := spoken(m); said != "" {
				asked = append(asked, said)
			}
		}
	}
	r.question = strings.Join(asked, "\n")
	return r, nil
}

// answer runs step after step until the assistant has said what it has to say.
func (r *run) answer(ctx context.Context) error {
	if err := r.retrieve(ctx); err != nil {
		return err
	}
	for n := 1; ; n++ {
		// The last step gets no tools, so that the model has to answer.
		last := n > r.e.cfg.Limits.Steps
		resp, err := r.step(ctx, !last)
		if err != nil {
			return err
		}
		if last {
			resp.ToolCalls = nil
		}
		text := lang.Clean(resp.Text, parley.MaxContentBytes)
		if text != "" {
			r.say(text)
		}
		if len(resp.ToolCalls) == 0 {
			return r.checkSaid(last)
		}
		quiet := r.runTools(ctx, resp.ToolCalls)
		if err := ctx.Err(); err != nil {
			return err
		}
		r.dialogue = append(r.dialogue, toolDialogue(resp)...)
		if quiet && text != "" {
			return nil // it has spoken, and its tools told it nothing new
		}
	}
}

// checkSaid refuses a turn that ends without a word.
func (r *run) checkSaid(last bool) error {
	switch {
	case r.said(), r.handoff != "", r.end:
		return nil
	case last:
		return &giveUp{parley.MessageError{Code: "tool_loop", Message: fmt.Sprintf(
			"The model called tools %d times in a row and did not answer.", r.e.cfg.Limits.Steps)}}
	}
	return &giveUp{parley.MessageError{Code: string(llm.Malformed), Message: "The model sent an empty reply."}}
}

// said reports whether the turn has a text.
func (r *run) said() bool {
	for i := range r.messages {
		if r.messages[i].Role == parley.ByAssistant {
			return true
		}
	}
	return false
}

// say adds a text of the assistant to what the turn will record.
func (r *run) say(text string) {
	r.messages = append(r.messages, r.message(parley.ByAssistant, text))
	if r.settled != "" {
		r.settled += paragraph
	}
	r.settled += text
}

// paragraph separates the texts of a turn's steps in what watchers see of it.
const paragraph = "\n\n"

func (r *run) message(role parley.MessageRole, content string) parley.Message {
	return parley.Message{
		ID: parley.NewID(r.e.now()), WorkspaceID: r.conv.WorkspaceID, ConversationID: r.conv.ID,
		Role: role, Type: parley.MessageText, Content: content, TurnID: r.turn.ID, CreatedAt: r.e.now(),
	}
}

// conclude decides what becomes of the turn after answer returned err.
func (r *run) conclude(ctx context.Context, cause, err error) error {
	gave, isGiveUp := errors.AsType[*giveUp](err)
	later, isLater := errors.AsType[*tryLater](err)
	switch {
	case errors.Is(cause, errTakenOver), errors.Is(cause, errEnded):
		return r.canceled(ctx)
	case err == nil:
		return r.finish(ctx, nil)
	case parley.ErrorCode(err) == parley.CodeBudgetExhausted:
		return r.finishUnpaid(ctx, sentence(err))
	case errors.Is(cause, queue.ErrLeaseLost), errors.Is(cause, queue.ErrStopping):
		return err // it goes on elsewhere, or after the restart
	case errors.Is(cause, errTurnTime):
		return r.finish(ctx, &parley.MessageError{Code: string(llm.Timeout), Message: fmt.Sprintf(
			"The answer was not complete within %s.", r.e.cfg.Limits.TurnTime)})
	case isGiveUp:
		return r.finish(ctx, &gave.MessageError)
	case isLater:
		r.deferred = true
		r.publish(live.Turn{Status: parley.TurnRunning, Retry: r.turn.Attempt + 1, Waiting: true, Error: sentence(later.cause)})
		return queue.RetryAfter(later.after, later.cause)
	}
	return err
}

// finish records the result, also while the server stops. A turn that was
// overtaken by a takeover or the end of the conversation has none.
func (r *run) finish(ctx context.Context, trouble *parley.MessageError) error {
	end := store.TurnEnd{Handoff: r.handoff, End: r.end, Trouble: trouble}
	if trouble != nil {
		r.log("a turn found no answer", "code", trouble.Code, "error", trouble.Message)
		r.turn.Error = trouble
		end.End = false
		r.messages = append(r.messages, r.message(parley.ByAssistant, r.troubleText()))
	} else {
		r.attachChoices()
	}
	return r.record(ctx, end)
}

// finishUnpaid leaves the messages to a person, because there is no money for an
// answer; the contact is told once. What the turn has said and done is kept.
func (r *run) finishUnpaid(ctx context.Context, reason string) error {
	r.turn.Trace.Note = reason
	text := r.budgetText()
	if !r.conv.Waiting || r.lastSaid() != text {
		r.messages = append(r.messages, r.message(parley.ByAssistant, text))
	}
	return r.record(ctx, store.TurnEnd{Handoff: r.handoff, Waiting: r.waitsFor(reason)})
}

// lastSaid returns what the contact was told last before the turn.
func (r *run) lastSaid() string {
	for i := len(r.start.History) - 1; i >= 0; i-- {
		if m := &r.start.History[i]; m.Role == parley.ByAssistant || m.Role == parley.ByOperator {
			return m.Content
		}
	}
	return ""
}

// record writes down what the turn has brought, with how it ends.
func (r *run) record(ctx context.Context, end store.TurnEnd) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	r.turn.EndedAt = r.e.now()
	end.Turn, end.Messages, end.Variables, end.Push = r.turn, r.messages, r.values, r.e.pushes(r.conv.Source)
	if end.Push {
		end.Messages = r.e.packed(r.conv.Source, end.Messages)
	}
	done, err := r.e.store.FinishTurn(ctx, r.work, end)
	if errors.Is(err, store.ErrSuperseded) {
		return r.canceled(ctx)
	}
	if err != nil {
		return err
	}
	r.turn.Status = parley.TurnDone
	if end.Trouble != nil {
		r.turn.Status = parley.TurnFailed
	}
	r.conv = done.Conversation
	r.e.publish(live.MessageChanged, r.conv) // all have the conversation's rev
	r.e.publish(live.ConversationChanged, r.conv)
	return nil
}

// attachChoices puts the offered replies on the last text.
func (r *run) attachChoices() {
	for i := len(r.messages) - 1; i >= 0 && len(r.choices) > 0; i-- {
		if r.messages[i].Role == parley.ByAssistant {
			r.messages[i].Choices = r.choices
			return
		}
	}
}

// canceled records that the turn was stopped. Nothing that it said is kept.
func (r *run) canceled(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	r.turn.Status = parley.TurnCanceled
	r.turn.EndedAt = r.e.now()
	return r.e.store.CancelTurn(ctx, r.turn)
}

// declines says why the assistant does not answer here, "" if it does.
func (r *run) declines() string {
	if !answers(r.cfg.Status, r.conv.Source) {
		return "The assistant is " + string(r.cfg.Status) + " and does not answer on this source."
	}
	return silent(r.sender)
}

// decline leaves the messages to a person.
func (r *run) decline(ctx context.Context, reason string) error {
	r.turn.Trace.Note = reason
	return r.record(ctx, store.TurnEnd{Waiting: r.waitsFor("The conversation waits for a person.")})
}

// waitsFor returns the reason to wait for a person, "" if the conversation does
// already.
func (r *run) waitsFor(reason string) string {
	if r.conv.Waiting {
		return ""
	}
	return reason
}

// publish tells the watchers how the turn stands.
func (r *run) publish(t live.Turn) {
	r.e.hub.Publish(live.Event{
		Type: live.TurnChanged, WorkspaceID: r.conv.WorkspaceID, ConversationID: r.conv.ID,
		Rev: r.conv.Rev, TurnID: r.turn.ID, Turn: &t,
	})
}

// publishEnd tells the watchers that the turn runs no more here. They know
// already of one that waits; any other that did not end starts anew.
func (r *run) publishEnd() {
	if r.deferred {
		return
	}
	t := live.Turn{Status: r.turn.Status}
	if t.Status == parley.TurnRunning {
		t.Status = parley.TurnCanceled
	}
	if r.turn.Error != nil {
		t.Error = r.turn.Error.Message
	}
	r.publish(t)
}

// publishDelta shows a piece of the reply. Offset counts bytes of the turn's
// whole text.
func (r *run) publishDelta(offset int, content string) {
	if r.turn.FirstTokenAt.IsZero() && strings.TrimSpace(content) != "" {
		r.turn.FirstTokenAt = r.e.now()
	}
	r.e.hub.Publish(live.Event{
		Type: live.DeltaAdded, WorkspaceID: r.conv.WorkspaceID, ConversationID: r.conv.ID,
		Rev: r.conv.Rev, TurnID: r.turn.ID, Delta: &live.Delta{Offset: offset, Content: content},
	})
}

// tryLater asks for the whole turn again when the provider allows it.
type tryLater struct {
	after time.Duration
	cause error
}

// Error implements error.
func (t *tryLater) Error() string { return t.cause.Error() }
