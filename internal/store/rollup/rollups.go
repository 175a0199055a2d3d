package rollup

import (
	"context"
	"sync"
	"time"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/found"
)

// Rollups keeps facts and spans and answers from them. It is safe for
// concurrent use; Update runs once at a time, however often it is called.
type Rollups struct {
	store  *store.Store
	db     store.Tables
	finder *found.Finder
	now    func() time.Time

	updating sync.Mutex
	zones    map[string]*zone // by workspace, as of the update that runs

	sifting chan struct{} // holds one value for each Sifted in the making

	mu     sync.Mutex
	facets map[int64]Key
	sifted map[string]*Sifted
}

// zone is how a workspace's spans are laid out.
type zone struct {
	calendar   *calendar.Calendar // of the layout that is written
	name       string
	layout     int64
	served     int64 // 0: none is complete yet
	servedName string
}

// New returns the rollups of a store. now is nil for the real clock.
func New(s *store.Store, now func() time.Time) *Rollups {
	if now == nil {
		now = time.Now
	}
	return &Rollups{
		store: s, db: s.Tables(), finder: found.New(s), now: now, facets: map[int64]Key{},
		sifting: make(chan struct{}, siftedAtOnce), sifted: map[string]*Sifted{},
	}
}

// The units of spans.
const (
	unitDay   = "day"
	unitMonth = "month"
)

// facet returns what a facet stands for. Facets never change.
func (r *Rollups) facet(ctx context.Context, id int64) (Key, error) {
	r.mu.Lock()
	k, ok := r.facets[id]
	r.mu.Unlock()
	if ok {
		return k, nil
	}
	var status parley.ConversationStatus
	err := r.db.QueryRow(ctx, `
		SELECT source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved
		FROM facet WHERE id = $1`, id).
		Scan(&k.Source, &k.AssistantID, &status, &k.Waiting, &k.HandedOver, &k.HasError, &k.HasAttachment, &k.Resolved)
	if err != nil {
		return Key{}, err
	}
	k.Ended = status == parley.ConversationEnded
	r.mu.Lock()
	r.facets[id] = k
	r.mu.Unlock()
	return k, nil
}

// factColumns are what scanFact reads.
const factColumns = `f.conversation_n, f.started_at, f.facet_id, f.first_reply, f.data`

func (r *Rollups) scanFact(ctx context.Context, row store.Row, f *Fact, data *[]byte) error {
	if err := row.Scan(&f.N, &f.Started, &f.Facet, &f.FirstReply, data); err != nil {
		return err
	}
	k, err := r.facet(ctx, f.Facet)
	if err != nil {
		return err
	}
	f.Key = k
	return f.unpack(*data)
}
