package server

import (
	"context"
	"net/http"
	"reflect"

	"parley/internal/server/wire"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// route is one line of the table.
type route struct {
	method, path string
	permission   parley.Permission
	endpoint     endpoint
	summary      string
}

// mounted is a route on the mux.
type mounted struct {
	route
	params []string // of the path
	ownKey bool     // the handler deals with Idempotency-Key itself
}

// endpoint registers the handler of a route under its operation.
type endpoint func(s *Server, api huma.API, rt *mounted, op huma.Operation)

// typed is an endpoint whose request and answer are Go types.
func typed[I, O any](h func(context.Context, *I) (*O, error)) endpoint {
	return func(s *Server, api huma.API, _ *mounted, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := h(ctx, in)
			if err != nil {
				return nil, wire.ProblemOf(ctx, s.log, err)
			}
			return out, nil
		})
	}
}

// created is typed for what makes something new: it answers 201.
func created[I, O any](h func(context.Context, *I) (*O, error)) endpoint {
	return func(s *Server, api huma.API, rt *mounted, op huma.Operation) {
		op.DefaultStatus = http.StatusCreated
		typed(h)(s, api, rt, op)
	}
}

// raw is an endpoint that reads its request and writes its answer itself; doc
// describes both.
func raw(h func(*call) error, doc func(*huma.Operation, huma.Registry)) endpoint {
	return func(s *Server, api huma.API, rt *mounted, op huma.Operation) {
		rt.ownKey = true
		for _, name := range rt.params {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
		doc(&op, api.OpenAPI().Components.Schemas)
		api.OpenAPI().AddOperation(&op)
		api.Adapter().Handle(&op, func(hc huma.Context) {
			c := hc.(humaCall).call
			if err := h(c); err != nil {
				s.fail(c, err)
			}
		})
	}
}

// jsonResponse describes an answer of type T.
func jsonResponse[T any](r huma.Registry, description string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		"application/json": {Schema: r.Schema(reflect.TypeFor[T](), true, "")},
	}}
}

// The shapes of requests and answers that many routes share.
type (
	none        struct{}
	body[T any] struct{ Body T }
	byID        struct {
		ID string `path:"id"`
	}
	bodyFor[T any] struct {
		ID   string `path:"id"`
		Body T
	}
	pageFor struct {
		ID string `path:"id"`
		PageQuery
	}
	reply[T any] struct{ Body T }
	textReply    struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
	page[T any] struct {
		Data       []T     `json:"data"`
		NextCursor *string `json:"next_cursor"`
	}
	list[T any] struct {
		Data []T `json:"data"`
	}
)

// PageQuery asks for a page of a list.
type PageQuery struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"next_cursor of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}

type byToken struct {
	Token string `path:"token"`
}

type byTurn struct {
	ID     string `path:"id"`
	TurnID string `path:"turn_id"`
}

type byVersion struct {
	ID string `path:"id"`
	N  int    `path:"n" minimum:"1"`
}

type byDocument struct {
	ID  string `path:"id"`
	Doc string `path:"doc"`
}

type saveDocument struct {
	ID   string `path:"id"`
	Doc  string `path:"doc"`
	Body wire.SaveDocument
}

type csvBody struct {
	RawBody []byte `contentType:"text/csv"`
}

type listAssistants struct {
	PageQuery
	Status parley.AssistantStatus `query:"status" enum:"draft,active,inactive"`
	Q      string                 `query:"q" maxLength:"200" doc:"A part of the name."`
}

type tilesQuery struct {
	TZ string `query:"tz" maxLength:"64" doc:"The zone whose days count; else the workspace's."`
}

type listMessages struct {
	ID    string `path:"id"`
	After int64  `query:"after" minimum:"0" doc:"Only messages with a greater seq."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"200"`
}

type transcriptQuery struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"text,json,markdown" default:"text"`
	TZ     string `query:"tz" maxLength:"64" doc:"IANA zone of the times; else the workspace's."`
}

// listConversations is the filter of the list. A filter that is repeated takes
// any of its values; different filters must all hold.
type listConversations struct {
	PageQuery
	Source        []parley.Source `query:"source,explode" enum:"test,widget,whatsapp,api" maxItems:"10"`
	AssistantID   []string        `query:"assistant_id,explode" maxItems:"100"`
	Status        string          `query:"status" enum:"active,ended"`
	From          string          `query:"from" format:"date-time" doc:"Last activity at or after."`
	To            string          `query:"to" format:"date-time" doc:"Last activity before."`
	Q             string          `query:"q" maxLength:"500" doc:"Words that a message holds; never query syntax."`
	Contact       string          `query:"contact" maxLength:"200" doc:"A contact's id, phone, e-mail or name."`
	HasAttachment string          `query:"has_attachment" enum:"true,false"`
	HasError      string          `query:"has_error" enum:"true,false"`
	HandedOver    string          `query:"handed_over" enum:"true,false"`
	Waiting       string          `query:"waiting" enum:"true,false"`
	Resolved      string          `query:"resolved" enum:"true,false"`
	Sort          string          `query:"sort" enum:"-last_activity_at,-started_at,-message_count,-credits" default:"-last_activity_at"`
}

func postMessageDoc(op *huma.Operation, r huma.Registry) {
	op.Description = "As the contact by default. With role operator, as the member who took over. " +
		"With wait, the answer comes when the assistant has replied, or after that many seconds."
	longest, shortest := maxWait.Seconds(), 0.0
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "wait", In: "query", Description: "Seconds to wait for the replies.",
		Schema: &huma.Schema{Type: huma.TypeNumber, Minimum: &shortest, Maximum: &longest},
	})
	op.DefaultStatus = http.StatusCreated
	op.RequestBody = &huma.RequestBody{Required: true, Content: jsonResponse[wire.NewMessage](r, "").Content}
	op.Responses["201"] = jsonResponse[wire.Sent](r, "Created")
}

func transcriptDoc(op *huma.Operation) {
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	op.Responses["200"] = &huma.Response{Description: "The transcript", Content: map[string]*huma.MediaType{
		"text/plain": text, "text/markdown": text, "application/json": {Schema: &huma.Schema{Type: huma.TypeObject}},
	}}
}
