// Package export answers the requests about exports of conversations.
package export

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/export"
	"parley/internal/server/api"
	"parley/internal/server/filter"
	"parley/internal/server/wire"
	"parley/internal/store/exports"
)

// Store is what the handlers need of the database.
type Store interface {
	Export(ctx context.Context, ws, id string) (*exports.Record, error)
	Recent(ctx context.Context, ws, before string, limit int) ([]exports.Record, error)
	Member(ctx context.Context, ws, id string) (*parley.Member, error)
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store   Store
	Exports *export.Service
}

// Create begins an export.
func (h *Handlers) Create(ctx context.Context, in *api.Body[wire.NewExport]) (*api.Reply[wire.Export], error) {
	who := api.Who(ctx)
	zone := sync.OnceValues(func() (*time.Location, error) { return h.zone(ctx, who.Workspace) })
	o, err := in.Body.Options(zone)
	if err != nil {
		return nil, err
	}
	if err := complete(&o, zone); err != nil {
		return nil, err
	}
	e, err := h.Exports.Create(ctx, who.Workspace, who.ID(), o)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, e)
}

// Get answers with one export.
func (h *Handlers) Get(ctx context.Context, in *api.ByID) (*api.Reply[wire.Export], error) {
	e, err := h.Store.Export(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, &e.Export)
}

func (h *Handlers) answer(ctx context.Context, e *parley.Export) (*api.Reply[wire.Export], error) {
	by, err := h.author(ctx, e)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ExportOf(e, h.Exports.State(e), by)), nil
}

// author returns the member who asked for an export, nil if it was none.
func (h *Handlers) author(ctx context.Context, e *parley.Export) (*wire.Ref, error) {
	m, err := h.Store.Member(ctx, e.WorkspaceID, e.CreatedBy)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &wire.Ref{ID: m.ID, Name: m.Name}, nil
}

// List answers with a page of exports, the newest first.
func (h *Handlers) List(ctx context.Context, in *api.PageQuery) (*api.Reply[api.Page[wire.Export]], error) {
	ws := api.Who(ctx).Workspace
	before, err := wire.OpenCursor(ws+" exports", in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Store.Recent(ctx, ws, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.Export]{Data: make([]wire.Export, min(len(all), in.Limit))}
	if len(all) > in.Limit {
		out.NextCursor = wire.SealCursor(ws+" exports", all[in.Limit-1].ID)
	}
	authors := map[string]*wire.Ref{}
	for i := range out.Data {
		e := &all[i].Export
		by, known := authors[e.CreatedBy]
		if !known {
			if by, err = h.author(ctx, e); err != nil {
				return nil, err
			}
			authors[e.CreatedBy] = by
		}
		out.Data[i] = wire.ExportOf(e, h.Exports.State(e), by)
	}
	return api.Answer(out), nil
}

// Columns answers with what tables can have.
func (h *Handlers) Columns(context.Context, *api.None) (*api.Reply[wire.ExportColumns], error) {
	named := func(all []export.Column) []wire.ExportColumn {
		return wire.Mapped(all, func(c *export.Column) wire.ExportColumn { return wire.ExportColumn(*c) })
	}
	return api.Answer(wire.ExportColumns{
		Conversations: named(export.Columns(parley.RowsConversations)), Messages: named(export.Columns(parley.RowsMessages)),
	}), nil
}

// Cancel ends an export, or removes one that is finished.
func (h *Handlers) Cancel(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Exports.Cancel(ctx, api.Who(ctx).Workspace, in.ID)
}

// File answers with the file of an export, or a range of it.
func (h *Handlers) File(c *api.Call) error {
	f, err := h.Exports.Open(c, c.Who.Workspace, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	disposition := "attachment"
	if f.Inline {
		disposition = "inline"
	}
	header := c.W.Header()
	header.Set("Content-Type", f.MIMEType)
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	header.Set("ETag", strconv.Quote(c.R.PathValue("id")+"-"+strconv.FormatInt(f.Made.UnixMicro(), 36)))
	protect(header)
	http.ServeContent(c.W, c.R, "", time.Time{}, f)
	return nil
}

// Print answers with a page of one conversation, to print or to save as PDF.
func (h *Handlers) Print(c *api.Call) error {
	ws, id, q := c.Who.Workspace, c.R.PathValue("id"), c.R.URL.Query()
	if _, err := h.Store.Conversation(c, ws, id); err != nil {
		return err
	}
	o := parley.ExportOptions{Format: parley.ExportPage, ConversationIDs: []string{id}, TimeZone: q.Get("tz")}
	for _, hide := range q["hide"] {
		o.Hide = append(o.Hide, parley.Secrecy(hide))
	}
	if err := complete(&o, func() (*time.Location, error) { return h.zone(c, ws) }); err != nil {
		return err
	}
	if err := o.Validate(); err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	protect(c.W.Header())
	return h.Exports.Stream(c, ws, o, c.W, func(int64, int64) {})
}

// PrintDoc describes the page.
func PrintDoc(op *huma.Operation, _ huma.Registry) {
	op.Description = "A page by itself, with its pictures, that a browser prints or saves as PDF."
	longest := 64
	op.Parameters = append(op.Parameters,
		&huma.Param{Name: "tz", In: "query", Description: "IANA zone of the times; else the workspace's.", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &longest}},
		&huma.Param{Name: "hide", In: "query", Description: "Personal data that is replaced by a word for it: email, phone, card, iban.", Schema: &huma.Schema{
			Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}}})
	op.Responses["200"] = &huma.Response{Description: "The page", Content: map[string]*huma.MediaType{"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}}}
}

// zone returns the time zone of a workspace.
func (h *Handlers) zone(ctx context.Context, ws string) (*time.Location, error) {
	w, err := h.Store.Workspace(ctx, ws)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(w.TimeZone)
}

// complete gives options the workspace's time zone where they name none.
func complete(o *parley.ExportOptions, zone filter.Zone) error {
	if o.TimeZone != "" {
		return nil
	}
	loc, err := zone()
	if err == nil {
		o.TimeZone = loc.String()
	}
	return err
}

// protect lets what people have written run nothing and load nothing.
func protect(header http.Header) {
	header.Set("Content-Security-Policy", export.PagePolicy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// FileDoc describes the file.
func FileDoc(op *huma.Operation, _ huma.Registry) {
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	op.Description = "Ranges are answered, so that a download that broke off can go on."
	op.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": file}}
}
