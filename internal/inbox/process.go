package inbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/channel/whatsapp"
	"parley/internal/store"
)

const (
	webhooksAtOnce = 50 // read together, so that what waits together is put in order
	contactsAtOnce = 64 // whose updates are applied beside each other
	maxTrouble     = 5  // sentences about one webhook
	// An update that fails for a reason which nobody has foreseen is tried that
	// often and that long. Then it is given up, so that it keeps nothing waiting.
	patience     = 5
	patienceTime = time.Minute
)

// Process applies what an app has posted until nothing waits any more; the key
// of w is the app's id. What may work later stays, with all that came after it
// from the same contact; it is returned as an error. All else is settled.
func (x *Inbox) Process(ctx context.Context, w parley.Work) error {
	for {
		waiting, err := x.Store.WaitingWebhooks(ctx, w.Key, webhooksAtOnce)
		if err != nil || len(waiting) == 0 {
			return err
		}
		all, err := x.Store.AppSenders(ctx, w.WorkspaceID, w.Key)
		if err != nil {
			return err
		}
		b := &batch{inbox: x, webhooks: make([]reading, len(waiting)), senders: all, last: w.Attempt >= patience}
		for i := range waiting {
			b.webhooks[i].Webhook = waiting[i]
			b.read(ctx, i)
		}
		failed := b.apply(ctx)
		if err := x.Store.SettleWebhooks(ctx, b.settled()); err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
	}
}

// batch is the webhooks that are processed together.
type batch struct {
	inbox    *Inbox
	senders  []parley.Sender
	webhooks []reading
	lanes    []*lane
	laneOf   map[string]*lane // by what an update is about
	items    int
	last     bool // what was tried for long is given up
}

// lane holds what has to keep its order: what is about one contact, by whatever
// identity it is named.
type lane struct {
	items []item
	joins *lane // whose items these are now
}

// reading is a webhook in progress.
type reading struct {
	store.Webhook
	senders []string // whom it concerns
	mu      sync.Mutex
	left    int      // updates that are not applied yet
	trouble []string // what went wrong, in words
	failed  bool
}

// item is one update to apply.
type item struct {
	webhook *reading
	update  *whatsapp.Update
	sender  *parley.Sender // nil for what concerns no known number
	at      time.Time      // when it happened, not later than it came
	n       int            // in which place it came
}

// read splits a webhook into updates and puts them in their lanes.
func (b *batch) read(ctx context.Context, i int) {
	r := &b.webhooks[i]
	var updates []whatsapp.Update
	err := safely(func() (err error) {
		updates, err = whatsapp.Parse(r.Body)
		return err
	})
	if err != nil {
		b.inbox.Log.ErrorContext(ctx, "a webhook could not be read", "webhook", r.ID, "error", err)
		r.note("The body could not be read.", true)
		return
	}
	r.Updates = len(updates)
	inbound := map[*parley.Sender]int{}
	for k := range updates {
		u := &updates[k]
		s := b.senderOf(u)
		if !slices.Contains(r.Fields, u.Field) {
			r.Fields = append(r.Fields, u.Field)
		}
		if s != nil && !slices.Contains(r.senders, s.ID) {
			r.senders = append(r.senders, s.ID)
		}
		switch {
		case u.Kind == whatsapp.KindUnknown:
			r.Unknown++
			r.note(u.Trouble, false)
			continue
		case s == nil && !aboutAccount(u):
			r.note("No sender here has the number "+cmp.Or(u.DisplayPhone, u.PhoneNumberID, "of this webhook")+
				". Add it, then process this webhook again.", true)
			continue
		case u.Kind == whatsapp.KindMessage && s != nil:
			inbound[s]++
		}
		b.add(r, u, s)
	}
	for s, n := range inbound {
		b.inbox.Rates.NoteInbound(s, n)
	}
}

// add puts an update behind the others of its contact.
func (b *batch) add(r *reading, u *whatsapp.Update, s *parley.Sender) {
	it := item{webhook: r, update: u, sender: s, at: u.At, n: b.items}
	if it.at.IsZero() || it.at.After(r.ReceivedAt) {
		it.at = r.ReceivedAt
	}
	b.items++
	r.left++
	about := u.WABAID
	if s != nil {
		about = s.ID
	}
	names := []string{about}
	if ids := people(u); len(ids) > 0 {
		names = names[:0]
		for _, id := range ids {
			names = append(names, about+" "+string(id.Kind)+" "+id.Value)
		}
	}
	// What is done to a message keeps its order with it, whatever the contact is called.
	if m := u.Message; m != nil {
		names = append(names, about+" message "+cmp.Or(m.Target, m.ID))
	}
	l := b.lane(names)
	l.items = append(l.items, it)
}

// lane returns the lane of the names, which are the same contact's from now on.
func (b *batch) lane(names []string) *lane {
	if b.laneOf == nil {
		b.laneOf = map[string]*lane{}
	}
	var l *lane
	for _, name := range names {
		other := b.laneOf[name]
		for other != nil && other.joins != nil {
			other = other.joins
		}
		switch {
		case l == nil:
			l = other
		case other != nil && other != l:
			l.items, other.items, other.joins = append(l.items, other.items...), nil, l
		}
	}
	if l == nil {
		l = &lane{}
		b.lanes = append(b.lanes, l)
	}
	for _, name := range names {
		b.laneOf[name] = l
	}
	return l
}

// people returns the identities of whom an update is about.
func people(u *whatsapp.Update) []parley.Identity {
	switch {
	case u.Message != nil:
		return u.Message.Identities
	case u.Status != nil:
		return u.Status.Identities
	case u.Identity != nil:
		return slices.Concat(u.Identity.Old, u.Identity.New)
	case u.Call != nil:
		return u.Call.Identities
	case u.Preference != nil:
		return u.Preference.Identities
	}
	return nil
}

// senderOf finds the number that an update names.
func (b *batch) senderOf(u *whatsapp.Update) *parley.Sender {
	for i := range b.senders {
		s := &b.senders[i]
		if u.PhoneNumberID != "" && s.PhoneNumberID == u.PhoneNumberID ||
			u.PhoneNumberID == "" && u.DisplayPhone != "" && s.DisplayPhone == u.DisplayPhone {
			return s
		}
	}
	return nil
}

// aboutAccount reports whether an update may concern no number in particular.
func aboutAccount(u *whatsapp.Update) bool {
	switch u.Kind {
	case whatsapp.KindTemplate, whatsapp.KindAccount, whatsapp.KindNote, whatsapp.KindError:
		return u.PhoneNumberID == ""
	}
	return false
}

// apply works the lanes off, some beside each other. A lane ends where something
// fails that may work later, which is returned.
func (b *batch) apply(ctx context.Context) error {
	var work sync.WaitGroup
	slots := make(chan struct{}, contactsAtOnce)
	failures := make([]error, len(b.lanes))
	for i, l := range b.lanes {
		slices.SortFunc(l.items, func(p, q item) int { return cmp.Or(p.at.Compare(q.at), cmp.Compare(p.n, q.n)) })
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			for _, it := range l.items {
				if failures[i] = b.one(ctx, it); failures[i] != nil {
					return
				}
			}
		})
	}
	work.Wait()
	return errors.Join(failures...)
}

// one applies an update. What will never work is noted at its webhook; an error
// is for what may.
func (b *batch) one(ctx context.Context, it item) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err := safely(func() error { return b.inbox.update(ctx, it) })
	code := parley.ErrorCode(err)
	switch {
	case err == nil:
	case code != parley.CodeUnavailable && code != parley.CodeInternal:
		it.webhook.note(sentence(err), true)
	case ctx.Err() == nil && code == parley.CodeInternal && b.last && b.inbox.Now().Sub(it.webhook.ReceivedAt) > patienceTime:
		b.inbox.Log.ErrorContext(ctx, "an update is given up", "webhook", it.webhook.ID, "update", it.update.Kind, "error", err)
		it.webhook.note("Something in it could not be processed; the server's log says more.", true)
	default:
		return err
	}
	it.webhook.mu.Lock()
	defer it.webhook.mu.Unlock()
	it.webhook.left--
	return nil
}

// sentence is what a person reads of an error.
func sentence(err error) string {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Message
	}
	return err.Error()
}

// safely turns a panic into an error, so that one bad update does not take the
// server down.
func safely(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// note records what went wrong with a webhook.
func (r *reading) note(trouble string, failed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = r.failed || failed
	if len(r.trouble) < maxTrouble && !slices.Contains(r.trouble, trouble) {
		r.trouble = append(r.trouble, trouble)
	}
}

// settled returns the webhooks of which nothing is left, with what became of
// them.
func (b *batch) settled() []store.Webhook {
	var out []store.Webhook
	for i := range b.webhooks {
		r := &b.webhooks[i]
		if r.left > 0 {
			continue
		}
		r.State, r.Error = store.WebhookDone, strings.Join(r.trouble, " ")
		if r.failed {
			r.State = store.WebhookFailed
		}
		if len(r.senders) == 1 {
			r.SenderID = r.senders[0]
		}
		w := r.Webhook
		w.Body = nil
		out = append(out, w)
	}
	return out
}
