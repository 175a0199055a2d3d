package desk

import (
	"context"
	"regexp"
	"time"

	"parley"
	"parley/internal/store"
)

// Tag is a word that can be put on conversations.
type Tag struct {
	WorkspaceID string
	ID          string
	Name        string // unique in the workspace, without regard to case
	Color       string // one of Colors, or #rrggbb
	CreatedAt   time.Time
	Used        int // conversations that have it, at most MaxUsed
}

// The limits of tags.
const (
	MaxTags    = 200 // of a workspace
	MaxTagged  = 20  // of a conversation
	MaxUsed    = 1000
	maxTagName = 40
)

// colorPattern is #rrggbb.
var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

var (
	errNoTag     = parley.Errorf(parley.CodeNotFound, "There is no such tag.")
	errTagExists = parley.Errorf(parley.CodeConflict, "There is a tag of that name already.")
)

func (g *Tag) check() error {
	if err := text("name", g.Name, maxTagName); err != nil {
		return err
	}
	if !colorPattern.MatchString(g.Color) {
		return invalid("color", "must be a color such as #8b5cf6")
	}
	return nil
}

const tagColumns = `t.workspace_id, t.id, t.name, t.color, t.created_at`

func scanTag(r store.Row, more ...any) (g Tag, err error) {
	var created int64
	err = r.Scan(append([]any{&g.WorkspaceID, &g.ID, &g.Name, &g.Color, &created}, more...)...)
	g.CreatedAt = store.FromMicros(created)
	return g, err
}

// Tags returns the tags of a workspace by name, with how often each is used.
func (d *Desk) Tags(ctx context.Context, ws string) ([]Tag, error) {
	r, err := d.Query(ctx, `
		SELECT `+tagColumns+`, (SELECT COUNT(*) FROM (SELECT 1 FROM desk_tagged g WHERE g.tag_id = t.id LIMIT $2) u)
		FROM desk_tag t WHERE t.workspace_id = $1 AND t.deleted_at = 0 ORDER BY t.folded`, ws, MaxUsed)
	return store.Collect(r, err, func(r store.Row) (Tag, error) {
		var used int
		g, err := scanTag(r, &used)
		g.Used = used
		return g, err
	})
}

// Tag returns one tag. It returns CodeNotFound.
func (d *Desk) Tag(ctx context.Context, ws, id string) (*Tag, error) {
	g, err := scanTag(d.QueryRow(ctx, `
		SELECT `+tagColumns+` FROM desk_tag t WHERE t.workspace_id = $1 AND t.id = $2 AND t.deleted_at = 0`, ws, id))
	if err != nil {
		return nil, orMissing(err, errNoTag)
	}
	return &g, nil
}

// CreateTag adds a tag; g has WorkspaceID, Name and Color. It returns CodeInvalid,
// and CodeConflict if there is one of that name or there are too many.
func (d *Desk) CreateTag(ctx context.Context, g *Tag) error {
	if err := g.check(); err != nil {
		return err
	}
	now := d.now()
	g.ID, g.CreatedAt = parley.NewID(now), now
	return d.Write(ctx, func(t store.Tx) error {
		var have int
		if err := t.QueryRow(ctx, `SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND deleted_at = 0`, g.WorkspaceID).Scan(&have); err != nil {
			return err
		}
		if have >= MaxTags {
			return parley.Errorf(parley.CodeConflict, "A workspace has at most %d tags.", MaxTags)
		}
		n, err := t.Exec(ctx, `
			INSERT INTO desk_tag (workspace_id, id, name, folded, color, created_at, deleted_at)
			VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING`,
			g.WorkspaceID, g.ID, g.Name, fold(g.Name), g.Color, store.Micros(now))
		if err == nil && n == 0 {
			err = errTagExists
		}
		return err
	})
}

// UpdateTag changes the name and color of a tag. It returns CodeInvalid,
// CodeNotFound, and CodeConflict if there is another of that name.
func (d *Desk) UpdateTag(ctx context.Context, g *Tag) error {
	if err := g.check(); err != nil {
		return err
	}
	return d.Write(ctx, func(t store.Tx) error {
		var known, other int
		err := t.QueryRow(ctx, `
			SELECT (SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND id = $3 AND deleted_at = 0),
				(SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND folded = $2 AND deleted_at = 0 AND id <> $3)`,
			g.WorkspaceID, fold(g.Name), g.ID).Scan(&known, &other)
		switch {
		case err != nil:
			return err
		case known == 0:
			return errNoTag
		case other > 0:
			return errTagExists
		}
		_, err = t.Exec(ctx, `UPDATE desk_tag SET name = $3, folded = $4, color = $5 WHERE workspace_id = $1 AND id = $2`,
			g.WorkspaceID, g.ID, g.Name, fold(g.Name), g.Color)
		return err
	})
}

// DeleteTag removes a tag: it is seen on no conversation from now on. It returns
// CodeNotFound.
func (d *Desk) DeleteTag(ctx context.Context, ws, id string) error {
	return d.one(ctx, errNoTag, `UPDATE desk_tag SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`,
		ws, id, store.Micros(d.now()))
}

// PutTag puts a tag on a conversation; one that it has already stays. It returns
// CodeNotFound, and CodeConflict if the conversation has as many as it may.
func (d *Desk) PutTag(ctx context.Context, ws, conv, tag string) error {
	return d.mark(ctx, ws, conv, func(t store.Tx, n int64, _ *parley.Conversation) error { return putTag(ctx, t, ws, n, tag) })
}

func putTag(ctx context.Context, t store.Tx, ws string, n int64, tag string) error {
	var known, has, others int
	err := t.QueryRow(ctx, `
		SELECT (SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0),
			(SELECT COUNT(*) FROM desk_tagged WHERE n = $3 AND tag_id = $2),
			(SELECT COUNT(*) FROM desk_tagged g JOIN desk_tag o ON o.id = g.tag_id WHERE g.n = $3 AND g.tag_id <> $2 AND o.deleted_at = 0)`,
		ws, tag, n).Scan(&known, &has, &others)
	switch {
	case err != nil:
		return err
	case known == 0:
		return errNoTag
	case has > 0:
		return nil
	case others >= MaxTagged:
		return parley.Errorf(parley.CodeConflict, "A conversation has at most %d tags.", MaxTagged)
	}
	if _, err := t.Exec(ctx, `UPDATE conversation SET tagged = 1 WHERE n = $1`, n); err != nil {
		return err
	}
	_, err = t.Exec(ctx, `
		INSERT INTO desk_tagged (n, tag_id, facet_id, last_activity_at, started_at)
		SELECT n, $2, facet_id, last_activity_at, started_at FROM conversation WHERE n = $1`, n, tag)
	return err
}

// TakeTag takes a tag off a conversation; one that it has not is no error. It
// returns CodeNotFound.
func (d *Desk) TakeTag(ctx context.Context, ws, conv, tag string) error {
	return d.mark(ctx, ws, conv, func(t store.Tx, n int64, _ *parley.Conversation) error { return takeTag(ctx, t, ws, n, tag) })
}

func takeTag(ctx context.Context, t store.Tx, ws string, n int64, tag string) error {
	var known int
	if err := t.QueryRow(ctx, `SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND id = $2`, ws, tag).Scan(&known); err != nil {
		return err
	}
	if known == 0 {
		return errNoTag
	}
	_, err := t.Exec(ctx, `DELETE FROM desk_tagged WHERE n = $1 AND tag_id = $2`, n, tag)
	return err
}

// Review records that somebody has looked at a conversation, or takes that back.
// It returns CodeNotFound.
func (d *Desk) Review(ctx context.Context, ws, conv string, by Author, reviewed bool) error {
	now := d.now()
	return d.mark(ctx, ws, conv, func(t store.Tx, n int64, c *parley.Conversation) error {
		if c.Reviewed == reviewed {
			return nil
		}
		c.Reviewed = reviewed
		if !reviewed {
			_, err := t.Exec(ctx, `DELETE FROM desk_review WHERE conversation_n = $1`, n)
			return err
		}
		return putReview(ctx, t, n, &Review{By: by, At: now})
	})
}

func putReview(ctx context.Context, t store.Tx, n int64, r *Review) error {
	_, err := t.Exec(ctx, `INSERT INTO desk_review (conversation_n, by_id, by_name, at) VALUES ($1, $2, $3, $4)`,
		n, r.By.ID, r.By.Name, store.Micros(r.At))
	return err
}
