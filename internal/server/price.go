package server

import (
	"context"
	"strings"
	"time"

	"parley"
	"parley/internal/price"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

func (s *Server) listPrices(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Price]], error) {
	all, err := s.Store.Prices(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.Price]{Data: wire.Mapped(all, wire.PriceOf)}), nil
}

func (s *Server) createPrice(ctx context.Context, in *api.Body[wire.NewPrice]) (*api.Reply[wire.Price], error) {
	now := s.now()
	p := parley.Price{
		ID: parley.NewID(now), WorkspaceID: api.Who(ctx).Workspace, Provider: strings.ToLower(strings.TrimSpace(in.Body.Provider)),
		Model: strings.TrimSpace(in.Body.Model), Source: strings.TrimSpace(in.Body.Source),
		ReadOn: orDefault(in.Body.ReadOn, now.UTC().Format(time.DateOnly)), ValidFrom: now,
	}
	if p.Provider == "" || p.Model == "" || p.Source == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "A price needs a provider, a model and the source where it was read.")
	}
	for to, text := range map[**int64]*string{
		&p.Input: in.Body.Input, &p.Output: in.Body.Output, &p.Cached: in.Body.Cached, &p.CacheWrite: in.Body.CacheWrite,
	} {
		if text == nil {
			continue
		}
		n, err := price.ParseUSD(*text)
		if err != nil {
			return nil, err
		}
		*to = &n
	}
	if p.Provider == price.Messages && p.Input != nil && p.Output == nil {
		p.Output = new(int64)
	}
	if err := s.Store.AddPrices(ctx, p.WorkspaceID, []parley.Price{p}); err != nil {
		return nil, err
	}
	return api.Answer(wire.PriceOf(&p)), nil
}

func (s *Server) importPrices(ctx context.Context, in *csvBody) (*api.Reply[wire.PriceImport], error) {
	prices, err := price.Parse(in.RawBody)
	if err != nil {
		return nil, err
	}
	ws, now := api.Who(ctx).Workspace, s.now()
	for i := range prices {
		prices[i].ID, prices[i].WorkspaceID, prices[i].ValidFrom = parley.NewID(now), ws, now
	}
	if err := s.Store.AddPrices(ctx, ws, prices); err != nil {
		return nil, err
	}
	return api.Answer(wire.PriceImport{Imported: len(prices)}), nil
}
