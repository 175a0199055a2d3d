package server

import (
	"context"
	"encoding/json"
	"mime"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/transcript"
)

// readAll bounds how many messages are read at once.
const readAll = 500

func (s *Server) transcript(ctx context.Context, in *transcriptQuery) (*api.TextReply, error) {
	ws := api.Who(ctx).Workspace
	row, err := s.Store.ConversationRow(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	zone, err := s.zone(ctx, in.TZ)
	if err != nil {
		return nil, err
	}
	var all []parley.Message
	for after := int64(0); ; {
		some, err := s.Store.Messages(ctx, ws, in.ID, after, readAll)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < readAll {
			break
		}
		after = some[len(some)-1].Seq
	}
	info := transcript.Info{
		Assistant: row.AssistantName, Contact: orDefault(row.ContactName, row.ContactIdentifier),
		StartedAt: row.StartedAt, LastAt: row.LastActivityAt, Zone: zone,
	}
	out, extension := &api.TextReply{}, "txt"
	switch in.Format {
	case "json":
		var shown *wire.Conversation
		if shown, err = s.shown(ctx, row); err != nil {
			return nil, err
		}
		out.ContentType, extension = "application/json", "json"
		out.Body, err = json.Marshal(struct {
			Conversation *wire.Conversation `json:"conversation"`
			Messages     []wire.Message     `json:"messages"`
		}{shown, wire.Mapped(all, s.message)})
	case "markdown":
		out.ContentType, extension = "text/markdown; charset=utf-8", "md"
		out.Body = []byte(transcript.Markdown(info, all))
	default:
		out.ContentType = "text/plain; charset=utf-8"
		out.Body = []byte(transcript.Text(info, all))
	}
	out.Disposition = mime.FormatMediaType("inline", map[string]string{"filename": "conversation-" + in.ID + "." + extension})
	return out, err
}
