package remote

import "sync"

// Memory keeps what a provider was found not to accept, by the name of the
// model. The zero value is ready, and safe for concurrent use.
type Memory[Q any] struct {
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
