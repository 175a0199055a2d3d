// Package access decides who asks and whether they may: API keys, sessions,
// permissions, limits and the origin of requests that change something.
package access

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/store"
	"parley/internal/token"
)

// What a route may ask for instead of a permission.
const (
	Open     parley.Permission = ""          // nothing: it is for everybody
	SignedIn parley.Permission = "signed in" // a session or a key, whatever it may do
)

// Store is what the gate needs of the database.
type Store interface {
	Member(ctx context.Context, ws, id string) (*parley.Member, error)
	MemberSeen(ctx context.Context, ws, id string) error
	APIKeyByHash(ctx context.Context, hash string) (*parley.APIKey, error)
	APIKeySeen(ctx context.Context, ws, id string) error
	Tables() store.Tables
}

// Config is what a gate is built from.
type Config struct {
	Store      Store
	PublicURL  string // how browsers reach the server; "": as they ask
	TrustProxy bool   // take a client's address from X-Forwarded-For
	Limits     Limits
	Now        func() time.Time
}

// Limits are requests per second, 0 for none. A burst is three seconds' worth.
type Limits struct {
	Member  float64 // of one member
	Key     float64 // of one API key
	Address float64 // of one address that is not signed in
}

// Gate is what every request of the API passes. It is safe for concurrent use.
type Gate struct {
	store      Store
	now        func() time.Time
	trustProxy bool
	keys       *keyCache
	origins    *http.CrossOriginProtection
	sessions   *scs.SessionManager

	member, key, address *Limiter
	signIn               struct{ address, email *Limiter }
}

// NewGate returns a gate. It returns CodeInvalid for a public URL that is none.
func NewGate(c Config) (*Gate, error) {
	g := &Gate{store: c.Store, now: c.Now, trustProxy: c.TrustProxy, keys: newKeyCache(c.Now), origins: http.NewCrossOriginProtection()}
	if err := g.trust(c.PublicURL); err != nil {
		return nil, err
	}
	g.sessions = newSessions(c.Store, c.Now, strings.HasPrefix(c.PublicURL, "https://"))
	perSecond := func(rate float64) *Limiter {
		if rate <= 0 {
			return NewLimiter(0, 0, c.Now)
		}
		return NewLimiter(time.Duration(float64(time.Second)/rate), max(1, int(3*rate)), c.Now)
	}
	g.member, g.key, g.address = perSecond(c.Limits.Member), perSecond(c.Limits.Key), perSecond(c.Limits.Address)
	g.signIn.address = NewLimiter(6*time.Second, 20, c.Now)
	g.signIn.email = NewLimiter(time.Minute, 10, c.Now)
	return g, nil
}

// trust allows the public URL as the origin of requests that change something,
// for proxies that change the host.
func (g *Gate) trust(publicURL string) error {
	if publicURL == "" {
		return nil
	}
	u, err := url.Parse(publicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return parley.Errorf(parley.CodeInvalid, "The public URL %q is not a URL such as https://parley.example.com.", publicURL)
	}
	if err := g.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return parley.Errorf(parley.CodeInvalid, "The public URL cannot be used: %w", err)
	}
	return nil
}

// Admit returns who asks for a route that needs a permission; nil on an open
// route for those who are not signed in. It returns CodeUnauthorized,
// CodeForbidden or CodeRateLimited.
func (g *Gate) Admit(r *http.Request, needs parley.Permission) (*Principal, error) {
	bearer, hasBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	var who *Principal
	var err error
	if hasBearer {
		who, err = g.byKey(r, bearer)
	} else {
		if err := g.origins.Check(r); err != nil {
			return nil, parley.Errorf(parley.CodeForbidden, "The request comes from another site.")
		}
		who, err = g.bySession(r)
	}
	if err != nil && (needs != Open || parley.ErrorCode(err) != parley.CodeUnauthorized) {
		return nil, err
	}
	if err := g.slow(r, who); err != nil {
		return nil, err
	}
	if needs != Open && needs != SignedIn && !who.May(needs) {
		return nil, parley.Errorf(parley.CodeForbidden, "This needs the permission %s.", needs)
	}
	return who, nil
}

// slow counts the request against the limit of whoever asks.
func (g *Gate) slow(r *http.Request, who *Principal) error {
	limit, key := g.address, ""
	switch {
	case who == nil:
		key = g.Address(r)
	case who.Member != nil:
		limit, key = g.member, who.Member.ID
	default:
		limit, key = g.key, who.Key.ID
	}
	_, err := limit.Take(key)
	return err
}

// byKey returns whose key it is. An address that tries unknown keys is slowed
// down before the database is asked.
func (g *Gate) byKey(r *http.Request, bearer string) (*Principal, error) {
	hash := token.Hash(bearer)
	if p := g.keys.get(hash); p != nil {
		return p, nil
	}
	undo, err := g.address.Take(g.Address(r))
	if err != nil {
		return nil, err
	}
	ctx, asked := r.Context(), g.keys.revision()
	key, err := g.validKey(ctx, hash)
	if err != nil {
		return nil, err
	}
	undo()
	if g.now().Sub(key.LastUsedAt) > keySeenEvery {
		if err := g.store.APIKeySeen(ctx, key.WorkspaceID, key.ID); err != nil {
			return nil, err
		}
	}
	p := keyPrincipal(key)
	g.keys.put(hash, p, asked)
	return p, nil
}

func (g *Gate) validKey(ctx context.Context, hash string) (*parley.APIKey, error) {
	key, err := g.store.APIKeyByHash(ctx, hash)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && !key.RevokedAt.IsZero() {
		return nil, parley.Errorf(parley.CodeUnauthorized, "The API key is unknown or has been revoked.")
	}
	return key, err
}

// Forget makes a revoked key worthless at once.
func (g *Gate) Forget(keyID string) { g.keys.drop(keyID) }

// StillValid reports whether the session or key of a long request holds and
// still has the permission.
func (g *Gate) StillValid(ctx context.Context, who *Principal, needs parley.Permission) bool {
	if who.Member != nil {
		now, err := g.sessionMember(ctx, who.session)
		return err == nil && now.May(needs)
	}
	if now := g.keys.get(who.Key.Hash); now != nil {
		return now.May(needs)
	}
	key, err := g.validKey(ctx, who.Key.Hash)
	return err == nil && keyPrincipal(key).May(needs)
}

// TrySignIn counts a try to get in, by address and, if it is not "", by e-mail.
// It returns CodeRateLimited; what succeeds is given back with undo.
func (g *Gate) TrySignIn(r *http.Request, email string) (undo func(), err error) {
	undoAddress, err := g.signIn.address.Take(g.Address(r))
	if err != nil || email == "" {
		return undoAddress, err
	}
	undoEmail, err := g.signIn.email.Take(token.Hash(email))
	if err != nil {
		return nil, err
	}
	return func() { undoAddress(); undoEmail() }, nil
}

// Address returns where a request comes from.
func (g *Gate) Address(r *http.Request) string {
	if g.trustProxy {
		if last := r.Header.Values("X-Forwarded-For"); len(last) > 0 {
			hops := strings.Split(last[len(last)-1], ",")
			if ip := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); ip != nil {
				return ip.String()
			}
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
