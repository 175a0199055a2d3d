package engine_test

import (
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/engine"
	"parley/internal/llm/scripted"
	"parley/internal/store"
)

// sending is a world whose API conversations are sent out over HTTP.
func sending(inbox *channeltest.Inbox, replies ...scripted.Reply) setup {
	return setup{
		model: scripted.New(replies...),
		config: func(c *engine.Config) {
			c.Limits.GraceTurn = 10 * time.Millisecond
			c.Channels = map[parley.Source]channel.Channel{
				parley.SourceAPI: channeltest.NewPush(parley.SourceAPI, inbox.URL()),
			}
		},
	}
}

// delivered waits until the first message of the assistant is in the state.
func (w *world) delivered(conv string, want parley.Delivery) parley.Message {
	w.t.Helper()
	var m parley.Message
	w.eventually("the message is "+string(want), func() bool {
		said := w.messages(conv, parley.ByAssistant)
		if len(said) == 0 {
			return false
		}
		m = said[0]
		return m.Delivery == want
	})
	return m
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		peer  []channeltest.Behaviour
		want  parley.Delivery
		taken int
	}{
		"accepted":             {[]channeltest.Behaviour{channeltest.Accepts}, parley.DeliverySent, 1},
		"rejected":             {[]channeltest.Behaviour{channeltest.Rejects}, parley.DeliveryFailed, 1},
		"busy, then accepted":  {[]channeltest.Behaviour{channeltest.IsBusy, channeltest.Accepts}, parley.DeliverySent, 2},
		"broke after taking":   {[]channeltest.Behaviour{channeltest.Breaks, channeltest.Accepts}, parley.DeliveryUnknown, 1},
		"hung up after taking": {[]channeltest.Behaviour{channeltest.HangsUp, channeltest.Accepts}, parley.DeliveryUnknown, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inbox := channeltest.NewInbox(t)
			inbox.BehaveInTurn(c.peer...)
			w := quick(t, sending(inbox, scripted.Text("Hello.")))
			conv := w.open()
			w.ask(conv.ID, "Hi")
			m := w.delivered(conv.ID, c.want)
			if taken := inbox.Taken(); len(taken) != c.taken || taken[0] != store.SendKey(&m) {
				t.Errorf("the peer took %q", taken)
			}
			failed := c.want != parley.DeliverySent
			equal(t, "has words", m.Error != nil && m.Error.Message != "", failed)
			equal(t, "has error", w.conversation(conv.ID).HasError, c.want == parley.DeliveryFailed)
			if c.want == parley.DeliverySent {
				equal(t, "provider id", m.ProviderID, "peer-"+string(rune('0'+c.taken)))
			}
		})
	}
}

// Law 4: a process that dies while it sends does not send again. What became
// of the message is unknown until a status says so.
func TestAtMostOneSend(t *testing.T) {
	inbox := channeltest.NewInbox(t)
	release := inbox.Hold()
	w := quick(t, sending(inbox, scripted.Text("Hello."), scripted.Text("Again.")))
	conv := w.open()
	w.ask(conv.ID, "Hi")
	<-inbox.Arrived()
	w.delivered(conv.ID, parley.DeliverySending)
	w.stop() // the peer has the message, its answer never came
	m := w.delivered(conv.ID, parley.DeliveryUnknown)
	release()
	w.run()
	w.ask(conv.ID, "Hi again")
	w.eventually("the next one is sent", func() bool { return len(inbox.Texts()) == 2 })
	if got := inbox.Texts(); !slices.Equal(got, []string{"Hello.", "Again."}) {
		t.Errorf("the peer took %q", got)
	}
	equal(t, "the first", w.delivered(conv.ID, parley.DeliveryUnknown).ID, m.ID)
}

// Law 4, with kill -9: the lease of a send that nobody renews runs out, and
// what was `sending` is found and becomes unknown.
func TestAnExpiredSendIsNotRepeated(t *testing.T) {
	both(t, func() setup {
		return setup{model: scripted.New(), idle: true}
	}, func(t *testing.T, w *world) {
		inbox := channeltest.NewInbox(t)
		s := sending(inbox, scripted.Text("Hello."))
		w2 := newWorld(t, w.store, setup{model: s.model, config: s.config, idle: true})
		conv := w2.open()
		w2.write(conv.ID, "Hi")
		ctx := t.Context()
		w2.run()
		w2.delivered(conv.ID, parley.DeliverySent)
		w2.stop()
		// A message that entered `sending` in a process that is gone.
		w2.must(w2.store.AddWork(ctx, parley.Work{Kind: parley.WorkDeliver, Key: conv.ID, WorkspaceID: w2.workspace.ID}))
		grace := w2.member("Joan")
		_, err := w2.engine.Takeover(ctx, w2.workspace.ID, conv.ID, grace)
		w2.must(err)
		got, err := w2.engine.OperatorMessage(ctx, w2.workspace.ID, conv.ID, grace, &parley.Message{Content: "From Joan"})
		w2.must(err)
		const lease = 5 * time.Second // long enough to take the message
		claimed, err := w2.store.ClaimWork(ctx, []parley.WorkKind{parley.WorkDeliver}, 1, lease)
		w2.must(err)
		out, err := w2.store.ClaimDelivery(ctx, claimed[0], got.Message.ID, parley.StopNothing)
		w2.must(err)
		equal(t, "it is sending", out.Message.ID, got.Message.ID)
		time.Sleep(lease + 100*time.Millisecond)
		w2.run()
		w2.eventually("its fate is unknown", func() bool {
			said := w2.messages(conv.ID, parley.ByOperator)
			return said[0].Delivery == parley.DeliveryUnknown
		})
		equal(t, "messages at the peer", len(inbox.Texts()), 1)
		// A status settles it.
		_, err = w2.store.SettleDelivery(ctx, out.Message, parley.DeliveryUnknown, "wamid-1", nil)
		w2.must(err)
		w2.must(w2.engine.DeliveryStatus(ctx, store.StatusReport{WorkspaceID: w2.workspace.ID, ProviderID: "wamid-1", To: parley.DeliveryDelivered}))
		w2.must(w2.engine.DeliveryStatus(ctx, store.StatusReport{WorkspaceID: w2.workspace.ID, ProviderID: "wamid-1", To: parley.DeliverySent}))
		equal(t, "settled", w2.messages(conv.ID, parley.ByOperator)[0].Delivery, parley.DeliveryDelivered)
	})
}

// Law 7 for what waits to be sent: takeover cancels it and names what has left.
func TestTakeoverCancelsWhatIsQueued(t *testing.T) {
	inbox := channeltest.NewInbox(t)
	release := inbox.Hold()
	defer release()
	w := quick(t, sending(inbox, scripted.Text("First."), scripted.Text("Second.")))
	conv := w.open()
	w.ask(conv.ID, "One")
	<-inbox.Arrived()
	w.ask(conv.ID, "Two")
	res, err := w.engine.Takeover(t.Context(), w.workspace.ID, conv.ID, w.member("Grace"))
	w.must(err)
	said := w.messages(conv.ID, parley.ByAssistant)
	if len(said) != 2 || !slices.Equal(res.Sending, []string{said[0].ID}) || !slices.Equal(res.Canceled, []string{said[1].ID}) {
		t.Errorf("sending %q, canceled %q of %+v", res.Sending, res.Canceled, texts(said))
	}
	release()
	w.delivered(conv.ID, parley.DeliverySent)
	time.Sleep(50 * time.Millisecond)
	if got := inbox.Texts(); !slices.Equal(got, []string{"First."}) {
		t.Errorf("the peer took %q", got)
	}
}

func TestOrderIsKept(t *testing.T) {
	inbox := channeltest.NewInbox(t)
	inbox.BehaveInTurn(channeltest.IsBusy, channeltest.Accepts)
	w := quick(t, sending(inbox, scripted.Text("1"), scripted.Text("2"), scripted.Text("3")))
	conv := w.open()
	for _, text := range []string{"a", "b", "c"} {
		w.ask(conv.ID, text)
	}
	w.eventually("all are sent", func() bool { return len(inbox.Texts()) == 4 })
	if got := inbox.Texts(); !slices.Equal(got, []string{"1", "1", "2", "3"}) {
		t.Errorf("the peer took %q", got)
	}
}
