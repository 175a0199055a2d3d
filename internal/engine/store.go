package engine

import (
	"context"
	"encoding/json"
	"time"

	"parley"
	"parley/internal/httptool"
	"parley/internal/outbox"
	"parley/internal/queue"
	"parley/internal/reading"
	"parley/internal/store"
)

// Store is what the engine needs of the database, by use case.
type Store interface {
	queue.Store
	workStore
	conversationStore
	turnStore
	ledger
	assistantStore
	operatorStore
	outbox.Store
	amendStore
	evaluationStore
	reading.Store
}

// workStore plans work and tells when some was planned.
type workStore interface {
	OnWork(fn func())
	AddWork(ctx context.Context, w parley.Work) error
}

// conversationStore opens, reads and ends conversations.
type conversationStore interface {
	OpenConversation(ctx context.Context, o store.OpenConversation) (*parley.Conversation, bool, error)
	Receive(ctx context.Context, in store.ReceiveMessage) (*store.Received, error)
	ReceiveFrom(ctx context.Context, o store.OpenConversation, in store.ReceiveMessage) (*store.Received, bool, error)
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error)
	MessageByProviderID(ctx context.Context, ws, sender, providerID string) (*parley.Message, error)
}

// turnStore records turns.
type turnStore interface {
	BeginTurn(ctx context.Context, w parley.Work) (*store.TurnStart, error)
	FinishTurn(ctx context.Context, w parley.Work, end store.TurnEnd) (*store.FinishedTurn, error)
	CancelTurn(ctx context.Context, turn *parley.Turn) error
}

// ledger records what model calls use.
type ledger interface {
	OpenUsage(ctx context.Context, u *parley.Usage) error
	OpenPaidUsage(ctx context.Context, u *parley.Usage) error
	SettleUsage(ctx context.Context, u *parley.Usage) error
	Prices(ctx context.Context, ws string) ([]parley.Price, error)
}

// Budgets says whose calls are under a budget.
type Budgets interface {
	Limited(ctx context.Context, ws, assistant string) (bool, error)
}

// assistantStore reads what is configured.
type assistantStore interface {
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
	AssistantVersion(ctx context.Context, ws, id string, version int) (*parley.AssistantVersion, error)
	Provider(ctx context.Context, ws, id string) (*parley.Provider, error)
	DocumentsWithContent(ctx context.Context, ws string, ids []string) ([]parley.Document, error)
}

// operatorStore moves conversations between the assistant and people.
type operatorStore interface {
	Takeover(ctx context.Context, ws, conv, member string) (*store.TakeoverResult, error)
	Release(ctx context.Context, ws, conv, by string) (*parley.Conversation, error)
	End(ctx context.Context, ws, conv string, reason parley.EndReason, by string) (*parley.Conversation, error)
	EndIdle(ctx context.Context, w parley.Work, quietSince time.Time) (*parley.Conversation, bool, error)
	ReleaseIdle(ctx context.Context, w parley.Work, silentSince time.Time) (*parley.Conversation, time.Time, error)
	SendTemplate(ctx context.Context, ws, conv string, m *parley.Message) (*store.Received, error)
	OperatorMessage(ctx context.Context, ws, conv, member string, parts []parley.Message, push bool) (*store.Received, error)
}

// amendStore changes what is in the log already, as sources ask for it.
type amendStore interface {
	AmendMessage(ctx context.Context, a store.Amendment) (*parley.Message, error)
	Echo(ctx context.Context, o store.OpenConversation, m *parley.Message) (*store.Received, error)
}

// evaluationStore keeps what was found about ended conversations.
type evaluationStore interface {
	Variables(ctx context.Context, ws, conv string) ([]parley.Variable, error)
	Contact(ctx context.Context, ws, id string) (*parley.Contact, []parley.Identity, error)
	Evaluation(ctx context.Context, ws, conv string) (*parley.Evaluation, error)
	SaveEvaluation(ctx context.Context, w *parley.Work, ws string, eval *parley.Evaluation, vars []parley.Variable) (*parley.Conversation, error)
}

// ToolCaller calls HTTP tools. Its errors are sentences for model and operator.
type ToolCaller interface {
	Call(ctx context.Context, tool parley.HTTPTool, args json.RawMessage, key string) (httptool.Result, error)
}

// now returns the time to microseconds, as the store keeps it.
func (e *Engine) now() time.Time { return e.cfg.Now().UTC().Truncate(time.Microsecond) }
