package widget

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"parley"
)

// How long a visitor's token holds, and after what part of it the client asks
// for a new one.
const (
	tokenLife    = 30 * 24 * time.Hour
	verifiedLife = 24 * time.Hour // the site says on every page who is signed in
	previewLife  = 12 * time.Hour
	tokenWorn    = 24 // the part of its life after which it is refreshed: one in so many
)

const (
	tokenPrefix = "pv1."
	tokenKind   = "visitor token"
	maxToken    = 4 << 10
)

// visitor is who a token says one is.
type visitor struct {
	Widget       string `json:"w"`
	ID           string `json:"v"`
	Installation string `json:"e"` // the epochs that it was issued in
	Epoch        int64  `json:"n"`
	Issued       int64  `json:"i"` // Unix seconds
	Expires      int64  `json:"x"`
	User         *User  `json:"u,omitempty"` // verified
	Member       string `json:"m,omitempty"` // of a preview in the dashboard: who looks
}

// errToken is the one answer to every token that does not hold: which part of
// it is wrong is nobody's business.
var errToken = parley.Errorf(parley.CodeUnauthorized, "The visitor's token is missing, has expired or is not valid any more.")

// userVisitor is the visitor that stands for a verified person on every device.
func userVisitor(userID string) string {
	sum := sha256.Sum256([]byte(userID))
	return "user:" + hex.EncodeToString(sum[:])
}

// source is where the visitor's conversations come from.
func (v *visitor) source() parley.Source {
	if v.Member != "" {
		return parley.SourceTest
	}
	return parley.SourceWidget
}

// identities are how the visitor's contact is known.
func (v *visitor) identities() []parley.Identity {
	switch {
	case v.Member != "":
		return []parley.Identity{{Kind: parley.IdentityMember, Value: v.Member}}
	case v.User != nil:
		return []parley.Identity{{Kind: parley.IdentityExternal, Value: v.User.ID}}
	}
	return []parley.Identity{{Kind: parley.IdentityVisitor, Value: v.ID}}
}

// name is what a visitor is called who is verified; "" for others.
func (v *visitor) name() string {
	if v.User == nil {
		return ""
	}
	return cmp.Or(v.User.Name, v.User.Email)
}

// issue signs a token for a visitor and returns it as a session without its
// conversation.
func (s *Visitors) issue(v visitor, epoch parley.VisitorEpoch) (*Session, error) {
	now, life := s.Now(), tokenLife
	switch {
	case v.Member != "":
		life = previewLife
	case v.User != nil:
		life = verifiedLife
	}
	v.Installation, v.Epoch = epoch.Installation, epoch.Widget
	v.Issued, v.Expires = now.Unix(), now.Add(life).Unix()
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	payload := base64.RawURLEncoding.EncodeToString(b)
	return &Session{
		Token:     tokenPrefix + payload + "." + s.Keys.Sign([]byte(payload), tokenKind),
		ExpiresAt: time.Unix(v.Expires, 0).UTC(), RefreshAt: now.Add(life / tokenWorn).UTC().Truncate(time.Second),
		Verified: v.User != nil, User: v.User,
	}, nil
}

// open returns who a token says one is, if it is ours, of this widget and epoch
// and has not expired. Else it returns CodeUnauthorized.
func (s *Visitors) open(token, widget string, epoch parley.VisitorEpoch) (*visitor, error) {
	rest, ok := strings.CutPrefix(token, tokenPrefix)
	payload, signature, cut := strings.Cut(rest, ".")
	if !ok || !cut || len(token) > maxToken || !s.Keys.Verify([]byte(payload), tokenKind, signature) {
		return nil, errToken
	}
	b, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil, errToken
	}
	v := &visitor{}
	if err := json.Unmarshal(b, v); err != nil {
		return nil, errToken
	}
	if v.Widget != widget || v.Installation != epoch.Installation || v.Epoch != epoch.Widget || s.Now().Unix() >= v.Expires {
		return nil, errToken
	}
	return v, nil
}

// holds reports whether a token still holds, and the conversation is still its
// visitor's: what a stream asks at every heartbeat.
func (s *Visitors) holds(ctx context.Context, w *parley.Widget, v *visitor, conv string) bool {
	st, err := s.Store.WidgetState(ctx, w.ID)
	if err != nil || v.Installation != st.Epoch.Installation || v.Epoch != st.Epoch.Widget || s.Now().Unix() >= v.Expires {
		return false
	}
	owns, err := s.Store.VisitorOwns(ctx, w.WorkspaceID, w.ID, v.ID, conv)
	return err == nil && owns
}
