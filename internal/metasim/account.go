package metasim

import (
	"slices"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/timing"
	"parley/internal/metasim/world"

	"parley"
)

// NumberState is a number as it stands.
type NumberState struct {
	world.Number
	AccountID  string `json:"account_id"`
	Subscribed bool   `json:"subscribed"` // the account's webhooks come
	NoPayment  bool   `json:"no_payment"`
	// ServiceMessages were sent this month, of which some are free.
	ServiceMessages int `json:"service_messages"`
	FreeMessages    int `json:"free_messages"`
}

type account struct {
	world.Account
	subscribed bool
	override   string // another webhook for this account
	noPayment  bool
}

type number struct {
	world.Number
	account *account
	rate    timing.Bucket
	service map[string]int // messages by month
	// outside are the people written to outside a window, and when.
	outside map[*person]time.Time
}

func (s *Sim) addAccount(a world.Account) {
	acc := &account{Account: a, subscribed: true}
	s.accounts = append(s.accounts, acc)
	for _, n := range a.Numbers {
		n.Fill()
		s.numbers = append(s.numbers, &number{
			Number: n, account: acc, service: map[string]int{}, outside: map[*person]time.Time{},
		})
	}
}

func (s *Sim) numberByID(id string) *number {
	return find(s.numbers, func(n *number) bool { return n.ID == id })
}

func (s *Sim) accountByID(id string) *account {
	return find(s.accounts, func(a *account) bool { return a.ID == id })
}

// find returns the first that fits, or nothing.
func find[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

// Numbers returns the business numbers as they stand.
func (s *Sim) Numbers() []NumberState {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]NumberState, len(s.numbers))
	for i, n := range s.numbers {
		out[i] = s.numberState(n)
	}
	return out
}

func (s *Sim) numberState(n *number) NumberState {
	return NumberState{
		Number: n.Number, AccountID: n.account.ID, Subscribed: n.account.subscribed, NoPayment: n.account.noPayment,
		ServiceMessages: n.service[s.month()], FreeMessages: s.cfg.FreeServiceMessages,
	}
}

func (s *Sim) month() string { return s.now().UTC().Format("2006-01") }

// reached counts the people that the portfolio wrote to outside a window in the
// last 24 hours.
func (s *Sim) reached() int {
	people := map[*person]bool{}
	for _, n := range s.numbers {
		for p, at := range n.outside {
			if s.now().Sub(at) < window {
				people[p] = true
			} else {
				delete(n.outside, p)
			}
		}
	}
	return len(people)
}

// NumberChange is what may be changed about a number; nil leaves it.
type NumberChange struct {
	Quality    *string `json:"quality"`
	Status     *string `json:"status"`
	Limit      *string `json:"limit"` // of the whole portfolio
	Throughput *int    `json:"throughput"`
	NoPayment  *bool   `json:"no_payment"` // of the whole account
	Subscribed *bool   `json:"subscribed"` // of the whole account
}

// UpdateNumber changes how Meta sees a number, and sends the webhooks that go
// with it. Quality is not among them: it has to be polled. Errors: not_found,
// invalid.
func (s *Sim) UpdateNumber(id string, c NumberChange) (NumberState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numberByID(id)
	if n == nil {
		return NumberState{}, parley.Errorf(parley.CodeNotFound, "There is no number %q.", id)
	}
	if c.Quality != nil && !slices.Contains([]string{"GREEN", "YELLOW", "RED", "UNKNOWN"}, *c.Quality) {
		return NumberState{}, parley.Errorf(parley.CodeInvalid, "The quality is GREEN, YELLOW, RED or UNKNOWN.")
	}
	if c.Limit != nil {
		if _, ok := world.Limits[*c.Limit]; !ok {
			return NumberState{}, parley.Errorf(parley.CodeInvalid, "There is no tier %q.", *c.Limit)
		}
	}
	if c.Throughput != nil && (*c.Throughput < 1 || *c.Throughput > 1_000_000) {
		return NumberState{}, parley.Errorf(parley.CodeInvalid, "The throughput is at least 1 message a second.")
	}
	set(&n.Quality, c.Quality)
	set(&n.account.noPayment, c.NoPayment)
	set(&n.account.subscribed, c.Subscribed)
	if c.Status != nil && *c.Status != n.Status {
		n.Status = *c.Status
		s.announceStatus(n)
	}
	if c.Limit != nil && *c.Limit != s.portfolio.Limit {
		s.portfolio.Limit = *c.Limit
		for _, a := range s.accounts {
			s.notify(a, "business_capability_update", map[string]any{
				"max_daily_conversations_per_business": world.Limits[*c.Limit], "max_phone_numbers_per_waba": 25,
			})
		}
	}
	if c.Throughput != nil && *c.Throughput != n.Throughput {
		if *c.Throughput >= world.ThroughputHigh && n.Throughput < world.ThroughputHigh {
			s.notify(n.account, "phone_number_quality_update", map[string]any{
				"display_phone_number": n.Phone, "event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED",
			})
		}
		n.Throughput = *c.Throughput
	}
	s.event(screen.Event{Type: "number", NumberID: n.ID})
	return s.numberState(n), nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// announceStatus tells the business that the account was restricted, banned or
// freed.
func (s *Sim) announceStatus(n *number) {
	value := map[string]any{"event": "ACCOUNT_RECONNECTED"}
	switch n.Status {
	case "BANNED":
		value = map[string]any{"event": "DISABLED_UPDATE", "ban_info": map[string]any{
			"waba_ban_state": "DISABLE", "waba_ban_date": s.wall(s.now()).Format("January 2, 2006"),
		}}
	case "RESTRICTED", "FLAGGED":
		value = map[string]any{"event": "ACCOUNT_RESTRICTION", "restriction_info": []any{map[string]any{
			"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": s.wall(s.now()).Add(3 * window).Unix(),
		}}}
	case world.Connected:
	default:
		return // Meta says nothing of the others
	}
	s.notify(n.account, "account_update", value)
}

// State is all that is set, and what happened in numbers.
type State struct {
	Seed      uint64           `json:"seed,string"`
	Webhook   string           `json:"webhook"` // "": none
	Token     TokenState       `json:"token"`
	Portfolio world.Portfolio  `json:"portfolio"`
	Reached   int              `json:"reached"` // people written to outside a window in 24 hours
	Numbers   []NumberState    `json:"numbers"`
	People    []world.Person   `json:"phones"`
	Templates []graph.Template `json:"templates"`
	Faults    world.Faults     `json:"faults"`
	Counts    map[string]int64 `json:"counts"`
	Pending   int              `json:"pending"`
	LastEvent uint64           `json:"last_event"` // begin to follow events here
}

// State returns the state.
func (s *Sim) State() State {
	st := State{Numbers: s.Numbers(), People: s.People(), Templates: s.Templates(), Counts: s.Counts(), Pending: s.Pending()}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Seed, st.Webhook, st.Token, st.Portfolio, st.Faults = s.cfg.Seed, s.webhook, s.token, s.portfolio, s.faults
	st.Reached, st.LastEvent = s.reached(), s.feed.Last()
	return st
}
