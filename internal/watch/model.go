package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/llm"
)

type provider struct{ workspace, id string }

// How many calls in a row fail before it is told, and after how many it is told
// again, should somebody have dismissed it.
const (
	failuresTold  = 5
	failuresAgain = 100
)

// tellTime bounds the telling: a call must not wait for it for long.
const tellTime = 5 * time.Second

// Model watches the calls of a provider's model.
func (w *Watch) Model(m llm.Model, p *parley.Provider) llm.Model {
	return &model{m, w, provider{p.WorkspaceID, p.ID}, p.Name}
}

type model struct {
	llm.Model
	w    *Watch
	of   provider
	name string
}

// Stream implements llm.Model.
func (m *model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	resp, err := m.Model.Stream(ctx, req, onText)
	switch class := llm.ErrorClass(err); {
	case err == nil:
		m.w.fine(ctx, m.of)
	case class == "" || class == llm.Canceled || class == llm.TooLong || class == llm.Refused:
		// It says nothing about the provider.
	default:
		m.w.failed(ctx, m.of, m.name, err)
	}
	return resp, err
}

// fine notes a call that succeeded.
func (w *Watch) fine(ctx context.Context, of provider) {
	w.mu.Lock()
	s := w.state(of)
	clear := s.told || !s.known
	*s = state{known: true}
	w.mu.Unlock()
	if clear {
		w.tell(ctx, func(ctx context.Context) error { return w.Store.ClearAlerts(ctx, of.workspace, of.id) })
	}
}

// failed notes a call that failed.
func (w *Watch) failed(ctx context.Context, of provider, name string, cause error) {
	w.mu.Lock()
	s := w.state(of)
	s.bad++
	n := s.bad
	tell := n == failuresTold || n%failuresAgain == 0
	s.told = s.told || tell
	w.mu.Unlock()
	if tell {
		message := fmt.Sprintf("%s: %d calls in a row have failed, the last because: %s Look at its settings; a fallback model answers meanwhile, where an assistant has one.", name, n, reason(cause))
		w.tell(ctx, func(ctx context.Context) error {
			return w.Store.RaiseAlert(ctx, of.workspace, of.id, AlertProvider, message)
		})
	}
}

// state returns what was seen of a provider.
func (w *Watch) state(of provider) *state {
	s := w.providers[of]
	if s == nil {
		s = &state{}
		w.providers[of] = s
	}
	return s
}

func (w *Watch) tell(ctx context.Context, fn func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellTime)
	defer cancel()
	if err := fn(ctx); err != nil {
		w.Log.ErrorContext(ctx, "cannot tell how a provider is", "error", err)
	}
}

// reason is why a call failed, as a sentence for the operator.
func reason(err error) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message
	}
	return "it is not known."
}
