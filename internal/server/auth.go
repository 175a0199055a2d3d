package server

import (
	"context"
	"strings"
	"time"

	"parley"
	"parley/internal/password"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/sessions"
	"parley/internal/token"
)

func (s *Server) authState(ctx context.Context, _ *api.None) (*api.Reply[wire.AuthState], error) {
	needed, err := s.Store.NeedsSetup(ctx)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.AuthState{NeedsSetup: needed, Demo: s.Demo, SignedIn: api.CallOf(ctx).Who != nil}), nil
}

// newMember makes a member of what a form holds. It returns CodeInvalid.
func (s *Server) newMember(ctx context.Context, name, email, pw string, role parley.Role) (*parley.Member, error) {
	email, err := cleanEmail(email)
	if err != nil {
		return nil, err
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "name: who are you?")
	}
	hash, err := s.hasher.Hash(ctx, pw)
	if err != nil {
		return nil, err
	}
	return &parley.Member{
		ID: parley.NewID(s.now()), Email: email, Name: name, Role: role, PasswordHash: hash, CreatedAt: s.now(),
	}, nil
}

// cleanEmail returns an address in the form in which it is stored.
func cleanEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(email, " \t\r\n,;<>\"") || len(email) > 254 || strings.Contains(domain, "@") {
		return "", parley.Errorf(parley.CodeInvalid, "email: %q is not an e-mail address.", email)
	}
	return email, nil
}

func (s *Server) setup(ctx context.Context, in *api.Body[wire.Setup]) (*api.Reply[wire.Me], error) {
	c := api.CallOf(ctx)
	undo, err := s.gate.TrySignIn(c.R, "")
	if err != nil {
		return nil, err
	}
	zone := orDefault(in.Body.TimeZone, "UTC")
	if _, err := loadZone(zone); err != nil {
		return nil, err
	}
	owner, err := s.newMember(ctx, in.Body.Name, in.Body.Email, in.Body.Password, parley.RoleOwner)
	if err != nil {
		return nil, err
	}
	ws := &parley.Workspace{
		ID: parley.NewID(s.now()), Name: strings.TrimSpace(in.Body.WorkspaceName), TimeZone: zone,
		Settings: parley.DefaultWorkspaceSettings(), CreatedAt: s.now(),
	}
	owner.WorkspaceID = ws.ID
	if err := s.Store.SetUp(ctx, token.Hash(in.Body.Token), ws, owner); err != nil {
		return nil, err
	}
	undo()
	return s.signedIn(c, owner)
}

// signedIn starts a session and answers who it is.
func (s *Server) signedIn(c *api.Call, m *parley.Member) (*api.Reply[wire.Me], error) {
	var err error
	if c.Who, err = s.gate.SignIn(c.W, c.R, m); err != nil {
		return nil, err
	}
	return s.me(c, nil)
}

// signIn takes the same time whether or not the e-mail is a member's, and
// counts only what fails.
func (s *Server) signIn(ctx context.Context, in *api.Body[wire.SignIn]) (*api.Reply[wire.Me], error) {
	c := api.CallOf(ctx)
	email := strings.ToLower(strings.TrimSpace(in.Body.Email))
	undo, err := s.gate.TrySignIn(c.R, email)
	if err != nil {
		return nil, err
	}
	m, err := s.Store.MemberByEmail(ctx, email)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return nil, err
	}
	hash := ""
	if err == nil {
		hash = m.PasswordHash
	}
	waiting, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	ok, err := s.hasher.Matches(waiting, hash, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if !ok || !m.DisabledAt.IsZero() {
		return nil, parley.Errorf(parley.CodeUnauthorized, "The e-mail or the password is wrong.")
	}
	undo()
	return s.signedIn(c, m)
}

// hashPatience is how long a sign-in waits for its turn to be hashed.
const hashPatience = 10 * time.Second

func (s *Server) signInByLink(ctx context.Context, in *api.Body[wire.SignInLink]) (*api.Reply[wire.Me], error) {
	c := api.CallOf(ctx)
	undo, err := s.gate.TrySignIn(c.R, "")
	if err != nil {
		return nil, err
	}
	link, err := s.Store.TakeLoginToken(ctx, token.Hash(in.Body.Token))
	if err != nil {
		return nil, err
	}
	spent := parley.Errorf(parley.CodeUnauthorized, "This link was used already or has expired.")
	if link.Purpose != store.PurposeSignIn {
		return nil, spent
	}
	m, err := s.Store.Member(ctx, link.WorkspaceID, link.MemberID)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && !m.DisabledAt.IsZero() {
		return nil, spent
	}
	if err != nil {
		return nil, err
	}
	undo()
	return s.signedIn(c, m)
}

func (s *Server) signOut(ctx context.Context, _ *api.None) (*api.None, error) {
	c := api.CallOf(ctx)
	return nil, s.gate.SignOut(c.W, c.R)
}

func (s *Server) lookAtInvite(ctx context.Context, in *byToken) (*api.Reply[wire.InviteInfo], error) {
	if _, err := s.gate.TrySignIn(api.CallOf(ctx).R, ""); err != nil {
		return nil, err
	}
	inv, err := s.Store.InviteByToken(ctx, token.Hash(in.Token))
	if err != nil {
		return nil, err
	}
	ws, err := s.Store.Workspace(ctx, inv.WorkspaceID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.InviteInfo{Workspace: ws.Name, Email: inv.Email, Role: inv.Role, ExpiresAt: inv.ExpiresAt.UTC()}), nil
}

func (s *Server) join(ctx context.Context, in *api.Body[wire.Join]) (*api.Reply[wire.Me], error) {
	c := api.CallOf(ctx)
	undo, err := s.gate.TrySignIn(c.R, "")
	if err != nil {
		return nil, err
	}
	hash := token.Hash(in.Body.Token)
	inv, err := s.Store.InviteByToken(ctx, hash)
	if err != nil {
		return nil, err
	}
	m, err := s.newMember(ctx, in.Body.Name, in.Body.Email, in.Body.Password, inv.Role)
	if err != nil {
		return nil, err
	}
	if inv.Email != "" && inv.Email != m.Email {
		return nil, parley.Errorf(parley.CodeForbidden, "This invite is for another e-mail address.")
	}
	m.WorkspaceID = inv.WorkspaceID
	if err := s.Store.AcceptInvite(ctx, hash, m); err != nil {
		return nil, err
	}
	undo()
	return s.signedIn(c, m)
}

func (s *Server) me(ctx context.Context, _ *api.None) (*api.Reply[wire.Me], error) {
	p := api.Who(ctx)
	ws, err := s.Store.Workspace(ctx, p.Workspace)
	if err != nil {
		return nil, err
	}
	out := wire.Me{Workspace: wire.WorkspaceOf(ws, s.SpeechKinds), Permissions: wire.NotNil(p.Permissions), Demo: s.Demo, Version: s.Version}
	if p.Member != nil {
		out.Member = &wire.MemberRef{ID: p.Member.ID, Name: p.Member.Name, Email: p.Member.Email, Role: p.Member.Role}
	} else {
		out.APIKey = &wire.Ref{ID: p.Key.ID, Name: p.Key.Name}
	}
	return api.Answer(out), nil
}

func (s *Server) editMe(ctx context.Context, in *api.Body[wire.EditMe]) (*api.Reply[wire.Me], error) {
	p := api.Who(ctx)
	if p.Member == nil {
		return nil, parley.Errorf(parley.CodeForbidden, "An API key has no name or password to change.")
	}
	m := *p.Member
	if in.Body.Name != nil {
		if m.Name = strings.TrimSpace(*in.Body.Name); m.Name == "" {
			return nil, parley.Errorf(parley.CodeInvalid, "name: who are you?")
		}
	}
	if in.Body.Password != nil {
		if err := s.changePassword(ctx, &m, in.Body.CurrentPassword, *in.Body.Password); err != nil {
			return nil, err
		}
	}
	if err := s.Store.UpdateMember(ctx, &m); err != nil {
		return nil, err
	}
	if in.Body.Password != nil {
		if err := sessions.SignOut(ctx, s.Store.Tables(), m.ID, p.Session()); err != nil {
			return nil, err
		}
	}
	api.CallOf(ctx).Who = p.Changed(&m)
	return s.me(ctx, nil)
}

// changePassword asks for the old password, unless there is none yet.
func (s *Server) changePassword(ctx context.Context, m *parley.Member, old, pw string) error {
	if err := password.Check(pw); err != nil {
		return err
	}
	if m.PasswordHash != "" {
		undo, err := s.gate.TrySignIn(api.CallOf(ctx).R, m.Email)
		if err != nil {
			return err
		}
		ok, err := s.hasher.Matches(ctx, m.PasswordHash, old)
		if err != nil {
			return err
		}
		if !ok {
			return parley.Errorf(parley.CodeForbidden, "The current password is wrong.")
		}
		undo()
	}
	hash, err := s.hasher.Hash(ctx, pw)
	m.PasswordHash = hash
	return err
}
