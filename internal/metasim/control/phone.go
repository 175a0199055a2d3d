package control

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

func (c *control) phones(http.ResponseWriter, *http.Request) (any, error) {
	return map[string]any{"data": c.sim.People()}, nil
}

func (c *control) addPhone(w http.ResponseWriter, r *http.Request) (any, error) {
	var in world.Person
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	p, err := c.sim.AddPerson(in)
	if err != nil {
		return nil, err
	}
	answer(w, http.StatusCreated, "application/json", p)
	return nil, nil
}

func (c *control) changePhone(w http.ResponseWriter, r *http.Request) (any, error) {
	var in metasim.PersonChange
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	return c.sim.UpdatePerson(r.PathValue("id"), in)
}

func (c *control) chat(_ http.ResponseWriter, r *http.Request) (any, error) {
	return c.sim.Chat(r.PathValue("id"), r.URL.Query().Get("number_id"), r.URL.Query().Get("after"))
}

// act lets the person do something: as JSON, or as a form with a file.
func (c *control) act(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		NumberID string `json:"number_id"`
		metasim.Action
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		if err := readForm(w, r, &in.Action); err != nil {
			return nil, err
		}
		in.NumberID = r.FormValue("number_id")
	} else if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	m, err := c.sim.Act(r.PathValue("id"), in.NumberID, in.Action)
	switch {
	case err != nil:
		return nil, err
	case m == nil:
		return done(w)
	}
	answer(w, http.StatusCreated, "application/json", m)
	return nil, nil
}

func readForm(w http.ResponseWriter, r *http.Request, a *metasim.Action) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(8 << 20); err != nil { //nolint:gosec // the body is bounded one line above
		return parley.Errorf(parley.CodeTooLarge, "The form cannot be read, or is larger than 100 MB.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	a.Kind, a.Text, a.ReplyTo = r.FormValue("kind"), r.FormValue("text"), r.FormValue("reply_to")
	part, header, err := r.FormFile("file")
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "The form needs a file.")
	}
	defer func() { _ = part.Close() }()
	data, err := io.ReadAll(part)
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "The file did not arrive.")
	}
	a.Upload = &metasim.Upload{Name: header.Filename, MIMEType: header.Header.Get("Content-Type"), Data: data}
	return nil
}

func (c *control) read(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		NumberID string `json:"number_id"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	if err := c.sim.MarkRead(r.PathValue("id"), in.NumberID); err != nil {
		return nil, err
	}
	return done(w)
}

// shown are the types that a browser may show; every other file is downloaded.
var shown = []string{"image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/"}

// media gives the bytes of a file, in a way that it cannot do anything.
func (c *control) media(w http.ResponseWriter, r *http.Request) (any, error) {
	data, mimeType, err := c.sim.Media(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	safe := "application/octet-stream"
	for _, s := range shown {
		if strings.HasPrefix(mimeType, s) {
			safe = mimeType
		}
	}
	h := w.Header()
	if safe != mimeType {
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", safe)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) //nolint:gosec // a type that is safe, not sniffed, sandboxed; the reader may be gone
	return nil, nil
}

// How long a poll and a stream wait for something to happen.
const (
	longestPoll = 60 // seconds
	heartbeat   = 15 * time.Second
)

// events are followed as a stream, or by asking again and again with the wait
// in seconds.
func (c *control) events(w http.ResponseWriter, r *http.Request) (any, error) {
	after, err := number(r, "after", 0, 0)
	if err != nil {
		return nil, err
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		return nil, c.stream(w, r, after)
	}
	wait, err := number(r, "wait", 0, longestPoll)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(wait)*time.Second)
	defer cancel()
	return c.sim.EventsAfter(ctx, after), nil
}

func (c *control) stream(w http.ResponseWriter, r *http.Request, after uint64) error {
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		after = last
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	wait := time.Duration(0) // the reader learns at once that it is heard
	for r.Context().Err() == nil {
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		news := c.sim.EventsAfter(ctx, after)
		cancel()
		wait = heartbeat
		out := []byte(": still here\n\n")
		if news.Resync {
			out = fmt.Appendf(out, "id: %d\nevent: resync\ndata: {}\n\n", news.Next)
		}
		for _, e := range news.Data {
			b, err := json.Marshal(e)
			if err != nil {
				return err
			}
			out = fmt.Appendf(out, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Type, b)
		}
		after = news.Next
		if _, err := w.Write(out); err != nil {
			return nil //nolint:nilerr // the reader has gone
		}
		if err := flush.Flush(); err != nil {
			return nil //nolint:nilerr // the reader has gone
		}
	}
	return nil
}
