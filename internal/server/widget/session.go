package widget

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// recent is how long an ended conversation is shown to a visitor who comes
// back.
const recent = 24 * time.Hour

// visit gives a new visitor a token, and one that holds a new one for it.
func (s *Visitors) visit(c *call) error {
	if err := c.decode(&struct{}{}); err != nil {
		return err
	}
	if c.who == nil {
		if _, err := s.limits.tokens.Take(s.Address(c.r)); err != nil {
			return err
		}
		c.who = &visitor{Widget: c.widget.ID, ID: parley.NewID(s.Now())}
	}
	return s.session(c)
}

// session answers with a token for who the call's visitor is.
func (s *Visitors) session(c *call) error {
	out, err := s.issue(*c.who, c.epoch)
	if err != nil {
		return err
	}
	found, err := s.Store.VisitorConversations(c, c.widget.WorkspaceID, c.widget.ID, c.who.ID, 10)
	if err != nil {
		return err
	}
	for i := range found {
		active := found[i].Status == parley.ConversationActive
		if active || out.Conversation == nil && s.Now().Sub(found[i].EndedAt) < recent {
			conv := conversationOf(&found[i])
			out.Conversation = &conv
		}
		if active {
			break
		}
	}
	return c.answer(http.StatusOK, out)
}

// errIdentity is the one answer to every proof that does not fit.
var errIdentity = refuse(parley.CodeForbidden, "identity", "The identity could not be verified.")

// identify makes a visitor a person whom the site vouches for. The
// conversations that the browser had as a stranger become that person's; those
// of another person do not.
func (s *Visitors) identify(c *call) error {
	var in Identify
	if err := c.decode(&in); err != nil {
		return err
	}
	if _, err := s.limits.identify.Take(s.Address(c.r)); err != nil {
		return err
	}
	if c.widget.Settings.Identity == parley.IdentityOff {
		return refuse(parley.CodeForbidden, "identity", "Identity verification is off in the widget's settings.")
	}
	user, err := s.verify(c.widget, &in)
	if err != nil {
		return err
	}
	person := &visitor{Widget: c.widget.ID, ID: userVisitor(user.ID), User: user}
	if c.who != nil && c.who.User == nil && c.who.Member == "" {
		if err := s.adopt(c, c.who, person); err != nil {
			return err
		}
	}
	c.who = person
	return s.session(c)
}

// adopt gives a person what there is of the stranger who the person was: the
// conversations, and with them the contact, which is merged with the person's.
func (s *Visitors) adopt(c *call, stranger, person *visitor) error {
	ws := c.widget.WorkspaceID
	if err := s.Store.AdoptVisitor(c, ws, c.widget.ID, stranger.ID, person.ID); err != nil {
		return err
	}
	// The person's contact stays, if there is one; it is called by the last one.
	both := slices.Concat(stranger.identities(), person.identities())
	for _, old := range []*visitor{person, stranger} {
		_, err := s.Store.ChangeIdentity(c, store.IdentityChange{
			WorkspaceID: ws, Old: old.identities(), New: both, Name: person.name(), Reason: "The visitor has signed in to the website.",
		})
		if parley.ErrorCode(err) != parley.CodeNotFound {
			return err
		}
	}
	return nil // nobody has written yet
}

// verify returns who is proved. It returns CodeForbidden.
func (s *Visitors) verify(w *parley.Widget, in *Identify) (*User, error) {
	if w.IdentitySecret == "" {
		return nil, errIdentity
	}
	if in.JWT != "" {
		return s.verifyJWT(w, in.JWT)
	}
	mac := hmac.New(sha256.New, []byte(w.IdentitySecret))
	_, _ = mac.Write([]byte(in.UserID)) // a hash never fails
	given, err := hex.DecodeString(in.Hash)
	if !hmac.Equal(given, mac.Sum(nil)) || err != nil {
		return nil, errIdentity
	}
	return checkUser(&User{ID: in.UserID, Name: in.Name, Email: in.Email})
}

// The bounds of a JWT.
const (
	maxJWT     = 4 << 10
	jwtAhead   = 24 * time.Hour   // the longest time to its expiry
	jwtLeeway  = 60 * time.Second // between the clocks of the site and ours
	maxUserLen = 200              // bytes of an id, a name or an e-mail
)

// verifyJWT reads a JWT (RFC 7519) that is signed with HMAC-SHA256 and the
// widget's secret. Its algorithm is ours to choose, not the token's: any other
// is refused.
func (s *Visitors) verifyJWT(w *parley.Widget, jwt string) (*User, error) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 || len(jwt) > maxJWT {
		return nil, errIdentity
	}
	mac := hmac.New(sha256.New, []byte(w.IdentitySecret))
	_, _ = mac.Write([]byte(parts[0] + "." + parts[1])) // a hash never fails
	given, err := base64.RawURLEncoding.DecodeString(parts[2])
	if !hmac.Equal(given, mac.Sum(nil)) || err != nil {
		return nil, errIdentity
	}
	var header struct {
		Algorithm string   `json:"alg"`
		Critical  []string `json:"crit"`
	}
	var claims struct {
		Subject   string          `json:"sub"`
		Expires   float64         `json:"exp"`
		NotBefore float64         `json:"nbf"`
		Audience  json.RawMessage `json:"aud"`
		Name      string          `json:"name"`
		Email     string          `json:"email"`
	}
	if decodePart(parts[0], &header, "alg", "crit") != nil || header.Algorithm != "HS256" || len(header.Critical) > 0 ||
		decodePart(parts[1], &claims, "sub", "exp", "nbf", "aud", "name", "email") != nil {
		return nil, errIdentity
	}
	now := float64(s.Now().Unix())
	leeway := jwtLeeway.Seconds()
	if claims.Expires <= now-leeway || claims.Expires > now+jwtAhead.Seconds()+leeway || claims.NotBefore > now+leeway ||
		!isAudience(claims.Audience, w.ID) {
		return nil, errIdentity
	}
	return checkUser(&User{ID: claims.Subject, Name: claims.Name, Email: claims.Email})
}

// decodePart reads a header or claims. Their names are told apart by their case (RFC
// 7519, 10.1.1), which Go's decoder does not: those that are none of v are left out.
func decodePart(part string, v any, names ...string) error {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return !slices.Contains(names, name) })
	if b, err = json.Marshal(all); err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// isAudience reports whether a JWT is for the widget: it says so, or says
// nothing.
func isAudience(raw json.RawMessage, widget string) bool {
	if len(raw) == 0 || string(raw) == "null" {
		return true
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one == widget
	}
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		return false
	}
	for _, a := range many {
		if a == widget {
			return true
		}
	}
	return false
}

// checkUser refuses an id that is none, and leaves out what is not fit to show.
func checkUser(u *User) (*User, error) {
	fit := func(s string) bool {
		return len(s) <= maxUserLen && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
	}
	if strings.TrimSpace(u.ID) == "" || !fit(u.ID) {
		return nil, errIdentity
	}
	if !fit(u.Name) {
		u.Name = ""
	}
	if !fit(u.Email) || u.Email != "" && !parley.CheckEmail(u.Email) {
		u.Email = ""
	}
	return u, nil
}

// Preview returns a token with which a member talks to the widget in the
// dashboard, as Test Chat.
func (s *Visitors) Preview(w *parley.Widget, epoch parley.VisitorEpoch, member string) (*Session, error) {
	return s.issue(visitor{Widget: w.ID, ID: "member:" + member, Member: member}, epoch)
}
