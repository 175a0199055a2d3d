package whatsapp

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// kinds are the files that WhatsApp shows as what they are, with their largest
// size. Everything else is a document.
var kinds = map[string]struct {
	kind string
	most int64
}{
	"image/jpeg": {"image", 5 << 20}, "image/png": {"image", 5 << 20},
	"audio/aac": {"audio", 16 << 20}, "audio/amr": {"audio", 16 << 20}, "audio/mpeg": {"audio", 16 << 20},
	"audio/mp4": {"audio", 16 << 20}, "audio/ogg": {"audio", 16 << 20},
	"video/mp4": {"video", 16 << 20}, "video/3gpp": {"video", 16 << 20},
}

const (
	maxDocument = 100 << 20
	maxSticker  = 500 << 10
)

// uploadKind returns Meta's kind of message for a file.
func uploadKind(a *parley.Attachment, t parley.MessageType) string {
	mimeType := mediaType(a.MIMEType)
	if t == parley.MessageSticker && mimeType == "image/webp" && a.Size <= maxSticker {
		return "sticker"
	}
	k, ok := kinds[mimeType]
	if !ok || a.Size > k.most || t == parley.MessageFile {
		return "document"
	}
	return k.kind
}

// upload gives a file to Meta and returns its id. Nothing is sent by it, so
// whatever fails may be done again.
func (c *Channel) upload(ctx context.Context, out *channel.Outbound, a *parley.Attachment, kind string) (string, *channel.Error) {
	if a.Size > maxDocument {
		return "", refuse("file_size", "WhatsApp takes files of up to 100 MB.")
	}
	if out.Open == nil {
		return "", refuse("file", "The file cannot be read.")
	}
	file, err := out.Open(ctx, a.ID)
	if err != nil {
		return "", unreadable(err)
	}
	defer func() { _ = file.Close() }()
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return "", unreadable(err)
	}
	body, length, contentType, err := uploadForm(file, size, fileName(a.Name, kind, a.MIMEType), mediaType(a.MIMEType))
	if err != nil {
		return "", unreadable(err)
	}
	res, e := c.graph.Do(ctx, out.Sender, graph.Call{
		Method: http.MethodPost, Path: []string{out.Sender.PhoneNumberID, "media"}, Body: body, Length: length, MIME: contentType,
	})
	if e != nil {
		return "", e
	}
	id := res.Label("id", graph.MaxID)
	if id == "" {
		return "", &channel.Error{Action: channel.Retry, Code: "answer", RetryAfter: graph.ShortPause, Message: "Meta took the file and gave it no id."}
	}
	return id, nil
}

func unreadable(err error) *channel.Error {
	return &channel.Error{Action: channel.Retry, Code: "file", RetryAfter: graph.ShortPause, Message: "The file cannot be read now.", Err: err}
}

// uploadForm writes the form of an upload around a file, without holding the file.
func uploadForm(file io.Reader, size int64, name, mimeType string) (io.Reader, int64, string, error) {
	var around bytes.Buffer
	w := multipart.NewWriter(&around)
	if err := errors.Join(w.WriteField("messaging_product", "whatsapp"), w.WriteField("type", mimeType)); err != nil {
		return nil, 0, "", err
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	header.Set("Content-Type", mimeType)
	if _, err := w.CreatePart(header); err != nil {
		return nil, 0, "", err
	}
	before := around.Len()
	if err := w.Close(); err != nil {
		return nil, 0, "", err
	}
	b := around.Bytes()
	return io.MultiReader(bytes.NewReader(b[:before]), io.LimitReader(file, size), bytes.NewReader(b[before:])),
		int64(len(b)) + size, w.FormDataContentType(), nil
}

// isMetaHost reports whether Meta keeps files at a host.
func isMetaHost(host string) bool {
	return host == "lookaside.fbsbx.com" || host == "graph.facebook.com" ||
		strings.HasSuffix(host, ".whatsapp.net") || strings.HasSuffix(host, ".fbcdn.net")
}

// mayHaveToken reports whether the sender's token may be sent to u: to Meta over
// a secure connection, or to where the sender's own base URL is. A simulated
// sender's goes nowhere else at all.
func (c *Channel) mayHaveToken(s *parley.Sender, u *url.URL) bool {
	if u.User != nil {
		return false
	}
	own, err := url.Parse(c.graph.Base(s))
	if err == nil && own.Host != "" && strings.EqualFold(own.Host, u.Host) && own.Scheme == u.Scheme {
		return true
	}
	return !s.Simulated && u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && isMetaHost(strings.ToLower(u.Hostname()))
}

// fetch opens a file that a person sent. An address that the webhook brought
// saves a call while it lives; else, and after a 404, Meta is asked for one.
func (c *Channel) fetch(ctx context.Context, s *parley.Sender, m channel.Media, limit int64) (io.ReadCloser, *channel.Error) {
	if m.URL != "" {
		if u, err := url.Parse(m.URL); err == nil && c.mayHaveToken(s, u) {
			r, e := c.download(ctx, s, u, m.SHA256, limit)
			if e == nil || e.Code != codeGone {
				return r, e
			}
		}
	}
	var last *channel.Error
	for range 2 {
		u, sum, e := c.locate(ctx, s, m)
		if e != nil {
			return nil, e
		}
		r, e := c.download(ctx, s, u, cmp.Or(m.SHA256, sum), limit)
		if e == nil || e.Code != codeGone {
			return r, e
		}
		last = e
	}
	return nil, last
}

// codeGone is the code of an address that does not live any more.
const codeGone = "gone"

// locate asks Meta where a file is.
func (c *Channel) locate(ctx context.Context, s *parley.Sender, m channel.Media) (*url.URL, string, *channel.Error) {
	if m.ID == "" {
		return nil, "", refuse("file", "The file has no id, so it cannot be fetched.")
	}
	res, e := c.graph.Do(ctx, s, graph.Call{
		Method: http.MethodGet, Path: []string{m.ID}, Query: url.Values{"phone_number_id": {s.PhoneNumberID}},
	})
	if e != nil {
		if e.Code == "100" {
			e.Message = "WhatsApp does not have the file any more: it keeps one for seven days. Ask the person to send it again."
		}
		return nil, "", e
	}
	u, err := url.Parse(res.Text("url"))
	if err != nil || u.Host == "" {
		return nil, "", refuse("file", "WhatsApp does not say where the file is.")
	}
	if !c.mayHaveToken(s, u) {
		return nil, "", refuse("file_host", "The file is said to be at "+graph.Cut(u.Host, 100)+", which is none of Meta's hosts, so it was not fetched.")
	}
	return u, res.Label("sha256", 128), nil
}

// download opens a file at an address that may have the token.
func (c *Channel) download(ctx context.Context, s *parley.Sender, u *url.URL, sum string, limit int64) (io.ReadCloser, *channel.Error) {
	ctx, cancel := context.WithTimeout(ctx, c.graph.MediaTimeout)
	res, e := c.follow(ctx, s, u)
	if e == nil {
		e = refusedFile(res, limit)
		if e != nil {
			_ = res.Body.Close()
		}
	}
	if e != nil {
		cancel()
		return nil, e
	}
	return &download{body: res.Body, cancel: cancel, left: limit, sum: sha256.New(), want: digest(sum)}, nil
}

// maxHops is how often a file may be said to be elsewhere.
const maxHops = 3

// follow gets an address and what it redirects to, as long as that is one of
// Meta's hosts or the sender's own; the token stays with the first one.
func (c *Channel) follow(ctx context.Context, s *parley.Sender, u *url.URL) (*http.Response, *channel.Error) {
	first := u.Host
	for range maxHops + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, &channel.Error{Action: channel.Fail, Code: "file", Message: "The address of the file cannot be used.", Err: graph.Bare(err)}
		}
		// Meta refuses clients that do not say what they are.
		req.Header.Set("User-Agent", "parley")
		if u.Host == first {
			if e := graph.Authorise(req, s); e != nil {
				return nil, e
			}
		}
		res, err := c.graph.HTTP.Do(req)
		if err != nil {
			e := graph.Broken(err, false)
			e.Message = "The file cannot be fetched now; it is tried again."
			return nil, e
		}
		if res.StatusCode/100 != 3 {
			return res, nil
		}
		_ = res.Body.Close()
		next, err := u.Parse(res.Header.Get("Location"))
		if err != nil || res.Header.Get("Location") == "" || !c.mayHaveToken(s, next) {
			return nil, refuse("file_host", "The file is said to be at a place which is none of Meta's hosts, so it was not fetched.")
		}
		u = next
	}
	return nil, refuse("file_host", "The file is always said to be elsewhere.")
}

// refusedFile reads an answer that is not the file, or not one that is wanted.
func refusedFile(res *http.Response, limit int64) *channel.Error {
	err := fmt.Errorf("status %s", res.Status)
	switch {
	case res.StatusCode == http.StatusOK && res.ContentLength > limit:
		return tooLarge(limit)
	case res.StatusCode == http.StatusOK:
		return nil
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return &channel.Error{Action: channel.Retry, Code: codeGone, RetryAfter: graph.ShortPause, Err: err,
			Message: "The file is not where WhatsApp says it is."}
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		e := graph.ErrorOf(190, "")
		e.Err = err
		return e
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return &channel.Error{Action: channel.Retry, Code: "http_" + strconv.Itoa(res.StatusCode), Err: err,
			RetryAfter: cmp.Or(graph.RetryAfter(res.Header), graph.ShortPause), Message: "The file cannot be fetched now; it is tried again."}
	}
	return &channel.Error{Action: channel.Fail, Code: "http_" + strconv.Itoa(res.StatusCode), Message: "WhatsApp does not give the file.", Err: err}
}

func tooLarge(limit int64) *channel.Error {
	return refuse("file_size", fmt.Sprintf("The file is larger than the %.1f MB that are allowed here.", float64(limit)/(1<<20)))
}

// download reads a file and looks at its size and its digest.
type download struct {
	body   io.ReadCloser
	cancel context.CancelFunc
	left   int64
	sum    hash.Hash
	want   []byte // nil: unknown
}

// Read implements io.Reader. Its errors are *channel.Error, except io.EOF.
func (d *download) Read(p []byte) (int, error) {
	if int64(len(p)) > d.left+1 {
		p = p[:d.left+1]
	}
	n, err := d.body.Read(p)
	d.sum.Write(p[:n])
	if d.left -= int64(n); d.left < 0 {
		return 0, refuse("file_size", "The file is larger than it may be here.")
	}
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		e := graph.Broken(err, false)
		e.Message = "The connection broke while the file was fetched; it is tried again."
		return n, e
	case d.want != nil && !bytes.Equal(d.want, d.sum.Sum(nil)):
		return n, &channel.Error{Action: channel.Retry, Code: "file_sum", RetryAfter: graph.ShortPause,
			Message: "The file that came is not the one that the person sent; it is fetched again."}
	}
	return n, err
}

// Close implements io.Closer.
func (d *download) Close() error {
	defer d.cancel()
	return d.body.Close()
}

// digest reads a SHA-256 as Meta writes it, in base64 or in hexadecimal; nil for
// what is none.
func digest(s string) []byte {
	for _, decode := range []func(string) ([]byte, error){base64.StdEncoding.DecodeString, hex.DecodeString} {
		if b, err := decode(s); err == nil && len(b) == sha256.Size {
			return b
		}
	}
	return nil
}
