package server

import (
	"context"
	"strings"
	"time"

	"parley"
	"parley/internal/price"
)

func priceJSON(p *parley.Price) Price {
	return Price{
		ID: p.ID, Builtin: p.WorkspaceID == "", Provider: p.Provider, Model: p.Model, Input: usd(p.Input),
		Output: usd(p.Output), Cached: usd(p.Cached), Source: p.Source, ReadOn: p.ReadOn, ValidFrom: p.ValidFrom.UTC(),
	}
}

func usd(micro *int64) *string {
	if micro == nil {
		return nil
	}
	text := price.FormatUSD(*micro)
	return &text
}

func (s *Server) listPrices(ctx context.Context, _ *none) (*reply[list[Price]], error) {
	all, err := s.Store.Prices(ctx, who(ctx).workspace)
	if err != nil {
		return nil, err
	}
	return &reply[list[Price]]{list[Price]{mapped(all, priceJSON)}}, nil
}

func (s *Server) createPrice(ctx context.Context, in *body[NewPrice]) (*reply[Price], error) {
	now := s.now()
	p := parley.Price{
		ID: parley.NewID(now), WorkspaceID: who(ctx).workspace, Provider: strings.ToLower(strings.TrimSpace(in.Body.Provider)),
		Model: strings.TrimSpace(in.Body.Model), Source: strings.TrimSpace(in.Body.Source),
		ReadOn: orDefault(in.Body.ReadOn, now.UTC().Format(time.DateOnly)), ValidFrom: now,
	}
	if p.Provider == "" || p.Model == "" || p.Source == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "A price needs a provider, a model and the source where it was read.")
	}
	for to, text := range map[**int64]*string{&p.Input: in.Body.Input, &p.Output: in.Body.Output, &p.Cached: in.Body.Cached} {
		if text == nil {
			continue
		}
		n, err := price.ParseUSD(*text)
		if err != nil {
			return nil, err
		}
		*to = &n
	}
	if err := s.Store.AddPrices(ctx, p.WorkspaceID, []parley.Price{p}); err != nil {
		return nil, err
	}
	return &reply[Price]{priceJSON(&p)}, nil
}

func (s *Server) importPrices(ctx context.Context, in *csvBody) (*reply[PriceImport], error) {
	prices, err := price.Parse(in.RawBody)
	if err != nil {
		return nil, err
	}
	ws, now := who(ctx).workspace, s.now()
	for i := range prices {
		prices[i].ID, prices[i].WorkspaceID, prices[i].ValidFrom = parley.NewID(now), ws, now
	}
	if err := s.Store.AddPrices(ctx, ws, prices); err != nil {
		return nil, err
	}
	return &reply[PriceImport]{PriceImport{Imported: len(prices)}}, nil
}
