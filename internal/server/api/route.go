package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/server/wire"
)

// Route is one line of the table of routes.
type Route struct {
	Method, Path string
	Permission   parley.Permission
	Endpoint     Endpoint
	Summary      string
}

// mounted is a route on the mux.
type mounted struct {
	Route
	params []string // of the path
	ownKey bool     // the handler deals with Idempotency-Key itself
}

// Endpoint registers the handler of a route under its operation.
type Endpoint func(m *Mux, api huma.API, rt *mounted, op huma.Operation)

// Typed is an endpoint whose request and answer are Go types.
func Typed[I, O any](h func(context.Context, *I) (*O, error)) Endpoint {
	return func(m *Mux, api huma.API, _ *mounted, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := h(ctx, in)
			if err != nil {
				return nil, wire.ProblemOf(ctx, m.Log, err)
			}
			return out, nil
		})
	}
}

// Described is Typed with more to say about its answer than the types do.
func Described[I, O any](h func(context.Context, *I) (*O, error), doc func(*huma.Operation)) Endpoint {
	return func(m *Mux, api huma.API, rt *mounted, op huma.Operation) {
		doc(&op)
		Typed(h)(m, api, rt, op)
	}
}

// Created is Typed for what makes something new: it answers 201.
func Created[I, O any](h func(context.Context, *I) (*O, error)) Endpoint {
	return func(m *Mux, api huma.API, rt *mounted, op huma.Operation) {
		op.DefaultStatus = http.StatusCreated
		Typed(h)(m, api, rt, op)
	}
}

// Larger is an endpoint whose body may have so many bytes.
func Larger(most int64, e Endpoint) Endpoint {
	return func(m *Mux, api huma.API, rt *mounted, op huma.Operation) {
		op.MaxBodyBytes = most + 1 // huma refuses what reaches the limit
		e(m, api, rt, op)
	}
}

// Raw is an endpoint that reads its request and writes its answer itself; doc
// describes both.
func Raw(h func(*Call) error, doc func(*huma.Operation, huma.Registry)) Endpoint {
	return func(m *Mux, api huma.API, rt *mounted, op huma.Operation) {
		rt.ownKey = true
		for _, name := range rt.params {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
		doc(&op, api.OpenAPI().Components.Schemas)
		if !strings.HasSuffix(op.Path, "...}") { // OpenAPI cannot say it
			api.OpenAPI().AddOperation(&op)
		}
		api.Adapter().Handle(&op, func(hc huma.Context) {
			c := hc.(humaCall).Call
			if err := h(c); err != nil {
				m.Fail(c, err)
			}
		})
	}
}

// JSONResponse describes an answer of type T.
func JSONResponse[T any](r huma.Registry, description string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		"application/json": {Schema: r.Schema(reflect.TypeFor[T](), true, "")},
	}}
}

// The shapes of requests and answers that many routes share.
type (
	// None is no input, or an answer without a body.
	None struct{}
	// Body is an input that is a body.
	Body[T any] struct{ Body T }
	// ByID names a thing.
	ByID struct {
		ID string `path:"id"`
	}
	// BodyFor is a body for a named thing.
	BodyFor[T any] struct {
		ID   string `path:"id"`
		Body T
	}
	// PageFor asks for a page of what belongs to a named thing.
	PageFor struct {
		ID string `path:"id"`
		PageQuery
	}
	// Reply is an answer that is a body.
	Reply[T any] struct{ Body T }
	// TextReply is an answer that is not JSON.
	TextReply struct {
		ContentType string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Body        []byte
	}
	// Page is a page of a list; give NextCursor as cursor to read on.
	Page[T any] struct {
		Data       []T     `json:"data"`
		NextCursor *string `json:"next_cursor"`
	}
	// List is a whole list.
	List[T any] struct {
		Data []T `json:"data"`
	}
)

// Answer returns a reply whose body is v.
func Answer[T any](v T) *Reply[T] { return &Reply[T]{v} }

// PageQuery asks for a page of a list.
type PageQuery struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"next_cursor of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}
