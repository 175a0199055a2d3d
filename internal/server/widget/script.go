package widget

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"parley"
	"parley/internal/server/dashboard"
	"parley/internal/server/wire"
)

// The files of the built client, see docs/widget.md.
const (
	loaderFile  = "widget/loader.js"
	assetFolder = "widget/assets/"
	chatPrefix  = "chat-"
)

// scripts are the loader as it is served: with the settings of a widget before
// it, so that it needs no further request.
type scripts struct {
	files fs.FS
	mu    sync.Mutex
	small map[string][]byte // compressed loaders, by hash and encoding
}

// maxScripts bounds the compressed loaders that are kept.
const maxScripts = 2000

// loaderConfig is what the loader finds as parleyConfig.
type loaderConfig struct {
	Widget     string   `json:"widget"`
	Mode       string   `json:"mode"`
	API        string   `json:"api"`
	Chat       string   `json:"chat"`
	Language   string   `json:"language"`
	RTL        bool     `json:"rtl"`
	Launcher   Launcher `json:"launcher"`
	OpenLabel  string   `json:"open_label"`
	CloseLabel string   `json:"close_label"`
}

// loader answers with the script of the snippet.
func (s *Visitors) loader(w http.ResponseWriter, r *http.Request) {
	c := &call{Context: r.Context(), r: r, w: w}
	r.SetPathValue("widget", r.URL.Query().Get("id"))
	err := s.admit(c, noToken)
	if err == nil {
		err = s.serveLoader(c)
	}
	if err != nil {
		wire.ProblemOf(r.Context(), s.Log, err).Write(w)
	}
}

func (s *Visitors) serveLoader(c *call) error {
	chat, code := s.scripts.chat(), s.scripts.read(loaderFile)
	if code == nil || chat == "" {
		return parley.Errorf(parley.CodeNotFound, "The widget's client is not part of this build. Run `make build` to include it.")
	}
	mode := "site"
	if m := c.r.URL.Query().Get("mode"); m == "page" || m == "preview" {
		mode = m
	}
	set := &c.widget.Settings
	tag, _ := s.accepted(set, c.r.Header.Get("Accept-Language"))
	config, err := json.Marshal(loaderConfig{
		Widget: c.widget.ID, Mode: mode, API: "/widget/v1/" + c.widget.ID, Chat: "/" + assetFolder + chat,
		Language: tag, RTL: rtl(tag), Launcher: s.launcher(set, tag),
		OpenLabel: s.text(set, tag, "open"), CloseLabel: s.text(set, tag, "close"),
	})
	if err != nil {
		return err
	}
	script := slices.Concat([]byte("const parleyConfig="), config, []byte(";\n"), code)
	sum := sha256.Sum256(script)
	hash := hex.EncodeToString(sum[:16])
	h := c.w.Header()
	h.Set("Cache-Control", "public, max-age=300")
	h.Add("Vary", "Accept-Encoding")
	h.Add("Vary", "Accept-Language")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("ETag", `W/"`+hash+`"`)
	if strings.Contains(c.r.Header.Get("If-None-Match"), hash) {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	if encoding := dashboard.Encoding(c.r.Header.Get("Accept-Encoding")); encoding != "" {
		if small := s.scripts.compressed(hash, encoding, script); small != nil {
			h.Set("Content-Encoding", encoding)
			script = small
		}
	}
	_, _ = c.w.Write(script) // the reader may have gone
	return nil
}

// asset answers with a file of the built client. Its name holds a hash of its
// content, so it never changes.
func (s *Visitors) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*") // it is the same for everybody and holds no secret
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	data := s.scripts.read(assetFolder + name)
	if data == nil || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
		if chat := s.scripts.chat(); chat != "" && strings.HasPrefix(name, chatPrefix) && name != chat {
			h.Set("Cache-Control", "no-store") // a page that was open before the server was brought up to date
			http.Redirect(w, r, "/"+assetFolder+chat, http.StatusFound)
			return
		}
		wire.NewProblem(parley.CodeNotFound, "There is no such file.").Write(w)
		return
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	if path.Ext(name) != ".js" {
		h.Set("Content-Type", "application/octet-stream")
	}
	if encoding := dashboard.Encoding(r.Header.Get("Accept-Encoding")); encoding != "" {
		if small := s.scripts.read(assetFolder + name + map[string]string{"br": ".br", "gzip": ".gz"}[encoding]); small != nil {
			h.Set("Content-Encoding", encoding)
			data = small
		}
	}
	_, _ = w.Write(data) //nolint:gosec // a file of our own build; the reader may have gone
}

// read returns a file of the client, nil if there is none.
func (s *scripts) read(name string) []byte {
	if s.files == nil || !fs.ValidPath(name) {
		return nil
	}
	b, err := fs.ReadFile(s.files, name)
	if err != nil {
		return nil
	}
	return b
}

// chat is the name of the chat's entry, "" if it is not built.
func (s *scripts) chat() string {
	if s.files == nil {
		return ""
	}
	found, err := fs.Glob(s.files, assetFolder+chatPrefix+"*.js")
	if err != nil || len(found) == 0 {
		return ""
	}
	return path.Base(found[0])
}

// compressed returns a script in an encoding, as it was compressed at its first
// use; nil if that fails.
func (s *scripts) compressed(hash, encoding string, script []byte) []byte {
	key := hash + encoding
	s.mu.Lock()
	small := s.small[key]
	s.mu.Unlock()
	if small != nil {
		return small
	}
	var b bytes.Buffer
	var err error
	if encoding == "br" {
		z := brotli.NewWriterLevel(&b, brotli.BestCompression)
		_, err = z.Write(script)
		err = errors.Join(err, z.Close())
	} else {
		z := gzip.NewWriter(&b)
		_, err = z.Write(script)
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.small == nil || len(s.small) >= maxScripts {
		s.small = map[string][]byte{}
	}
	s.small[key] = b.Bytes()
	return b.Bytes()
}
