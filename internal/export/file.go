package export

import (
	"context"
	"errors"
	"io"
	"time"

	"parley"
	"parley/internal/store/exports"
)

// File is the file of an export that is done. Whoever opened it closes it.
type File struct {
	io.ReadSeekCloser
	Name     string
	MIMEType string
	Inline   bool // it is meant to be looked at in a browser
	Made     time.Time
}

// Open opens the file of an export. It returns CodeNotFound if there is none, or
// none any more, and CodeConflict while it is being written.
func (s *Service) Open(ctx context.Context, ws, id string) (*File, error) {
	e, err := s.Store.Export(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	switch state := s.State(&e.Export); {
	case !state.Finished():
		return nil, parley.Errorf(parley.CodeConflict, "The export is not finished yet.")
	case state == parley.ExportExpired:
		return nil, parley.Errorf(parley.CodeNotFound, "The file has expired. Make the export again.")
	case state != parley.ExportDone:
		return nil, parley.Errorf(parley.CodeNotFound, "The export has no file: it is %s.", string(state))
	}
	k := kinds()[e.Options.Format]
	return &File{
		ReadSeekCloser: s.joined(ctx, e), Name: "conversations-" + e.CreatedAt.Format("20060102-150405") + "." + k.extension,
		MIMEType: k.mime, Inline: e.Options.Format == parley.ExportPage, Made: e.FinishedAt,
	}, nil
}

// State is how an export stands: its file expires, whether or not it has been removed
// yet.
func (s *Service) State(e *parley.Export) parley.ExportState {
	if e.State == parley.ExportDone && !s.Now().Before(e.ExpiresAt) {
		return parley.ExportExpired
	}
	return e.State
}

// joined is the parts of an export as one file.
func (s *Service) joined(ctx context.Context, e *exports.Record) *joined {
	j := &joined{ctx: ctx, files: s.Files, e: &e.Export, parts: e.Parts}
	for _, p := range e.Parts {
		j.size += p.Size
	}
	return j
}

// joined reads parts one after the other.
type joined struct {
	ctx   context.Context //nolint:containedctx // of the request that reads
	files Files
	e     *parley.Export
	parts []exports.Part
	size  int64
	at    int64

	open io.ReadSeekCloser // the part that at is in; nil: not opened
	left int64             // of it
}

// Read implements io.Reader.
func (j *joined) Read(p []byte) (int, error) {
	if j.at >= j.size {
		return 0, io.EOF
	}
	if j.open == nil {
		if err := j.find(); err != nil {
			return 0, err
		}
	}
	n, err := j.open.Read(p[:min(int64(len(p)), j.left)])
	j.at, j.left = j.at+int64(n), j.left-int64(n)
	if errors.Is(err, io.EOF) && j.left > 0 {
		return n, io.ErrUnexpectedEOF
	}
	if j.left == 0 {
		err = j.Close()
	}
	return n, err
}

// find opens the part that at is in.
func (j *joined) find() error {
	at := j.at
	for _, p := range j.parts {
		if at >= p.Size {
			at -= p.Size
			continue
		}
		f, err := j.files.Get(j.ctx, partKey(j.e, p))
		if err != nil {
			return err
		}
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			return errors.Join(err, f.Close())
		}
		j.open, j.left = f, p.Size-at
		return nil
	}
	return io.EOF
}

// Seek implements io.Seeker.
func (j *joined) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += j.at
	case io.SeekEnd:
		offset += j.size
	}
	if offset < 0 {
		return 0, parley.Errorf(parley.CodeInvalid, "A file does not begin before its first byte.")
	}
	if offset == j.at {
		return offset, nil
	}
	j.at = offset
	return offset, j.Close()
}

// Close implements io.Closer.
func (j *joined) Close() error {
	if j.open == nil {
		return nil
	}
	err := j.open.Close()
	j.open = nil
	return err
}
