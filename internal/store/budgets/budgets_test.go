package budgets_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/store"
	"parley/internal/store/budgets"
	"parley/internal/store/storetest"
)

// begun is a day before a month ends in every zone.
var begun = time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC)

// world is a workspace with two assistants and a conversation of each.
type world struct {
	*store.Store
	*budgets.Budgets
	t          *testing.T
	clock      *storetest.Clock
	ws         *parley.Workspace
	assistants []*parley.Assistant
	convs      []string
}

func both(t *testing.T, fn func(w *world)) {
	t.Helper()
	t.Parallel()
	storetest.RunAt(t, begun, func(t *testing.T, s *store.Store, c *storetest.Clock) { fn(newWorld(t, s, c)) })
}

func newWorld(t *testing.T, s *store.Store, c *storetest.Clock) *world {
	w := &world{Store: s, Budgets: &budgets.Budgets{Tables: s.Tables()}, t: t, clock: c}
	w.ws = &parley.Workspace{Name: "Shop", TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(s.CreateWorkspace(t.Context(), w.ws))
	for _, name := range []string{"Mira", "Ada"} {
		a := &parley.Assistant{WorkspaceID: w.ws.ID, Config: parley.AssistantConfig{
			Name: name, Status: parley.AssistantActive, InactivityMinutes: 30,
			Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		}}
		w.ok(s.CreateAssistant(t.Context(), a, ""))
		w.assistants = append(w.assistants, a)
		conv, _, err := s.OpenConversation(t.Context(), store.OpenConversation{
			WorkspaceID: w.ws.ID, AssistantID: a.ID, Source: parley.SourceAPI, Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: name}},
		})
		w.ok(err)
		w.convs = append(w.convs, conv.ID)
	}
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open opens the row of a call of an assistant.
func (w *world) open(assistant int) (*parley.Usage, error) {
	u := &parley.Usage{
		WorkspaceID: w.ws.ID, ConversationID: w.convs[assistant], Kind: parley.UsageReply, Model: "m", AssistantID: w.assistants[assistant].ID,
	}
	return u, w.OpenPaidUsage(w.t.Context(), u)
}

// settle settles a row; a negative cost is unknown.
func (w *world) settle(u *parley.Usage, cost parley.Credits) {
	w.t.Helper()
	tokens := int64(10)
	u.InputTokens, u.OutputTokens = &tokens, &tokens
	if cost >= 0 {
		u.Credits = &cost
	}
	w.ok(w.SettleUsage(w.t.Context(), u))
}

// spend makes a call.
func (w *world) spend(assistant int, cost parley.Credits) {
	w.t.Helper()
	u, err := w.open(assistant)
	w.ok(err)
	w.settle(u, cost)
}

// limit sets a budget, of the workspace for -1.
func (w *world) limit(assistant int, credits parley.Credits) {
	w.t.Helper()
	w.ok(w.Set(w.t.Context(), &budget.Budget{
		WorkspaceID: w.ws.ID, AssistantID: w.of(assistant), Credits: credits, UpdatedAt: w.clock.Now(),
	}))
}

func (w *world) of(assistant int) string {
	if assistant < 0 {
		return ""
	}
	return w.assistants[assistant].ID
}

// spent checks what was spent in the month that it is, by what is kept and by
// what the ledger says.
func (w *world) spent(assistant int, credits parley.Credits, unpriced int64) {
	w.t.Helper()
	m, err := w.Month(w.t.Context(), w.ws.ID, w.clock.Now())
	w.ok(err)
	for _, l := range m.Lines {
		if l.AssistantID != w.of(assistant) {
			continue
		}
		if l.Spent != credits || l.Unpriced != unpriced {
			w.t.Errorf("%s, %q: %s with %d unknown, want %s with %d", m.Month, l.Name, l.Spent, l.Unpriced, credits, unpriced)
		}
		sum := w.recomputed(m, l.AssistantID)
		if sum != l.Spent {
			w.t.Errorf("%s, %q: %s are kept, and the ledger has %s", m.Month, l.Name, l.Spent, sum)
		}
		return
	}
	w.t.Errorf("there is no line for %q", w.of(assistant))
}

// recomputed sums the ledger's rows up one by one.
func (w *world) recomputed(m *budgets.Month, assistant string) (sum parley.Credits) {
	w.t.Helper()
	r, err := w.Query(w.t.Context(), `SELECT started_at, assistant_id, COALESCE(credits, 0) FROM usage WHERE workspace_id = $1`, w.ws.ID)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var at, credits int64
		var of string
		err := r.Scan(&at, &of, &credits)
		if t := store.FromMicros(at); !t.Before(m.Start) && t.Before(m.End) && (assistant == "" || assistant == of) {
			sum += parley.Credits(credits)
		}
		return struct{}{}, err
	})
	w.ok(err)
	return sum
}

// alerts returns the codes of the alerts.
func (w *world) alerts() string {
	w.t.Helper()
	all, err := w.Alerts(w.t.Context(), w.ws.ID)
	w.ok(err)
	var codes []string
	for _, a := range all {
		codes = append(codes, strings.TrimPrefix(a.Code, "budget_"))
	}
	return strings.Join(codes, " ")
}

// kept counts the rows of months.
func (w *world) kept() (n int) {
	w.t.Helper()
	w.ok(w.QueryRow(w.t.Context(), `SELECT COUNT(*) FROM spend`).Scan(&n))
	return n
}

func (w *world) refused(assistant int, words string) {
	w.t.Helper()
	_, err := w.open(assistant)
	if parley.ErrorCode(err) != parley.CodeBudgetExhausted || !strings.Contains(err.Error(), words) {
		w.t.Errorf("a call of %q: %v", w.of(assistant), err)
	}
}

// A budget warns at 80 %, ends at 100 %, and goes on when it is raised and with
// the next month, on the workspace's clock.
func TestBudgets(t *testing.T) {
	both(t, func(w *world) {
		w.spend(0, 30) // before there is a budget
		w.limit(0, 100)
		w.limit(-1, 300)
		w.spent(0, 30, 0)
		w.spend(0, 49)
		if got := w.alerts(); got != "" {
			w.t.Errorf("at 79 %%: %s", got)
		}
		w.spend(0, 1)
		if got := w.alerts(); got != "warning" {
			w.t.Errorf("at 80 %%: %s", got)
		}
		w.spend(0, -1)
		w.spend(0, 25) // the last call may go over it
		w.spent(0, 105, 1)
		if got := w.alerts(); got != "exhausted" {
			w.t.Errorf("at 105 %%: %s", got)
		}
		w.refused(0, "Mira")
		w.spend(1, 190)
		w.spent(-1, 295, 1)
		w.spend(1, 5)
		w.refused(1, "The workspace")
		w.limit(-1, 1000)
		w.spend(1, 5)
		w.refused(0, "November 2026")
		w.limit(0, 200)
		w.spend(0, 1)
		if got := w.alerts(); got != "" {
			w.t.Errorf("raised: %s", got)
		}
		w.limit(0, 106)
		w.refused(0, "Mira")
		// In Berlin, the month ends an hour before it does in UTC.
		w.clock.Move(time.Date(2026, time.November, 30, 22, 59, 0, 0, time.UTC).Sub(w.clock.Now()))
		w.refused(0, "Mira")
		late, err := w.open(1)
		w.ok(err)
		w.clock.Move(time.Minute)
		w.spent(0, 0, 0)
		w.spend(0, 7)
		w.settle(late, 50) // of the month in which it began
		w.spent(0, 7, 0)
		w.spent(-1, 7, 0)
		if got := w.alerts(); got != "" {
			w.t.Errorf("the next month: %s", got)
		}
		w.ok(w.Remove(w.t.Context(), w.ws.ID, w.of(0), w.clock.Now()))
		if err := w.Remove(w.t.Context(), w.ws.ID, w.of(0), w.clock.Now()); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("removed twice: %v", err)
		}
		w.spend(0, 1000)
	})
}

// Another time zone has other months, and they are counted anew.
func TestZoneChangesTheMonth(t *testing.T) {
	both(t, func(w *world) {
		w.limit(-1, 100)
		w.clock.Move(time.Date(2026, time.November, 30, 23, 30, 0, 0, time.UTC).Sub(w.clock.Now()))
		w.spend(0, 100) // in Berlin it is December
		w.refused(0, "December")
		zone := func(name string) {
			w.t.Helper()
			w.ws.TimeZone = name
			w.ok(w.UpdateWorkspace(w.t.Context(), w.ws))
		}
		zone("UTC")
		if kept := w.kept(); kept != 1 {
			w.t.Errorf("%d months are kept", kept)
		}
		w.refused(0, "November")
		if all, err := w.Alerts(w.t.Context(), w.ws.ID); err != nil || len(all) != 1 || !strings.Contains(all[0].Message, "November") {
			w.t.Errorf("the alerts are %+v, %v", all, err)
		}
		w.clock.Move(time.Hour)
		w.spend(0, 60)
		w.spent(-1, 60, 0)
		zone("Europe/Berlin")
		w.spent(-1, 160, 0)
		w.refused(0, "December")
	})
}

// An erased conversation has cost what it has.
func TestErasedMoneyStaysSpent(t *testing.T) {
	both(t, func(w *world) {
		w.limit(-1, 100)
		w.spend(0, 40)
		w.ok(w.DeleteConversation(w.t.Context(), w.ws.ID, w.convs[0]))
		w.spent(-1, 40, 0)
		w.ws.TimeZone = "Asia/Tokyo" // which has it counted anew
		w.ok(w.UpdateWorkspace(w.t.Context(), w.ws))
		w.spent(-1, 40, 0)
		var left int
		w.ok(w.QueryRow(w.t.Context(), `SELECT COUNT(*) FROM usage WHERE conversation_n <> 0 OR turn_id <> '' OR raw <> ''`).Scan(&left))
		if left != 0 {
			w.t.Errorf("%d rows of the ledger still name what they were for", left)
		}
	})
}

// Many calls at once are counted exactly, also those that make the month's row.
func TestSpentIsExact(t *testing.T) {
	both(t, func(w *world) {
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				u, err := w.open(i % 2)
				if err != nil {
					w.t.Error(err)
					return
				}
				cost := parley.Credits(i)
				tokens := int64(1)
				u.InputTokens, u.OutputTokens, u.Credits = &tokens, &tokens, &cost
				if err := w.SettleUsage(w.t.Context(), u); err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		w.limit(0, 1_000_000)
		w.spent(-1, 780, 0)
		w.spent(0, 380, 0)
	})
}

// What is imported counts in the month in which it was spent.
func TestImportsAreCounted(t *testing.T) {
	both(t, func(w *world) {
		w.limit(-1, 1000)
		w.spend(0, 10)
		f, err := w.NewFiller(w.t.Context(), w.ws.ID, false)
		w.ok(err)
		var all []store.FillConversation
		for i, at := range []time.Time{begun.AddDate(0, -1, 0), begun.Add(-time.Hour), begun.Add(-2 * time.Hour)} {
			cost, tokens := parley.Credits(100+i), int64(1)
			all = append(all, store.FillConversation{
				Conversation: parley.Conversation{
					ID: parley.NewID(at), Source: parley.SourceAPI, AssistantID: w.of(i % 2), AssistantVersion: 1,
					Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: at,
				},
				Contact: parley.Contact{ID: parley.NewID(at), CreatedAt: at},
				Usage: []parley.Usage{
					{ID: parley.NewID(at), Kind: parley.UsageReply, AssistantID: w.of(i % 2), Complete: true, InputTokens: &tokens,
						OutputTokens: &tokens, Credits: &cost, StartedAt: at},
					{ID: parley.NewID(at), Kind: parley.UsageReply, AssistantID: w.of(i % 2), Complete: true, StartedAt: at},
					{ID: parley.NewID(at), Kind: parley.UsageReply, AssistantID: w.of(i % 2), StartedAt: at}, // never settled
				},
			})
		}
		w.ok(f.Write(w.t.Context(), f.Prepare(all)))
		w.ok(f.Close())
		w.limit(0, 1000)
		w.limit(1, 1000)
		w.spent(-1, 10+101+102, 2)
		w.spent(0, 10+102, 1)
		w.spent(1, 101, 1)
	})
}

// Budgets belong to a workspace.
func TestBudgetsDoNotLeak(t *testing.T) {
	both(t, func(w *world) {
		other := &parley.Workspace{Name: "Other", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
		w.ok(w.CreateWorkspace(w.t.Context(), other))
		b := &budget.Budget{WorkspaceID: other.ID, AssistantID: w.of(0), Credits: 1}
		if err := w.Set(w.t.Context(), b); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("of another workspace's assistant: %v", err)
		}
		b.AssistantID = ""
		w.ok(w.Set(w.t.Context(), b))
		w.spend(0, 10)
		if err := w.Remove(w.t.Context(), w.ws.ID, "", begun); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("another workspace's budget was removed: %v", err)
		}
		m, err := w.Month(w.t.Context(), other.ID, begun)
		w.ok(err)
		if len(m.Lines) != 1 || m.Lines[0].Spent != 0 {
			w.t.Errorf("the other workspace sees %+v", m)
		}
		for _, credits := range []parley.Credits{0, -1, budget.Most + 1} {
			b.Credits = credits
			if err := w.Set(w.t.Context(), b); parley.ErrorCode(err) != parley.CodeInvalid {
				w.t.Errorf("a budget of %s: %v", credits, err)
			}
		}
	})
}
