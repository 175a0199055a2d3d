package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"parley"
	"parley/internal/store/storetest"
)

// BenchmarkProcess processes bodies of 50 messages of people who have written
// before, with the assistant switched off. An operation is one message.
func BenchmarkProcess(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(engine, func(b *testing.B) {
			w := newWorld(b, storetest.Open(b, engine))
			x, err := w.Sender(w.ctx, w.ws, w.sender.ID)
			w.ok(err)
			x.AIOn, x.Token = false, ""
			w.ok(w.UpdateSender(w.ctx, x))
			const people, each = 1000, 50
			n := 0
			body := func() []byte {
				var all, who []object
				for range each {
					from := fmt.Sprint(491700000000 + n%people)
					all = append(all, text(from, fmt.Sprint("wamid.", n), "Hello, my order ORD-123456 has not arrived yet.", time.Now()))
					who = append(who, object{"wa_id": from, "user_id": fmt.Sprint("DE.", n%people), "profile": object{"name": "Ada"}})
					n++
				}
				return value(phoneNumberID, object{"contacts": who, "messages": all})
			}
			for n < people {
				w.post(body())
			}
			w.process()
			for {
				due, err := w.ClaimWork(w.ctx, []parley.WorkKind{parley.WorkTurn}, 64, time.Minute)
				w.ok(err)
				if len(due) == 0 {
					break
				}
				for _, t := range due {
					w.ok(w.CompleteWork(w.ctx, t))
				}
			}
			begin := n
			for n < begin+b.N {
				w.post(body())
			}
			b.ResetTimer()
			w.process()
		})
	}
}
