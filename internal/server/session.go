package server

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/store"
)

const sessionCookie = "parley_session"

// sessionLifetime is how long a member stays signed in.
const sessionLifetime = 14 * 24 * time.Hour

// The names of a session's values. The store finds a member's sessions by the
// first.
const (
	sessionMemberID    = store.SessionMember
	sessionWorkspaceID = "workspace"
)

// newSessions is made without scs.New, which starts a goroutine that never
// ends for a store that is not used.
func (s *Server) newSessions() *scs.SessionManager {
	return &scs.SessionManager{
		Store: s.Store.Sessions(), Codec: scs.GobCodec{}, Lifetime: sessionLifetime,
		Cookie: scs.SessionCookie{
			Name: sessionCookie, Path: "/", HttpOnly: true, Persist: true, SameSite: http.SameSiteLaxMode,
			Secure: s.secure,
		},
	}
}

// sessionMember returns the member whose session it is. It returns
// CodeUnauthorized for a session that has expired and for a disabled member.
func (s *Server) sessionMember(ctx context.Context, tok string) (*principal, error) {
	expired := parley.Errorf(parley.CodeUnauthorized, "The session has expired. Sign in again.")
	if len(tok) > 200 {
		return nil, expired
	}
	loaded, err := s.sessions.Load(ctx, tok)
	if err != nil {
		return nil, err
	}
	workspace, id := s.sessions.GetString(loaded, sessionWorkspaceID), s.sessions.GetString(loaded, sessionMemberID)
	if id == "" {
		return nil, expired
	}
	m, err := s.Store.Member(ctx, workspace, id)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && !m.DisabledAt.IsZero() {
		return nil, expired
	}
	if err != nil {
		return nil, err
	}
	return memberPrincipal(m, tok), nil
}

// startSession signs a member in: a new token each time, so that one that was
// known before is worth nothing after.
func (s *Server) startSession(c *call, m *parley.Member) error {
	loaded, err := s.sessions.Load(c, "")
	if err != nil {
		return err
	}
	s.sessions.Put(loaded, sessionWorkspaceID, m.WorkspaceID)
	s.sessions.Put(loaded, sessionMemberID, m.ID)
	tok, expires, err := s.sessions.Commit(loaded)
	if err != nil {
		return err
	}
	if old, err := c.r.Cookie(sessionCookie); err == nil {
		if err := s.endSession(c, old.Value); err != nil {
			return err
		}
	}
	s.sessions.WriteSessionCookie(loaded, c.w, tok, expires)
	c.who = memberPrincipal(m, tok)
	return s.Store.MemberSeen(c, m.WorkspaceID, m.ID)
}

// endSession makes a token worthless.
func (s *Server) endSession(ctx context.Context, tok string) error {
	if tok == "" || len(tok) > 200 {
		return nil
	}
	loaded, err := s.sessions.Load(ctx, tok)
	if err != nil {
		return err
	}
	return s.sessions.Destroy(loaded)
}

// clearCookie makes the browser forget its session.
func (s *Server) clearCookie(c *call) {
	s.sessions.WriteSessionCookie(c, c.w, "", time.Time{})
}
