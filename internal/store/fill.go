package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/store/spend"
)

// FillConversation is one whole conversation for a Filler. Of Conversation the
// id, source, assistant, contact, status, owner, flags, start and end count;
// counts, previews, times and totals are made from the messages and the usage.
// Messages have Role, Content and CreatedAt.
type FillConversation struct {
	Conversation parley.Conversation
	Contact      parley.Contact    // written if its id is new
	Identities   []parley.Identity // of the contact, if they are new
	Messages     []parley.Message
	Variables    []parley.Variable
	Usage        []parley.Usage
	Evaluation   *parley.Evaluation          // nil: none
	Visitor      *parley.VisitorConversation // nil: it was not through a widget
	IdleAt       time.Time                   // when to look whether it is to end; zero: never
	// Beside writes what stands beside the conversation, by its number, in its transaction; nil: nothing does.
	Beside func(ctx context.Context, t Tx, n int64) error
}

// Filler writes many whole conversations of a workspace fast, for measurements
// and demonstrations, and makes their messages findable as it does. It holds
// the database for long at a time, so nobody else should wait for it meanwhile.
type Filler struct {
	s      *Store
	ws     string
	prefix string // of the words of the workspace
	facets map[facetKey]int64
	words  map[string]struct{} // that are in search_word
	fast   bool
}

// fillCacheKB is the page cache of the writer while it fills: the indexes that
// are not written in the order of time fit into it.
const fillCacheKB = 512 << 10

// NewFiller prepares the store for filling. Fast means that on SQLite no commit
// waits for the disk until Close, and that a power cut may cost the database.
func (s *Store) NewFiller(ctx context.Context, ws string, fast bool) (*Filler, error) {
	f := &Filler{s: s, ws: ws, facets: map[facetKey]int64{}, words: map[string]struct{}{}, fast: fast}
	var number int64
	if err := s.read.queryRow(ctx, `SELECT number FROM workspace WHERE id = $1`, ws).Scan(&number); err != nil {
		return nil, orNotFound(err, "workspace")
	}
	f.prefix = workspacePrefix(number)
	return f, f.tune("OFF", fillCacheKB)
}

// Close makes what was written durable. It may be called twice.
func (f *Filler) Close() error {
	if err := f.tune(defaultTuning().synchronous, writerCacheKB); err != nil {
		return err
	}
	// A commit that waits for the disk takes those before it along.
	return f.s.transact(context.Background(), func(t *tx) error {
		_, err := t.exec(context.Background(), `UPDATE search_state SET position = position WHERE id = 1`)
		return err
	})
}

func (f *Filler) tune(synchronous string, cacheKB int) error {
	w := f.s.writer
	if w == nil || !f.fast {
		return nil
	}
	return w.pause(func() error {
		if err := w.control(`PRAGMA synchronous = ` + synchronous); err != nil {
			return err
		}
		return w.control(fmt.Sprintf(`PRAGMA cache_size = -%d`, cacheKB))
	})
}

// FillBatch is what Prepare made of some conversations.
type FillBatch struct {
	convs []fillConversation
	tally map[int64]tallyCount // by bucket
	words []string             // that search_word has not got
}

type fillConversation struct {
	*FillConversation
	row     conversationRow
	contact parley.Contact
	keys    []string // of the contact
	log     []parley.Message
	found   []string // the words of each message
	usage   []parley.Usage
}

// Prepare does all that needs no database. It may run beside Write, but not
// beside itself, and batches are written in the order they were prepared in.
func (f *Filler) Prepare(convs []FillConversation) *FillBatch {
	b := &FillBatch{convs: make([]fillConversation, len(convs)), tally: map[int64]tallyCount{}}
	for i := range convs {
		f.prepare(b, &b.convs[i], &convs[i])
	}
	return b
}

func (f *Filler) prepare(b *FillBatch, out *fillConversation, in *FillConversation) {
	out.FillConversation, out.contact, out.usage = in, in.Contact, in.Usage
	out.contact.WorkspaceID = f.ws
	out.keys = contactKeys(&out.contact)
	c := &out.row
	c.Conversation = in.Conversation
	c.WorkspaceID, c.ContactID, c.NextSeq, c.Rev = f.ws, in.Contact.ID, 1, 1
	c.LastActivityAt = c.StartedAt
	out.log = slices.Clone(in.Messages)
	for i := range out.log {
		m := &out.log[i]
		c.prepare(f.s, m)
		m.Seq, m.Rev = c.NextSeq, c.Rev
		c.note(m)
		out.found = append(out.found, f.wordsOf(b, c, m))
	}
	for i := range out.usage {
		u := &out.usage[i]
		u.WorkspaceID = f.ws
		c.InputTokens += orZero(u.InputTokens)
		c.OutputTokens += orZero(u.OutputTokens)
		c.Credits += orZero(u.Credits)
		if !u.Complete || !u.Priced() {
			c.UnknownCalls++
		}
	}
	c.AnsweredSeq, c.tallied = c.NextSeq-1, c.Duration().Microseconds()
	c.stored = facetOf(&c.Conversation)
}

// wordsOf returns the words of a message as the index takes them, and notes
// those that are new.
func (f *Filler) wordsOf(b *FillBatch, c *conversationRow, m *parley.Message) string {
	if !searchable(m.Role) {
		return ""
	}
	words := searchWords(f.prefix, string(c.Source), c.AssistantID, m.Content)
	for _, w := range words {
		if _, seen := f.words[w]; !seen && utf8.RuneCountInString(w) > indexedPrefix {
			f.words[w] = struct{}{}
			b.words = append(b.words, w)
		}
	}
	return strings.Join(words, " ")
}

// Write writes a batch in one transaction. A conversation whose id is there
// already is left out.
func (f *Filler) Write(ctx context.Context, b *FillBatch) error {
	var facets map[facetKey]int64
	run := func(t *tx) error {
		facets = map[facetKey]int64{}
		clear(b.tally)
		return f.write(ctx, t, b, facets)
	}
	var err error
	if f.s.writer != nil {
		err = fault(f.s.writer.long(ctx, run))
	} else {
		err = f.s.transact(ctx, run)
	}
	if err == nil {
		for k, id := range facets {
			f.facets[k] = id
		}
	}
	return err
}

func (f *Filler) write(ctx context.Context, t *tx, b *FillBatch, facets map[facetKey]int64) error {
	indexes, last, err := upToDate(ctx, t)
	if err != nil {
		return err
	}
	var keys []contactKey
	var watched bool // by webhooks
	if err := t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM hook WHERE workspace_id = $1)`, f.ws).Scan(&watched); err != nil {
		return err
	}
	var entries []spend.Entry
	for i := range b.convs {
		c := &b.convs[i]
		var there bool
		if err := t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM conversation WHERE id = $1)`, c.row.ID).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		isNew, err := insertContact(ctx, t, &c.contact)
		if err != nil {
			return err
		}
		if isNew {
			keys = appendContactKeys(keys, c.contact.ID, c.keys)
		}
		if err := f.writeConversation(ctx, t, c, facets); err != nil {
			return err
		}
		if watched {
			if err := c.row.noteHistory(ctx, t); err != nil {
				return err
			}
		}
		b.count(&c.row)
		for k := range c.usage {
			if c.usage[k].Complete {
				entries = append(entries, spend.EntryOf(&c.usage[k]))
			}
		}
		for k := range c.log {
			n, err := t.insertNumbered(ctx, messageInsert, messageArgs(c.row.n, &c.log[k], "")...)
			if err != nil {
				return err
			}
			indexes = indexes && n == last+1 // else somebody writes beside it, whose message may be to come
			last = n
			if !indexes || c.found[k] == "" {
				continue
			}
			if _, err := t.exec(ctx, t.s.dialect.insertSearch(), n, c.found[k]); err != nil {
				return err
			}
		}
	}
	if err := spend.Add(ctx, Tx{t}, f.ws, t.s.now(), entries...); err != nil {
		return err
	}
	if err := insertContactKeys(ctx, t, f.ws, keys); err != nil {
		return err
	}
	for bucket, n := range b.tally {
		if err := addToBucket(ctx, t, f.ws, bucket, 0, n); err != nil {
			return err
		}
	}
	if err := saveWords(ctx, t, b.words); err != nil || !indexes {
		return err
	}
	_, err = t.exec(ctx, `UPDATE search_state SET position = $1 WHERE id = 1`, last)
	return err
}

// upToDate reports whether every message is findable, and the n of the last
// one.
func upToDate(ctx context.Context, t *tx) (ok bool, last int64, err error) {
	var position int64
	err = t.queryRow(ctx, `SELECT position, (SELECT COALESCE(MAX(n), 0) FROM message) FROM search_state WHERE id = 1`).
		Scan(&position, &last)
	return position >= last, max(position, last), err
}

// writeConversation writes the row with all but its messages.
func (f *Filler) writeConversation(ctx context.Context, t *tx, c *fillConversation, facets map[facetKey]int64) (err error) {
	id := max(f.facets[c.row.stored], facets[c.row.stored])
	if id == 0 {
		if id, err = facetID(ctx, t, f.ws, c.row.stored); err != nil {
			return err
		}
		facets[c.row.stored] = id
	}
	c.row.facet = id
	if err := c.row.insertRow(ctx, t); err != nil {
		return err
	}
	for i := range c.usage {
		if err := insertUsage(ctx, t, c.row.n, &c.usage[i]); err != nil {
			return err
		}
	}
	if c.Visitor != nil {
		if err := insertVisitor(ctx, t, &c.row, "", c.Visitor); err != nil {
			return err
		}
	}
	for _, i := range c.Identities {
		if _, err := t.exec(ctx, `
			INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			f.ws, string(i.Kind), i.Value, c.contact.ID); err != nil {
			return err
		}
	}
	if len(c.log) == 0 { // else analytics see it by its messages
		if err := changed(ctx, t, &c.row); err != nil {
			return err
		}
	}
	if c.Evaluation != nil {
		if err := c.row.evaluate(ctx, t, c.Evaluation, c.Evaluation.EvaluatedAt); err != nil {
			return err
		}
	}
	if !c.IdleAt.IsZero() {
		if err := addWork(ctx, t, parley.WorkIdle, c.row.ID, f.ws, c.IdleAt); err != nil {
			return err
		}
	}
	if err := saveVariables(ctx, t, &c.row, c.Variables, c.row.StartedAt); err != nil || c.Beside == nil {
		return err
	}
	return c.Beside(ctx, Tx{t}, c.row.n)
}

// count adds a conversation to the counters of the batch.
func (b *FillBatch) count(c *conversationRow) {
	for _, bucket := range tallyBuckets(&c.Conversation) {
		n := b.tally[bucket]
		n.conversations++
		n.messages += int64(c.AssistantCount)
		n.duration += c.tallied
		b.tally[bucket] = n
	}
}
