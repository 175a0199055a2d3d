// Package dashboard serves the built files of the dashboard, compressed, under a
// policy that lets its pages run and load nothing but their own.
package dashboard

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"parley"
	"parley/internal/server/wire"
)

// noncePlaceholder stands in index.html where each answer has its own nonce.
const noncePlaceholder = "__CSP_NONCE__"

// Files serves the dashboard. Every path that is not a file is a page of it.
type Files struct {
	files fs.FS
	index []byte // nil: not built
	mu    sync.Mutex
	small map[string][]byte // compressed files, by encoding and name
}

// New returns the handler of the files below an fs.FS with index.html at its
// root; nil for none.
func New(files fs.FS) *Files {
	d := &Files{files: files, small: map[string][]byte{}}
	if files != nil {
		d.index, _ = fs.ReadFile(files, "index.html") // none before the first build
	}
	return d
}

// ServeHTTP answers GET and HEAD with a file or a page.
func (d *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		wire.MethodNotAllowed(r.Method, "GET, HEAD").Write(w)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if d.files != nil && name != "" && name != "index.html" && fs.ValidPath(name) && d.file(w, r, name) {
		return
	}
	if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" {
		wire.NewProblem(parley.CodeNotFound, "There is no such file.").Write(w)
		return
	}
	d.page(w)
}

// file answers with a file; false if there is none.
func (d *Files) file(w http.ResponseWriter, r *http.Request, name string) bool {
	data, err := fs.ReadFile(d.files, name)
	if err != nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"))
	if strings.HasPrefix(name, "assets/") { // its name holds a hash of its content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, max-age=3600")
	}
	if path.Ext(name) == ".svg" {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
	if len(data) > 1<<10 && compressible(name) {
		h.Set("Vary", "Accept-Encoding")
		if small, encoding := d.compressed(name, data, r.Header.Get("Accept-Encoding")); encoding != "" {
			h.Set("Content-Encoding", encoding)
			data = small
		}
	}
	_, _ = w.Write(data) //nolint:gosec // a file of our own build; the reader may have gone
	return true
}

func compressible(name string) bool {
	switch path.Ext(name) {
	case ".js", ".css", ".svg", ".json", ".html", ".map", ".txt", ".webmanifest":
		return true
	}
	return false
}

// compressed returns the file as the browser accepts it: as it was built, or
// compressed at its first use.
func (d *Files) compressed(name string, data []byte, accepted string) (small []byte, encoding string) {
	encoding = Encoding(accepted)
	if encoding == "" {
		return nil, ""
	}
	extension := map[string]string{"br": ".br", "gzip": ".gz"}[encoding]
	if built, err := fs.ReadFile(d.files, name+extension); err == nil {
		return built, encoding
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if small, ok := d.small[name+extension]; ok {
		return small, encoding
	}
	var b bytes.Buffer
	var err error
	if encoding == "br" {
		c := brotli.NewWriterLevel(&b, 6)
		_, err = c.Write(data)
		err = errors.Join(err, c.Close())
	} else {
		c := gzip.NewWriter(&b)
		_, err = c.Write(data)
		err = errors.Join(err, c.Close())
	}
	if err != nil {
		return nil, ""
	}
	d.small[name+extension] = b.Bytes()
	return b.Bytes(), encoding
}

// Encoding is the best that an Accept-Encoding allows: br, gzip or "".
func Encoding(accepted string) string {
	for _, e := range []string{"br", "gzip"} {
		if acceptsEncoding(accepted, e) {
			return e
		}
	}
	return ""
}

// acceptsEncoding reports whether an Accept-Encoding names an encoding and
// does not refuse it.
func acceptsEncoding(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(quality, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// page answers with index.html, under a policy that lets it run its own
// scripts and style itself, and nothing else.
func (d *Files) page(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if d.index == nil {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		_, _ = w.Write([]byte(notBuilt)) // the reader may have gone
		return
	}
	nonce := NewNonce()
	style := "'unsafe-inline'"
	if bytes.Contains(d.index, []byte(noncePlaceholder)) {
		style = "'nonce-" + nonce + "'"
	}
	SecurePage(h, "script-src 'self' 'nonce-"+nonce+"'; style-src 'self' "+style)
	_, _ = w.Write(bytes.ReplaceAll(d.index, []byte(noncePlaceholder), []byte(nonce))) // the reader may have gone
}

// SecurePage sets the headers of a page of ours.
func SecurePage(h http.Header, sources string) {
	h.Set("Content-Security-Policy", "default-src 'none'; "+sources+"; img-src 'self' data: blob:; font-src 'self' data:; "+
		"connect-src 'self'; frame-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "+
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()")
}

// NewNonce is a number for one answer's policy.
func NewNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand.Read
	return base64.RawURLEncoding.EncodeToString(b[:])
}

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Parley</title></head>
<body><h1>Parley is running</h1>
<p>The dashboard is not part of this build. Run <code>make build</code> to include it. The API is described at <a href="/docs">/docs</a>.</p>
</body></html>
`
