package server

import (
	"net/http"
	"sync"

	"parley/internal/apidoc"
	"parley/internal/server/dashboard"
	"parley/internal/server/wire"
)

// docs shows the description of the API. It is rendered once, when it is first
// asked for.
func (s *Server) docs() http.HandlerFunc {
	render := sync.OnceValues(func() ([]byte, error) { return apidoc.Render(s.spec) })
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := render()
		if err != nil {
			wire.ProblemOf(r.Context(), s.log, err).Write(w)
			return
		}
		h := w.Header()
		h["Content-Type"] = htmlType
		h.Set("Cache-Control", "no-cache")
		dashboard.SecurePage(h, apidoc.Policy())
		_, _ = w.Write(page) // the reader may have gone
	}
}
