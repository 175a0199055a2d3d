package remote

import (
	"errors"
	"sync"

	"parley/internal/llm"
)

// Rejection is a failure that may come from a parameter.
type Rejection[Q any] interface {
	error
	// Without returns what is known with what was rejected added to it; false if
	// it was nothing that can be left out.
	Without(known Q) (Q, bool)
	// Failure is what it is if nothing can be left out.
	Failure() *llm.Error
}

// Memory keeps what a provider was found not to accept, by the name of the
// model. The zero value is ready, and safe for concurrent use.
type Memory[Q comparable] struct {
	mu sync.Mutex
	by map[string]Q
}

// maxRemembered bounds the memory; a provider has far fewer models in use.
const maxRemembered = 1000

// Of returns what is known of a model, the zero value if nothing is.
func (m *Memory[Q]) Of(model string) Q {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.by[model]
}

// Keep remembers what is known of a model.
func (m *Memory[Q]) Keep(model string, q Q) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by == nil || len(m.by) >= maxRemembered {
		m.by = make(map[string]Q)
	}
	m.by[model] = q
}

// Call calls a model with what is known of it, and again without what it then
// rejects, of which it learns. It returns what was known at the last call.
func (m *Memory[Q]) Call(model string, call func(known Q) (*llm.Response, error)) (*llm.Response, Q, error) {
	known := m.Of(model)
	q := known
	for {
		resp, err := call(q)
		if rejected, ok := errors.AsType[Rejection[Q]](err); ok {
			if next, ok := rejected.Without(q); ok {
				q = next
				continue
			}
			err = rejected.Failure()
		}
		// Only what a provider then accepted is known to have been the trouble.
		if q != known && llm.ErrorClass(err) != llm.BadRequest {
			m.Keep(model, q)
		}
		return resp, q, err
	}
}
