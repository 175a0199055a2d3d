package store

import (
	"context"

	"parley"
)

const inviteColumns = `workspace_id, id, email, role, token_hash, created_by, created_at, expires_at, used_at`

func scanInvite(r scanner) (parley.Invite, error) {
	var i parley.Invite
	err := r.Scan(&i.WorkspaceID, &i.ID, &i.Email, (*string)(&i.Role), &i.TokenHash, &i.CreatedBy,
		asTime(&i.CreatedAt), asTime(&i.ExpiresAt), asTime(&i.UsedAt))
	return i, err
}

// CreateInvite adds an invite; it gives it an id and a time if it has none.
func (s *Store) CreateInvite(ctx context.Context, i *parley.Invite) error {
	s.stamp(&i.ID, &i.CreatedAt)
	i.Email = foldEmail(i.Email)
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO invite (`+inviteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
			i.WorkspaceID, i.ID, i.Email, string(i.Role), i.TokenHash, i.CreatedBy,
			micros(i.CreatedAt), micros(i.ExpiresAt))
		return err
	})
}

// Invites returns the invites of a workspace that can still be used, the
// oldest first.
func (s *Store) Invites(ctx context.Context, workspaceID string) ([]parley.Invite, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+inviteColumns+` FROM invite
		WHERE workspace_id = $1 AND used_at = 0 AND expires_at > $2 ORDER BY id`,
		workspaceID, micros(s.now()))
	return collect(rs, err, scanInvite)
}

// InviteByToken returns an invite that can still be used. It returns
// CodeNotFound for any other.
func (s *Store) InviteByToken(ctx context.Context, tokenHash string) (*parley.Invite, error) {
	i, err := scanInvite(s.read.queryRow(ctx,
		`SELECT `+inviteColumns+` FROM invite WHERE token_hash = $1 AND used_at = 0 AND expires_at > $2`,
		tokenHash, micros(s.now())))
	return found(i, err, "invite")
}

// AcceptInvite uses an invite up and adds the member, in the workspace and
// with the role of the invite. It returns CodeNotFound for an invite that is
// unknown, used or expired, CodeForbidden if it is for another address and
// CodeConflict if the address is taken.
func (s *Store) AcceptInvite(ctx context.Context, tokenHash string, m *parley.Member) error {
	return s.write(ctx, func(t *tx) error {
		var email string
		err := t.queryRow(ctx, `
			UPDATE invite SET used_at = $2 WHERE token_hash = $1 AND used_at = 0 AND expires_at > $2
			RETURNING workspace_id, role, email`,
			tokenHash, micros(s.now())).Scan(&m.WorkspaceID, (*string)(&m.Role), &email)
		if err != nil {
			return orNotFound(err, "invite")
		}
		if email != "" && email != foldEmail(m.Email) {
			return parley.Errorf(parley.CodeForbidden, "The invite is for another e-mail address.")
		}
		return insertMember(ctx, t, m)
	})
}

// DeleteInvite makes an invite worthless. It returns CodeNotFound.
func (s *Store) DeleteInvite(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM invite WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
		return changedOne(n, err, "invite")
	})
}
