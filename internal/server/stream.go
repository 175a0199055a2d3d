package server

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/server/api"
	"parley/internal/server/events"
	"parley/internal/server/wire"
)

func (s *Server) stream(c *api.Call) error {
	q, who, needs := c.R.URL.Query(), c.Who, c.Permission()
	return s.events.Serve(c, c.W, events.Request{
		Workspace: c.Who.Workspace, Member: reader(c.Who), Conversation: q.Get("conversation_id"), Deltas: q.Get("deltas"),
		Valid: func(ctx context.Context) bool { return s.gate.StillValid(ctx, who, needs) },
	})
}

func streamDoc(op *huma.Operation, r huma.Registry) {
	op.Description = "Server-sent events: message, delta, turn, delivery, conversation, typing and resync. The id of an event is the " +
		"conversation's rev. Subscribe, then read, then drop what you have; after resync, or after a gap, read again."
	for _, p := range []struct{ name, doc string }{
		{"conversation_id", "Only the events of this conversation, with its deltas."},
		{"deltas", "Beside the events of every conversation, the deltas of this one."},
	} {
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: "query", Description: p.doc, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	res := api.JSONResponse[wire.StreamEvent](r, "Events")
	res.Content = map[string]*huma.MediaType{"text/event-stream": res.Content["application/json"]}
	op.Responses["200"] = res
}
