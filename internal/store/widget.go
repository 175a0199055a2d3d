package store

import (
	"context"
	"time"

	"parley"
)

const widgetColumns = `workspace_id, id, name, assistant_id, settings, identity_secret, visitor_epoch, created_at, updated_at`

// scanWidget decrypts the secret.
func (s *Store) scanWidget(r scanner) (parley.Widget, error) {
	var w parley.Widget
	err := r.Scan(&w.WorkspaceID, &w.ID, &w.Name, &w.AssistantID, asJSON(&w.Settings), &w.IdentitySecret, &w.VisitorEpoch,
		asTime(&w.CreatedAt), asTime(&w.UpdatedAt))
	if err == nil {
		w.IdentitySecret, err = s.unseal(w.IdentitySecret, "widget", w.ID)
		w.Settings.Default() // what a setting that came later is for older widgets
	}
	return w, err
}

// CreateWidget adds a widget; it gives it an id and times if it has none. It
// returns CodeNotFound for an unknown assistant.
func (s *Store) CreateWidget(ctx context.Context, w *parley.Widget) error {
	s.stamp(&w.ID, &w.CreatedAt)
	// Not 1: the tokens of a widget that had this id before must not hold again.
	w.UpdatedAt, w.VisitorEpoch = w.CreatedAt, w.CreatedAt.Unix()
	secret, err := s.seal(w.IdentitySecret, "widget", w.ID)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		if err := haveAssistant(ctx, t, w.WorkspaceID, w.AssistantID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO widget (`+widgetColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			w.WorkspaceID, w.ID, w.Name, w.AssistantID, toJSON(w.Settings), secret, w.VisitorEpoch,
			micros(w.CreatedAt), micros(w.UpdatedAt))
		return err
	})
}

// haveAssistant returns CodeNotFound if the workspace has no such assistant.
func haveAssistant(ctx context.Context, q querier, ws, id string) error {
	var one int
	err := q.queryRow(ctx, `SELECT 1 FROM assistant WHERE id = $1 AND workspace_id = $2 AND deleted_at = 0`, id, ws).Scan(&one)
	return orNotFound(err, "assistant")
}

// Widgets returns the widgets of a workspace, the oldest first.
func (s *Store) Widgets(ctx context.Context, ws string) ([]parley.Widget, error) {
	rs, err := s.read.query(ctx, `SELECT `+widgetColumns+` FROM widget WHERE workspace_id = $1 ORDER BY id`, ws)
	return collect(rs, err, s.scanWidget)
}

// Widget returns one widget with its secret. It returns CodeNotFound.
func (s *Store) Widget(ctx context.Context, ws, id string) (*parley.Widget, error) {
	w, err := s.scanWidget(s.read.queryRow(ctx,
		`SELECT `+widgetColumns+` FROM widget WHERE workspace_id = $1 AND id = $2`, ws, id))
	return found(w, err, "widget")
}

// PublicWidget returns a widget of any workspace by its id, which is no secret:
// it is what a website has. It returns CodeNotFound.
func (s *Store) PublicWidget(ctx context.Context, id string) (*parley.Widget, error) {
	w, err := s.scanWidget(s.read.queryRow(ctx, `SELECT `+widgetColumns+` FROM widget WHERE id = $1`, id))
	return found(w, err, "widget")
}

// WidgetState is what has to be asked at every request of a visitor.
type WidgetState struct {
	Epoch     parley.VisitorEpoch
	UpdatedAt time.Time // of the settings
}

// WidgetState returns how a widget stands now. It returns CodeNotFound.
func (s *Store) WidgetState(ctx context.Context, id string) (WidgetState, error) {
	var st WidgetState
	err := s.read.queryRow(ctx, `
		SELECT visitor_epoch, updated_at, COALESCE((SELECT value FROM app WHERE name = '`+visitorEpoch+`'), '')
		FROM widget WHERE id = $1`, id).Scan(&st.Epoch.Widget, asTime(&st.UpdatedAt), &st.Epoch.Installation)
	return st, orNotFound(err, "widget")
}

// UpdateWidget changes name, assistant, settings and, unless it is empty, the
// secret. It returns CodeNotFound.
func (s *Store) UpdateWidget(ctx context.Context, w *parley.Widget) error {
	secret, err := s.seal(w.IdentitySecret, "widget", w.ID)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		if err := haveAssistant(ctx, t, w.WorkspaceID, w.AssistantID); err != nil {
			return err
		}
		// Rises also when the clock stands still, for it names the state of the
		// settings.
		err := t.queryRow(ctx, `
			UPDATE widget SET name = $3, assistant_id = $4, settings = $5,
				identity_secret = CASE WHEN $6 = '' THEN identity_secret ELSE $6 END,
				updated_at = CASE WHEN updated_at < $7 THEN $7 ELSE updated_at + 1 END
			WHERE workspace_id = $1 AND id = $2 RETURNING updated_at`,
			w.WorkspaceID, w.ID, w.Name, w.AssistantID, toJSON(w.Settings), secret, micros(s.nowMicros())).
			Scan(asTime(&w.UpdatedAt))
		return orNotFound(err, "widget")
	})
}

// RaiseVisitorEpoch makes the tokens of all visitors of a widget void. It
// returns CodeNotFound.
func (s *Store) RaiseVisitorEpoch(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE widget SET visitor_epoch = visitor_epoch + 1 WHERE workspace_id = $1 AND id = $2`, ws, id)
		return changedOne(n, err, "widget")
	})
}

// DeleteWidget removes a widget; its conversations stay. It returns
// CodeNotFound.
func (s *Store) DeleteWidget(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM widget WHERE workspace_id = $1 AND id = $2`, ws, id)
		return changedOne(n, err, "widget")
	})
}
