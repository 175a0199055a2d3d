package server

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/server/api"
	"parley/internal/server/whatsapp"
	"parley/internal/server/widget"
	"parley/internal/server/workshop"
	"parley/internal/store"
)

// Store is what the server needs of the database, by use case.
type Store interface {
	workspaceStore
	memberStore
	inviteStore
	keyStore
	sessionStore
	providerStore
	priceStore
	assistantStore
	documentStore
	conversationStore
	detailStore
	attachmentStore
	widgetStore
	widget.Store
	api.AnswerStore
	whatsapp.Store
	workshop.Store
	Ping(ctx context.Context) error
}

type workspaceStore interface {
	NeedsSetup(ctx context.Context) (bool, error)
	SetUp(ctx context.Context, tokenHash string, w *parley.Workspace, owner *parley.Member) error
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
	UpdateWorkspace(ctx context.Context, w *parley.Workspace) error
}

type memberStore interface {
	Member(ctx context.Context, ws, id string) (*parley.Member, error)
	MemberByEmail(ctx context.Context, email string) (*parley.Member, error)
	Members(ctx context.Context, ws string) ([]parley.Member, error)
	UpdateMember(ctx context.Context, m *parley.Member) error
	DeleteMember(ctx context.Context, ws, id string) error
	MemberSeen(ctx context.Context, ws, id string) error
}

type inviteStore interface {
	CreateInvite(ctx context.Context, i *parley.Invite) error
	Invites(ctx context.Context, ws string) ([]parley.Invite, error)
	InviteByToken(ctx context.Context, tokenHash string) (*parley.Invite, error)
	AcceptInvite(ctx context.Context, tokenHash string, m *parley.Member) error
	DeleteInvite(ctx context.Context, ws, id string) error
}

type keyStore interface {
	CreateAPIKey(ctx context.Context, k *parley.APIKey) error
	APIKeys(ctx context.Context, ws string) ([]parley.APIKey, error)
	APIKeyByHash(ctx context.Context, hash string) (*parley.APIKey, error)
	RevokeAPIKey(ctx context.Context, ws, id string) error
	APIKeySeen(ctx context.Context, ws, id string) error
}

type sessionStore interface {
	Tables() store.Tables
	TakeLoginToken(ctx context.Context, hash string) (*store.LoginToken, error)
}

type providerStore interface {
	Providers(ctx context.Context, ws string) ([]parley.Provider, error)
	Provider(ctx context.Context, ws, id string) (*parley.Provider, error)
	CreateProvider(ctx context.Context, p *parley.Provider) error
	UpdateProvider(ctx context.Context, p *parley.Provider) error
	DeleteProvider(ctx context.Context, ws, id string) error
}

type priceStore interface {
	Prices(ctx context.Context, ws string) ([]parley.Price, error)
	AddPrices(ctx context.Context, ws string, prices []parley.Price) error
}

type assistantStore interface {
	CreateAssistant(ctx context.Context, a *parley.Assistant, by string, docs ...parley.Document) error
	Assistants(ctx context.Context, ws string, q store.AssistantQuery) ([]parley.Assistant, string, error)
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
	UpdateAssistant(ctx context.Context, ws, id string, expect int, cfg parley.AssistantConfig, by string) (*parley.Assistant, error)
	DeleteAssistant(ctx context.Context, ws, id string) error
}

type documentStore interface {
	CreateDocument(ctx context.Context, d *parley.Document, by string) error
	ReplaceDocument(ctx context.Context, old string, d *parley.Document, by string) error
	RemoveDocument(ctx context.Context, ws, assistant, doc, by string) error
	Documents(ctx context.Context, ws, assistant string, version int) ([]parley.Document, error)
	Document(ctx context.Context, ws, id string) (*parley.Document, error)
}

type conversationStore interface {
	List(ctx context.Context, q store.ListQuery) (*store.ListPage, error)
	Tiles(ctx context.Context, ws string, now time.Time, tz *time.Location) (*store.Tiles, error)
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	ConversationRow(ctx context.Context, ws, id string) (*store.ListRow, error)
}

type detailStore interface {
	Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error)
	MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error)
	Message(ctx context.Context, ws, conv, id string) (*parley.Message, error)
	Variables(ctx context.Context, ws, conv string) ([]parley.Variable, error)
	Usage(ctx context.Context, ws, conv string) ([]parley.Usage, error)
	Evaluation(ctx context.Context, ws, conv string) (*parley.Evaluation, error)
	Turn(ctx context.Context, ws, id string) (*parley.Turn, error)
}

type attachmentStore interface {
	CreateAttachment(ctx context.Context, a *store.StoredAttachment) error
	Attachment(ctx context.Context, ws, id string) (*store.StoredAttachment, error)
	Attachments(ctx context.Context, ws string, ids []string) ([]store.StoredAttachment, error)
}

type widgetStore interface {
	CreateWidget(ctx context.Context, w *parley.Widget) error
	Widgets(ctx context.Context, ws string) ([]parley.Widget, error)
	Widget(ctx context.Context, ws, id string) (*parley.Widget, error)
	UpdateWidget(ctx context.Context, w *parley.Widget) error
	DeleteWidget(ctx context.Context, ws, id string) error
	RaiseVisitorEpoch(ctx context.Context, ws, id string) error
	WidgetConversation(ctx context.Context, ws, conv string) (*parley.VisitorConversation, error)
}

// Engine is what the server needs of the engine.
type Engine interface {
	conversationEngine
	operatorEngine
	assistantEngine
	workshop.Engine
}

type conversationEngine interface {
	Open(ctx context.Context, req engine.OpenRequest) (*parley.Conversation, bool, error)
	Receive(ctx context.Context, in channel.Inbound) (*engine.Received, error)
	WaitReplies(ctx context.Context, ws, conv string, after int64, timeout time.Duration) ([]parley.Message, error)
}

type operatorEngine interface {
	OperatorMessage(ctx context.Context, ws, conv string, by engine.Actor, m *parley.Message) (*engine.Received, error)
	Takeover(ctx context.Context, ws, conv string, by engine.Actor) (*store.TakeoverResult, error)
	Release(ctx context.Context, ws, conv string, by engine.Actor) (*parley.Conversation, error)
	End(ctx context.Context, ws, conv string, reason parley.EndReason, by engine.Actor) (*parley.Conversation, error)
	Evaluate(ctx context.Context, ws, conv string) (*parley.Evaluation, error)
	SettleUnknown(ctx context.Context, ws, conv, id string, to parley.Delivery) (*parley.Message, error)
}

type assistantEngine interface {
	SearchKnowledge(ctx context.Context, ws string, documents []string, question string, n int) ([]parley.Passage, error)
	TestTool(ctx context.Context, tool parley.HTTPTool, args json.RawMessage) (parley.ToolCall, error)
}

// Blobs keeps the bytes of attachments.
type Blobs interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
}

// Pages reads a page of the public internet, within bounds, and tells the
// address that it was redirected to.
type Pages interface {
	Page(ctx context.Context, url string) (address, text string, err error)
}
