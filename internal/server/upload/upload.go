// Package upload reads files out of forms.
package upload

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/filetype"
	"parley/internal/store"
)

// Blobs keeps the bytes of files.
type Blobs interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
	Delete(ctx context.Context, key string) error
}

// Patience is how long a file may take to arrive.
const Patience = 5 * time.Minute

// Receive streams the file of a form to the blobs, under a new id of a
// workspace. accept is asked once its first bytes have told its type; nil takes
// all. It returns the file with the hash of its content, and CodeInvalid,
// CodeTooLarge, or what accept returns; then nothing is left of it.
func Receive(
	ctx context.Context, blobs Blobs, r *http.Request, body io.Reader, a *store.StoredAttachment, limit int64,
	accept func(kind, declared string, head []byte) error,
) (hash string, err error) {
	part, err := FilePart(r.Header.Get("Content-Type"), body)
	if err != nil {
		return "", err
	}
	defer func() { _ = part.Close() }()
	a.ID = parley.NewID(a.CreatedAt)
	a.Name, a.Key = filetype.CleanName(part.FileName()), blob.AttachmentKey(a.WorkspaceID, a.ID)
	content := bufio.NewReaderSize(part, filetype.Sniffed)
	head, err := content.Peek(filetype.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", errCutOff
	}
	declared := part.Header.Get("Content-Type")
	a.MIMEType = filetype.Of(head, declared)
	if accept != nil {
		if err := accept(a.MIMEType, declared, head); err != nil {
			return "", err
		}
	}
	sum := sha256.New()
	if a.Size, err = blobs.Put(ctx, a.Key, io.TeeReader(content, sum), limit); err != nil {
		if _, ours := errors.AsType[*parley.Error](err); !ours {
			err = &parley.Error{Code: parley.CodeInvalid, Message: errCutOff.Message, Err: err}
		}
		return "", err
	}
	if a.Size == 0 {
		return "", errors.Join(parley.Errorf(parley.CodeInvalid, "The file is empty."), blobs.Delete(ctx, a.Key))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

var errCutOff = parley.Errorf(parley.CodeInvalid, "The upload was cut off.")

// Serve answers with the bytes of a file. Whatever they are, they run nothing
// and load nothing.
func Serve(w http.ResponseWriter, r *http.Request, a *store.StoredAttachment, f io.ReadSeeker) {
	disposition := "attachment"
	if filetype.ShownInline(a.MIMEType) {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", a.MIMEType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": a.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'self'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("ETag", strconv.Quote(a.ID))
	http.ServeContent(w, r, "", a.CreatedAt, f)
}

// FilePart returns the part of a form that is named file. It returns CodeInvalid
// if there is none.
func FilePart(contentType string, body io.Reader) (*multipart.Part, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Send the file as multipart/form-data, in a part named file.")
	}
	form := multipart.NewReader(body, params["boundary"])
	for range 10 {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
	return nil, parley.Errorf(parley.CodeInvalid, "There is no file: send it in a part named file, with a file name.")
}
