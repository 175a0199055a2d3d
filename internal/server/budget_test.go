package server_test

import (
	"net/http"
	"testing"

	"parley"
	"parley/internal/budget"
	"parley/internal/server/money"
	"parley/internal/server/wire"
	"parley/internal/store/budgets"
)

func (w *world) money() *money.Handlers {
	return &money.Handlers{Budgets: &budgets.Budgets{Tables: w.store.Tables()}, Now: w.clock.Now}
}

// Budgets through the API: what they are, what is wrong with others, and that
// they hold calls back with their own code.
func TestBudgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	ask := func(method, path string, body any) answer {
		return w.send(request{method: method, path: "/api/v1" + path, key: w.ours.key, body: body})
	}
	of := "/assistants/" + w.ours.assistant.ID + "/budget"
	none := read[wire.Budgets](t, ask("GET", "/budgets", nil))
	if len(none.Data) != 1 || none.Data[0].Assistant != nil || none.Data[0].Credits != nil || none.Data[0].State != nil || none.TimeZone != "Europe/Berlin" {
		t.Errorf("without budgets: %+v", none)
	}
	read[wire.Budgets](t, ask("PUT", "/budget", wire.SaveBudget{Credits: "12.5"}))
	set := read[wire.Budgets](t, ask("PUT", of, wire.SaveBudget{Credits: "0.000001"}))
	if len(set.Data) != 2 || set.Data[0].Credits.String() != "12.5" || *set.Data[0].State != budget.Within || set.Data[1].Assistant.Name != "Lumi" {
		t.Errorf("set: %+v", set)
	}
	for name, credits := range map[string]string{"nothing": "0", "less": "-1", "words": "ten", "too much": "1000000000.1", "seven decimals": "0.0000001"} {
		if a := ask("PUT", "/budget", wire.SaveBudget{Credits: credits}); a.code() != parley.CodeInvalid {
			t.Errorf("%s: %s", name, a)
		}
	}
	input := "1000"
	a := ask("POST", "/prices", wire.NewPrice{Provider: "fake.example", Model: "fake-1", Input: &input, Output: &input, Source: "a test"})
	if a.status != http.StatusCreated {
		t.Fatal(a)
	}
	write := func() {
		t.Helper()
		a := ask("POST", "/conversations/"+w.ours.conversation.ID+"/messages?wait=60", wire.NewMessage{Content: "Hello"})
		if a.status != http.StatusCreated && a.status != http.StatusOK {
			t.Fatal(a)
		}
	}
	write()
	write()
	spent := read[wire.Budgets](t, ask("GET", "/budgets", nil))
	if *spent.Data[1].State != budget.Spent || spent.Data[1].Spent != spent.Data[0].Spent || spent.Data[1].Spent == 0 {
		t.Errorf("spent: %+v", spent)
	}
	row := read[wire.Conversation](t, ask("GET", "/conversations/"+w.ours.conversation.ID, nil))
	if !row.Waiting {
		t.Errorf("the conversation does not wait: %+v", row)
	}
	if a := ask("POST", "/conversations/"+w.ours.conversation.ID+"/evaluate", nil); a.code() != parley.CodeBudgetExhausted || a.status != http.StatusPaymentRequired {
		t.Errorf("an evaluation: %s", a)
	}
	for _, path := range []string{"/budget", of} {
		if a := ask("DELETE", path, nil); a.status != http.StatusNoContent {
			t.Errorf("DELETE %s: %s", path, a)
		}
		if a := ask("DELETE", path, nil); a.code() != parley.CodeNotFound {
			t.Errorf("DELETE %s again: %s", path, a)
		}
	}
}
