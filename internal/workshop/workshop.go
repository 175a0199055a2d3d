// Package workshop is what is done with whole assistants beside editing them:
// their versions are compared, they are copied, written to a file and read back,
// and good answers become their examples.
//
// It runs no SQL and knows nothing of HTTP. No secret may ever reach a file.
package workshop

import (
	"context"
	"time"

	"parley"
)

// Store is what the workshop needs of the database.
type Store interface {
	assistantStore
	documentStore
	conversationStore
	peopleStore
}

type assistantStore interface {
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
	CreateAssistant(ctx context.Context, a *parley.Assistant, by string, docs ...parley.Document) error
	UpdateAssistant(ctx context.Context, ws, id string, expect int, cfg parley.AssistantConfig, by string) (*parley.Assistant, error)
	AssistantVersion(ctx context.Context, ws, id string, version int) (*parley.AssistantVersion, error)
	AssistantVersions(ctx context.Context, ws, id string, before, limit int) ([]parley.AssistantVersion, error)
}

type documentStore interface {
	Documents(ctx context.Context, ws, assistant string, version int) ([]parley.Document, error)
	DocumentsWithContent(ctx context.Context, ws string, ids []string) ([]parley.Document, error)
}

type conversationStore interface {
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	Message(ctx context.Context, ws, conv, id string) (*parley.Message, error)
	Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error)
}

type peopleStore interface {
	Members(ctx context.Context, ws string) ([]parley.Member, error)
	APIKeys(ctx context.Context, ws string) ([]parley.APIKey, error)
	Providers(ctx context.Context, ws string) ([]parley.Provider, error)
}

// Workshop is safe for concurrent use.
type Workshop struct {
	Store Store
	Now   func() time.Time
}

// People returns the names of those who may have saved versions, by id: members
// and API keys, as far as they are still there.
func (w *Workshop) People(ctx context.Context, ws string) (map[string]string, error) {
	members, err := w.Store.Members(ctx, ws)
	if err != nil {
		return nil, err
	}
	keys, err := w.Store.APIKeys(ctx, ws)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i := range members {
		names[members[i].ID] = members[i].Name
	}
	for i := range keys {
		names[keys[i].ID] = keys[i].Name
	}
	return names, nil
}
