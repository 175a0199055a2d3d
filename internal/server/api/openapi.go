package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/server/access"
	"parley/internal/server/wire"
)

// Register puts the routes of a table on a mux and returns their description.
func (m *Mux) Register(mux *http.ServeMux, table []Route) huma.API {
	routes := &adapter{ServeMux: mux, mux: m}
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
				c := hc.(humaCall).Call
				c.forced = p.Status
				Drain(c.Body)
				return p, nil
			}
			return v, nil
		}},
	}, routes)
	registry := api.OpenAPI().Components.Schemas
	problem := registry.Schema(reflect.TypeFor[wire.Problem](), true, "")
	for _, r := range table {
		rt := &mounted{Route: r, params: pathParams(r.Path)}
		routes.route = rt
		r.Endpoint(m, api, rt, operation(&r, problem))
	}
	delete(registry.Map(), "ErrorModel") // huma's own problem, which is never sent
	delete(registry.Map(), "ErrorDetail")
	wire.Tighten(registry)
	for _, r := range table {
		tag := tagOf(r.Path)
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
func operation(r *Route, problem *huma.Schema) huma.Operation {
	op := huma.Operation{
		OperationID:  operationID(r.Method, r.Path),
		Method:       r.Method,
		Path:         r.Path,
		Summary:      r.Summary,
		Tags:         []string{tagOf(r.Path)},
		MaxBodyBytes: MaxJSON + 1, // huma refuses what reaches the limit
		Responses: map[string]*huma.Response{"default": {
			Description: "An error",
			Content:     map[string]*huma.MediaType{wire.ProblemType: {Schema: problem}},
		}},
	}
	switch r.Permission {
	case access.Open:
		op.Security = []map[string][]string{}
	case access.SignedIn:
		op.Security = []map[string][]string{{"key": {}}, {"session": {}}}
	default:
		scopes := []string{string(r.Permission)}
		op.Security = []map[string][]string{{"key": scopes}, {"session": scopes}}
	}
	if r.Method == http.MethodPost && r.Permission != access.Open {
		op.Parameters = append(op.Parameters, idempotencyParam())
	}
	return op
}

// pathParams returns the names in braces.
func pathParams(path string) []string {
	var names []string
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, "}"), "..."))
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
