package exports

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// Importer writes conversations that were exported into a workspace. What is there
// already it leaves alone, so that it may be run again.
type Importer struct {
	x      *Exports
	ws     string
	filler *store.Filler
	known  map[string]string // ids of assistants and numbers, by those that were exported
}

// Imported is a conversation to be written, with the names of what it refers to
// and what stands on it.
type Imported struct {
	store.FillConversation
	AssistantName           string
	SenderName, SenderPhone string
	Furniture               desk.Furniture
	TagsLeft                int // set by Import: tags that it left out because there are too many
}

// NewImporter prepares an import. It returns CodeNotFound for an unknown
// workspace.
func (x *Exports) NewImporter(ctx context.Context, ws string) (*Importer, error) {
	f, err := x.NewFiller(ctx, ws, false)
	if err != nil {
		return nil, err
	}
	return &Importer{x: x, ws: ws, filler: f, known: map[string]string{}}, nil
}

// Import writes conversations, all of them or none, and returns how many were not
// there yet.
func (m *Importer) Import(ctx context.Context, convs []Imported) (written int, err error) {
	fresh := make([]store.FillConversation, 0, len(convs))
	for i := range convs {
		c := &convs[i]
		id, there, err := m.own(ctx, "conversation", c.Conversation.ID)
		if err != nil {
			return 0, err
		}
		if there {
			continue
		}
		if id != c.Conversation.ID { // and so are those of its rows
			for k := range c.Usage {
				c.Usage[k].ID = derived(m.ws, c.Usage[k].ID)
			}
		}
		c.Conversation.ID = id
		if err := m.refer(ctx, c); err != nil {
			return 0, err
		}
		if !c.Furniture.Empty() {
			c.Beside = func(ctx context.Context, t store.Tx, n int64) (err error) {
				c.TagsLeft, err = c.Furniture.Put(ctx, t, m.ws, n, time.Now().UTC())
				return err
			}
		}
		fresh = append(fresh, c.FillConversation)
	}
	return len(fresh), m.filler.Write(ctx, m.filler.Prepare(fresh))
}

// Held reports whether a conversation is there, and how many messages it has.
func (m *Importer) Held(ctx context.Context, id string) (messages int, there bool, err error) {
	own, there, err := m.own(ctx, "conversation", id)
	if err == nil && there {
		err = m.x.Tables().QueryRow(ctx, `SELECT message_count FROM conversation WHERE id = $1 AND workspace_id = $2`, own, m.ws).Scan(&messages)
	}
	return messages, there, err
}

// own returns the id that a thing has in the workspace, and whether it is there:
// its own, or, where another workspace has that, one that follows from both.
func (m *Importer) own(ctx context.Context, table, id string) (own string, there bool, err error) {
	for _, own := range []string{id, derived(m.ws, id)} {
		owner, err := m.one(ctx, `SELECT workspace_id FROM `+table+` WHERE id = $1`, own)
		if err != nil {
			return "", false, err
		}
		if owner == "" || owner == m.ws {
			return own, owner != "", nil
		}
	}
	return "", false, parley.Errorf(parley.CodeConflict, "The id %s is taken.", id)
}

// one reads a text of one row; "" if there is none.
func (m *Importer) one(ctx context.Context, query string, args ...any) (text string, err error) {
	err = m.x.Tables().QueryRow(ctx, query, args...).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return text, err
}

// derived returns an id that follows from another one and a workspace.
func derived(ws, id string) string {
	sum := sha256.Sum256([]byte(ws + " " + id))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made as we like
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// refer makes what a conversation refers to, where it is missing, and lets it
// refer to that.
func (m *Importer) refer(ctx context.Context, c *Imported) (err error) {
	conv := &c.Conversation
	if conv.AssistantID, err = m.once(ctx, "assistant", conv.AssistantID, func(id string) error {
		cfg := parley.AssistantConfig{Name: c.AssistantName, Status: parley.AssistantInactive}
		cfg.Default()
		return m.x.CreateAssistant(ctx, &parley.Assistant{WorkspaceID: m.ws, ID: id, Config: cfg}, "")
	}); err != nil {
		return err
	}
	if conv.SenderID != "" {
		if conv.SenderID, err = m.once(ctx, "sender", conv.SenderID, func(id string) error { return m.formerSender(ctx, id, c) }); err != nil {
			return err
		}
	}
	for i := range c.Usage {
		if own := m.known[c.Usage[i].AssistantID]; own != "" {
			c.Usage[i].AssistantID = own
		}
	}
	c.Contact.ID, err = m.contact(ctx, c)
	return err
}

// once returns the id of what conversations refer to, which is made if it is not
// there.
func (m *Importer) once(ctx context.Context, table, id string, create func(id string) error) (string, error) {
	if own := m.known[id]; own != "" {
		return own, nil
	}
	own, there, err := m.own(ctx, table, id)
	if err == nil && !there {
		err = create(own)
	}
	if err == nil {
		m.known[id] = own
	}
	return own, err
}

// formerSender makes a number that nothing is sent from: one that was
// disconnected.
func (m *Importer) formerSender(ctx context.Context, id string, c *Imported) error {
	return m.x.Tables().Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			INSERT INTO sender (workspace_id, id, name, kind, simulated, app_id, waba_id, phone_number_id, display_phone, base_url,
				graph_version, token, assistant_id, ai_on, reply_delay, health, created_at, updated_at, deleted_at)
			VALUES ($1, $2, $3, $4, 0, '', '', '', $5, '', '', '', $6, 0, 0, '{}', $7, $7, $7)`,
			m.ws, id, c.SenderName, string(parley.SenderCloud), c.SenderPhone, c.Conversation.AssistantID, store.Micros(c.Conversation.StartedAt))
		return err
	})
}

// contact returns the id of the contact: the one with its id, else one that is
// known by one of its identities.
func (m *Importer) contact(ctx context.Context, c *Imported) (string, error) {
	id, there, err := m.own(ctx, "contact", c.Contact.ID)
	if err != nil || there {
		return id, err
	}
	for _, i := range c.Identities {
		known, err := m.one(ctx, `SELECT contact_id FROM identity WHERE workspace_id = $1 AND kind = $2 AND value = $3`, m.ws, string(i.Kind), i.Value)
		if known != "" || err != nil {
			return known, err
		}
	}
	return id, nil
}

// Close ends the import.
func (m *Importer) Close() error { return m.filler.Close() }
