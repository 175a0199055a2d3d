package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

const schemaPrefix = "#/components/schemas/"

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
				Schemas: huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "An API key."},
					"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "The dashboard's session."},
				},
			},
		},
		Formats:       strictJSON(),
		DefaultFormat: "application/json",
		Transformers: []huma.Transformer{func(hc huma.Context, _ string, v any) (any, error) {
			if e, ok := v.(*huma.ErrorModel); ok {
				p := fromHuma(e)
				c := hc.(humaCall).call
				c.forced = p.Status
				drain(c.body)
				return p, nil
			}
			return v, nil
		}},
	}, routes)
	registry := api.OpenAPI().Components.Schemas
	problem := registry.Schema(reflect.TypeFor[Problem](), true, "")
	for _, r := range s.routes() {
		rt := &mounted{route: r, params: pathParams(r.path)}
		routes.route = rt
		r.endpoint(s, api, rt, operation(&r, problem))
	}
	delete(registry.Map(), "ErrorModel") // huma's own problem, which is never sent
	delete(registry.Map(), "ErrorDetail")
	tighten(registry)
	for _, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			tightenParams(op)
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
			Content:     map[string]*huma.MediaType{problemType: {Schema: problem}},
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

// tagOf is the resource of a path: its first part under /api/v1.
func tagOf(path string) string {
	tag, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
	return tag
}

// enums are the values of the domain's closed string types.
func enums() map[reflect.Type][]any {
	return map[reflect.Type][]any{
		reflect.TypeFor[parley.Source]():             values(parley.Sources()...),
		reflect.TypeFor[parley.ConversationStatus](): values(parley.ConversationActive, parley.ConversationEnded),
		reflect.TypeFor[parley.Owner]():              values(parley.OwnerAssistant, parley.OwnerOperator),
		reflect.TypeFor[parley.EndReason]():          values(parley.EndInactivity, parley.EndAssistant, parley.EndOperator, parley.EndContact),
		reflect.TypeFor[parley.MessageRole]():        values(parley.ByUser, parley.ByAssistant, parley.ByOperator, parley.BySystem, parley.ByTool),
		reflect.TypeFor[parley.Delivery](): values(parley.DeliveryQueued, parley.DeliverySending, parley.DeliveryUnknown, parley.DeliverySent,
			parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryPlayed, parley.DeliveryFailed, parley.DeliveryCanceled),
		reflect.TypeFor[parley.TurnStatus]():      values(parley.TurnRunning, parley.TurnDone, parley.TurnFailed, parley.TurnCanceled),
		reflect.TypeFor[parley.VariableType]():    values(parley.TypeText, parley.TypeNumber, parley.TypeBoolean, parley.TypeDate, parley.TypeEnum),
		reflect.TypeFor[parley.VariableSource]():  values(parley.FromPreChat, parley.FromExtracted, parley.FromEvaluation),
		reflect.TypeFor[parley.AssistantStatus](): values(parley.AssistantDraft, parley.AssistantActive, parley.AssistantInactive),
		reflect.TypeFor[parley.AfterEnd]():        values(parley.AfterEndNew, parley.AfterEndReopen),
		reflect.TypeFor[parley.Sentiment]():       values(parley.SentimentPositive, parley.SentimentNeutral, parley.SentimentNegative),
		reflect.TypeFor[parley.DocumentFormat]():  values(parley.FormatText, parley.FormatMarkdown),
		reflect.TypeFor[parley.DocumentState]():   values(parley.DocumentReady, parley.DocumentFailed),
		reflect.TypeFor[parley.Role]():            values(parley.Roles()...),
		reflect.TypeFor[parley.Permission]():      values(parley.Permissions()...),
		reflect.TypeFor[parley.UsageKind]():       values(parley.UsageReply, parley.UsageEvaluation, parley.UsageVision),
	}
}

func values[T ~string](vs ...T) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = string(v) // huma compares it with decoded JSON
	}
	return out
}

// tighten corrects what huma cannot say of Go types: lists are never null, a
// pointer to a struct may be null, and the domain's string types are closed.
func tighten(registry huma.Registry) {
	closed := enums()
	for name, schema := range registry.Map() {
		t := registry.TypeFromRef(schemaPrefix + name)
		for _, f := range reflect.VisibleFields(t) {
			jsonName, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			prop := schema.Properties[jsonName]
			if prop == nil {
				continue
			}
			schema.Properties[jsonName] = tightenField(prop, f.Type, !strings.Contains(options, "omit"), closed)
		}
		schema.PrecomputeMessages()
	}
}

func tightenField(prop *huma.Schema, t reflect.Type, always bool, closed map[reflect.Type][]any) *huma.Schema {
	switch {
	case t.Kind() == reflect.Slice && prop.Type == huma.TypeArray:
		prop.Nullable = false
		prop.Items = tightenField(prop.Items, t.Elem(), false, closed)
	case t.Kind() == reflect.Pointer && prop.Ref != "" && always:
		return &huma.Schema{
			AnyOf:       []*huma.Schema{{Ref: prop.Ref}, {Type: "null"}},
			Description: prop.Description,
		}
	case t.Kind() == reflect.Pointer:
		return tightenField(prop, t.Elem(), always, closed)
	case len(prop.Enum) == 0 && closed[t] != nil:
		prop.Enum = closed[t]
	}
	return prop
}

// tightenParams does the same for lists in queries, and describes the filters
// by a variable's value, whose names are the assistants' own.
func tightenParams(op *huma.Operation) {
	if op == nil {
		return
	}
	for _, p := range op.Parameters {
		if p.Schema != nil && p.Schema.Type == huma.TypeArray {
			p.Schema.Nullable = false
			p.Schema.PrecomputeMessages()
		}
	}
	if op.OperationID == "get-conversations" {
		explode := true
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "variable", In: "query", Style: "deepObject", Explode: &explode,
			Description: "The value of a variable, as in variable[order_number]=ORD-12345.",
			Schema:      &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}},
		})
	}
}
