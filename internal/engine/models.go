package engine

import (
	"context"
	"sync"
	"time"

	"parley"
	"parley/internal/llm"
)

// models opens the models of providers and keeps them open as long as their
// settings stay as they are.
type models struct {
	makers map[string]NewModel

	mu   sync.Mutex
	kept map[assistantKey]openModel
}

// openModel is a model with the settings that it was opened with.
type openModel struct {
	model     llm.Model
	updatedAt time.Time
}

// maxOpenModels bounds what is kept; more than that starts anew.
const maxOpenModels = 1024

// open returns the model of a provider. It returns CodeNotFound for an unknown
// provider and CodeInvalid for one of a kind that is not built in.
func (m *models) open(
	ctx context.Context, from assistantStore, workspaceID, providerID string,
) (llm.Model, *parley.Provider, error) {
	p := &parley.Provider{ID: parley.BuiltinProvider, Kind: parley.BuiltinProvider, Name: "Built-in answerer"}
	if providerID != parley.BuiltinProvider {
		var err error
		if p, err = from.Provider(ctx, workspaceID, providerID); err != nil {
			if parley.ErrorCode(err) == parley.CodeNotFound {
				err = parley.Errorf(parley.CodeNotFound, "The assistant's model provider does not exist any more: choose another in its settings.")
			}
			return nil, nil, err
		}
	}
	key := assistantKey{workspaceID, providerID}
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.kept[key]; ok && have.updatedAt.Equal(p.UpdatedAt) {
		return have.model, p, nil
	}
	model, err := m.make(p)
	if err != nil {
		return nil, nil, err
	}
	if m.kept == nil || len(m.kept) >= maxOpenModels {
		m.kept = map[assistantKey]openModel{}
	}
	m.kept[key] = openModel{model, p.UpdatedAt}
	return model, p, nil
}

// make opens a model that is not kept.
func (m *models) make(p *parley.Provider) (llm.Model, error) {
	maker, ok := m.makers[p.Kind]
	if !ok {
		return nil, parley.Errorf(parley.CodeInvalid, "There is no kind of model provider called %q.", p.Kind)
	}
	return maker(p)
}
