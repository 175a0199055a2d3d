package sessions_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley/internal/store"
	"parley/internal/store/sessions"
	"parley/internal/store/storetest"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	now := time.Now()
	storetest.RunWith(t, store.Options{Now: func() time.Time { return now }}, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		session := func(member string) []byte {
			data, err := scs.GobCodec{}.Encode(now.Add(time.Hour), map[string]any{sessions.Member: member})
			must(t, err)
			return data
		}
		kept := &sessions.Sessions{Tables: s.Tables(), Now: func() time.Time { return now }}
		commit := func(token, member string, ends time.Time) {
			must(t, kept.CommitCtx(ctx, token, session(member), ends))
		}
		finds := func(token string) bool {
			_, found, err := kept.FindCtx(ctx, token)
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
		if data, found, err := kept.FindCtx(ctx, "one"); err != nil || !found || !bytes.Equal(data, session("ada")) {
			t.Errorf("got %q, %v, %v", data, found, err)
		}
		must(t, sessions.SignOut(ctx, s.Tables(), "ada", "two"))
		if finds("one") || !finds("two") || !finds("bob") {
			t.Error("signed out the wrong sessions")
		}
		must(t, kept.DeleteCtx(ctx, "two"))
		must(t, kept.DeleteCtx(ctx, "two"))
		if finds("two") {
			t.Error("the deleted session is there")
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
