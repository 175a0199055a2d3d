package server

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/server/analytics"
	"parley/internal/server/api"
	"parley/internal/server/filter"
	"parley/internal/server/wire"
)

type byToken struct {
	Token string `path:"token"`
}

type byTurn struct {
	ID     string `path:"id"`
	TurnID string `path:"turn_id"`
}

type settleMessage struct {
	ID        string `path:"id"`
	MessageID string `path:"message_id"`
	Body      wire.SettleMessage
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
	api.PageQuery
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

// listConversations asks for a page of the list.
type listConversations struct {
	api.PageQuery
	filter.Conversations
	Sort string `query:"sort" enum:"-last_activity_at,-started_at,-message_count,-credits" default:"-last_activity_at"`
}

// countConversations asks how many there are.
type countConversations struct {
	filter.Conversations
	Most int `query:"most" minimum:"1" maximum:"99" default:"99" doc:"How far to count."`
}

// topicsQuery asks what conversations were about.
type topicsQuery struct {
	analytics.View
	Kind parley.QuestionKind `query:"kind" enum:"asked,unanswered" default:"asked" doc:"The first question of each conversation, or one that seems to have had no answer."`
}

type topicQuery struct {
	ID string `path:"id"`
	analytics.View
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
	op.RequestBody = &huma.RequestBody{Required: true, Content: api.JSONResponse[wire.NewMessage](r, "").Content}
	op.Responses["201"] = api.JSONResponse[wire.Sent](r, "Created")
}

func transcriptDoc(op *huma.Operation) {
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	op.Responses["200"] = &huma.Response{Description: "The transcript", Content: map[string]*huma.MediaType{
		"text/plain": text, "text/markdown": text, "application/json": {Schema: &huma.Schema{Type: huma.TypeObject}},
	}}
}
