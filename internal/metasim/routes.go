package metasim

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
)

// TokenState is what the token is good for.
type TokenState struct {
	Valid  bool     `json:"valid"`
	Scopes []string `json:"scopes"`
}

// The permissions that a business gives its token.
const (
	scopeMessaging  = "whatsapp_business_messaging"
	scopeManagement = "whatsapp_business_management"
)

const (
	maxGraphBody = 1 << 20
	callsPerHour = 5000 // management calls of one account that has a number
)

var graphVersion = regexp.MustCompile(`^v\d{1,3}\.\d$`)

// graphHandler answers one Graph request: with out as JSON, or with the error.
// A nil answer without an error means that it wrote for itself.
type graphHandler func(w http.ResponseWriter, r *http.Request) (any, *graph.Error)

// graphRoutes are the Graph routes. Ids of all kinds share one place in the
// path, as at Meta.
func (s *Sim) graphRoutes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]struct {
		scope string // the permission that it needs
		serve graphHandler
	}{
		"POST /{version}/{id}/messages":            {scopeMessaging, s.postMessage},
		"POST /{version}/{id}/media":               {scopeMessaging, s.postMedia},
		"POST /{version}/{id}/register":            {scopeManagement, s.postRegister},
		"GET /{version}/{id}":                      {"", s.getObject},
		"POST /{version}/{id}/uploads":             {scopeManagement, s.postUploads},
		"POST /{version}/{id}":                     {scopeManagement, s.postObject},
		"DELETE /{version}/{id}":                   {scopeMessaging, s.deleteMedia},
		"GET /{version}/{id}/phone_numbers":        {scopeManagement, s.getNumbers},
		"GET /{version}/{id}/message_templates":    {scopeManagement, s.getTemplates},
		"POST /{version}/{id}/message_templates":   {scopeManagement, s.postTemplates},
		"DELETE /{version}/{id}/message_templates": {scopeManagement, s.deleteTemplates},
		"GET /{version}/{id}/subscribed_apps":      {scopeManagement, s.getSubscribed},
		"POST /{version}/{id}/subscribed_apps":     {scopeManagement, s.postSubscribed},
		"DELETE /{version}/{id}/subscribed_apps":   {scopeManagement, s.deleteSubscribed},
		"GET /{version}/debug_token":               {"", s.getToken},
		"GET " + mediaPath + "{$}":                 {"", s.getMediaBytes},
		"/":                                        {"", unknownPath},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serveGraph(w, r, h.scope, h.serve) })
	}
	return mux
}

// postObject changes what an id names: an upload that was begun, or a template.
func (s *Sim) postObject(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	if strings.HasPrefix(r.PathValue("id"), graph.UploadPrefix) {
		return s.postSample(w, r)
	}
	return s.postTemplate(w, r)
}

func unknownPath(_ http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	e := graph.NewError(100, "Unknown path components: %s", r.URL.Path)
	e.Title = "Unsupported request"
	return nil, e
}

func (s *Sim) serveGraph(w http.ResponseWriter, r *http.Request, scope string, serve graphHandler) {
	var answer any
	version := r.PathValue("version")
	fault := s.authorize(r, scope)
	switch {
	case version != "" && !graphVersion.MatchString(version):
		fault = graph.NewError(2, "Unknown version %q.", version)
	case fault == nil:
		answer, fault = serve(w, r)
	}
	if fault != nil {
		s.mu.Lock()
		s.counts[fmt.Sprintf("error_%d", fault.Code)]++
		s.lastID++
		trace := fmt.Sprintf("A%016x", s.Hash("trace", fmt.Sprint(s.lastID)))
		s.mu.Unlock()
		if fault.Code == 190 {
			w.Header().Set("WWW-Authenticate", `OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."`)
		}
		writeGraph(w, fault.Status(), fault.Body(trace))
		return
	}
	if answer != nil {
		writeGraph(w, http.StatusOK, answer)
	}
}

func writeGraph(w http.ResponseWriter, status int, answer any) {
	b, err := graph.JSON(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b) //nolint:gosec // JSON, not sniffed; the caller may be gone
}

// authorize checks the token and what it is good for.
func (s *Sim) authorize(r *http.Request, scope string) *graph.Error {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme != "Bearer" && scheme != "OAuth" {
		given = r.URL.Query().Get("access_token")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case given == "":
		return graph.NewError(190, "An access token is required to request this resource.")
	case !s.tokenIs(given):
		return graph.NewError(190, "Invalid OAuth access token - Cannot parse access token")
	case !s.token.Valid:
		return graph.NewError(190, "Error validating access token: Session has expired.")
	case scope == scopeMessaging && !s.tokenHas(scope):
		return graph.NewError(131005, "The token lacks the permission %s.", scope)
	case scope != "" && !s.tokenHas(scope):
		return graph.NewError(200, "Requires the permission %s.", scope)
	}
	return nil
}

func (s *Sim) tokenIs(given string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(s.cfg.Token)) == 1
}

func (s *Sim) tokenHas(scope string) bool {
	return slices.Contains(s.token.Scopes, scope)
}

// SetToken changes what the token is good for.
func (s *Sim) SetToken(t TokenState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = TokenState{Valid: t.Valid, Scopes: append([]string{}, t.Scopes...)}
	s.event(screen.Event{Type: "number"})
}

// getToken describes a token, itself or another.
func (s *Sim) getToken(_ http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tokenIs(r.URL.Query().Get("input_token")) {
		return map[string]any{"data": map[string]any{
			"is_valid": false, "scopes": []string{},
			"error": map[string]any{"code": 190, "message": "Invalid OAuth access token."},
		}}, nil
	}
	accounts := make([]string, len(s.accounts))
	for i, a := range s.accounts {
		accounts[i] = a.ID
	}
	granular := make([]any, len(s.token.Scopes))
	for i, scope := range s.token.Scopes {
		granular[i] = map[string]any{"scope": scope, "target_ids": accounts}
	}
	return map[string]any{"data": map[string]any{
		"app_id": s.cfg.AppID, "type": "SYSTEM_USER", "application": "Simulated app", "is_valid": s.token.Valid,
		"expires_at": 0, "data_access_expires_at": 0, "issued_at": s.wall(s.now()).Unix(),
		"scopes": s.token.Scopes, "granular_scopes": granular, "user_id": "122100000000000000",
	}}, nil
}

// decodeGraph reads a JSON body.
func decodeGraph(w http.ResponseWriter, r *http.Request, into any) *graph.Error {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxGraphBody))
	if err != nil {
		return graph.NewError(100, "The body cannot be read: %v", err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return graph.NewError(100, "The body is not valid: %v", err)
	}
	return nil
}

// managed counts a management call of the account. mu is held.
func (s *Sim) managed(w http.ResponseWriter, a *account) *graph.Error {
	since := s.now().Add(-time.Hour)
	recent := s.calls[a.ID]
	for len(recent) > 0 && recent[0].Before(since) {
		recent = recent[1:]
	}
	s.counts["management_calls"]++
	if len(recent) >= callsPerHour {
		s.calls[a.ID] = recent
		return graph.NewError(80007, "There have been too many calls to this WhatsApp Business account. Wait a bit and try again.")
	}
	s.calls[a.ID] = append(recent, s.now())
	usage, err := json.Marshal(map[string]any{a.ID: []any{map[string]any{
		"type": "whatsapp_business_management", "call_count": 100 * (len(recent) + 1) / callsPerHour,
		"total_cputime": 0, "total_time": 0, "estimated_time_to_regain_access": 0,
	}}})
	if err == nil {
		w.Header().Set("X-Business-Use-Case-Usage", string(usage))
	}
	return nil
}

// success is the answer to what has nothing else to say.
func success() map[string]any { return map[string]any{"success": true} }
