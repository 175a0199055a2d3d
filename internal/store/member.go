package store

import (
	"context"
	"strings"
	"time"

	"parley"
)

const memberColumns = `workspace_id, id, email, name, role, password_hash, created_at, last_seen_at, disabled_at`

func scanMember(r scanner) (parley.Member, error) {
	var m parley.Member
	err := r.Scan(&m.WorkspaceID, &m.ID, &m.Email, &m.Name, (*string)(&m.Role), &m.PasswordHash,
		asTime(&m.CreatedAt), asTime(&m.LastSeenAt), asTime(&m.DisabledAt))
	return m, err
}

// CreateMember adds a member; it gives it an id and a time if it has none. It
// returns CodeConflict if the e-mail address is taken.
func (s *Store) CreateMember(ctx context.Context, m *parley.Member) error {
	return s.write(ctx, func(t *tx) error { return insertMember(ctx, t, m) })
}

func insertMember(ctx context.Context, t *tx, m *parley.Member) error {
	t.s.stamp(&m.ID, &m.CreatedAt)
	m.Email = foldEmail(m.Email)
	n, err := t.exec(ctx, `
		INSERT INTO member (`+memberColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (email) DO NOTHING`,
		m.WorkspaceID, m.ID, m.Email, m.Name, string(m.Role), m.PasswordHash,
		micros(m.CreatedAt), micros(m.LastSeenAt), micros(m.DisabledAt))
	if err == nil && n == 0 {
		err = errEmailTaken()
	}
	return err
}

func errEmailTaken() error {
	return parley.Errorf(parley.CodeConflict, "Another member has this e-mail address.")
}

// foldEmail is how addresses are compared.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Member returns one member of a workspace. It returns CodeNotFound.
func (s *Store) Member(ctx context.Context, workspaceID, id string) (*parley.Member, error) {
	m, err := scanMember(s.read.queryRow(ctx,
		`SELECT `+memberColumns+` FROM member WHERE workspace_id = $1 AND id = $2`, workspaceID, id))
	return found(m, err, "member")
}

// MemberByEmail returns the member of any workspace who has an address. It
// returns CodeNotFound.
func (s *Store) MemberByEmail(ctx context.Context, email string) (*parley.Member, error) {
	m, err := scanMember(s.read.queryRow(ctx,
		`SELECT `+memberColumns+` FROM member WHERE email = $1`, foldEmail(email)))
	return found(m, err, "member")
}

// Members returns the members of a workspace, the oldest first.
func (s *Store) Members(ctx context.Context, workspaceID string) ([]parley.Member, error) {
	rs, err := s.read.query(ctx,
		`SELECT `+memberColumns+` FROM member WHERE workspace_id = $1 ORDER BY id`, workspaceID)
	return collect(rs, err, scanMember)
}

// UpdateMember changes all but id, workspace and times of being created and
// seen; an empty PasswordHash keeps the old one. It returns CodeNotFound, and
// CodeConflict if the address is taken or the workspace would be left without
// an owner who may sign in.
func (s *Store) UpdateMember(ctx context.Context, m *parley.Member) error {
	m.Email = foldEmail(m.Email)
	return s.write(ctx, func(t *tx) error {
		if err := lockWorkspace(ctx, t, m.WorkspaceID); err != nil {
			return err
		}
		var taken bool
		err := t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM member WHERE email = $1 AND id <> $2)`,
			m.Email, m.ID).Scan(&taken)
		if err != nil {
			return err
		}
		if taken {
			return errEmailTaken()
		}
		n, err := t.exec(ctx, `
			UPDATE member SET email = $3, name = $4, role = $5, disabled_at = $6,
				password_hash = CASE WHEN $7 = '' THEN password_hash ELSE $7 END
			WHERE workspace_id = $1 AND id = $2`,
			m.WorkspaceID, m.ID, m.Email, m.Name, string(m.Role), micros(m.DisabledAt), m.PasswordHash)
		if err := changedOne(n, err, "member"); err != nil {
			return err
		}
		return checkOwner(ctx, t, m.WorkspaceID)
	})
}

// DeleteMember removes a member and ends their sessions. It returns
// CodeNotFound, and CodeConflict for the last owner.
func (s *Store) DeleteMember(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		if err := lockWorkspace(ctx, t, workspaceID); err != nil {
			return err
		}
		n, err := t.exec(ctx, `DELETE FROM member WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
		if err := changedOne(n, err, "member"); err != nil {
			return err
		}
		for _, table := range []string{"auth_session", "login_token"} {
			if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE member_id = $1`, id); err != nil {
				return err
			}
		}
		return checkOwner(ctx, t, workspaceID)
	})
}

// MemberSeen records that a member was there now, to the minute.
func (s *Store) MemberSeen(ctx context.Context, workspaceID, id string) error {
	now := s.now()
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE member SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2 AND last_seen_at <= $4`,
			workspaceID, id, micros(now), micros(now.Add(-time.Minute)))
		return err
	})
}

// lockWorkspace makes transactions about who may do what wait for each other.
func lockWorkspace(ctx context.Context, t *tx, id string) error {
	_, err := t.exec(ctx, `UPDATE workspace SET number = number WHERE id = $1`, id)
	return err
}

// checkOwner returns CodeConflict if nobody in the workspace may do everything.
func checkOwner(ctx context.Context, t *tx, workspaceID string) error {
	var owner bool
	err := t.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM member WHERE workspace_id = $1 AND role = $2 AND disabled_at = 0)`,
		workspaceID, string(parley.RoleOwner)).Scan(&owner)
	if err == nil && !owner {
		err = parley.Errorf(parley.CodeConflict, "A workspace needs an owner. Make somebody else an owner first.")
	}
	return err
}
