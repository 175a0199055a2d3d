package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley"
	counts "parley/internal/analytics"
	"parley/internal/channel/webchat"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/password"
	"parley/internal/questions"
	"parley/internal/senders"
	"parley/internal/server/access"
	"parley/internal/server/analytics"
	"parley/internal/server/api"
	"parley/internal/server/bulk"
	"parley/internal/server/desk"
	"parley/internal/server/events"
	"parley/internal/server/export"
	"parley/internal/server/hook"
	"parley/internal/server/imports"
	"parley/internal/server/money"
	"parley/internal/server/privacy"
	"parley/internal/server/whatsapp"
	"parley/internal/server/widget"
	"parley/internal/server/wire"
	"parley/internal/server/workshop"
	kept "parley/internal/store/desk"
	"parley/internal/store/rollup"
	works "parley/internal/workshop"
)

// Config is what a server needs. Store, Engine, Hub and Blobs are required.
type Config struct {
	Store  Store
	Engine Engine
	Hub    *live.Hub
	Blobs  Blobs
	// Providers has a constructor per provider kind, as the engine has them.
	Providers map[string]engine.NewModel
	// SpeechKinds are the kinds of providers that can transcribe, with
	// parley.SpeechCommand among them if this machine has a program for it.
	SpeechKinds []string
	Senders     *senders.Service // WhatsApp's numbers
	Rollups     *rollup.Rollups  // what analytics are counted from
	Exports     *export.Handlers
	Imports     *imports.Handlers
	Webhooks    *hook.Handlers
	Money       *money.Handlers
	Privacy     *privacy.Handlers
	Bulk        *bulk.Handlers
	Questions   *questions.Service
	// Simulator is the control API of the built-in simulator of WhatsApp, and
	// SimulatorWorkspace whose it is; nil: there is none.
	Simulator          http.Handler
	SimulatorWorkspace string

	UI         fs.FS  // the dashboard's files, index.html at the root; nil: none
	PublicURL  string // how browsers reach the server; "": as they ask
	Demo       bool
	DemoWidget string      // the widget of the page /demo; "": there is no such page
	Pages      Pages       // reads pages of websites; nil: nobody does
	Keys       widget.Keys // sign the tokens of visitors; nil: visitors are not served
	Version    string
	// TrustProxy takes a client's address from X-Forwarded-For.
	TrustProxy bool

	Limits  Limits
	Hashing password.Params // zero: password.DefaultParams

	// Heartbeat is how often an idle stream says that it lives and has its
	// session or key checked again; 0: 15 seconds.
	Heartbeat time.Duration

	Metrics *prometheus.Registry // nil: there is no /metrics
	Now     func() time.Time     // nil: the real clock
	Log     *slog.Logger         // nil: discarded
}

// Limits are requests per second, 0 for none.
type Limits = access.Limits

// DefaultLimits are generous to people and leave programs alone, whose keys
// were given out on purpose.
func DefaultLimits() Limits { return Limits{Member: 100, Address: 30} }

// Server answers HTTP requests.
type Server struct {
	Config
	log       *slog.Logger
	now       func() time.Time
	gate      *access.Gate
	hasher    *password.Hasher
	html      *webchat.Renderer
	desk      *kept.Desk
	marks     *desk.Handlers
	events    *events.Members
	visitors  *widget.Visitors // nil: visitors are not served
	api       *api.Mux
	whatsapp  *whatsapp.Handlers
	analytics *analytics.Handlers
	workshop  *workshop.Handlers
	spec      []byte // the OpenAPI document
	secure    bool   // browsers come over https
	handler   http.Handler
	closing   chan struct{} // closed when streams have to end
	close     func()
}

// New returns a server. It returns CodeInvalid for a public URL that is none.
func New(c Config) (*Server, error) {
	s := &Server{
		Config: c, log: c.Log, now: c.Now, html: webchat.NewRenderer(), closing: make(chan struct{}),
		secure: strings.HasPrefix(c.PublicURL, "https://"),
	}
	s.close = sync.OnceFunc(func() { close(s.closing) })
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.hasher = password.NewHasher(orDefault(c.Hashing, password.DefaultParams()), min(4, runtime.GOMAXPROCS(0)))
	streams := &events.Source{
		Hub: c.Hub, Heartbeat: orDefault(c.Heartbeat, 15*time.Second), Stopping: s.closing, Now: s.now, Log: s.log,
	}
	s.desk = &kept.Desk{Tables: c.Store.Tables(), Now: s.now}
	s.marks = &desk.Handlers{Desk: s.desk, Hub: c.Hub, Row: s.row}
	s.events = &events.Members{Source: streams, Store: c.Store, Desk: s.desk, HTML: s.html}
	var err error
	s.gate, err = access.NewGate(access.Config{
		Store: c.Store, PublicURL: c.PublicURL, TrustProxy: c.TrustProxy, Limits: c.Limits, Now: s.now,
	})
	if err != nil {
		return nil, err
	}
	s.whatsapp = whatsapp.New(whatsapp.Config{
		Store: c.Store, Senders: c.Senders, Hub: c.Hub, HTML: s.html, Log: s.log, URL: func(r *http.Request, path string) string { return s.publicURL(r) + path },
		Simulator: c.Simulator, SimulatorWorkspace: c.SimulatorWorkspace,
	})
	if c.Keys != nil {
		s.visitors, err = widget.New(widget.Config{
			Store: c.Store, Engine: c.Engine, Blobs: c.Blobs, Keys: c.Keys, Hub: c.Hub, Streams: streams, HTML: s.html, Files: c.UI,
			Address: s.gate.Address, PublicURL: c.PublicURL, Demo: c.DemoWidget, Unlimited: c.Limits.Address == 0, Now: s.now, Log: s.log,
		})
		if err != nil {
			return nil, err
		}
	}
	s.analytics = &analytics.Handlers{Store: c.Store, Service: &counts.Service{Rollups: c.Rollups, Now: s.now}}
	s.workshop = &workshop.Handlers{Store: c.Store, Engine: c.Engine, Workshop: &works.Workshop{Store: c.Store, Now: s.now}}
	s.api = api.New(api.Config{Gate: s.gate, Answers: c.Store, Metrics: c.Metrics, Log: s.log})
	if c.Metrics != nil {
		c.Metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "parley_open_streams", Help: "Streams of live events that are open.",
		}, func() float64 { return float64(s.events.Open()) }))
	}
	return s, s.mount()
}

// EndStreams ends the live streams, so that a graceful stop of the HTTP server
// does not wait for them.
func (s *Server) EndStreams() { s.close() }

// WaitStreams waits for the live streams to end, until ctx does. The HTTP server
// does not know of them.
func (s *Server) WaitStreams(ctx context.Context) { s.events.Wait(ctx) }

// ServeHTTP answers a request. A panic becomes an internal error.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		v := recover()
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		if v != nil {
			s.log.ErrorContext(r.Context(), "panic", slog.Any("panic", v), slog.String("path", r.URL.Path),
				slog.String("stack", string(debug.Stack())))
			wire.NewProblem(parley.CodeInternal, "Something went wrong on our side. It has been logged.").Write(w)
		}
	}()
	h := w.Header()
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = sameOriginReferrer
	if s.secure {
		h["Strict-Transport-Security"] = httpsOnly
	}
	s.handler.ServeHTTP(w, r)
}

// The values of headers that never change, shared by all answers.
var (
	noSniff            = []string{"nosniff"}
	sameOriginReferrer = []string{"same-origin"}
	noStore            = []string{"no-store"}
	httpsOnly          = []string{"max-age=31536000"}
	jsonType           = []string{"application/json"}
	htmlType           = []string{"text/html; charset=utf-8"}
)
