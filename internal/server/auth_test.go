package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/token"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	owner := w.ours.members[parley.RoleOwner]
	first := w.session(owner)
	me := read[wire.Me](t, w.send(request{method: "GET", path: "/api/v1/me", cookie: first}))
	if me.Member == nil || me.Member.ID != owner.ID || me.Workspace.ID != w.ours.workspace.ID || len(me.Permissions) == 0 {
		t.Errorf("me = %+v", me)
	}
	a := w.send(request{
		method: "POST", path: "/api/v1/auth/signin", cookie: first,
		body: wire.SignIn{Email: strings.ToUpper(owner.Email), Password: secretWord},
	})
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") || strings.Contains(cookie, first) {
		t.Errorf("cookie %q: Secure over http, or the old token again", cookie)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: first}); a.code() != parley.CodeUnauthorized {
		t.Errorf("the session of before a new sign-in: %s", a)
	}
}

func TestSignInFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for name, in := range map[string]wire.SignIn{
		"wrong password": {Email: "owner@ours.example", Password: "something else"},
		"unknown e-mail": {Email: "nobody@ours.example", Password: secretWord},
	} {
		a := w.send(request{method: "POST", path: "/api/v1/auth/signin", body: in})
		if a.code() != parley.CodeUnauthorized || !strings.Contains(string(a.body), "The e-mail or the password is wrong.") {
			t.Errorf("%s: %s", name, a)
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: sets a cookie", name)
		}
	}
	gone := *w.ours.members[parley.RoleViewer]
	gone.DisabledAt = w.clock.Now()
	cookie := w.session(&gone)
	w.must(w.store.UpdateMember(t.Context(), &gone))
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: cookie}); a.code() != parley.CodeUnauthorized {
		t.Errorf("a disabled member's session: %s", a)
	}
	a := w.send(request{method: "POST", path: "/api/v1/auth/signin", body: wire.SignIn{Email: gone.Email, Password: secretWord}})
	if a.code() != parley.CodeUnauthorized {
		t.Errorf("a disabled member signs in: %s", a)
	}
}

func TestSignInIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for range 8 { // successes are not counted
		w.session(w.ours.members[parley.RoleOwner])
	}
	limited := false
	for range 12 {
		a := w.send(request{method: "POST", path: "/api/v1/auth/signin", body: wire.SignIn{Email: "owner@ours.example", Password: "not the password"}})
		if a.code() == parley.CodeRateLimited {
			limited = true
			if a.header.Get("Retry-After") == "" {
				t.Error("rate_limited without Retry-After")
			}
		}
	}
	if !limited {
		t.Fatal("twelve wrong passwords in a row are not limited")
	}
	w.clock.Move(5 * time.Minute)
	w.session(w.ours.members[parley.RoleOwner])
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	cookie := w.session(w.ours.members[parley.RoleAdmin])
	if a := w.send(request{method: "POST", path: "/api/v1/auth/signout", cookie: cookie}); a.status != http.StatusNoContent {
		t.Fatalf("sign out: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: cookie}); a.code() != parley.CodeUnauthorized {
		t.Errorf("after signing out: %s", a)
	}
	cookie = w.session(w.ours.members[parley.RoleAdmin])
	w.clock.Move(15 * 24 * time.Hour)
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: cookie}); a.code() != parley.CodeUnauthorized {
		t.Errorf("an expired session: %s", a)
	}
}

func TestCrossSiteRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	cookie := w.session(w.ours.members[parley.RoleOwner])
	evil := map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
	a := w.send(request{method: "POST", path: "/api/v1/invites", cookie: cookie, header: evil, body: wire.NewInvite{Role: parley.RoleAdmin}})
	if a.code() != parley.CodeForbidden {
		t.Errorf("a cross-site POST with a cookie: %s", a)
	}
	if a := w.send(request{method: "POST", path: "/api/v1/auth/signin", header: evil, body: wire.SignIn{Email: "owner@ours.example", Password: secretWord}}); a.code() != parley.CodeForbidden {
		t.Errorf("a cross-site sign-in: %s", a)
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.Store) {
		w := &world{t: t, store: db}
		srv, err := server.New(server.Config{Store: db, PublicURL: "https://parley.example"})
		w.must(err)
		w.serve(srv)
		if s := read[wire.AuthState](t, w.send(request{method: "GET", path: "/api/v1/auth/state"})); !s.NeedsSetup {
			t.Fatal("an empty database needs no set-up")
		}
		w.must(db.CreateLoginToken(t.Context(), store.LoginToken{Hash: token.Hash("set-up"), Purpose: store.PurposeSetup, ExpiresAt: time.Now().Add(time.Hour)}))
		in := wire.Setup{Token: "set-up", WorkspaceName: "Acme", Name: "Ana", Email: "Ana@Acme.example", Password: "long enough it is", TimeZone: "Europe/Berlin"}
		bad := in
		bad.Password = "short"
		if a := w.send(request{method: "POST", path: "/api/v1/auth/setup", body: bad}); a.code() != parley.CodeInvalid {
			t.Errorf("a short password: %s", a)
		}
		bad = in
		bad.TimeZone = "Mars/Olympus"
		if a := w.send(request{method: "POST", path: "/api/v1/auth/setup", body: bad}); a.code() != parley.CodeInvalid {
			t.Errorf("a time zone that is none: %s", a)
		}
		a := w.send(request{method: "POST", path: "/api/v1/auth/setup", body: in})
		if me := read[wire.Me](t, a); me.Member.Role != parley.RoleOwner || me.Member.Email != "ana@acme.example" || me.Workspace.TimeZone != "Europe/Berlin" {
			t.Errorf("me = %+v", me)
		}
		if !strings.Contains(a.header.Get("Set-Cookie"), "Secure") {
			t.Errorf("the cookie of an https server is not Secure: %s", a.header.Get("Set-Cookie"))
		}
		if a := w.send(request{method: "POST", path: "/api/v1/auth/setup", body: in}); a.status < 400 {
			t.Errorf("the set-up link works twice: %s", a)
		}
	})
}

func TestSignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	m := w.ours.members[parley.RoleEditor]
	w.must(w.store.CreateLoginToken(t.Context(), store.LoginToken{
		Hash: token.Hash("link"), Purpose: store.PurposeSignIn, WorkspaceID: m.WorkspaceID, MemberID: m.ID, ExpiresAt: w.clock.Now().Add(time.Hour),
	}))
	link := request{method: "POST", path: "/api/v1/auth/link", body: wire.SignInLink{Token: "link"}}
	if me := read[wire.Me](t, w.send(link)); me.Member.ID != m.ID {
		t.Errorf("me = %+v", me)
	}
	if a := w.send(link); a.code() != parley.CodeUnauthorized {
		t.Errorf("the link again: %s", a)
	}
}

func TestInviteIsForOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	cookie := w.session(w.ours.members[parley.RoleAdmin])
	inv := read[wire.Invite](t, w.send(request{method: "POST", path: "/api/v1/invites", cookie: cookie, body: wire.NewInvite{Role: parley.RoleEditor, Email: "New@Ours.example"}}))
	_, tok, ok := strings.Cut(inv.URL, "/join/")
	if !ok {
		t.Fatalf("invite %+v", inv)
	}
	if info := read[wire.InviteInfo](t, w.send(request{method: "GET", path: "/api/v1/auth/invites/" + tok})); info.Workspace != "ours" || info.Email != "new@ours.example" {
		t.Errorf("info %+v", info)
	}
	in := wire.Join{Token: tok, Name: "New", Email: "other@ours.example", Password: "long enough it is"}
	if a := w.send(request{method: "POST", path: "/api/v1/auth/join", body: in}); a.code() != parley.CodeForbidden {
		t.Errorf("another e-mail: %s", a)
	}
	in.Email = "new@ours.example"
	if me := read[wire.Me](t, w.send(request{method: "POST", path: "/api/v1/auth/join", body: in})); me.Member.Role != parley.RoleEditor {
		t.Errorf("me = %+v", me)
	}
	in.Email = "new@ours.example"
	if a := w.send(request{method: "POST", path: "/api/v1/auth/join", body: in}); a.status < 400 {
		t.Errorf("the invite again: %s", a)
	}
	list := read[struct{ Data []wire.Invite }](t, w.send(request{method: "GET", path: "/api/v1/invites", cookie: cookie}))
	for _, i := range list.Data {
		if i.URL != "" {
			t.Error("the list of invites shows links")
		}
	}
}

func TestRevokedKeyIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	made := read[wire.APIKey](t, w.send(request{
		method: "POST", path: "/api/v1/api-keys", key: w.ours.key,
		body: wire.NewAPIKey{Name: "CRM", Scopes: []parley.Permission{parley.PermConversationsRead}},
	}))
	if a := w.send(request{method: "GET", path: "/api/v1/conversations", key: made.Key}); a.status != http.StatusOK {
		t.Fatalf("the new key: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/members", key: made.Key}); a.code() != parley.CodeForbidden {
		t.Errorf("a scope that the key lacks: %s", a)
	}
	if a := w.send(request{method: "DELETE", path: "/api/v1/api-keys/" + made.ID, key: w.ours.key}); a.status != http.StatusNoContent {
		t.Fatalf("revoke: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/conversations", key: made.Key}); a.code() != parley.CodeUnauthorized {
		t.Errorf("the revoked key: %s", a)
	}
}

func TestKeyCannotGiveWhatItLacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	made := read[wire.APIKey](t, w.send(request{
		method: "POST", path: "/api/v1/api-keys", key: w.ours.key,
		body: wire.NewAPIKey{Name: "admin", Scopes: []parley.Permission{parley.PermMembersManage}},
	}))
	a := w.send(request{
		method: "POST", path: "/api/v1/api-keys", key: made.Key,
		body: wire.NewAPIKey{Name: "more", Scopes: []parley.Permission{parley.PermSettingsWrite}},
	})
	if a.code() != parley.CodeForbidden {
		t.Errorf("a key with more rights than its maker: %s", a)
	}
	if a := w.send(request{method: "POST", path: "/api/v1/invites", key: made.Key, body: wire.NewInvite{Role: parley.RoleOwner}}); a.code() != parley.CodeForbidden {
		t.Errorf("a key invites an owner: %s", a)
	}
}

func TestOnlyOwnersChangeOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	owner, admin := w.ours.members[parley.RoleOwner], w.ours.members[parley.RoleAdmin]
	asAdmin, asOwner := w.session(admin), w.session(owner)
	role := func(r parley.Role) wire.EditMember { return wire.EditMember{Role: &r} }
	for name, c := range map[string]struct {
		who, path string
		body      any
		method    string
		code      parley.Code
	}{
		"admin demotes owner":   {asAdmin, owner.ID, role(parley.RoleViewer), "PATCH", parley.CodeForbidden},
		"admin makes an owner":  {asAdmin, admin.ID, role(parley.RoleOwner), "PATCH", parley.CodeForbidden},
		"admin removes owner":   {asAdmin, owner.ID, nil, "DELETE", parley.CodeForbidden},
		"the last owner leaves": {asOwner, owner.ID, nil, "DELETE", parley.CodeConflict},
		"the last owner steps":  {asOwner, owner.ID, role(parley.RoleAdmin), "PATCH", parley.CodeConflict},
	} {
		if a := w.send(request{method: c.method, path: "/api/v1/members/" + c.path, cookie: c.who, body: c.body}); a.code() != c.code {
			t.Errorf("%s: %s", name, a)
		}
	}
	if a := w.send(request{method: "PATCH", path: "/api/v1/members/" + admin.ID, cookie: asOwner, body: role(parley.RoleOwner)}); a.status != http.StatusOK {
		t.Errorf("an owner makes an owner: %s", a)
	}
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	m := w.ours.members[parley.RoleEditor]
	here, there := w.session(m), w.session(m)
	fresh := "a fresh pass phrase"
	if a := w.send(request{method: "PATCH", path: "/api/v1/me", cookie: here, body: wire.EditMe{Password: &fresh, CurrentPassword: "not it, sorry"}}); a.code() != parley.CodeForbidden {
		t.Errorf("a wrong current password: %s", a)
	}
	if a := w.send(request{method: "PATCH", path: "/api/v1/me", cookie: here, body: wire.EditMe{Password: &fresh, CurrentPassword: secretWord}}); a.status != http.StatusOK {
		t.Fatalf("change: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: here}); a.status != http.StatusOK {
		t.Errorf("this session: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/me", cookie: there}); a.code() != parley.CodeUnauthorized {
		t.Errorf("the other session: %s", a)
	}
}

// session signs a member in and returns the cookie's token.
func (w *world) session(m *parley.Member) string {
	w.t.Helper()
	a := w.send(request{method: "POST", path: "/api/v1/auth/signin", body: wire.SignIn{Email: m.Email, Password: secretWord}})
	if a.status != http.StatusOK {
		w.t.Fatalf("sign-in: %s", a)
	}
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "parley_session" {
			return c.Value
		}
	}
	w.t.Fatal("sign-in set no cookie")
	return ""
}
