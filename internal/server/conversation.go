package server

import (
	"context"
	"encoding/json"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/server/access"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listConversations(ctx context.Context, in *listConversations) (*api.Reply[wire.ConversationPage], error) {
	q, err := in.Query(api.CallOf(ctx).R.URL.Query(), *in, func() (*time.Location, error) { return s.zone(ctx, "") })
	if err != nil {
		return nil, err
	}
	q.WorkspaceID, q.Sort, q.Limit = api.Who(ctx).Workspace, store.Sort(in.Sort), in.Limit
	scope := q.WorkspaceID + " conversations " + in.Sort
	if q.Cursor, err = wire.OpenCursor(scope, in.Cursor); err != nil {
		return nil, err
	}
	found, err := s.Store.List(ctx, *q)
	if err != nil {
		return nil, err
	}
	out := wire.ConversationPage{Data: make([]wire.Conversation, len(found.Rows)), NextCursor: wire.SealCursor(scope, found.NextCursor), Partial: found.Partial}
	marks, err := s.desk.Marks(ctx, q.WorkspaceID, reader(api.Who(ctx)), found.Rows)
	if err != nil {
		return nil, err
	}
	for i := range found.Rows {
		out.Data[i] = wire.ConversationOf(&found.Rows[i], &marks[i], s.now())
	}
	return api.Answer(out), nil
}

func (s *Server) openConversation(ctx context.Context, in *api.Body[wire.NewConversation]) (*api.Reply[wire.ConversationDetail], error) {
	p := api.Who(ctx)
	if in.Body.Source != parley.SourceTest && in.Body.Source != parley.SourceAPI {
		return nil, parley.Errorf(parley.CodeInvalid, "A conversation can be opened with the source test or api.")
	}
	req := engine.OpenRequest{
		WorkspaceID: p.Workspace, AssistantID: in.Body.AssistantID, Source: in.Body.Source,
		ExternalID: in.Body.ExternalID, ContactName: in.Body.ContactName,
		Variables: make(map[string]json.RawMessage, len(in.Body.Variables)),
	}
	for name, v := range in.Body.Variables {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "variables.%s: %w", name, err)
		}
		req.Variables[name] = b
	}
	switch {
	case req.ExternalID != "":
		req.Identities = []parley.Identity{{Kind: parley.IdentityExternal, Value: req.ExternalID}}
	case p.Member != nil && req.Source == parley.SourceTest:
		req.Identities = []parley.Identity{{Kind: parley.IdentityMember, Value: p.Member.ID}}
		req.ContactName = orDefault(req.ContactName, p.Member.Name)
		req.Fresh = true // a member may have several Test Chats
	}
	conv, _, err := s.Engine.Open(ctx, req)
	if err != nil {
		return nil, err
	}
	return s.conversationDetail(ctx, conv.ID)
}

func (s *Server) getConversation(ctx context.Context, in *api.ByID) (*api.Reply[wire.ConversationDetail], error) {
	return s.conversationDetail(ctx, in.ID)
}

func (s *Server) conversationDetail(ctx context.Context, id string) (*api.Reply[wire.ConversationDetail], error) {
	p := api.Who(ctx)
	row, err := s.Store.ConversationRow(ctx, p.Workspace, id)
	if err != nil {
		return nil, err
	}
	shown, err := s.shown(ctx, row)
	if err != nil {
		return nil, err
	}
	vars, err := s.Store.Variables(ctx, p.Workspace, id)
	if err != nil {
		return nil, err
	}
	ledger, err := s.Store.Usage(ctx, p.Workspace, id)
	if err != nil {
		return nil, err
	}
	eval, err := s.Store.Evaluation(ctx, p.Workspace, id)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return nil, err
	}
	out := wire.ConversationDetail{
		Conversation: *shown, AssistantVersion: row.AssistantVersion, EndReason: row.EndReason,
		Variables: wire.Mapped(vars, wire.VariableOf), UsageRows: wire.Mapped(ledger, wire.UsageOf), Can: abilities(p, &row.Conversation),
	}
	if !row.FirstReplyAt.IsZero() && !row.FirstMessageAt.IsZero() {
		seconds := row.FirstReplyAt.Sub(row.FirstMessageAt).Seconds()
		out.FirstReplySeconds = &seconds
	}
	if err == nil {
		out.Evaluation = &wire.Evaluation{
			Resolved: eval.Resolved, Summary: eval.Summary, Topic: eval.Topic, Sentiment: eval.Sentiment,
			Model: eval.Model, Error: eval.Error, EvaluatedAt: eval.EvaluatedAt.UTC(),
		}
	}
	visit, err := s.Store.WidgetConversation(ctx, row.WorkspaceID, row.ID)
	switch {
	case err == nil:
		out.Widget = wire.VisitOf(visit)
	case parley.ErrorCode(err) != parley.CodeNotFound:
		return nil, err
	}
	return api.Answer(out), nil
}

// abilities says what p may do with a conversation in its present state.
func abilities(p *access.Principal, c *parley.Conversation) wire.Abilities {
	if !p.May(parley.PermConversationsWrite) {
		return wire.Abilities{}
	}
	active := c.Status == parley.ConversationActive
	operated := active && c.Owner == parley.OwnerOperator
	return wire.Abilities{
		Write:    operated && c.OperatorID == p.ID(),
		Takeover: active && (!operated || c.OperatorID != p.ID()),
		Release:  operated,
		End:      active,
		Evaluate: !active,
		Delete:   true,
	}
}

func (s *Server) deleteConversation(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Privacy.Privacy.Delete(ctx, api.Who(ctx).Workspace, in.ID)
}

func (s *Server) tiles(ctx context.Context, in *tilesQuery) (*api.Reply[wire.Tiles], error) {
	zone, err := s.zone(ctx, in.TZ)
	if err != nil {
		return nil, err
	}
	t, err := s.Store.Tiles(ctx, api.Who(ctx).Workspace, s.now(), zone)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.Tiles{
		Conversations: t.Conversations, Last7Days: t.Last7Days, AssistantMessages: t.AssistantMessages,
		AverageDurationSeconds: t.AverageSeconds, Waiting: t.Waiting,
	}), nil
}

// zone returns the named zone, or the workspace's.
func (s *Server) zone(ctx context.Context, name string) (*time.Location, error) {
	if name == "" {
		ws, err := s.Store.Workspace(ctx, api.Who(ctx).Workspace)
		if err != nil {
			return nil, err
		}
		name = ws.TimeZone
	}
	return loadZone(name)
}

// loadZone returns CodeInvalid for what is no IANA zone. "Local" is none: it
// depends on the machine.
func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "%q is not a time zone such as Europe/Berlin.", name)
	}
	return zone, nil
}

func (s *Server) getTurn(ctx context.Context, in *byTurn) (*api.Reply[wire.Turn], error) {
	ws := api.Who(ctx).Workspace
	t, err := s.Store.Turn(ctx, ws, in.TurnID)
	if err != nil {
		return nil, err
	}
	if t.ConversationID != in.ID {
		return nil, parley.Errorf(parley.CodeNotFound, "The conversation has no such turn.")
	}
	ledger, err := s.Store.Usage(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	out := wire.Turn{
		ID: t.ID, Status: t.Status, Attempt: t.Attempt, AssistantVersion: t.AssistantVersion, FromSeq: t.FromSeq,
		ToSeq: t.ToSeq, Trace: t.Trace, Error: t.Error, StartedAt: t.StartedAt.UTC(),
		FirstTokenAt: wire.TimeOrNull(t.FirstTokenAt), EndedAt: wire.TimeOrNull(t.EndedAt), Usage: []wire.UsageRow{},
	}
	for i := range ledger {
		if ledger[i].TurnID == t.ID {
			out.Usage = append(out.Usage, wire.UsageOf(&ledger[i]))
		}
	}
	return api.Answer(out), nil
}

func (s *Server) takeover(ctx context.Context, in *api.ByID) (*api.Reply[wire.TakeoverResult], error) {
	p := api.Who(ctx)
	res, err := s.Engine.Takeover(ctx, p.Workspace, in.ID, p.Actor())
	if err != nil {
		return nil, err
	}
	row, err := s.row(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TakeoverResult{
		Conversation: row.Body, Canceled: len(res.Canceled), Sending: wire.NotNil(res.Sending),
	}), nil
}

func (s *Server) release(ctx context.Context, in *api.ByID) (*api.Reply[wire.Conversation], error) {
	p := api.Who(ctx)
	if _, err := s.Engine.Release(ctx, p.Workspace, in.ID, p.Actor()); err != nil {
		return nil, err
	}
	return s.row(ctx, in.ID)
}

func (s *Server) end(ctx context.Context, in *api.ByID) (*api.Reply[wire.Conversation], error) {
	p := api.Who(ctx)
	if _, err := s.Engine.End(ctx, p.Workspace, in.ID, parley.EndOperator, p.Actor()); err != nil {
		return nil, err
	}
	return s.row(ctx, in.ID)
}

func (s *Server) evaluate(ctx context.Context, in *api.ByID) (*api.Reply[wire.ConversationDetail], error) {
	if _, err := s.Engine.Evaluate(ctx, api.Who(ctx).Workspace, in.ID); err != nil {
		return nil, err
	}
	return s.conversationDetail(ctx, in.ID)
}

func (s *Server) row(ctx context.Context, id string) (*api.Reply[wire.Conversation], error) {
	row, err := s.Store.ConversationRow(ctx, api.Who(ctx).Workspace, id)
	if err != nil {
		return nil, err
	}
	shown, err := s.shown(ctx, row)
	if err != nil {
		return nil, err
	}
	return api.Answer(*shown), nil
}

// shown is a row as who asks sees it.
func (s *Server) shown(ctx context.Context, row *store.ListRow) (*wire.Conversation, error) {
	marks, err := s.desk.Of(ctx, reader(api.Who(ctx)), row)
	if err != nil {
		return nil, err
	}
	out := wire.ConversationOf(row, marks, s.now())
	return &out, nil
}

// reader is the member for whom conversations are read or unread, "" for a
// program.
func reader(p *access.Principal) string {
	if p.Member == nil {
		return ""
	}
	return p.Member.ID
}

// countConversations counts what a filter selects, as far as that is cheap.
func (s *Server) countConversations(ctx context.Context, in *countConversations) (*api.Reply[wire.BoundedCount], error) {
	q, err := in.Query(api.CallOf(ctx).R.URL.Query(), *in, func() (*time.Location, error) { return s.zone(ctx, "") })
	if err != nil {
		return nil, err
	}
	q.WorkspaceID, q.Limit = api.Who(ctx).Workspace, in.Most
	found, err := s.Store.List(ctx, *q)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.BoundedCount{Count: len(found.Rows), More: found.NextCursor != ""}), nil
}
