package store_test

import (
	"context"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestOneTimeLinks(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, ends := t.Context(), time.Now().Add(time.Hour).Truncate(time.Microsecond).UTC()
		link := store.LoginToken{Hash: "h", Purpose: store.PurposeSignIn, WorkspaceID: "w", MemberID: "m", ExpiresAt: ends}
		must(t, s.CreateLoginToken(ctx, link))
		got, err := s.TakeLoginToken(ctx, "h")
		if err != nil || *got != link {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = s.TakeLoginToken(ctx, "h")
		wantCode(t, err, parley.CodeUnauthorized)
		link.ExpiresAt = time.Now().Add(-time.Second)
		must(t, s.CreateLoginToken(ctx, link))
		_, err = s.TakeLoginToken(context.Background(), "h")
		wantCode(t, err, parley.CodeUnauthorized)
	})
}
