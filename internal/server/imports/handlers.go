// Package imports answers the requests about conversations that are brought from
// other systems.
package imports

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/filetype"
	"parley/internal/imports"
	"parley/internal/server/api"
	"parley/internal/server/upload"
	"parley/internal/server/wire"
	kept "parley/internal/store/imports"
)

// Members finds members.
type Members interface {
	Member(ctx context.Context, ws, id string) (*parley.Member, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Members Members
	Kept    *kept.Imports
	Imports *imports.Service
	Files   upload.Blobs
	Now     func() time.Time
}

// Once lets an answer take effect once for an Idempotency-Key.
type Once func(c *api.Call, body []byte, answer func(*api.Call) error) error

// patience is how long a file may take to arrive.
const patience = 30 * time.Minute

// Create streams a file to the blobs and makes the taking of it due.
func (h *Handlers) Create(c *api.Call, once Once) error {
	conn := http.NewResponseController(c.W)
	_ = conn.SetReadDeadline(time.Now().Add(patience)) // fails when the connection has gone
	if c.R.ContentLength > imports.MaxFile+api.MaxJSON {
		return parley.Errorf(parley.CodeTooLarge, "A file holds at most 1 GB. Divide it.")
	}
	now := h.Now().UTC().Truncate(time.Microsecond)
	m := &kept.Import{ID: parley.NewID(now), WorkspaceID: c.Who.Workspace, CreatedBy: c.Who.ID(), CreatedAt: now}
	sum, err := h.receive(c, m)
	if err != nil {
		return err
	}
	_ = conn.SetReadDeadline(time.Time{})
	first := false
	err = once(c, append(sum, m.Name...), func(c *api.Call) error {
		first = true
		if err := h.Imports.Create(c, m); err != nil {
			return err
		}
		by, err := h.author(c, m)
		if err != nil {
			return err
		}
		return api.WriteJSON(c, http.StatusCreated, wire.ImportOf(m, by))
	})
	if !first { // it was brought already
		err = errors.Join(err, h.Files.Delete(c, imports.Key(m.WorkspaceID, m.ID)))
	}
	return err
}

// receive streams the file of a form to where the service looks for it, and
// returns its hash.
func (h *Handlers) receive(c *api.Call, m *kept.Import) ([]byte, error) {
	part, err := upload.FilePart(c.R.Header.Get("Content-Type"), c.Body)
	if err != nil {
		return nil, err
	}
	defer func() { _ = part.Close() }()
	sum := sha256.New()
	key := imports.Key(m.WorkspaceID, m.ID)
	m.Name = filetype.CleanName(part.FileName())
	m.Size, err = h.Files.Put(c, key, io.TeeReader(part, sum), imports.MaxFile)
	if _, ours := errors.AsType[*parley.Error](err); err != nil && !ours {
		err = &parley.Error{Code: parley.CodeInvalid, Message: "The upload was cut off.", Err: err}
	}
	if err == nil && m.Size == 0 {
		err = errors.Join(parley.Errorf(parley.CodeInvalid, "The file is empty."), h.Files.Delete(c, key))
	}
	return sum.Sum(nil), err
}

// author returns the member who brought a file, nil if it was none.
func (h *Handlers) author(ctx context.Context, m *kept.Import) (*wire.Ref, error) {
	by, err := h.Members.Member(ctx, m.WorkspaceID, m.CreatedBy)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &wire.Ref{ID: by.ID, Name: by.Name}, nil
}

// Get answers with one import.
func (h *Handlers) Get(ctx context.Context, in *api.ByID) (*api.Reply[wire.Import], error) {
	m, err := h.Kept.Import(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	by, err := h.author(ctx, m)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ImportOf(m, by)), nil
}

// Cancel ends an import where it is.
func (h *Handlers) Cancel(ctx context.Context, in *api.ByID) (*api.Reply[wire.Import], error) {
	if err := h.Imports.Cancel(ctx, api.Who(ctx).Workspace, in.ID); err != nil {
		return nil, err
	}
	return h.Get(ctx, in)
}

// List answers with a page of imports, the newest first.
func (h *Handlers) List(ctx context.Context, in *api.PageQuery) (*api.Reply[api.Page[wire.Import]], error) {
	ws := api.Who(ctx).Workspace
	before, err := wire.OpenCursor(ws+" imports", in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Kept.Recent(ctx, ws, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.Import]{Data: make([]wire.Import, min(len(all), in.Limit))}
	if len(all) > in.Limit {
		out.NextCursor = wire.SealCursor(ws+" imports", all[in.Limit-1].ID)
	}
	for i := range out.Data {
		by, err := h.author(ctx, &all[i])
		if err != nil {
			return nil, err
		}
		out.Data[i] = wire.ImportOf(&all[i], by)
	}
	return api.Answer(out), nil
}

// CreateDoc describes the upload.
func CreateDoc(op *huma.Operation, r huma.Registry) {
	op.DefaultStatus = http.StatusCreated
	op.Description = "Takes JSON Lines of Parley, JSON of Chatwoot's or Dify's API as a list, as lines or as saved pages, and tables of Dify as CSV, of at most 1 GB. " +
		"What is taken has ended, starts no turn and is told to no webhook. The same file again adds nothing."
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type:       huma.TypeObject,
		Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
		Required:   []string{"file"},
	}}}}
	op.Responses["201"] = api.JSONResponse[wire.Import](r, "Created")
}
