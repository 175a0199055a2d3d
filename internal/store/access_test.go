package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// newWorkspace adds a workspace.
func newWorkspace(t testing.TB, s *store.Store) *parley.Workspace {
	t.Helper()
	w := &parley.Workspace{Name: "Acme", TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
	if err := s.CreateWorkspace(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	return w
}

func newMember(t testing.TB, s *store.Store, ws, email string, role parley.Role) *parley.Member {
	t.Helper()
	m := &parley.Member{WorkspaceID: ws, Email: email, Name: "Ada", Role: role, PasswordHash: "hash"}
	if err := s.CreateMember(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	return m
}

func wantCode(t testing.TB, err error, code parley.Code) {
	t.Helper()
	if parley.ErrorCode(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWorkspaces(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { newWorkspace(t, s) })
		}
		wg.Wait()
		all, err := s.Workspaces(ctx)
		must(t, err)
		for i, w := range all {
			if w.Number != int64(i+1) {
				t.Errorf("workspace %d has the number %d", i, w.Number)
			}
		}
		w := all[3]
		w.Name, w.TimeZone, w.Settings.TestChatPercent = "Ümläut", "Asia/Tokyo", 50
		must(t, s.UpdateWorkspace(ctx, &w))
		got, err := s.Workspace(ctx, w.ID)
		must(t, err)
		if *got != w {
			t.Errorf("got %+v, want %+v", *got, w)
		}
		_, err = s.Workspace(ctx, "nope")
		wantCode(t, err, parley.CodeNotFound)
		wantCode(t, s.UpdateWorkspace(ctx, &parley.Workspace{ID: "nope"}), parley.CodeNotFound)
	})
}

func TestMembers(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		w, other := newWorkspace(t, s), newWorkspace(t, s)
		ada := newMember(t, s, w.ID, " Ada@Example.org ", parley.RoleOwner)
		bob := newMember(t, s, w.ID, "bob@example.org", parley.RoleViewer)
		if got, err := s.MemberByEmail(ctx, "ADA@example.org"); err != nil || *got != *ada {
			t.Errorf("by e-mail: %+v, %v; want %+v", got, err, ada)
		}
		wantCode(t, s.CreateMember(ctx, &parley.Member{WorkspaceID: other.ID, Email: "ada@example.org"}), parley.CodeConflict)
		_, err := s.Member(ctx, other.ID, ada.ID)
		wantCode(t, err, parley.CodeNotFound)

		bob.Email = "ada@example.org"
		wantCode(t, s.UpdateMember(ctx, bob), parley.CodeConflict)
		bob.Email, bob.Name, bob.PasswordHash = "b@example.org", "Robert", ""
		must(t, s.UpdateMember(ctx, bob))
		if got, err := s.Member(ctx, w.ID, bob.ID); err != nil || got.Name != "Robert" || got.PasswordHash != "hash" {
			t.Errorf("after the update: %+v, %v", got, err)
		}
		must(t, s.MemberSeen(ctx, w.ID, bob.ID))
		if all, err := s.Members(ctx, w.ID); err != nil || len(all) != 2 || all[1].LastSeenAt.IsZero() {
			t.Errorf("got %+v, %v", all, err)
		}
		wantCode(t, s.DeleteMember(ctx, other.ID, bob.ID), parley.CodeNotFound)
		must(t, s.DeleteMember(ctx, w.ID, bob.ID))
		wantCode(t, s.UpdateMember(ctx, bob), parley.CodeNotFound)
	})
}

func TestAWorkspaceKeepsAnOwner(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		owners := []*parley.Member{
			newMember(t, s, w.ID, "a@example.org", parley.RoleOwner),
			newMember(t, s, w.ID, "b@example.org", parley.RoleOwner),
			newMember(t, s, w.ID, "c@example.org", parley.RoleOwner),
		}
		// All leave at once, each in another way; one must stay.
		demoted, disabled := *owners[0], *owners[1]
		demoted.Role, disabled.DisabledAt = parley.RoleAdmin, time.Now()
		errs := make([]error, 3)
		var wg sync.WaitGroup
		wg.Go(func() { errs[0] = s.UpdateMember(ctx, &demoted) })
		wg.Go(func() { errs[1] = s.UpdateMember(ctx, &disabled) })
		wg.Go(func() { errs[2] = s.DeleteMember(ctx, w.ID, owners[2].ID) })
		wg.Wait()
		refused := 0
		for _, err := range errs {
			if err != nil {
				refused++
				wantCode(t, err, parley.CodeConflict)
			}
		}
		if refused != 1 {
			t.Errorf("%d of 3 were refused, want 1: %v", refused, errs)
		}
	})
}

func TestSetUpHappensOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		if needs, err := s.NeedsSetup(ctx); err != nil || !needs {
			t.Fatalf("a new store needs set-up: %v, %v", needs, err)
		}
		link := func(hash string) {
			must(t, s.CreateLoginToken(ctx, store.LoginToken{
				Hash: hash, Purpose: store.PurposeSetup, ExpiresAt: time.Now().Add(time.Hour),
			}))
		}
		setUp := func(hash, email string) error {
			return s.SetUp(ctx, hash, &parley.Workspace{Name: "Acme", TimeZone: "UTC"}, &parley.Member{Email: email})
		}
		link("old")
		link("new")
		wantCode(t, setUp("old", "a@example.org"), parley.CodeUnauthorized)
		must(t, setUp("new", "a@example.org"))
		wantCode(t, setUp("new", "b@example.org"), parley.CodeUnauthorized)
		link("again")
		wantCode(t, setUp("again", "b@example.org"), parley.CodeConflict)
		if m, err := s.MemberByEmail(ctx, "a@example.org"); err != nil || m.Role != parley.RoleOwner {
			t.Errorf("the owner is %+v, %v", m, err)
		}
		if needs, err := s.NeedsSetup(ctx); err != nil || needs {
			t.Errorf("set up, and needs set-up: %v, %v", needs, err)
		}
	})
}

func TestInvites(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		invite := func(hash, email string, valid time.Duration) *parley.Invite {
			i := &parley.Invite{
				WorkspaceID: w.ID, TokenHash: hash, Email: email, Role: parley.RoleEditor,
				ExpiresAt: time.Now().Add(valid).Truncate(time.Microsecond).UTC(),
			}
			must(t, s.CreateInvite(ctx, i))
			return i
		}
		open, named := invite("open", "", time.Hour), invite("named", "Eve@example.org", time.Hour)
		invite("late", "", -time.Second)
		if all, err := s.Invites(ctx, w.ID); err != nil || !slices.Equal(all, []parley.Invite{*open, *named}) {
			t.Errorf("got %+v, %v", all, err)
		}
		join := func(hash, email string) error {
			return s.AcceptInvite(ctx, hash, &parley.Member{Email: email, Name: "E", PasswordHash: "h"})
		}
		wantCode(t, join("late", "x@example.org"), parley.CodeNotFound)
		wantCode(t, join("named", "x@example.org"), parley.CodeForbidden)
		must(t, join("named", "EVE@example.org"))
		wantCode(t, join("named", "eve@example.org"), parley.CodeNotFound)
		wantCode(t, join("open", "eve@example.org"), parley.CodeConflict)
		if _, err := s.InviteByToken(ctx, "open"); err != nil {
			t.Errorf("a failed join used the invite up: %v", err)
		}
		if m, err := s.MemberByEmail(ctx, "eve@example.org"); err != nil || m.Role != parley.RoleEditor || m.WorkspaceID != w.ID {
			t.Errorf("joined as %+v, %v", m, err)
		}
		wantCode(t, s.DeleteInvite(ctx, newWorkspace(t, s).ID, open.ID), parley.CodeNotFound)
		must(t, s.DeleteInvite(ctx, w.ID, open.ID))
		_, err := s.InviteByToken(ctx, "open")
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		k := &parley.APIKey{WorkspaceID: w.ID, Name: "CI", Prefix: "pk_ab", Hash: "h", Scopes: parley.Permissions()}
		must(t, s.CreateAPIKey(ctx, k))
		wantCode(t, s.CreateAPIKey(ctx, &parley.APIKey{WorkspaceID: w.ID, Hash: "h"}), parley.CodeConflict)
		got, err := s.APIKeyByHash(ctx, "h")
		must(t, err)
		if got.ID != k.ID || !slices.Equal(got.Scopes, k.Scopes) || !got.CreatedAt.Equal(k.CreatedAt) {
			t.Errorf("got %+v, want %+v", got, k)
		}
		must(t, s.APIKeySeen(ctx, w.ID, k.ID))
		wantCode(t, s.RevokeAPIKey(ctx, newWorkspace(t, s).ID, k.ID), parley.CodeNotFound)
		must(t, s.RevokeAPIKey(ctx, w.ID, k.ID))
		must(t, s.RevokeAPIKey(ctx, w.ID, k.ID))
		all, err := s.APIKeys(ctx, w.ID)
		if err != nil || len(all) != 1 || all[0].RevokedAt.IsZero() || all[0].LastUsedAt.IsZero() {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestTheClosedStoreAnswers(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		must(t, s.Close())
		must(t, s.Close())
		err := s.CreateWorkspace(t.Context(), &parley.Workspace{Name: "late"})
		if err == nil {
			t.Error("a closed store accepted a write")
		}
		wantCode(t, s.Ping(t.Context()), parley.CodeUnavailable)
	})
}

func TestTextThatPostgreSQLCannotKeepIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		for _, bad := range []string{"nul \x00", "half \xc3"} {
			wantCode(t, s.CreateWorkspace(t.Context(), &parley.Workspace{Name: bad}), parley.CodeInvalid)
			_, err := s.Workspace(t.Context(), bad)
			wantCode(t, err, parley.CodeInvalid)
		}
	})
}

func TestACallerThatHasGone(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.CreateWorkspace(ctx, &parley.Workspace{Name: "never"})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
	})
}
