package access

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/store/sessions"
)

// Cookie is the name of the session's cookie.
const Cookie = "parley_session"

// sessionLifetime is how long a member stays signed in.
const sessionLifetime = 14 * 24 * time.Hour

// maxToken is longer than any token of a session.
const maxToken = 200

// The names of a session's values. The store finds a member's sessions by the
// first.
const (
	sessionMemberID    = sessions.Member
	sessionWorkspaceID = "workspace"
)

// newSessions does without scs.New, which starts a goroutine that never ends
// for a store that is not used.
func newSessions(s Store, now func() time.Time, secure bool) *scs.SessionManager {
	return &scs.SessionManager{
		Store: &sessions.Sessions{Tables: s.Tables(), Now: now}, Codec: scs.GobCodec{}, Lifetime: sessionLifetime,
		Cookie: scs.SessionCookie{
			Name: Cookie, Path: "/", HttpOnly: true, Persist: true, SameSite: http.SameSiteLaxMode, Secure: secure,
		},
	}
}

// bySession returns whose session the cookie names.
func (g *Gate) bySession(r *http.Request) (*Principal, error) {
	cookie, err := r.Cookie(Cookie)
	if err != nil || cookie.Value == "" {
		return nil, parley.Errorf(parley.CodeUnauthorized, "Sign in, or send an API key.")
	}
	return g.sessionMember(r.Context(), cookie.Value)
}

// sessionMember returns the member whose session it is. It returns
// CodeUnauthorized for a session that has expired and for a disabled member.
func (g *Gate) sessionMember(ctx context.Context, tok string) (*Principal, error) {
	expired := parley.Errorf(parley.CodeUnauthorized, "The session has expired. Sign in again.")
	if len(tok) > maxToken {
		return nil, expired
	}
	loaded, err := g.sessions.Load(ctx, tok)
	if err != nil {
		return nil, err
	}
	workspace, id := g.sessions.GetString(loaded, sessionWorkspaceID), g.sessions.GetString(loaded, sessionMemberID)
	if id == "" {
		return nil, expired
	}
	m, err := g.store.Member(ctx, workspace, id)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && !m.DisabledAt.IsZero() {
		return nil, expired
	}
	if err != nil {
		return nil, err
	}
	return memberPrincipal(m, tok), nil
}

// SignIn starts a session: with a new token each time, so that one that was
// known before is worth nothing after.
func (g *Gate) SignIn(w http.ResponseWriter, r *http.Request, m *parley.Member) (*Principal, error) {
	ctx := r.Context()
	loaded, err := g.sessions.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	g.sessions.Put(loaded, sessionWorkspaceID, m.WorkspaceID)
	g.sessions.Put(loaded, sessionMemberID, m.ID)
	tok, expires, err := g.sessions.Commit(loaded)
	if err != nil {
		return nil, err
	}
	if err := g.end(r); err != nil {
		return nil, err
	}
	g.sessions.WriteSessionCookie(loaded, w, tok, expires)
	return memberPrincipal(m, tok), g.store.MemberSeen(ctx, m.WorkspaceID, m.ID)
}

// SignOut ends the session of the request and makes the browser forget it.
func (g *Gate) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := g.end(r); err != nil {
		return err
	}
	g.sessions.WriteSessionCookie(r.Context(), w, "", time.Time{})
	return nil
}

// end makes the token of the request worthless.
func (g *Gate) end(r *http.Request) error {
	cookie, err := r.Cookie(Cookie)
	if err != nil || cookie.Value == "" || len(cookie.Value) > maxToken {
		return nil //nolint:nilerr // no cookie, no session
	}
	loaded, err := g.sessions.Load(r.Context(), cookie.Value)
	if err != nil {
		return err
	}
	return g.sessions.Destroy(loaded)
}
