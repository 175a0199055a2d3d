package server

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/prometheus/client_golang/prometheus"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/password"
)

// Config is what a server needs. Store, Engine, Hub and Blobs are required.
type Config struct {
	Store  Store
	Engine Engine
	Hub    *live.Hub
	Blobs  Blobs
	// Providers has a constructor per provider kind, as the engine has them.
	Providers map[string]engine.NewModel

	UI        fs.FS  // the dashboard's files, index.html at the root; nil: none
	PublicURL string // how browsers reach the server; "": as they ask
	Demo      bool
	Version   string
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

// Limits are requests per second, 0 for none. A burst is three seconds' worth.
type Limits struct {
	Member  float64 // of one member
	Key     float64 // of one API key
	Address float64 // of one address that is not signed in
}

// DefaultLimits are generous to people and leave programs alone, whose keys
// were given out on purpose.
func DefaultLimits() Limits { return Limits{Member: 100, Address: 30} }

// Server answers HTTP requests.
type Server struct {
	Config
	log      *slog.Logger
	now      func() time.Time
	sessions *scs.SessionManager
	keys     *keyCache
	origins  *http.CrossOriginProtection
	hasher   *password.Hasher
	html     *webchat.Renderer
	limits   struct{ member, key, address, signInAddress, signInEmail *limiter }
	spec     []byte // the OpenAPI document
	secure   bool   // browsers come over https
	metrics  *metrics
	streams  atomic.Int64 // open ones
	handler  http.Handler
	closing  chan struct{} // closed when streams have to end
	close    func()
}

// New returns a server. It returns CodeInvalid for a public URL that is none.
func New(c Config) (*Server, error) {
	s := &Server{Config: c, log: c.Log, now: c.Now, closing: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closing) })
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.Hashing == (password.Params{}) {
		s.Hashing = password.DefaultParams()
	}
	s.Heartbeat = orDefault(s.Heartbeat, 15*time.Second)
	s.hasher = password.NewHasher(s.Hashing, min(4, runtime.GOMAXPROCS(0)))
	s.html = webchat.NewRenderer()
	s.keys = newKeyCache(s.now)
	if err := s.setOrigins(); err != nil {
		return nil, err
	}
	s.secure = strings.HasPrefix(s.PublicURL, "https://")
	s.metrics = newMetrics(c.Metrics, &s.streams)
	s.sessions = s.newSessions()
	perSecond := func(rate float64) *limiter {
		if rate <= 0 {
			return newLimiter(0, 0, s.now)
		}
		return newLimiter(time.Duration(float64(time.Second)/rate), max(1, int(3*rate)), s.now)
	}
	s.limits.member = perSecond(c.Limits.Member)
	s.limits.key = perSecond(c.Limits.Key)
	s.limits.address = perSecond(c.Limits.Address)
	s.limits.signInAddress = newLimiter(6*time.Second, 20, s.now)
	s.limits.signInEmail = newLimiter(time.Minute, 10, s.now)
	return s, s.mount()
}

// setOrigins allows the public URL as the origin of requests that change
// something, for proxies that change the host.
func (s *Server) setOrigins() error {
	s.origins = http.NewCrossOriginProtection()
	if s.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return parley.Errorf(parley.CodeInvalid, "The public URL %q is not a URL such as https://parley.example.com.", s.PublicURL)
	}
	if err := s.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return parley.Errorf(parley.CodeInvalid, "The public URL cannot be used: %w", err)
	}
	return nil
}

// EndStreams ends the live streams, so that a graceful stop of the HTTP server
// does not wait for them.
func (s *Server) EndStreams() { s.close() }

// ServeHTTP answers a request. A panic becomes an internal error.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler {
			s.log.ErrorContext(r.Context(), "panic", slog.Any("panic", v), slog.String("path", r.URL.Path),
				slog.String("stack", string(debug.Stack())))
			newProblem(parley.CodeInternal, "Something went wrong on our side. It has been logged.").write(w)
		} else if v != nil {
			panic(v)
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
