package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/burst"
	"parley/internal/metasim/world"
)

// Sizes of bodies: JSON holds files as base64.
const (
	maxJSON   = 32 << 20
	maxUpload = 101 << 20
	maxRaw    = 4 << 20
)

// handler answers one request: with out as JSON, or with the error. Nothing and
// no error means that it wrote for itself.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// control serves one simulator.
type control struct{ sim *metasim.Sim }

// New returns the control API of a simulator.
func New(sim *metasim.Sim) http.Handler {
	c := &control{sim: sim}
	mux := http.NewServeMux()
	for pattern, serve := range map[string]handler{
		"GET /state":                  c.state,
		"GET /phones":                 c.phones,
		"POST /phones":                c.addPhone,
		"PATCH /phones/{id}":          c.changePhone,
		"GET /phones/{id}/chat":       c.chat,
		"POST /phones/{id}/messages":  c.act,
		"POST /phones/{id}/read":      c.read,
		"GET /media/{id}":             c.media,
		"GET /faults":                 c.faults,
		"PUT /faults":                 c.setFaults,
		"POST /age":                   c.age,
		"PUT /webhook":                c.setWebhook,
		"PUT /token":                  c.setToken,
		"POST /numbers/{id}":          c.changeNumber,
		"POST /templates/{id}/review": c.review,
		"POST /webhooks/raw":          c.raw,
		"POST /burst":                 c.burst,
		"GET /ledger":                 c.ledger,
		"GET /events":                 c.events,
		"/": func(http.ResponseWriter, *http.Request) (any, error) {
			return nil, parley.Errorf(parley.CodeNotFound, "There is nothing here.")
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			out, err := serve(w, r)
			switch {
			case err != nil:
				problem(w, err)
			case out != nil:
				answer(w, http.StatusOK, "application/json", out)
			}
		})
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		problem(w, parley.Errorf(parley.CodeForbidden, "Another site may not use the simulator."))
	}))
	return guard.Handler(mux)
}

func answer(w http.ResponseWriter, status int, contentType string, out any) {
	b, err := json.Marshal(out)
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // the reader may be gone
}

var statuses = map[parley.Code]int{
	parley.CodeInvalid: http.StatusBadRequest, parley.CodeForbidden: http.StatusForbidden, parley.CodeNotFound: http.StatusNotFound,
	parley.CodeConflict: http.StatusConflict, parley.CodeTooLarge: http.StatusRequestEntityTooLarge,
	parley.CodeUnavailable: http.StatusServiceUnavailable,
}

// problem answers an error as RFC 9457 has it, with Parley's codes.
func problem(w http.ResponseWriter, err error) {
	code, detail := parley.ErrorCode(err), "Something went wrong in the simulator."
	if e, ok := errors.AsType[*parley.Error](err); ok {
		detail = e.Message
	}
	status, ok := statuses[code]
	if !ok {
		status = http.StatusInternalServerError
	}
	answer(w, status, "application/problem+json", map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code, "detail": detail,
	})
}

// decode reads a JSON body strictly.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return parley.Errorf(parley.CodeTooLarge, "The body is larger than 32 MB.")
		}
		return parley.Errorf(parley.CodeInvalid, "The body is not valid: %v", err)
	}
	return nil
}

// done answers what has nothing to say.
func done(w http.ResponseWriter) (any, error) {
	w.WriteHeader(http.StatusNoContent)
	return nil, nil
}

func (c *control) state(http.ResponseWriter, *http.Request) (any, error) { return c.sim.State(), nil }

func (c *control) faults(http.ResponseWriter, *http.Request) (any, error) {
	return c.sim.State().Faults, nil
}

func (c *control) setFaults(w http.ResponseWriter, r *http.Request) (any, error) {
	var f world.Faults
	if err := decode(w, r, &f); err != nil {
		return nil, err
	}
	return f, c.sim.SetFaults(f)
}

func (c *control) age(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Seconds int64 `json:"seconds"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	const most = 366 * 24 * 3600
	if in.Seconds < 1 || in.Seconds > most {
		return nil, parley.Errorf(parley.CodeInvalid, "The past moves by a second at least and a year at most.")
	}
	c.sim.Age(time.Duration(in.Seconds) * time.Second)
	return done(w)
}

func (c *control) setWebhook(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		URL string `json:"url"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	if err := c.sim.SetWebhook(r.Context(), in.URL); err != nil {
		return nil, err
	}
	return done(w)
}

func (c *control) setToken(w http.ResponseWriter, r *http.Request) (any, error) {
	var in metasim.TokenState
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	c.sim.SetToken(in)
	return done(w)
}

func (c *control) changeNumber(w http.ResponseWriter, r *http.Request) (any, error) {
	var in metasim.NumberChange
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	return c.sim.UpdateNumber(r.PathValue("id"), in)
}

func (c *control) review(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Status string `json:"status"`
		Reason string `json:"reason"`
	}
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	return c.sim.ReviewTemplate(r.PathValue("id"), in.Status, in.Reason)
}

// raw sends the body, whatever it is, as a signed webhook.
func (c *control) raw(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRaw))
	if err != nil {
		return nil, parley.Errorf(parley.CodeTooLarge, "A webhook is larger than 4 MB, or did not arrive.")
	}
	status, text, err := c.sim.PostRaw(r.Context(), body)
	if err != nil {
		return nil, err
	}
	return map[string]any{"status": status, "answer": text}, nil
}

func (c *control) burst(w http.ResponseWriter, r *http.Request) (any, error) {
	var in burst.Plan
	if err := decode(w, r, &in); err != nil {
		return nil, err
	}
	if err := burst.Run(r.Context(), c.sim, in); err != nil {
		return nil, err
	}
	return done(w)
}

func (c *control) ledger(_ http.ResponseWriter, r *http.Request) (any, error) {
	after, err := number(r, "after", 0, 0)
	if err != nil {
		return nil, err
	}
	limit, err := number(r, "limit", 1000, 10_000)
	if err != nil {
		return nil, err
	}
	return c.sim.ReportAfter(after, int(max(1, limit))), nil
}

// number reads a number of the query, up to most unless that is 0.
func number(r *http.Request, name string, or, most uint64) (uint64, error) {
	given := r.URL.Query().Get(name)
	if given == "" {
		return or, nil
	}
	n, err := strconv.ParseUint(given, 10, 64)
	if err != nil || most > 0 && n > most {
		return 0, parley.Errorf(parley.CodeInvalid, "%s is not a number that fits.", name)
	}
	return n, nil
}
