package metasim

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/media"

	"parley"
)

// mediaPath is where the bytes of media are; the rest of their URL says what
// and until when.
const mediaPath = "/whatsapp_business/attachments/"

// file is an uploaded file, for a send.
func (s *Sim) file(id string) *graph.File {
	f := s.files.Get(id, s.now())
	if f == nil {
		return nil
	}
	return &graph.File{Name: f.Name, MIMEType: f.MIMEType, Data: f.Data}
}

func (s *Sim) postMedia(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxInbound+1<<20)
	if err := r.ParseMultipartForm(8 << 20); err != nil { //nolint:gosec // the body is bounded one line above
		return nil, graph.NewError(100, "The upload cannot be read: %v", err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	if r.FormValue("messaging_product") != "whatsapp" {
		return nil, graph.NewError(100, "The parameter messaging_product is required.")
	}
	part, header, err := r.FormFile("file")
	if err != nil {
		return nil, graph.NewError(100, "The parameter file is required.")
	}
	defer func() { _ = part.Close() }()
	data, err := io.ReadAll(part)
	if err != nil {
		return nil, graph.NewError(100, "The file cannot be read: %v", err)
	}
	mimeType := cmp.Or(r.FormValue("type"), header.Header.Get("Content-Type"))
	kind := graph.KindOf(mimeType)
	switch {
	case kind == "":
		return nil, graph.NewError(100, "Param file must be a file with one of the supported types; received %q.", mimeType)
	case len(data) == 0 || len(data) > graph.FileLimits[kind]:
		return nil, graph.NewError(131053, "A file of type %s has 1 to %d bytes; this one has %d.", mimeType, graph.FileLimits[kind], len(data))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numberByID(r.PathValue("id"))
	if n == nil {
		return nil, graph.NoObject(r.PathValue("id"))
	}
	f := s.files.Put(&media.File{
		ID: s.mediaID(), NumberID: n.ID, Name: header.Filename, MIMEType: mimeType, Data: data, At: s.now(), KeptFor: media.UploadedKept,
	})
	s.counts["media_uploads"]++
	return map[string]any{"id": f.ID}, nil
}

// mediaObject describes a file, with a URL that works for five minutes.
func (s *Sim) mediaObject(r *http.Request, id string) (any, *graph.Error) {
	f := s.files.Get(id, s.now())
	number := r.URL.Query().Get("phone_number_id")
	if f == nil || number != "" && number != f.NumberID {
		return nil, graph.NoObject(id)
	}
	sum := sha256.Sum256(f.Data)
	return map[string]any{
		"messaging_product": "whatsapp", "id": f.ID, "url": s.mediaURL(cmp.Or(s.cfg.BaseURL, "http://"+r.Host), f),
		"mime_type": f.MIMEType, "sha256": hex.EncodeToString(sum[:]), "file_size": len(f.Data),
	}, nil
}

// mediaURL is good for five minutes from now.
func (s *Sim) mediaURL(base string, f *media.File) string {
	until := fmt.Sprint(s.now().Add(media.URLValid).UnixMilli())
	q := url.Values{"mid": {f.ID}, "ext": {until}, "hash": {s.mediaMark(f.ID, until)}}
	return strings.TrimSuffix(base, "/") + mediaPath + "?" + q.Encode()
}

func (s *Sim) mediaMark(id, until string) string {
	mac := hmac.New(sha256.New, []byte(s.cfg.AppSecret))
	_, _ = mac.Write([]byte("media " + id + " " + until))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (s *Sim) getMediaBytes(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	q := r.URL.Query()
	until, err := strconv.ParseInt(q.Get("ext"), 10, 64)
	s.mu.Lock()
	f := s.files.Get(q.Get("mid"), s.now())
	late := err != nil || s.now().UnixMilli() > until
	s.counts["media_downloads"]++
	s.mu.Unlock()
	if f == nil || late || !hmac.Equal([]byte(q.Get("hash")), []byte(s.mediaMark(f.ID, q.Get("ext")))) {
		http.Error(w, "Not Found", http.StatusNotFound)
		return nil, nil
	}
	w.Header().Set("Content-Type", f.MIMEType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(f.Data)))
	_, _ = w.Write(f.Data) //nolint:gosec // for programs with the token, not sniffed; the reader may be gone
	return nil, nil
}

func (s *Sim) deleteMedia(_ http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.Get(r.PathValue("id"), s.now())
	if f == nil {
		return nil, graph.NoObject(r.PathValue("id"))
	}
	s.files.Remove(f)
	return success(), nil
}

// Media returns the bytes of a file and its type. It returns CodeNotFound.
func (s *Sim) Media(id string) (data []byte, mimeType string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.Get(id, s.now())
	if f == nil {
		return nil, "", parley.Errorf(parley.CodeNotFound, "There is no such file, or it is no longer kept.")
	}
	return f.Data, f.MIMEType, nil
}

// postUploads begins the upload of a template's sample.
func (s *Sim) postUploads(_ http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.PathValue("id") != s.cfg.AppID {
		return nil, graph.NoObject(r.PathValue("id"))
	}
	s.lastID++
	id, err := s.uploads.Begin(r.URL.Query(), fmt.Sprint(s.lastID), s.Hash)
	return map[string]any{"id": id}, err
}

// postSample takes the bytes of a sample.
func (s *Sim) postSample(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, graph.MaxSample))
	if err != nil {
		return nil, graph.NewError(100, "The sample cannot be read: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	handle, fault := s.uploads.Finish(r, r.PathValue("id"), data)
	return map[string]any{"h": handle}, fault
}
