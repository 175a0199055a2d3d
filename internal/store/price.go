package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
)

const priceColumns = `workspace_id, id, provider, model, input, output, cached, cache_write, source, read_on, valid_from`

func scanPrice(r scanner) (parley.Price, error) {
	var p parley.Price
	err := r.Scan(&p.WorkspaceID, &p.ID, &p.Provider, &p.Model, &p.Input, &p.Output, &p.Cached, &p.CacheWrite,
		&p.Source, &p.ReadOn, asTime(&p.ValidFrom))
	return p, err
}

// Prices returns the newest version of each price that a workspace has, its
// own over the delivered ones, by provider and model. Versions that are valid
// only later are left out.
func (s *Store) Prices(ctx context.Context, workspaceID string) ([]parley.Price, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+priceColumns+` FROM (
			SELECT `+priceColumns+`, row_number() OVER (
				PARTITION BY provider, model ORDER BY workspace_id DESC, valid_from DESC, id DESC) AS place
			FROM price WHERE workspace_id IN ('', $1) AND valid_from <= $2
		) ranked WHERE place = 1 ORDER BY provider, model`,
		workspaceID, micros(s.now()))
	return collect(rs, err, scanPrice)
}

// AddPrices adds versions of a workspace's own prices, at most 1,000 at once.
// It gives them ids, and the time now where they are valid from no time. A
// version that says what the newest one says is not added. It returns
// CodeTooLarge for more.
func (s *Store) AddPrices(ctx context.Context, workspaceID string, prices []parley.Price) error {
	if workspaceID == "" {
		return parley.Errorf(parley.CodeInvalid, "A price needs a workspace.")
	}
	return s.addPrices(ctx, workspaceID, prices)
}

// SeedPrices brings the delivered prices up to date. Doing it again changes
// nothing.
func (s *Store) SeedPrices(ctx context.Context, prices []parley.Price) error {
	return s.addPrices(ctx, "", prices)
}

// maxPrices bounds the rows that one transaction adds.
const maxPrices = 1000

func (s *Store) addPrices(ctx context.Context, workspaceID string, prices []parley.Price) error {
	if len(prices) > maxPrices {
		return parley.Errorf(parley.CodeTooLarge, "At most %d prices can be added at once.", maxPrices)
	}
	return s.write(ctx, func(t *tx) error {
		if err := lockPrices(ctx, t); err != nil {
			return err
		}
		for i := range prices {
			prices[i].WorkspaceID = workspaceID
			if err := s.addPrice(ctx, t, &prices[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// lockPrices makes transactions that add prices wait for each other.
func lockPrices(ctx context.Context, t *tx) error {
	_, err := t.exec(ctx, `INSERT INTO app (name, value) VALUES ('prices', '')
		ON CONFLICT (name) DO UPDATE SET value = app.value`)
	return err
}

// addPrice adds a version, or finds the one that says the same.
func (s *Store) addPrice(ctx context.Context, t *tx, p *parley.Price) error {
	if p.ValidFrom.IsZero() {
		p.ValidFrom = s.now().UTC().Truncate(time.Microsecond)
	}
	last, err := scanPrice(t.queryRow(ctx, `
		SELECT `+priceColumns+` FROM price WHERE workspace_id = $1 AND provider = $2 AND model = $3
		ORDER BY valid_from DESC, id DESC LIMIT 1`, p.WorkspaceID, p.Provider, p.Model))
	switch {
	case err == nil && sameAmount(last.Input, p.Input) && sameAmount(last.Output, p.Output) &&
		sameAmount(last.Cached, p.Cached) && sameAmount(last.CacheWrite, p.CacheWrite) && last.Source == p.Source && last.ReadOn == p.ReadOn:
		*p = last
		return nil
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	}
	p.ID = parley.NewID(s.now())
	_, err = t.exec(ctx, `INSERT INTO price (`+priceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.WorkspaceID, p.ID, p.Provider, p.Model, p.Input, p.Output, p.Cached, p.CacheWrite, p.Source, p.ReadOn, micros(p.ValidFrom))
	return err
}

func sameAmount(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
