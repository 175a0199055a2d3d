package inbox

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"parley"
	"parley/internal/channel/whatsapp"
	"parley/internal/store"
)

const (
	webhooksAtOnce = 50 // read together, so that what waits together is put in order
	contactsAtOnce = 32 // whose updates are applied beside each other
	maxTrouble     = 5  // sentences about one webhook
)

// Process applies what an app has posted until nothing waits any more; the key
// of w is the app's id.
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
		b := &batch{inbox: x, webhooks: make([]reading, len(waiting)), senders: all}
		for i := range waiting {
			b.webhooks[i].Webhook = waiting[i]
			b.read(i)
		}
		if err := b.apply(ctx); err != nil {
			return err
		}
		if err := x.Store.SettleWebhooks(ctx, b.settled()); err != nil {
			return err
		}
	}
}

// batch is the webhooks that are processed together.
type batch struct {
	inbox    *Inbox
	senders  []parley.Sender
	webhooks []reading
	lanes    map[string][]item // what has to keep its order
}

// reading is a webhook in progress.
type reading struct {
	store.Webhook
	senders []string // whom it concerns
	mu      sync.Mutex
	trouble []string // what went wrong, in words
	failed  bool
}

// item is one update to apply.
type item struct {
	webhook *reading
	update  *whatsapp.Update
	sender  *parley.Sender // nil for what concerns no known number
}

// read splits a webhook into updates and puts them in their lanes.
func (b *batch) read(i int) {
	r := &b.webhooks[i]
	updates, err := whatsapp.Parse(r.Body)
	if err != nil {
		r.note(err.Error(), true)
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
		b.add(item{r, u, s})
	}
	for s, n := range inbound {
		b.inbox.Rates.NoteInbound(s, n)
	}
}

// add puts an update behind the others of its contact.
func (b *batch) add(it item) {
	if b.lanes == nil {
		b.lanes = map[string][]item{}
	}
	lane := it.update.WABAID
	if it.sender != nil {
		lane = it.sender.ID
	}
	if ids := person(it.update); len(ids) > 0 {
		lane += " " + ids[0].Value
	}
	b.lanes[lane] = append(b.lanes[lane], it)
}

// person returns the identities of whom an update is about.
func person(u *whatsapp.Update) []parley.Identity {
	switch {
	case u.Message != nil:
		return u.Message.Identities
	case u.Status != nil:
		return u.Status.Identities
	case u.Identity != nil:
		return u.Identity.Old
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

// apply works the lanes off, some beside each other. It returns an error for
// what may work later; then nothing is settled.
func (b *batch) apply(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	slots := make(chan struct{}, contactsAtOnce)
	for _, lane := range b.lanes {
		slices.SortStableFunc(lane, func(p, q item) int { return p.update.At.Compare(q.update.At) })
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			for _, it := range lane {
				if ctx.Err() != nil {
					return
				}
				if err := b.inbox.one(ctx, it); err != nil {
					cancel(err)
				}
			}
		})
	}
	work.Wait()
	return context.Cause(ctx)
}

// one applies an update. What will never work is noted at its webhook; an error
// is for what may.
func (x *Inbox) one(ctx context.Context, it item) error {
	err := x.update(ctx, it)
	if e, ok := errors.AsType[*parley.Error](err); ok && e.Code != parley.CodeUnavailable && e.Code != parley.CodeInternal {
		it.webhook.note(e.Message, true)
		return nil
	}
	return err
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

// settled returns the webhooks with what became of them.
func (b *batch) settled() []store.Webhook {
	out := make([]store.Webhook, len(b.webhooks))
	for i := range b.webhooks {
		r := &b.webhooks[i]
		r.State, r.Error = store.WebhookDone, strings.Join(r.trouble, " ")
		if r.failed {
			r.State = store.WebhookFailed
		}
		if len(r.senders) == 1 {
			r.SenderID = r.senders[0]
		}
		out[i] = r.Webhook
		out[i].Body = nil
	}
	return out
}
