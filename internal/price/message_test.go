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
