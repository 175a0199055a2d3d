package price

import (
	"slices"
	"testing"

	"parley"
)

func TestMessageNames(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		got, want []string
	}{
		"a phone":     {MessageNames("UTILITY", "+4917", ""), []string{"utility/+4917", "utility/+491", "utility/+49", "utility/+4", "utility/*"}},
		"an id alone": {MessageNames("marketing", "", "DE.1"), []string{"marketing/DE", "marketing/*"}},
		"short":       {MessageNames("marketing", "+1", "no id"), []string{"marketing/+1", "marketing/*"}},
		"service":     {MessageNames("service", "", "BR.2"), []string{"service/BR", "service/*", "utility/BR", "utility/*"}},
	} {
		if !slices.Equal(tc.got, tc.want) {
			t.Errorf("%s: %q", name, tc.got)
		}
	}
}

func TestMessageCredits(t *testing.T) {
	t.Parallel()
	if got := MessageCredits(nil, 10_000); got != nil {
		t.Errorf("without a price it costs %s", got)
	}
	prices, err := Parse([]byte("provider,model,input,output,source\nWhatsApp,utility/+49,0.0456,,rates\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := MessageCredits(&prices[0], 10_000); got == nil || *got != 4*parley.CreditUnit+560_000 || !prices[0].Known() {
		t.Errorf("it costs %v", got)
	}
}

func TestChargeOf(t *testing.T) {
	t.Parallel()
	const month = 2 // free service messages
	for name, tc := range map[string]struct {
		template string
		told     Told
		nth      int64
		failed   bool
		want     string
	}{
		"within the allowance":     {"", Told{}, 2, false, "service allowance"},
		"whatever Meta calls it":   {"", Told{"service", "regular"}, 2, false, "service allowance"},
		"beyond the allowance":     {"", Told{"service", "free_customer_service"}, 3, false, "service "},
		"a general-purpose answer": {"", Told{"general_purpose_ai", "regular"}, 1, false, "general_purpose_ai "},
		"a template":               {"UTILITY", Told{}, 0, false, "utility "},
		"one that Meta moved":      {"UTILITY", Told{"marketing", "regular"}, 0, false, "marketing "},
		"one that Meta says free":  {"UTILITY", Told{"utility", "free_customer_service"}, 0, false, "utility free_customer_service"},
		"after an advertisement":   {"MARKETING", Told{"marketing", "free_entry_point"}, 0, false, "marketing free_entry_point"},
		"one that failed":          {"MARKETING", Told{"marketing", "regular"}, 0, true, "marketing failed"},
	} {
		if c := ChargeOf(tc.template, tc.told, tc.nth, month, tc.failed); c.Category+" "+c.Free != tc.want || c.Nth != tc.nth {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
