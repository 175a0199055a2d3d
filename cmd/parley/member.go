package main

import (
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/password"
	"parley/internal/store"
	"parley/internal/store/sessions"
	"parley/internal/token"
)

type memberCommand struct {
	ResetPassword resetPasswordCommand `cmd:"" help:"Give a member a new password, or a link to sign in with, and end their sessions."`
}

type resetPasswordCommand struct {
	Email   string         `arg:"" help:"The member's e-mail address."`
	URL     string         `name:"public-url" env:"PARLEY_PUBLIC_URL" default:"http://127.0.0.1:8080" help:"How browsers reach the server, for the link."`
	Storage config.Storage `embed:""`
}

// linkValid is how long the printed link may be used.
const linkValid = time.Hour

// Run sets the password that PARLEY_NEW_PASSWORD holds; without one it prints a
// link that signs the member in once, to set one there.
func (c *resetPasswordCommand) Run(p *program) error {
	s, err := p.openStore(&c.Storage, app.StoreOptions{Shared: true})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	m, err := s.MemberByEmail(p.ctx, strings.ToLower(strings.TrimSpace(c.Email)))
	if err != nil {
		if parley.ErrorCode(err) == parley.CodeNotFound {
			return parley.Errorf(parley.CodeNotFound, "Nobody has the e-mail address %s.", c.Email)
		}
		return err
	}
	said, err := c.reset(p, s, m)
	if err != nil {
		return err
	}
	if err := sessions.SignOut(p.ctx, s.Tables(), m.ID, ""); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, said)
	return err
}

func (c *resetPasswordCommand) reset(p *program, s *store.Store, m *parley.Member) (string, error) {
	if pw := p.getenv("PARLEY_NEW_PASSWORD"); pw != "" {
		hash, err := password.NewHasher(password.DefaultParams(), 1).Hash(p.ctx, pw)
		if err != nil {
			return "", err
		}
		m.PasswordHash = hash
		return fmt.Sprintf("%s has the new password and was signed out everywhere.", m.Email), s.UpdateMember(p.ctx, m)
	}
	tok := token.New("")
	err := s.CreateLoginToken(p.ctx, store.LoginToken{
		Hash: token.Hash(tok), Purpose: store.PurposeSignIn, WorkspaceID: m.WorkspaceID, MemberID: m.ID,
		ExpiresAt: time.Now().Add(linkValid),
	})
	return fmt.Sprintf("%s was signed out everywhere. This link signs in once, within an hour; set a new password there:\n%s/signin#token=%s",
		m.Email, strings.TrimRight(c.URL, "/"), tok), err
}
