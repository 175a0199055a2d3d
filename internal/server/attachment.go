package server

import (
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/upload"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// maxFile is the largest attachment.
const maxFile = 10 << 20

// upload streams one file of a multipart form to the blobs.
func (s *Server) upload(c *api.Call) error {
	conn := http.NewResponseController(c.W)
	_ = conn.SetReadDeadline(time.Now().Add(upload.Patience)) // fails when the connection has gone
	if c.R.ContentLength > maxFile+api.MaxJSON {
		return parley.Errorf(parley.CodeTooLarge, "A file has at most 10 MB.")
	}
	a := &store.StoredAttachment{WorkspaceID: c.Who.Workspace, CreatedBy: c.Who.ID(), CreatedAt: s.now()}
	hash, err := upload.Receive(c, s.Blobs, c.R, c.Body, a, maxFile, nil)
	if err != nil {
		s.log.DebugContext(c, "upload failed", "error", err)
		return err
	}
	_ = conn.SetReadDeadline(time.Time{})
	return s.recordUpload(c, a, hash)
}

// recordUpload makes the file known, once for an Idempotency-Key.
func (s *Server) recordUpload(c *api.Call, a *store.StoredAttachment, hash string) error {
	if c.R.Header.Get("Idempotency-Key") == "" {
		if err := s.Store.CreateAttachment(c, a); err != nil {
			return errors.Join(err, s.Blobs.Delete(c, a.Key))
		}
		return api.WriteJSON(c, http.StatusCreated, wire.AttachmentOf(&a.Attachment))
	}
	key, err := api.IdempotencyKey(c, []byte(hash+a.Name))
	if err != nil {
		return err
	}
	prior, err := s.Store.BeginIdempotent(c, key)
	if err != nil || prior != nil {
		if dropped := s.Blobs.Delete(c, a.Key); err == nil {
			err = dropped
		}
		if err != nil {
			return err
		}
		return api.Replay(c, prior)
	}
	if err := s.Store.CreateAttachment(store.WithIdempotency(c, key), a); err != nil {
		return errors.Join(err, s.Blobs.Delete(c, a.Key))
	}
	return s.api.Keep(c, key, func(c *api.Call) error {
		return api.WriteJSON(c, http.StatusCreated, wire.AttachmentOf(&a.Attachment))
	})
}

// download answers with the bytes of a file.
func (s *Server) download(c *api.Call) error {
	a, err := s.Store.Attachment(c, c.Who.Workspace, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := s.Blobs.Get(c, a.Key)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	upload.Serve(c.W, c.R, a, f)
	return nil
}

func uploadDoc(op *huma.Operation, r huma.Registry) {
	op.DefaultStatus = http.StatusCreated
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type:       huma.TypeObject,
		Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
		Required:   []string{"file"},
	}}}}
	op.Responses["201"] = api.JSONResponse[wire.Attachment](r, "Created")
}

func downloadDoc(op *huma.Operation, _ huma.Registry) {
	op.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
}
