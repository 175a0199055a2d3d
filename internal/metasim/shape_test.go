package metasim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

// shape returns the paths of a JSON value with the types at their ends; the
// elements of a list share a path.
func shape(v any, at string, into map[string]bool) map[string]bool {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			shape(x, at+"."+k, into)
		}
	case []any:
		for _, x := range v {
			shape(x, at+"[]", into)
		}
	default:
		into[fmt.Sprintf("%s %T", at, v)] = true
	}
	return into
}

// Every webhook has all that Meta's example of it has, with the same types.
func TestWebhooksHaveMetasShape(t *testing.T) {
	t.Parallel()
	parent := world.Person{ID: "kin", Name: "Pablo M.", Phone: "34655509900", UserID: "ES.1", ParentUserID: "ES.ENT.1", Username: "pablo", AutoRead: true}
	hidden := parent
	hidden.ID, hidden.Phone, hidden.UserID, hidden.ParentUserID, hidden.Identity = "hidden", "34655509901", "ES.2", "ES.ENT.2", "user_id"
	buttons := `"type":"interactive","interactive":{"type":"button","body":{"text":"Which?"},"action":{"buttons":[{"type":"reply","reply":{"id":"b1","title":"Beans"}}]}}`
	list := `"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"Choose","sections":[{"rows":[{"id":"r1","title":"Red","description":"As a rose"}]}]}}`
	act := func(person string, a metasim.Action) func(*scene) {
		return func(s *scene) { s.act(person, a) }
	}
	tap := func(rest, choice string) func(*scene) {
		return func(s *scene) {
			s.text("sheena", "Hi")
			s.act("sheena", metasim.Action{Kind: "tap", MessageID: s.send(rest).Messages[0].ID, Choice: choice})
		}
	}
	change := func(kind string) func(*scene) {
		return func(s *scene) {
			id := s.text("sheena", "Hi")
			s.act("sheena", metasim.Action{Kind: kind, MessageID: id, Text: "Hello", Phone: "12195555358"})
		}
	}
	answer := func(to, person string) func(*scene) {
		return func(s *scene) {
			s.text(person, "Hi")
			s.sendTo(to, hello)
		}
	}
	review := func(status, reason string) func(*scene) {
		return func(s *scene) {
			if _, err := s.ReviewTemplate(s.Templates()[0].ID, status, reason); err != nil {
				t.Error(err)
			}
		}
	}
	number1 := func(c metasim.NumberChange) func(*scene) {
		return func(s *scene) {
			if _, err := s.UpdateNumber(number, c); err != nil {
				t.Error(err)
			}
		}
	}
	tier, fast := "TIER_2K", 1000
	for name, do := range map[string]func(*scene){
		"text":                       act("sheena", metasim.Action{Kind: "text", Text: "Does it come in another color?"}),
		"text_ctwa_referral":         act("sheena", metasim.Action{Kind: "ad", Text: "Can I get more info about this?"}),
		"text_bsuid_only":            act("hidden", metasim.Action{Kind: "text", Text: "Does it come in another color?"}),
		"interactive_button_reply":   tap(buttons, "b1"),
		"interactive_list_reply":     tap(list, "r1"),
		"unsupported_edit":           change("edit"),
		"revoke":                     change("delete"),
		"system_user_changed_number": change("change_number"),
		"status_delivered_username_phone_bsuid_parent": answer(`"to":"+34655509900"`, "kin"),
		"status_delivered_bsuid_only":                  answer(`"recipient":"ES.2"`, "hidden"),
		"status_failed_131049": func(s *scene) {
			s.sendTo(`"to":"+15550131049"`, `"type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}`)
		},
		"template_status_approved":                review("APPROVED", ""),
		"template_status_rejected_invalid_format": review("REJECTED", "INVALID_FORMAT"),
		"business_capability_update_2000":         number1(metasim.NumberChange{Limit: &tier}),
		"phone_number_quality_update_throughput":  number1(metasim.NumberChange{Throughput: &fast}),
		"calls_connect_user_initiated":            act("sheena", metasim.Action{Kind: "call"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var example any
			if err := json.Unmarshal(b, &example); err != nil {
				t.Fatal(err)
			}
			s := newScene(t, func(c *metasim.Config) {
				c.People = append(world.DefaultPeople(), parent, hidden)
				c.Accounts = world.DefaultAccounts()
				c.Accounts[0].Numbers[0].Coexistence = name == "revoke"
			})
			do(s)
			s.quiet()
			want, best := shape(example, "", map[string]bool{}), []string{"no webhook came"}
			for _, body := range s.hook.bodies {
				var got any
				if err := json.Unmarshal(body, &got); err != nil {
					t.Fatal(err)
				}
				have := shape(got, "", map[string]bool{})
				missing := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(p string) bool { return have[p] })
				if len(missing) == 0 {
					return
				}
				if best[0] == "no webhook came" || len(missing) < len(best) {
					best = missing
				}
			}
			t.Errorf("no webhook has all of it; the nearest lacks\n%s", strings.Join(best, "\n"))
		})
	}
}
