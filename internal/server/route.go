package server

import (
	"context"
	"net/http"

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

// endpoint registers a handler under an operation.
type endpoint func(api huma.API, op huma.Operation)

// typed is an endpoint whose request and answer are Go types.
func typed[I, O any](h func(context.Context, *I) (*O, error)) endpoint {
	return func(api huma.API, op huma.Operation) { huma.Register(api, op, h) }
}

// created is typed for what makes something new: it answers 201.
func created[I, O any](h func(context.Context, *I) (*O, error)) endpoint {
	return func(api huma.API, op huma.Operation) {
		op.DefaultStatus = http.StatusCreated
		huma.Register(api, op, h)
	}
}

// planned answers that a route has no handler yet.
func planned[I, O any](context.Context, *I) (*O, error) {
	return nil, parley.Errorf(parley.CodeUnavailable, "This part of the API is not there yet.")
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
	byDocument
	Body SaveDocument
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

type postMessage struct {
	ID   string  `path:"id"`
	Wait float64 `query:"wait" minimum:"0" maximum:"120" doc:"Seconds to wait for the replies."`
	Body NewMessage
}

type transcriptQuery struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"text,json,markdown" default:"text"`
	TZ     string `query:"tz" maxLength:"64" doc:"IANA zone of the times; else the workspace's."`
}

type streamQuery struct {
	ConversationID string `query:"conversation_id" doc:"Only events of this conversation, with deltas."`
	// A browser opens at most six connections to a host over HTTP/1.1, so the
	// dashboard gets by with one stream a tab.
	Deltas string `query:"deltas" doc:"Beside the events of every conversation, the deltas of this one."`
}

// listConversations is the filter of the list. A filter that is repeated takes
// any of its values; different filters must all hold.
type listConversations struct {
	PageQuery
	Source        []string `query:"source,explode" enum:"test,widget,whatsapp,api" maxItems:"10"`
	AssistantID   []string `query:"assistant_id,explode" maxItems:"100"`
	Status        string   `query:"status" enum:"active,ended"`
	From          string   `query:"from" format:"date-time" doc:"Last activity at or after."`
	To            string   `query:"to" format:"date-time" doc:"Last activity before."`
	Q             string   `query:"q" maxLength:"500" doc:"Words that a message holds; never query syntax."`
	Contact       string   `query:"contact" maxLength:"200" doc:"A contact's id, phone, e-mail or name."`
	HasAttachment string   `query:"has_attachment" enum:"true,false"`
	HasError      string   `query:"has_error" enum:"true,false"`
	HandedOver    string   `query:"handed_over" enum:"true,false"`
	Waiting       string   `query:"waiting" enum:"true,false"`
	Resolved      string   `query:"resolved" enum:"true,false"`
	Sort          string   `query:"sort" enum:"-last_activity_at,-started_at,-message_count,-credits" default:"-last_activity_at"`
}
