package privacy

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/store/privacy"
)

// The bounds of how long conversations are kept, in days.
const (
	MinDays = 1
	MaxDays = 3650
)

// SetRetention sets for how many days conversations are kept, by source. It
// returns CodeInvalid.
func (s *Service) SetRetention(ctx context.Context, ws string, keep privacy.Retention) error {
	for source, days := range keep {
		if !source.Valid() {
			return parley.Errorf(parley.CodeInvalid, "There is no source %.100q.", string(source))
		}
		if days < MinDays || days > MaxDays {
			return parley.Errorf(parley.CodeInvalid, "Conversations can be kept for %d to %d days.", MinDays, MaxDays)
		}
	}
	return s.Store.SetRetention(ctx, ws, keep)
}

// SweepEvery is how often old conversations are looked for.
const SweepEvery = 10 * time.Minute

// Sweep removes conversations that are older than their workspaces keep them,
// one after the other, and the contacts who have none left. What one workspace
// fails at does not keep the others.
func (s *Service) Sweep(ctx context.Context) error {
	all, err := s.Store.AllKept(ctx)
	if err != nil {
		return err
	}
	var failed []error
	removed := false
	for _, k := range all {
		n, err := s.sweep(ctx, k)
		if err != nil {
			failed = append(failed, err)
		}
		removed = removed || n > 0
	}
	if removed {
		failed = append(failed, s.Conversations.PurgeSearch(ctx))
	}
	return errors.Join(failed...)
}

func (s *Service) sweep(ctx context.Context, k privacy.Kept) (n int, err error) {
	before := s.Now().Add(-time.Duration(k.Days) * 24 * time.Hour)
	for {
		old, err := s.Store.Old(ctx, k.WorkspaceID, k.Source, before, some)
		if err != nil || len(old) == 0 {
			return n, err
		}
		ids := make([]string, len(old))
		for i := range old {
			ids[i] = old[i].ID
		}
		var examples int64
		err = s.withExamples(ctx, k.WorkspaceID, ids, &examples, func() error {
			for i := range old {
				if _, err := s.eraseConversation(ctx, k.WorkspaceID, old[i].ID); err != nil {
					return err
				}
				n++
				if _, _, err := s.Store.ForgetContact(ctx, k.WorkspaceID, old[i].ContactID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		s.Log.InfoContext(ctx, "old conversations removed", "workspace", k.WorkspaceID, "source", string(k.Source), "conversations", n, "examples", examples)
	}
}
