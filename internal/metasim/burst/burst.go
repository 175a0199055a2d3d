// Package burst lets many people write at once, for measurements and fault runs.
package burst

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

// Plan says how many messages come from how many people.
type Plan struct {
	Messages int      `json:"messages"`
	People   int      `json:"people"`
	Numbers  []string `json:"numbers"` // nil: all
	// Rate is in messages a second; 0 is as fast as they are delivered.
	Rate float64 `json:"rate"`
	// Late is the share of people whose messages come more than a day late, so
	// that nobody may answer them freely.
	Late float64 `json:"late"`
	// Prefix begins the ids of the people and names the burst in the texts.
	Prefix string `json:"prefix"`
}

// maxWaiting is how many updates and statuses a burst lets wait, so that it does
// not run away from a receiver that is slow or gone.
const maxWaiting = 20_000

// lateSeconds is more than a day.
const lateSeconds = 25 * 60 * 60

// Run lets people write texts, in turn to the numbers, and returns when the
// last was written; Quiet waits for their delivery. Each person stays with one
// number. People are made as needed, with phones that ask for no error. Errors:
// invalid, not_found, the context's.
func Run(ctx context.Context, s *metasim.Sim, b Plan) error {
	if b.Messages < 1 || b.Messages > 1_000_000 || b.People < 1 || b.People > 100_000 || b.Rate < 0 || b.Late < 0 || b.Late > 1 {
		return parley.Errorf(parley.CodeInvalid, "A burst has 1 to 1,000,000 messages of 1 to 100,000 people.")
	}
	b.Prefix = cmp.Or(b.Prefix, "burst")
	numbers := b.Numbers
	if len(numbers) == 0 {
		for _, n := range s.Numbers() {
			numbers = append(numbers, n.ID)
		}
	}
	people := make([]string, b.People)
	for i := range people {
		p, err := person(s, b.Prefix, i)
		if err != nil {
			return err
		}
		people[i] = p
	}
	start := time.Now()
	for i := range b.Messages {
		if err := pace(ctx, s, start, i, b.Rate); err != nil {
			return err
		}
		who := i % b.People
		// Whole rounds shuffle who writes next without changing who writes how often.
		round := i / b.People
		who = (who + int(s.Hash("burst", b.Prefix, fmt.Sprint(round))%uint64(b.People))) % b.People
		text := fmt.Sprintf("Message %d of %s from %s", round+1, b.Prefix, people[who])
		act := metasim.Action{Kind: "text", Text: text}
		if float64(who) < b.Late*float64(b.People) {
			act.AgoSeconds = lateSeconds
		}
		if _, err := s.Act(people[who], numbers[who%len(numbers)], act); err != nil {
			return err
		}
	}
	return nil
}

// person makes the nth person of a burst, or finds the one of an earlier.
func person(s *metasim.Sim, prefix string, n int) (string, error) {
	id := fmt.Sprintf("%s-%d", prefix, n+1)
	if s.HasPerson(id) {
		return id, nil
	}
	for try := range uint64(1000) {
		// The last six digits are no error code: those begin with 1 or 9.
		phone := fmt.Sprintf("1202%d5%05d", 5+try%5, (s.Hash("phone", prefix)%10_000+uint64(n)+try*7919)%100_000)
		p, err := s.AddPerson(world.Person{ID: id, Name: fmt.Sprintf("Burst %d", n+1), Phone: phone, AutoRead: true})
		if parley.ErrorCode(err) == parley.CodeConflict {
			continue
		}
		return p.ID, err
	}
	return "", parley.Errorf(parley.CodeConflict, "No phone number is free.")
}

// pace waits until message n may be written: for its time, and until not too
// many wait to be delivered.
func pace(ctx context.Context, s *metasim.Sim, start time.Time, n int, rate float64) error {
	var wait time.Duration
	if rate > 0 {
		wait = time.Until(start.Add(time.Duration(float64(n) / rate * float64(time.Second))))
	}
	for s.Pending() >= maxWaiting && wait <= 0 {
		if err := sleep(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return sleep(ctx, wait)
}

// sleep waits, and not at all for 0. It returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
