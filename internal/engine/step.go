package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/llm"
)

// target is a model that can be called.
type target struct {
	model    llm.Model
	provider *parley.Provider
	choice   parley.ModelChoice
	fallback bool
}

// step gets one reply of the model, or of the fallback model when the first
// fails for good.
func (r *run) step(ctx context.Context, tools bool) (*llm.Response, error) {
	choices := []parley.ModelChoice{r.cfg.Model}
	if r.cfg.Fallback != nil {
		choices = append(choices, *r.cfg.Fallback)
	}
	if r.fallback {
		choices = choices[1:]
	}
	var failure error
	for i, choice := range choices {
		attempts := r.e.cfg.Limits.Attempts
		if i+1 < len(choices) {
			attempts = min(attempts, 2) // somebody is waiting, and there is another to ask
		}
		resp, err := r.ask(ctx, choice, r.fallback || i > 0, tools, attempts)
		if err == nil {
			r.fallback = r.fallback || i > 0
			return resp, nil
		}
		if ctx.Err() != nil || !isModelTrouble(err) {
			return nil, err
		}
		if _, later := errors.AsType[*tryLater](failure); !later {
			failure = err
		}
	}
	return nil, failure
}

// isModelTrouble reports whether another model may help.
func isModelTrouble(err error) bool {
	_, gave := errors.AsType[*giveUp](err)
	_, later := errors.AsType[*tryLater](err)
	return gave || later
}

// ask calls one model, again and again as the class of its errors allows.
func (r *run) ask(
	ctx context.Context, choice parley.ModelChoice, fallback, tools bool, attempts int,
) (*llm.Response, error) {
	model, provider, err := r.e.models.open(ctx, r.e.store, r.conv.WorkspaceID, choice.ProviderID)
	if err != nil {
		if parley.ErrorCode(err) == parley.CodeUnavailable || ctx.Err() != nil {
			return nil, err
		}
		return nil, &giveUp{parley.MessageError{Code: string(llm.NoModel), Message: sentence(err)}}
	}
	to := target{model, provider, choice, fallback}
	for attempt := 1; ; attempt++ {
		resp, err := r.call(ctx, to, attempt, tools)
		if err == nil {
			return resp, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		fault, ok := errors.AsType[*llm.Error](err)
		if !ok {
			return nil, err // the store's, not the model's
		}
		r.log("a model call failed", "model", choice.Model, "attempt", attempt, "error", err)
		if r.adapt(fault, attempt) {
			continue
		}
		wait := waitFor(fault, attempt)
		switch {
		case fault.Retryable() && wait > r.e.cfg.Limits.RetryAfter && wait <= r.e.cfg.Limits.Defer:
			return nil, &tryLater{after: wait, cause: fault}
		case !fault.Retryable(), attempt >= attempts, wait > r.e.cfg.Limits.RetryAfter:
			return nil, &giveUp{parley.MessageError{Code: string(fault.Class), Message: fault.Message}}
		}
		r.publish(live.Turn{Status: parley.TurnRunning, Retry: attempt + 1, Waiting: wait > time.Second, Error: fault.Message})
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// adapt changes the request when the model said why it cannot take it.
func (r *run) adapt(fault *llm.Error, attempt int) bool {
	switch {
	case attempt >= r.e.cfg.Limits.Attempts:
		return false
	case fault.Class == llm.TooLong:
		r.budget /= 4
		return true
	case fault.Class == llm.BadRequest && r.hasImages():
		r.blind = true
		return true
	}
	return false
}

// waitFor returns how long to wait before the next attempt: what the provider
// asks for, else half a second doubled per attempt, more or less at random.
func waitFor(fault *llm.Error, attempt int) time.Duration {
	if fault.RetryAfter > 0 {
		return fault.RetryAfter
	}
	d := 500 * time.Millisecond << (attempt - 1)
	return d/2 + rand.N(d)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// errEnough stops a model that does not stop by itself.
var errEnough = errors.New("the reply is as long as a message may be")

// call is one model call: its row in the ledger, its stream to the watchers
// and its step in the trace.
func (r *run) call(ctx context.Context, to target, attempt int, tools bool) (*llm.Response, error) {
	req := r.request(ctx, to, tools)
	u, err := r.e.openUsage(ctx, r.usage(to, parley.UsageReply), r.account(to))
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	base := len(r.settled)
	begun := r.e.cfg.Now()
	step := parley.Step{
		Provider: to.provider.Name, Model: to.choice.Model, Attempt: attempt, Fallback: to.fallback, UsageID: u.ID,
	}
	resp, err := to.model.Stream(ctx, req, func(piece string) error {
		if piece == "" {
			return ctx.Err()
		}
		offset := base + text.Len()
		if base > 0 {
			offset += len(paragraph)
		}
		if text.Len() == 0 {
			step.FirstTokenMillis = r.e.cfg.Now().Sub(begun).Milliseconds()
			if base > 0 {
				r.publishDelta(base, paragraph)
			}
		}
		text.WriteString(piece)
		r.publishDelta(offset, piece)
		if text.Len() > parley.MaxContentBytes {
			return errEnough
		}
		return ctx.Err()
	})
	if errors.Is(err, errEnough) {
		resp, err = &llm.Response{Text: text.String(), FinishReason: "length"}, nil
	}
	step.Millis = r.e.cfg.Now().Sub(begun).Milliseconds()
	r.e.settleUsage(ctx, u, r.account(to), resp, err)
	r.note(&step, u, resp, err)
	if err != nil {
		if text.Len() > 0 {
			r.publishDelta(0, r.settled) // what was shown of the attempt is void
		}
		return nil, asModelError(ctx, err)
	}
	return resp, nil
}

// asModelError makes sure that what a model returned has a class: an adapter's
// fault must not look like the store's.
func asModelError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, ok := errors.AsType[*llm.Error](err); ok {
		return err
	}
	return &llm.Error{Class: llm.Malformed, Message: "The model failed in an unexpected way.", Err: err}
}

// note writes the call into the trace.
func (r *run) note(step *parley.Step, u *parley.Usage, resp *llm.Response, err error) {
	step.InputTokens, step.OutputTokens, step.Credits = u.InputTokens, u.OutputTokens, u.Credits
	if err != nil {
		step.Error = sentence(err)
	}
	if resp != nil {
		step.FinishReason = resp.FinishReason
		if len(resp.Citations) > 0 {
			r.turn.Trace.Passages = resp.Citations
		}
		if resp.Note != "" {
			r.turn.Trace.Note = resp.Note
		}
		r.turn.Trace.Unanswered = r.turn.Trace.Unanswered || resp.Unanswered
	}
	r.turn.Trace.Steps = append(r.turn.Trace.Steps, *step)
}

// account says who pays for a call.
func (r *run) account(to target) charged { return charged{to.provider, r.workspace, r.conv.Source} }

// usage returns the row of a call that is about to start.
func (r *run) usage(to target, kind parley.UsageKind) *parley.Usage {
	return &parley.Usage{
		WorkspaceID: r.conv.WorkspaceID, ConversationID: r.conv.ID, TurnID: r.turn.ID, Kind: kind,
		ProviderID: to.choice.ProviderID, Model: to.choice.Model,
		AssistantID: r.conv.AssistantID, AssistantVersion: r.turn.AssistantVersion,
	}
}
