package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/config"
	"parley/internal/password"
	"parley/internal/store"
	"parley/internal/token"
)

// firstStart gives a new server its first workspace and owner.
type firstStart struct {
	store   *store.Store
	blobs   *blob.Dir
	secrets *config.Secrets
	now     func() time.Time
	log     *slog.Logger
}

// link is a one-time link to print. Its path ends in the token, behind a '#':
// what stands there never reaches a server's or proxy's log.
type link struct{ says, path string }

// How long the printed links are valid.
const (
	setupValid  = 7 * 24 * time.Hour
	signInValid = 24 * time.Hour
)

// owner creates the owner that the environment names; without one it makes a
// set-up link as long as there is no member.
func (f *firstStart) owner(ctx context.Context) ([]link, error) {
	needed, err := f.store.NeedsSetup(ctx)
	if err != nil {
		return nil, err
	}
	if f.secrets.AdminEmail == "" {
		if !needed {
			return nil, nil
		}
		tok, err := f.setupToken(ctx)
		return []link{{"Set up your workspace", "/setup#token=" + tok}}, err
	}
	if needed {
		w := &parley.Workspace{Name: "My workspace", TimeZone: localZone(), Settings: parley.DefaultWorkspaceSettings()}
		if err := f.setUp(ctx, w); err != nil {
			return nil, err
		}
	}
	return nil, f.apiKey(ctx)
}

// setUp creates a workspace with the owner that the environment names.
func (f *firstStart) setUp(ctx context.Context, w *parley.Workspace) error {
	hash, err := password.NewHasher(password.DefaultParams(), 1).Hash(ctx, f.secrets.AdminPassword)
	if err != nil {
		return err
	}
	email := adminEmail(f.secrets)
	name, _, _ := strings.Cut(email, "@")
	return f.create(ctx, w, &parley.Member{Email: email, Name: name, PasswordHash: hash})
}

func adminEmail(s *config.Secrets) string { return strings.ToLower(strings.TrimSpace(s.AdminEmail)) }

// create makes the first workspace and its owner, the way a set-up link does.
func (f *firstStart) create(ctx context.Context, w *parley.Workspace, owner *parley.Member) error {
	tok, err := f.setupToken(ctx)
	if err != nil {
		return err
	}
	now := f.now().UTC()
	owner.ID, owner.Role, owner.CreatedAt = parley.NewID(now), parley.RoleOwner, now
	if w.ID == "" {
		w.ID = parley.NewID(now)
	}
	w.CreatedAt = now
	return f.store.SetUp(ctx, token.Hash(tok), w, owner)
}

func (f *firstStart) setupToken(ctx context.Context) (string, error) {
	tok := token.New("")
	return tok, f.store.CreateLoginToken(ctx, store.LoginToken{
		Hash: token.Hash(tok), Purpose: store.PurposeSetup, ExpiresAt: f.now().Add(setupValid),
	})
}

// signInLink makes a link that signs a member in once.
func (f *firstStart) signInLink(ctx context.Context, m *parley.Member) (link, error) {
	tok := token.New("")
	err := f.store.CreateLoginToken(ctx, store.LoginToken{
		Hash: token.Hash(tok), Purpose: store.PurposeSignIn, WorkspaceID: m.WorkspaceID, MemberID: m.ID,
		ExpiresAt: f.now().Add(signInValid),
	})
	return link{"Sign in to the demo, once", "/signin#token=" + tok}, err
}

// environmentKey is the name of the API key that the environment gives.
const environmentKey = "From PARLEY_ADMIN_API_KEY"

// apiKey creates the API key that the environment names, once. A key that was
// revoked stays revoked.
func (f *firstStart) apiKey(ctx context.Context) error {
	key := f.secrets.AdminAPIKey
	if key == "" {
		return nil
	}
	owner, err := f.store.MemberByEmail(ctx, adminEmail(f.secrets))
	if parley.ErrorCode(err) == parley.CodeNotFound {
		f.log.WarnContext(ctx, "PARLEY_ADMIN_EMAIL is nobody's address here: the server was set up before, or the owner changed it; PARLEY_ADMIN_API_KEY is not created")
		return nil
	}
	if err != nil {
		return err
	}
	now := f.now().UTC()
	err = f.store.CreateAPIKey(ctx, &parley.APIKey{
		ID: parley.NewID(now), WorkspaceID: owner.WorkspaceID, Name: environmentKey,
		Prefix: key[:min(len(key), token.KeyShown)], Hash: token.Hash(key), Scopes: parley.Permissions(),
		CreatedBy: owner.ID, CreatedAt: now,
	})
	if parley.ErrorCode(err) == parley.CodeConflict {
		return nil // it was created before
	}
	return err
}

// localZone returns the IANA name of the machine's time zone, "UTC" if it has
// none.
func localZone() string {
	if name := time.Local.String(); name != "Local" && name != "" { //nolint:gosmopolitan // the machine's zone is what is asked for
		return name
	}
	return "UTC"
}

// announce prints where the server is and the links that lead into it.
func (a *App) announce(out io.Writer, version string, links []link) {
	var b strings.Builder
	fmt.Fprintf(&b, "Parley %s listens on %s\n", version, a.URL())
	for _, l := range links {
		fmt.Fprintf(&b, "%s: %s%s\n", l.says, a.URL(), l.path)
	}
	_, _ = io.WriteString(out, b.String())
}
