package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/dashboard"
	"parley/internal/server/wire"
)

// mount builds the mux: the API, what describes it and the machine, and the
// dashboard for the rest.
func (s *Server) mount() error {
	mux := http.NewServeMux()
	described := s.api.Register(mux, s.routes())
	spec, err := json.Marshal(described.OpenAPI())
	if err != nil {
		return err
	}
	s.spec = spec
	mux.HandleFunc("/api/", s.unknown())
	mux.HandleFunc("/webhooks/whatsapp/{app}", s.whatsapp.ServeHook)
	mux.HandleFunc("GET /openapi.json", s.serveSpec)
	mux.HandleFunc("GET /docs", s.docs())
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	if s.Metrics != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}))
	}
	if s.visitors != nil {
		s.visitors.Register(mux)
	}
	mux.Handle("/", dashboard.New(s.UI))
	s.handler = mux
	return nil
}

// unknown answers what no route of the API matches: 405 where only the method
// is wrong, else 404.
func (s *Server) unknown() http.HandlerFunc {
	methods := map[string][]string{}
	for _, r := range s.routes() {
		methods[r.Path] = append(methods[r.Path], r.Method)
	}
	paths := http.NewServeMux()
	for path, allowed := range methods {
		slices.Sort(allowed)
		allow := strings.Join(allowed, ", ")
		paths.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			wire.MethodNotAllowed(r.Method, allow).Write(w)
		})
	}
	paths.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		wire.NewProblem(parley.CodeNotFound, "The API has no such path. Its description is at /docs.").Write(w)
	})
	return func(w http.ResponseWriter, r *http.Request) {
		api.Drain(r.Body)
		paths.ServeHTTP(w, r)
	}
}

func (s *Server) serveSpec(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h["Content-Type"] = jsonType
	h.Set("Access-Control-Allow-Origin", "*") // a description of the API holds no secret
	_, _ = w.Write(s.spec)                    // the reader may have gone
}

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { sayOK(w) }

// readyz says that the process can serve: its database answers and it is not
// stopping.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.closing:
		wire.NewProblem(parley.CodeUnavailable, "The server is stopping.").Write(w)
		return
	default:
	}
	if err := s.Store.Ping(r.Context()); err != nil {
		wire.ProblemOf(r.Context(), s.log, err).Write(w)
		return
	}
	sayOK(w)
}

func sayOK(w http.ResponseWriter) {
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Cache-Control"] = noStore
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n")) // the reader may have gone
}
