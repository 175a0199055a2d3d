// Package desk answers the requests about what the people who work with
// conversations put on them: tags, notes, reviews and read marks, and about their
// saved views and canned replies. It must never show a note to anybody but them.
package desk

import (
	"context"

	"parley"
	"parley/internal/live"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/desk"
)

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Desk *desk.Desk
	Hub  *live.Hub
	// Row answers with a conversation as the caller sees it.
	Row func(ctx context.Context, id string) (*api.Reply[wire.Conversation], error)
}

// The shapes of requests.
type (
	// ByTag names a tag of a conversation.
	ByTag struct {
		ID    string `path:"id"`
		TagID string `path:"tag_id"`
	}
	// ByNote names a note of a conversation.
	ByNote struct {
		ID     string `path:"id"`
		NoteID string `path:"note_id"`
	}
	// NoteFor is a text for a note.
	NoteFor struct {
		ID     string `path:"id"`
		NoteID string `path:"note_id"`
		Body   wire.SaveNote
	}
)

func ws(ctx context.Context) string { return api.Who(ctx).Workspace }

// caller is who asks, as an author.
func caller(ctx context.Context) desk.Author {
	who := api.Who(ctx)
	return desk.Author{ID: who.ID(), Name: who.Name()}
}

// member is the member who asks, "" for a program.
func member(ctx context.Context) string {
	if m := api.Who(ctx).Member; m != nil {
		return m.ID
	}
	return ""
}

// needMember returns CodeInvalid for a program.
func needMember(ctx context.Context, what string) (string, error) {
	id := member(ctx)
	if id == "" {
		return "", parley.Errorf(parley.CodeInvalid, "An API key has no %s of its own.", what)
	}
	return id, nil
}

// changed tells everybody who looks on that a conversation has changed, and
// answers with it.
func (h *Handlers) changed(ctx context.Context, id string) (*api.Reply[wire.Conversation], error) {
	h.tell(ctx, id)
	return h.Row(ctx, id)
}

func (h *Handlers) tell(ctx context.Context, id string) {
	h.Hub.Publish(live.Event{Type: live.ConversationChanged, WorkspaceID: ws(ctx), ConversationID: id})
}

// ListTags lists the tags.
func (h *Handlers) ListTags(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.UsedTag]], error) {
	all, err := h.Desk.Tags(ctx, ws(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.UsedTag]{Data: wire.Mapped(all, wire.UsedTagOf)}), nil
}

// CreateTag adds a tag.
func (h *Handlers) CreateTag(ctx context.Context, in *api.Body[wire.SaveTag]) (*api.Reply[wire.Tag], error) {
	t := &desk.Tag{WorkspaceID: ws(ctx), Name: in.Body.Name, Color: in.Body.Color}
	if err := h.Desk.CreateTag(ctx, t); err != nil {
		return nil, err
	}
	return api.Answer(wire.TagOf(t)), nil
}

// SaveTag changes a tag.
func (h *Handlers) SaveTag(ctx context.Context, in *api.BodyFor[wire.SaveTag]) (*api.Reply[wire.Tag], error) {
	t := &desk.Tag{WorkspaceID: ws(ctx), ID: in.ID, Name: in.Body.Name, Color: in.Body.Color}
	if err := h.Desk.UpdateTag(ctx, t); err != nil {
		return nil, err
	}
	return api.Answer(wire.TagOf(t)), nil
}

// DeleteTag removes a tag from everywhere.
func (h *Handlers) DeleteTag(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Desk.DeleteTag(ctx, ws(ctx), in.ID)
}

// PutTag puts a tag on a conversation.
func (h *Handlers) PutTag(ctx context.Context, in *ByTag) (*api.Reply[wire.Conversation], error) {
	if err := h.Desk.PutTag(ctx, ws(ctx), in.ID, in.TagID); err != nil {
		return nil, err
	}
	return h.changed(ctx, in.ID)
}

// TakeTag takes a tag off a conversation.
func (h *Handlers) TakeTag(ctx context.Context, in *ByTag) (*api.Reply[wire.Conversation], error) {
	if err := h.Desk.TakeTag(ctx, ws(ctx), in.ID, in.TagID); err != nil {
		return nil, err
	}
	return h.changed(ctx, in.ID)
}

// Review marks a conversation as reviewed, or takes that back.
func (h *Handlers) Review(ctx context.Context, in *api.BodyFor[wire.SaveReview]) (*api.Reply[wire.Conversation], error) {
	if err := h.Desk.Review(ctx, ws(ctx), in.ID, caller(ctx), in.Body.Reviewed); err != nil {
		return nil, err
	}
	return h.changed(ctx, in.ID)
}

// Read records whether the member has read a conversation.
func (h *Handlers) Read(ctx context.Context, in *api.BodyFor[wire.SaveRead]) (*api.Reply[wire.Conversation], error) {
	who, err := needMember(ctx, "read marks")
	if err != nil {
		// What another workspace has is not there, whoever asks.
		if _, missing := h.Row(ctx, in.ID); missing != nil {
			return nil, missing
		}
		return nil, err
	}
	if in.Body.Read {
		err = h.Desk.Read(ctx, ws(ctx), who, in.ID, in.Body.MessageCount)
	} else {
		err = h.Desk.Unread(ctx, ws(ctx), who, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return h.Row(ctx, in.ID)
}

// ReadAll marks every conversation as read for the member.
func (h *Handlers) ReadAll(ctx context.Context, _ *api.None) (*api.None, error) {
	who, err := needMember(ctx, "read marks")
	if err != nil {
		return nil, err
	}
	return nil, h.Desk.ReadAll(ctx, ws(ctx), who)
}

// ListNotes lists the notes of a conversation.
func (h *Handlers) ListNotes(ctx context.Context, in *api.ByID) (*api.Reply[api.List[wire.Note]], error) {
	if _, err := h.Row(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := h.Desk.Notes(ctx, ws(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	own := func(n *desk.Note) wire.Note { return wire.NoteOf(n, caller(ctx).ID) }
	return api.Answer(api.List[wire.Note]{Data: wire.Mapped(all, own)}), nil
}

// AddNote writes a note.
func (h *Handlers) AddNote(ctx context.Context, in *api.BodyFor[wire.SaveNote]) (*api.Reply[wire.Note], error) {
	n := &desk.Note{Author: caller(ctx), Text: in.Body.Text}
	if err := h.Desk.AddNote(ctx, ws(ctx), in.ID, n); err != nil {
		return nil, err
	}
	h.tell(ctx, in.ID)
	return api.Answer(wire.NoteOf(n, n.Author.ID)), nil
}

// EditNote changes a note of the caller.
func (h *Handlers) EditNote(ctx context.Context, in *NoteFor) (*api.Reply[api.List[wire.Note]], error) {
	if err := h.Desk.EditNote(ctx, ws(ctx), in.ID, in.NoteID, caller(ctx), in.Body.Text); err != nil {
		return nil, err
	}
	h.tell(ctx, in.ID)
	return h.ListNotes(ctx, &api.ByID{ID: in.ID})
}

// DeleteNote removes a note of the caller.
func (h *Handlers) DeleteNote(ctx context.Context, in *ByNote) (*api.None, error) {
	if err := h.Desk.DeleteNote(ctx, ws(ctx), in.ID, in.NoteID, caller(ctx)); err != nil {
		return nil, err
	}
	h.tell(ctx, in.ID)
	return nil, nil
}
