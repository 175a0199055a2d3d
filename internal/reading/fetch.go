package reading

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"mime"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/filetype"
)

// fetchTime bounds the fetching of one file.
const fetchTime = 5 * time.Minute

// Files are the attachments of an inbound message: those that are here, and
// those that are still at the source. Recordings will be listened to.
func Files(in *channel.Inbound, now time.Time) []parley.Attachment {
	if len(in.Attachments) == 0 && len(in.Media) == 0 {
		return nil
	}
	files := slices.Clone(in.Attachments)
	for i := range files {
		if isSound(files[i].MIMEType) {
			files[i].State = parley.AttachmentReading
		}
	}
	for _, m := range in.Media {
		kind, _, err := mime.ParseMediaType(m.MIMEType)
		if err != nil || len(kind) > 100 {
			kind = "application/octet-stream"
		}
		name := filetype.Name(kind)
		if m.Name != "" {
			name = filetype.CleanName(m.Name)
		}
		files = append(files, parley.Attachment{
			ID: parley.NewID(now), Name: name, MIMEType: kind, Voice: m.Voice, State: parley.AttachmentPending,
			Pending: &parley.PendingFile{SourceID: m.ID, URL: m.URL, SHA256: m.SHA256},
		})
	}
	return files
}

// KeepOnly makes files that are fetched stay unread: those of messages that are
// never answered.
func KeepOnly(files []parley.Attachment) {
	for i := range files {
		if p := files[i].Pending; p != nil {
			p.Unread = true
		}
	}
}

// fetch brings a file here and says what it is. Should it be here already, an
// earlier attempt has brought it and died.
func (r *Reader) fetch(ctx context.Context, f *file) error {
	a := &f.attachment
	if r.cfg.Blobs == nil {
		a.State, a.Error = parley.AttachmentMissing, "This server keeps no files."
		return nil
	}
	head, size, err := r.stored(ctx, f.key())
	if parley.ErrorCode(err) == parley.CodeNotFound {
		if err = r.download(ctx, f); err == nil {
			head, size, err = r.stored(ctx, f.key())
		}
	}
	if err != nil {
		return r.unfetched(ctx, f, err)
	}
	declared := a.MIMEType
	a.MIMEType, a.Size, a.Error = filetype.Of(head, declared), size, ""
	if filetype.Lies(declared, a.MIMEType) {
		a.Declared = declared
	}
	if a.Name == filetype.Name(declared) {
		a.Name = filetype.Name(a.MIMEType)
	}
	unread := a.Pending != nil && a.Pending.Unread || f.message.Role != parley.ByUser
	a.Pending = nil // the tries of a reading are counted anew
	a.State = ""
	if !unread && (isSound(a.MIMEType) || isPicture(a.MIMEType) && f.message.Type != parley.MessageSticker) {
		a.State = parley.AttachmentReading
	}
	return nil
}

func isPicture(kind string) bool { return strings.HasPrefix(kind, "image/") }

// stored returns the beginning and the size of a file that is here. It returns
// CodeNotFound.
func (r *Reader) stored(ctx context.Context, key string) (head []byte, size int64, err error) {
	b, err := r.cfg.Blobs.Get(ctx, key)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = b.Close() }()
	head = make([]byte, filetype.Sniffed)
	n, err := io.ReadFull(b, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, err
	}
	size, err = b.Seek(0, io.SeekEnd)
	return head[:n], size, err
}

// download brings the bytes here, whole or not at all.
func (r *Reader) download(ctx context.Context, f *file) error {
	fetcher, ok := r.cfg.Channels[f.conv.Source].(channel.Fetcher)
	if !ok {
		return sentence("This server has no channel that could fetch the file.")
	}
	sender, err := r.cfg.Senders.Sender(ctx, f.conv.WorkspaceID, f.conv.SenderID)
	if err != nil {
		return err
	}
	if sender == nil && f.conv.SenderID != "" {
		return sentence("The number that received the file is not connected any more.")
	}
	a := &f.attachment
	media := channel.Media{Name: a.Name, MIMEType: a.MIMEType, Voice: a.Voice}
	if p := a.Pending; p != nil {
		media.ID, media.URL, media.SHA256 = p.SourceID, p.URL, p.SHA256
	}
	timed, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	body, err := fetcher.Fetch(timed, sender, media, MaxFile)
	if err != nil {
		return brokenOff(ctx, err)
	}
	defer func() { _ = body.Close() }()
	from := &checked{from: body, sum: sha256.New(), want: media.SHA256}
	_, err = r.cfg.Blobs.Put(timed, f.key(), from, MaxFile)
	switch {
	case parley.ErrorCode(err) == parley.CodeConflict:
		return nil // another attempt, whose lease was lost, was quicker
	case parley.ErrorCode(err) == parley.CodeTooLarge:
		return sentence("The file is larger than 100 MB, the most that is kept.")
	case from.err != nil:
		return brokenOff(ctx, from.err)
	case timed.Err() != nil:
		return brokenOff(ctx, timed.Err())
	}
	return err
}

// brokenOff makes sure that what a source did wrong looks like it.
func brokenOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, ok := errors.AsType[*channel.Error](err); ok {
		return err
	}
	return &channel.Error{Action: channel.Retry, Code: "broken_off", Message: "The file did not arrive whole.", Err: err}
}

// unfetched decides what becomes of a file that could not be fetched.
func (r *Reader) unfetched(ctx context.Context, f *file, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	words, after, retryable, ok := inWords(err)
	if !ok {
		return err
	}
	a := &f.attachment
	r.cfg.Log.WarnContext(ctx, "a file could not be fetched", "attachment", a.ID, "error", err)
	if retryable && r.putOff(a, after, fetchTries) {
		return nil
	}
	a.State, a.Error = parley.AttachmentMissing, words
	return nil
}

// errOther says that another file came than was announced.
var errOther = errors.New("the file is not the one that was announced")

// checked reads a file and refuses its end if the file is another than was
// announced. It remembers the trouble of the source.
type checked struct {
	from io.Reader
	sum  hash.Hash
	want string // base64 of the SHA-256; "" or nonsense: not checked
	err  error
}

// Read implements io.Reader.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && !c.same() {
		err = errOther
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

func (c *checked) same() bool {
	want, err := base64.StdEncoding.DecodeString(strings.TrimSpace(c.want))
	if err != nil || len(want) != sha256.Size {
		return true
	}
	return bytes.Equal(c.sum.Sum(nil), want)
}
