package wire

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// Problem is how every error leaves: RFC 9457, with a stable code.
type Problem struct {
	Type   string              `json:"type" example:"about:blank"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Code   parley.Code         `json:"code" enum:"invalid,unauthorized,forbidden,not_found,conflict,window_closed,takeover_active,budget_exhausted,rate_limited,too_large,unavailable,internal"`
	Detail string              `json:"detail" doc:"A sentence for a person."`
	Errors []parley.FieldError `json:"errors,omitempty" doc:"What is wrong with which part of the input."`

	headers http.Header
}

// ProblemType is the content type of a problem.
const ProblemType = "application/problem+json"

// Error returns the code and the sentence.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return ProblemType }

// StatusOf is the one place that knows which status a code has.
func StatusOf(code parley.Code) int {
	switch code {
	case parley.CodeInvalid:
		return http.StatusBadRequest
	case parley.CodeUnauthorized:
		return http.StatusUnauthorized
	case parley.CodeBudgetExhausted:
		return http.StatusPaymentRequired
	case parley.CodeForbidden:
		return http.StatusForbidden
	case parley.CodeNotFound:
		return http.StatusNotFound
	case parley.CodeConflict, parley.CodeWindowClosed, parley.CodeTakeoverActive:
		return http.StatusConflict
	case parley.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case parley.CodeRateLimited:
		return http.StatusTooManyRequests
	case parley.CodeUnavailable:
		return http.StatusServiceUnavailable
	case parley.CodeInternal:
	}
	return http.StatusInternalServerError
}

// ProblemOf turns any error into what may be shown. What is no *parley.Error,
// or an internal one, keeps its details for the log.
func ProblemOf(ctx context.Context, log *slog.Logger, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*parley.Error](err)
	if !ok {
		e = &parley.Error{Code: parley.CodeInternal, Err: err}
	}
	if ctx.Err() != nil && e.Code == parley.CodeInternal {
		e = &parley.Error{Code: parley.CodeUnavailable, Message: "The request was given up.", Err: err}
	}
	switch e.Code {
	case parley.CodeInternal:
		log.ErrorContext(ctx, "request failed", slog.Any("error", err))
		e = &parley.Error{Code: parley.CodeInternal, Message: "Something went wrong on our side. It has been logged."}
	case parley.CodeUnavailable:
		if ctx.Err() == nil {
			log.WarnContext(ctx, "request could not be served", slog.Any("error", err))
		}
	default:
	}
	p := NewProblem(e.Code, e.Message)
	p.Errors = e.Fields
	if e.Code == parley.CodeRateLimited || e.RetryAfter > 0 {
		seconds := max(1, int(math.Ceil(e.RetryAfter.Seconds())))
		p.headers = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	}
	return p
}

// NewProblem returns a problem that tells detail to a person.
func NewProblem(code parley.Code, detail string) *Problem {
	status := StatusOf(code)
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// Write sends the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	h := w.Header()
	for k, v := range p.headers {
		h[k] = v
	}
	h.Set("Content-Type", ProblemType)
	h.Set("Cache-Control", "no-store")
	b, err := json.Marshal(p)
	if err != nil {
		b = []byte(`{"code":"internal"}`)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(b, '\n')) // the reader may have gone
}

// FromHuma says in our words what huma found wrong with a request.
func FromHuma(e *huma.ErrorModel) *Problem {
	code, detail := parley.CodeInvalid, "The request is not valid."
	switch e.Status {
	case http.StatusRequestEntityTooLarge:
		code, detail = parley.CodeTooLarge, "The body is too large: at most 1 MB are taken."
	case http.StatusUnsupportedMediaType:
		detail = "The body must be JSON, with Content-Type: application/json."
	case http.StatusRequestTimeout:
		detail = "The body did not arrive in time."
	default:
		if e.Detail == "request body is required" {
			detail = "The request needs a body."
		}
	}
	p := NewProblem(code, detail)
	for _, d := range e.Errors {
		path := strings.TrimPrefix(strings.NewReplacer("[", ".", "]", "").Replace(d.Location), "body.")
		p.Errors = append(p.Errors, parley.FieldError{Path: path, Message: d.Message})
	}
	if len(p.Errors) > 0 && p.Errors[0].Path != "" && code == parley.CodeInvalid {
		p.Detail = "The request is not valid: " + p.Errors[0].Path + ": " + p.Errors[0].Message + "."
	}
	return p
}

// MethodNotAllowed says which methods a path has.
func MethodNotAllowed(method, allow string) *Problem {
	p := NewProblem(parley.CodeInvalid, method+" is not possible here; "+allow+" is.")
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	p.headers = http.Header{"Allow": {allow}}
	return p
}
