// Package workshop answers the requests about whole assistants: their versions
// and what differs between them, what a model would be sent, copies, files, and
// answers that become examples.
package workshop

import (
	"context"
	"mime"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/engine"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/workshop"
)

// Store is what the handlers need of the database.
type Store interface {
	workshop.Store
	RestoreAssistant(ctx context.Context, ws, id string, version int, by string) (*parley.Assistant, error)
}

// Engine builds what a model would be sent.
type Engine interface {
	Preview(ctx context.Context, in engine.PreviewRequest) (*engine.Preview, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store    Store
	Engine   Engine
	Workshop *workshop.Workshop
}

// The shapes of requests.
type (
	// ByVersion names a version.
	ByVersion struct {
		ID string `path:"id"`
		N  int    `path:"n" minimum:"1"`
	}
	// Compare names two versions.
	Compare struct {
		ID string `path:"id"`
		A  int    `query:"a" minimum:"1" doc:"A version; left out: the one before b."`
		B  int    `query:"b" minimum:"1" doc:"A version; left out: the newest."`
	}
	// Export asks for a file.
	Export struct {
		ID        string `path:"id"`
		Knowledge bool   `query:"knowledge" default:"true" doc:"With the documents."`
	}
	// ByMessage names a message.
	ByMessage struct {
		ID        string `path:"id"`
		MessageID string `path:"message_id"`
	}
	// ExampleFor is an example for a message.
	ExampleFor struct {
		ID        string `path:"id"`
		MessageID string `path:"message_id"`
		Body      wire.SaveExample
	}
	// File is an assistant in a file.
	File struct {
		RawBody []byte `contentType:"application/yaml"`
	}
)

func ws(ctx context.Context) string { return api.Who(ctx).Workspace }

// Versions lists the versions of an assistant.
func (h *Handlers) Versions(ctx context.Context, in *api.PageFor) (*api.Reply[api.Page[wire.AssistantVersion]], error) {
	scope := ws(ctx) + " versions of " + in.ID
	cursor, err := wire.OpenCursor(scope, in.Cursor)
	if err != nil {
		return nil, err
	}
	before := 0
	if cursor != "" {
		if before, err = strconv.Atoi(cursor); err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "cursor: this is not a next_cursor of this list.")
		}
	}
	if _, err := h.Store.Assistant(ctx, ws(ctx), in.ID); err != nil {
		return nil, err
	}
	found, err := h.Store.AssistantVersions(ctx, ws(ctx), in.ID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	people, err := h.Workshop.People(ctx, ws(ctx))
	if err != nil {
		return nil, err
	}
	of := func(v *parley.AssistantVersion) wire.AssistantVersion { return wire.VersionOf(v, people) }
	out := api.Page[wire.AssistantVersion]{Data: wire.Mapped(found, of)}
	if len(found) == in.Limit && found[len(found)-1].Version > 1 {
		out.NextCursor = wire.SealCursor(scope, strconv.Itoa(found[len(found)-1].Version))
	}
	return api.Answer(out), nil
}

// Version answers with one version.
func (h *Handlers) Version(ctx context.Context, in *ByVersion) (*api.Reply[wire.AssistantVersion], error) {
	v, err := h.Store.AssistantVersion(ctx, ws(ctx), in.ID, in.N)
	if err != nil {
		return nil, err
	}
	people, err := h.Workshop.People(ctx, ws(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.VersionOf(v, people)), nil
}

// Restore saves an old version again.
func (h *Handlers) Restore(ctx context.Context, in *ByVersion) (*api.Reply[wire.Assistant], error) {
	return assistant(h.Store.RestoreAssistant(ctx, ws(ctx), in.ID, in.N, api.Who(ctx).ID()))
}

func assistant(a *parley.Assistant, err error) (*api.Reply[wire.Assistant], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.AssistantOf(a)), nil
}

// Compare puts two versions beside each other.
func (h *Handlers) Compare(ctx context.Context, in *Compare) (*api.Reply[wire.VersionComparison], error) {
	c, err := h.Workshop.Compare(ctx, ws(ctx), in.ID, in.A, in.B)
	if err != nil {
		return nil, err
	}
	people, err := h.Workshop.People(ctx, ws(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ComparisonOf(c, people)), nil
}

// Preview shows what a model would be sent.
func (h *Handlers) Preview(ctx context.Context, in *api.BodyFor[wire.PreviewPrompt]) (*api.Reply[wire.PromptPreview], error) {
	a, err := h.Store.Assistant(ctx, ws(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	cfg := a.Config
	if in.Body.Config != nil {
		cfg = in.Body.Config.AssistantConfig
		cfg.Knowledge = a.Config.Knowledge
		cfg.Default()
		if err := cfg.Validate(); err != nil {
			return nil, err
		}
	}
	source := in.Body.Source
	if source == "" {
		source = parley.SourceTest
	}
	p, err := h.Engine.Preview(ctx, engine.PreviewRequest{
		WorkspaceID: a.WorkspaceID, Config: &cfg, Source: source, Variables: in.Body.Variables, Question: strings.TrimSpace(in.Body.Question),
		Contact: parley.Contact{Name: in.Body.ContactName, Phone: in.Body.ContactPhone},
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.PromptPreviewOf(p, len(cfg.Knowledge))), nil
}

// Duplicate makes a copy.
func (h *Handlers) Duplicate(ctx context.Context, in *api.BodyFor[wire.DuplicateAssistant]) (*api.Reply[wire.Assistant], error) {
	return assistant(h.Workshop.Duplicate(ctx, ws(ctx), in.ID, in.Body.Name, api.Who(ctx).ID()))
}

// Export answers with a file.
func (h *Handlers) Export(ctx context.Context, in *Export) (*api.TextReply, error) {
	a, data, err := h.Workshop.Export(ctx, ws(ctx), in.ID, in.Knowledge)
	if err != nil {
		return nil, err
	}
	return &api.TextReply{
		ContentType: "application/yaml; charset=utf-8", Body: data,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": fileName(a.Name)}),
	}, nil
}

// fileName is the assistant's name in letters that every system takes.
func fileName(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == ' ':
			return '-'
		}
		return -1
	}, name)
	if clean = strings.Trim(clean, "-"); clean == "" {
		clean = "assistant"
	}
	return clean + ".parley.yaml"
}

// ExportDoc describes the answer of Export.
func ExportDoc(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/yaml": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
}

// Import makes a draft of a file.
func (h *Handlers) Import(ctx context.Context, in *File) (*api.Reply[wire.ImportedAssistant], error) {
	a, notes, err := h.Workshop.Import(ctx, ws(ctx), in.RawBody, api.Who(ctx).ID())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ImportedAssistant{Assistant: wire.AssistantOf(a), Notes: wire.Mapped(notes, wire.NoteOfImport)}), nil
}

// Suggest answers with what an answer would be as an example.
func (h *Handlers) Suggest(ctx context.Context, in *ByMessage) (*api.Reply[wire.ExampleSuggestion], error) {
	s, err := h.Workshop.Suggest(ctx, ws(ctx), in.ID, in.MessageID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.SuggestionOf(s)), nil
}

// Keep makes an answer an example. Whoever does that reads the conversation, too.
func (h *Handlers) Keep(ctx context.Context, in *ExampleFor) (*api.Reply[wire.Assistant], error) {
	who := api.Who(ctx)
	if !who.May(parley.PermConversationsRead) {
		return nil, parley.Errorf(parley.CodeForbidden, "An example is made by those who may read the conversation.")
	}
	return assistant(h.Workshop.Keep(ctx, who.Workspace, in.ID, in.MessageID, in.Body.Question, in.Body.Answer, who.ID()))
}
