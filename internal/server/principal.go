package server

import (
	"slices"
	"strings"

	"parley"
	"parley/internal/engine"
	"parley/internal/token"
)

// principal is who asks: a member with a session, or an API key.
type principal struct {
	workspace   string
	member      *parley.Member // nil for a key
	key         *parley.APIKey // nil for a member
	permissions []parley.Permission
	session     string // the cookie's token; "" for a key
	bearer      string // the hash of the key; "" for a member
}

func memberPrincipal(m *parley.Member, session string) *principal {
	return &principal{workspace: m.WorkspaceID, member: m, permissions: m.Role.Permissions(), session: session}
}

func keyPrincipal(k *parley.APIKey) *principal {
	return &principal{workspace: k.WorkspaceID, key: k, permissions: k.Scopes, bearer: k.Hash}
}

// id is the member's or the key's.
func (p *principal) id() string {
	if p.member != nil {
		return p.member.ID
	}
	return p.key.ID
}

func (p *principal) name() string {
	if p.member != nil {
		return p.member.Name
	}
	return p.key.Name
}

func (p *principal) actor() engine.Actor { return engine.Actor{ID: p.id(), Name: p.name()} }

func (p *principal) may(permission parley.Permission) bool {
	return slices.Contains(p.permissions, permission)
}

// admit is the gate that every API request passes. It returns CodeInvalid,
// CodeUnauthorized, CodeForbidden, CodeRateLimited or CodeNotFound.
func (s *Server) admit(c *call) error {
	if err := checkQuery(c.r.URL.RawQuery); err != nil {
		return err
	}
	bearer, hasBearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !hasBearer {
		if err := s.origins.Check(c.r); err != nil {
			return parley.Errorf(parley.CodeForbidden, "The request comes from another site.")
		}
	}
	var err error
	switch {
	case hasBearer:
		c.who, err = s.byKey(c, bearer)
	default:
		c.who, err = s.bySession(c)
	}
	if err != nil && (c.route.permission != open || parley.ErrorCode(err) != parley.CodeUnauthorized) {
		return err
	}
	if err := s.slow(c); err != nil {
		return err
	}
	if p := c.route.permission; p != open && p != signedIn && !c.who.may(p) {
		return parley.Errorf(parley.CodeForbidden, "This needs the permission %s.", p)
	}
	return checkPath(c)
}

// slow counts the request against the limit of whoever asks.
func (s *Server) slow(c *call) error {
	limit, key := s.limits.address, ""
	switch {
	case c.who == nil:
		key = s.address(c.r)
	case c.who.member != nil:
		limit, key = s.limits.member, c.who.member.ID
	default:
		limit, key = s.limits.key, c.who.key.ID
	}
	_, err := limit.take(key)
	return err
}

// byKey returns whose key it is. An address that tries unknown keys is slowed
// down before the database is asked.
func (s *Server) byKey(c *call, bearer string) (*principal, error) {
	hash := token.Hash(bearer)
	if p := s.keys.get(hash); p != nil {
		return p, nil
	}
	undo, err := s.limits.address.take(s.address(c.r))
	if err != nil {
		return nil, err
	}
	asked := s.keys.revision()
	key, err := s.Store.APIKeyByHash(c, hash)
	switch {
	case parley.ErrorCode(err) == parley.CodeNotFound || err == nil && !key.RevokedAt.IsZero():
		return nil, parley.Errorf(parley.CodeUnauthorized, "The API key is unknown or has been revoked.")
	case err != nil:
		return nil, err
	}
	undo()
	if s.now().Sub(key.LastUsedAt) > keySeenEvery {
		if err := s.Store.APIKeySeen(c, key.WorkspaceID, key.ID); err != nil {
			return nil, err
		}
	}
	p := keyPrincipal(key)
	s.keys.put(hash, p, asked)
	return p, nil
}

// bySession returns whose session the cookie names.
func (s *Server) bySession(c *call) (*principal, error) {
	cookie, err := c.r.Cookie(sessionCookie)
	if err != nil || cookie.Value == "" {
		return nil, parley.Errorf(parley.CodeUnauthorized, "Sign in, or send an API key.")
	}
	return s.sessionMember(c, cookie.Value)
}

// stillValid reports whether the session or key of a long request holds. It is
// asked at every heartbeat of a stream.
func (s *Server) stillValid(c *call) bool {
	var now *principal
	var err error
	if c.who.member != nil {
		now, err = s.sessionMember(c, c.who.session)
	} else if now = s.keys.get(c.who.bearer); now == nil {
		var key *parley.APIKey
		if key, err = s.Store.APIKeyByHash(c, c.who.bearer); err == nil && !key.RevokedAt.IsZero() {
			return false
		} else if err == nil {
			now = keyPrincipal(key)
		}
	}
	return err == nil && now.may(c.route.permission)
}

// The values of headers that never change, shared by all answers.
var (
	noSniff            = []string{"nosniff"}
	sameOriginReferrer = []string{"same-origin"}
	noStore            = []string{"no-store"}
	httpsOnly          = []string{"max-age=31536000"}
)
