package store_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	now := time.Now()
	storetest.RunWith(t, store.Options{Now: func() time.Time { return now }}, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		session := func(member string) []byte {
			data, err := scs.GobCodec{}.Encode(now.Add(time.Hour), map[string]any{store.SessionMember: member})
			must(t, err)
			return data
		}
		sessions := s.Sessions()
		commit := func(token, member string, ends time.Time) {
			must(t, sessions.CommitCtx(ctx, token, session(member), ends))
		}
		finds := func(token string) bool {
			_, found, err := sessions.FindCtx(ctx, token)
			must(t, err)
			return found
		}
		commit("one", "ada", now.Add(time.Hour))
		commit("two", "ada", now.Add(time.Hour))
		commit("bob", "bob", now.Add(time.Hour))
		commit("late", "ada", now)
		if finds("late") || finds("unknown") {
			t.Error("found a session that is over")
		}
		if data, found, err := sessions.FindCtx(ctx, "one"); err != nil || !found || !bytes.Equal(data, session("ada")) {
			t.Errorf("got %q, %v, %v", data, found, err)
		}
		must(t, s.DeleteMemberSessions(ctx, "ada", "two"))
		if finds("one") || !finds("two") || !finds("bob") {
			t.Error("signed out the wrong sessions")
		}
		must(t, sessions.DeleteCtx(ctx, "two"))
		must(t, sessions.DeleteCtx(ctx, "two"))
		if finds("two") {
			t.Error("the deleted session is there")
		}
	})
}

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
