package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/exports"
)

// format writes conversations in one form. What it writes of a conversation
// follows from the conversation and the options alone, so that a file can be
// made in parts, and a part again.
type format interface {
	// parts says what is read of a conversation.
	parts() exports.Parts
	// head is what comes before the first conversation.
	head(w *writer) error
	conversation(w *writer, c *Conversation) error
	// tail is what comes after the last one.
	tail(w *writer) error
}

// packer is a format whose file is made in a second step, of what was written in
// the first.
type packer interface {
	pack(written io.Reader, w io.Writer) error
}

// kind is what a format is called outside.
type kind struct {
	extension, mime string
	open            func(s *setup) (format, error)
}

// setup is what a format is made from.
type setup struct {
	ctx       context.Context //nolint:containedctx // of the writing that the format is opened for
	workspace string
	at        time.Time // when it was asked for
	options   *parley.ExportOptions
	zone      *time.Location
	store     Store
	files     Files
}

// file opens a file of the workspace. It returns CodeNotFound if it was never
// fetched, or is gone.
func (s *setup) file(id string) (*store.StoredAttachment, io.ReadSeekCloser, error) {
	stored, err := s.store.Attachment(s.ctx, s.workspace, id)
	if err != nil {
		return nil, nil, err
	}
	if stored.Key == "" {
		return nil, nil, parley.Errorf(parley.CodeNotFound, "The file was never fetched.")
	}
	f, err := s.files.Get(s.ctx, stored.Key)
	return stored, f, err
}

const jsonLines = "application/jsonl; charset=utf-8"

// kinds are the formats by name.
func kinds() map[parley.ExportFormat]kind {
	return map[parley.ExportFormat]kind{
		parley.ExportCSV:      {"csv", "text/csv; charset=utf-8", openCSV},
		parley.ExportXLSX:     {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", openXLSX},
		parley.ExportJSONL:    {"jsonl", jsonLines, openJSONL},
		parley.ExportZIP:      {"zip", "application/zip", openArchive},
		parley.ExportOpenAI:   {"jsonl", jsonLines, openOpenAI},
		parley.ExportShareGPT: {"jsonl", jsonLines, openShareGPT},
		parley.ExportMarkdown: {"md", "text/markdown; charset=utf-8", openMarkdown},
		parley.ExportPage:     {"html", "text/html; charset=utf-8", openPage},
	}
}

// writer collects what a format writes and passes it on when it is enough, so
// that the largest conversation takes no more memory than a message of it.
type writer struct {
	bytes.Buffer
	out     io.Writer
	encoder *json.Encoder
	written int64
}

// printf collects a text.
func (w *writer) printf(format string, args ...any) {
	w.Write(fmt.Appendf(w.AvailableBuffer(), format, args...))
}

// flushAt is how much is collected.
const flushAt = 64 << 10

// spill passes on what was collected if it is enough.
func (w *writer) spill() error {
	if w.Len() < flushAt {
		return nil
	}
	return w.done()
}

// done passes on all that was collected.
func (w *writer) done() error {
	w.written += int64(w.Len())
	_, err := w.out.Write(w.Bytes())
	w.Reset()
	return err
}

// json appends v without a line break.
func (w *writer) json(v any) error {
	if w.encoder == nil {
		w.encoder = json.NewEncoder(&w.Buffer)
		w.encoder.SetEscapeHTML(false)
	}
	if err := w.encoder.Encode(v); err != nil {
		return err
	}
	w.Truncate(w.Len() - 1)
	return nil
}
