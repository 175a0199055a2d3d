package analytics

import (
	"context"
	"net/url"
	"strings"

	"parley"
	"parley/internal/price"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/rollup"
)

// Unpriced is what was called without a price.
type Unpriced struct {
	Period Period          `json:"period"`
	Models []UnpricedModel `json:"models" doc:"Those of most conversations first."`
	Others int             `json:"others" doc:"Models that are left out."`
}

// UnpricedModel is a model, or a kind of message, whose calls had no price when
// they were made.
type UnpricedModel struct {
	Provider      *wire.Ref `json:"provider" doc:"Null if it does not exist any more, and for messages."`
	PriceProvider string    `json:"price_provider" doc:"The provider under which its price is listed; empty if that is not known any more."`
	Model         string    `json:"model"`
	Conversations int64     `json:"conversations"`
	Calls         int64     `json:"calls"`
	InputTokens   int64     `json:"input_tokens"`
	OutputTokens  int64     `json:"output_tokens"`
	Priced        bool      `json:"priced" doc:"It has a price by now, which later calls are charged at."`
	List          string    `json:"list" doc:"What to add to the list's filter."`
}

type unpricedQuery struct {
	View
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Unpriced answers with the models that had no price.
func (h *Handlers) Unpriced(ctx context.Context, in *unpricedQuery) (*api.Reply[Unpriced], error) {
	v, list, err := h.view(ctx, &in.View, *in, "limit")
	if err != nil {
		return nil, err
	}
	all, others, err := h.Service.Labels(ctx, v, rollup.LabelUnpriced, in.Limit)
	if err != nil {
		return nil, err
	}
	ws := v.Filter.WorkspaceID
	providers, err := h.Store.Providers(ctx, ws)
	if err != nil {
		return nil, err
	}
	prices, err := h.Store.Prices(ctx, ws)
	if err != nil {
		return nil, err
	}
	out := Unpriced{Period: period(v, list), Others: others, Models: []UnpricedModel{}}
	for _, l := range all {
		id, model, _ := strings.Cut(l.Name, "/")
		m := UnpricedModel{
			Model: model, Conversations: l.Use.Conversations, Calls: l.Use.Calls, InputTokens: l.Use.InputTokens,
			OutputTokens: l.Use.OutputTokens, List: url.Values{string(rollup.LabelUnpriced): {l.Name}}.Encode(),
		}
		m.listedAt(id, providers, prices)
		out.Models = append(out.Models, m)
	}
	return api.Answer(out), nil
}

// listedAt says where the price of the model is to be found, and whether it is.
func (m *UnpricedModel) listedAt(id string, providers []parley.Provider, prices []parley.Price) {
	if id == price.Messages {
		m.PriceProvider = price.Messages
		return
	}
	for i := range providers {
		if p := &providers[i]; p.ID == id {
			m.Provider = &wire.Ref{ID: id, Name: p.Name}
			m.PriceProvider = price.ProviderOf(p.Kind, p.BaseURL)
			m.Priced = price.Find(prices, m.PriceProvider, m.Model).Known()
		}
	}
}
