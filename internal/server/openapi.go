package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"parley/internal/server/access"
	"parley/internal/server/wire"

	"github.com/danielgtaylor/huma/v2"
)

// OpenAPI returns the description of the API as an OpenAPI 3.1 document.
func OpenAPI() ([]byte, error) {
	s := &Server{}
	return json.MarshalIndent(s.register(http.NewServeMux()).OpenAPI(), "", "  ")
}

// register puts every route of the table on the mux.
func (s *Server) register(mux *http.ServeMux) huma.API {
	routes := &adapter{ServeMux: mux, server: s}
	api := huma.NewAPI(huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Parley", Version: "1", Description: apiDescription},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(wire.SchemaPrefix, huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "An API key."},
					"session": {Type: "apiKey", In: "cookie", Name: access.Cookie, Description: "The dashboard's session."},
				},
			},
		},
		Formats:       wire.StrictJSON(),
		DefaultFormat: "application/json",
		Transformers: []huma.Transformer{func(hc huma.Context, _ string, v any) (any, error) {
			if e, ok := v.(*huma.ErrorModel); ok {
				p := wire.FromHuma(e)
				c := hc.(humaCall).call
				c.forced = p.Status
				drain(c.body)
				return p, nil
			}
			return v, nil
		}},
	}, routes)
	registry := api.OpenAPI().Components.Schemas
	problem := registry.Schema(reflect.TypeFor[wire.Problem](), true, "")
	for _, r := range s.routes() {
		rt := &mounted{route: r, params: pathParams(r.path)}
		routes.route = rt
		r.endpoint(s, api, rt, operation(&r, problem))
	}
	delete(registry.Map(), "ErrorModel") // huma's own problem, which is never sent
	delete(registry.Map(), "ErrorDetail")
	wire.Tighten(registry)
	for _, r := range s.routes() {
		tag := tagOf(r.path)
		if !slices.ContainsFunc(api.OpenAPI().Tags, func(t *huma.Tag) bool { return t.Name == tag }) {
			api.OpenAPI().Tags = append(api.OpenAPI().Tags, &huma.Tag{Name: tag})
		}
	}
	for _, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			wire.TightenParams(op)
		}
	}
	return api
}

// operation is what the table says of a route.
func operation(r *route, problem *huma.Schema) huma.Operation {
	op := huma.Operation{
		OperationID:  operationID(r.method, r.path),
		Method:       r.method,
		Path:         r.path,
		Summary:      r.summary,
		Tags:         []string{tagOf(r.path)},
		MaxBodyBytes: maxJSON + 1, // huma refuses what reaches the limit
		Responses: map[string]*huma.Response{"default": {
			Description: "An error",
			Content:     map[string]*huma.MediaType{wire.ProblemType: {Schema: problem}},
		}},
	}
	switch r.permission {
	case open:
		op.Security = []map[string][]string{}
	case signedIn:
		op.Security = []map[string][]string{{"key": {}}, {"session": {}}}
	default:
		scopes := []string{string(r.permission)}
		op.Security = []map[string][]string{{"key": scopes}, {"session": scopes}}
	}
	if r.method == http.MethodPost && r.permission != open {
		op.Parameters = append(op.Parameters, idempotencyParam())
	}
	if strings.HasSuffix(r.path, "/transcript") {
		transcriptDoc(&op)
	}
	return op
}

// pathParams returns the names in braces.
func pathParams(path string) []string {
	var names []string
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

const apiDescription = `Everything that Parley's dashboard does is in this API.

Programs send an API key as ` + "`Authorization: Bearer …`" + `. Errors are RFC 9457 problems with a stable ` + "`code`" + `.
Lists are ` + "`{\"data\": […], \"next_cursor\": …}`" + `; give ` + "`next_cursor`" + ` as ` + "`cursor`" + ` to read on. Times are RFC 3339 in UTC, credits are decimal strings.
Every POST takes an ` + "`Idempotency-Key`" + `: the same key and body again gives the first answer.`

func idempotencyParam() *huma.Param {
	longest := 200
	return &huma.Param{
		Name: "Idempotency-Key", In: "header",
		Description: "The same key and body again, within a day, gives the first answer; another body is a conflict.",
		Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &longest},
	}
}

// operationID makes `get-conversations-id-messages` of a route.
func operationID(method, path string) string {
	path = strings.NewReplacer("{", "", "}", "", "_", "-").Replace(strings.TrimPrefix(path, "/api/v1/"))
	return strings.ToLower(method) + "-" + strings.ReplaceAll(path, "/", "-")
}

// tagOf is the heading under which a path is described.
func tagOf(path string) string {
	resource, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
	switch resource {
	case "auth", "me":
		return "Signing in"
	case "api-keys":
		return "API keys"
	case "stream":
		return "Live events"
	}
	return strings.ToUpper(resource[:1]) + resource[1:]
}
