package server

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/blob"
	"parley/internal/filetype"
	"parley/internal/server/api"
	"parley/internal/server/upload"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// maxFile is the largest attachment.
const maxFile = 10 << 20

// uploadPatience is how long a file may take to arrive.
const uploadPatience = 5 * time.Minute

// upload streams one file of a multipart form to the blobs.
func (s *Server) upload(c *api.Call) error {
	conn := http.NewResponseController(c.W)
	_ = conn.SetReadDeadline(time.Now().Add(uploadPatience)) // fails when the connection has gone
	if c.R.ContentLength > maxFile+api.MaxJSON {
		return parley.Errorf(parley.CodeTooLarge, "A file has at most 10 MB.")
	}
	part, err := upload.FilePart(c.R.Header.Get("Content-Type"), c.Body)
	if err != nil {
		return err
	}
	defer func() { _ = part.Close() }()
	a := &store.StoredAttachment{
		WorkspaceID: c.Who.Workspace, CreatedBy: c.Who.ID(), CreatedAt: s.now(),
		Attachment: parley.Attachment{ID: parley.NewID(s.now()), Name: filetype.CleanName(part.FileName())},
	}
	a.Key = blob.AttachmentKey(a.WorkspaceID, a.ID)
	content := bufio.NewReaderSize(part, filetype.Sniffed)
	head, err := content.Peek(filetype.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return parley.Errorf(parley.CodeInvalid, "The upload was cut off.")
	}
	a.MIMEType = filetype.Of(head, part.Header.Get("Content-Type"))
	sum := sha256.New()
	if a.Size, err = s.Blobs.Put(c, a.Key, io.TeeReader(content, sum), maxFile); err != nil {
		if _, ours := errors.AsType[*parley.Error](err); !ours {
			s.log.WarnContext(c, "upload failed", "error", err)
			err = parley.Errorf(parley.CodeInvalid, "The upload was cut off.")
		}
		return err
	}
	_ = conn.SetReadDeadline(time.Time{})
	if a.Size == 0 {
		return errors.Join(parley.Errorf(parley.CodeInvalid, "The file is empty."), s.Blobs.Delete(c, a.Key))
	}
	return s.recordUpload(c, a, hex.EncodeToString(sum.Sum(nil)))
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

// download answers with the bytes of a file. Whatever they are, they run
// nothing and load nothing.
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
	disposition := "attachment"
	if filetype.ShownInline(a.MIMEType) {
		disposition = "inline"
	}
	h := c.W.Header()
	h.Set("Content-Type", a.MIMEType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": a.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'self'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("ETag", strconv.Quote(a.ID))
	http.ServeContent(c.W, c.R, "", a.CreatedAt, f)
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
