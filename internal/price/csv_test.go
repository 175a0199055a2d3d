package price

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley"
)

const header = "provider,model,input,output,cached,source,read_on\n"

func TestParseCacheWrite(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte("provider,model,input,output,cached,cache_write\nanthropic,claude,5,25,0.5,6.25\nanthropic,other,5,25,,\n"))
	if err != nil || *got[0].CacheWrite != 6_250_000 || got[1].CacheWrite != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	// What writing costs is part of what an entry says.
	plain := got[0]
	plain.CacheWrite = nil
	if seedID(&plain) == seedID(&got[0]) {
		t.Error("two versions of a price have one id")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte("\xef\xbb\xbf# a comment\n Model , PROVIDER,output,input\r\nbig model,OpenAI,10,2.5\r\n\"a,b\",x,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 {
		t.Fatalf("%d prices, want 2", len(got))
	}
	p := got[0]
	if p.Provider != "openai" || p.Model != "big model" || *p.Input != 2_500_000 || *p.Output != 10_000_000 || p.Cached != nil {
		t.Errorf("first: %+v", p)
	}
	if got[1].Model != "a,b" || got[1].Known() {
		t.Errorf("second: %+v", got[1])
	}
}

func TestParseMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		path string // of the first field error
		text string // in the message
	}{
		"empty":             {"", "", "no line that names the columns"},
		"no prices":         {header, "", "holds no prices"},
		"unknown column":    {"provider,model,input,output,colour\n", "", `"colour" is no column`},
		"missing column":    {"provider,model,input\n", "", `"output" is missing`},
		"double column":     {"provider,model,input,output,input\n", "", "there twice"},
		"not UTF-8":         {header + "a,b\xff,1,2,,,\n", "", "UTF-8"},
		"NUL":               {header + "a,b\x00,1,2,,,\n", "", "UTF-8"},
		"no number":         {header + "a,b,free,2,,,\n", "line 2, input", "six decimals"},
		"negative":          {header + "a,b,-1,2,,,\n", "line 2, input", "six decimals"},
		"negative zero":     {header + "a,b,-0,2,,,\n", "line 2, input", "six decimals"},
		"exponent":          {header + "a,b,1e3,2,,,\n", "line 2, input", "six decimals"},
		"seven decimals":    {header + "a,b,0.0000001,2,,,\n", "line 2, input", "six decimals"},
		"too much":          {header + "a,b,1,99999999999999,,,\n", "line 2, output", "six decimals"},
		"comma in a price":  {header + "a,b,\"1,5\",2,,,\n", "line 2, input", "six decimals"},
		"half a price":      {header + "a,b,1,,,,\n", "line 2", "both known or both empty"},
		"no model":          {header + "a,,1,2,,,\n", "line 2, model", "empty"},
		"long model":        {header + "a," + strings.Repeat("m", 201) + ",1,2,,,\n", "line 2, model", "too long"},
		"bad date":          {header + "a,b,1,2,,,31.12.2025\n", "line 2, read_on", "2026-01-31"},
		"too few fields":    {header + "a,b,1\n", "line 2", "3 fields"},
		"twice":             {header + "a,b,1,2,,,\n\n# c\nA,b,3,4,,,\n", "line 5, model", "Line 2 has this"},
		"broken quotes":     {header + "a,b,1,2,,,\na,\"c,1,2,,,\n", "line 3", "cannot be read"},
		"line after a long": {header + "a,\"b\nb\",1,2,,,\na,c,x,2,,,\n", "line 4, input", "six decimals"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(c.in))
			e, ok := errors.AsType[*parley.Error](err)
			if !ok || e.Code != parley.CodeInvalid || !strings.Contains(e.Message, c.text) {
				t.Fatalf("got %v, want invalid with %q", err, c.text)
			}
			if c.path != "" && (len(e.Fields) == 0 || e.Fields[0].Path != c.path) {
				t.Fatalf("fields %v, want the first at %q", e.Fields, c.path)
			}
		})
	}
}

// Every mistake is named, up to a bound.
func TestParseNamesEveryMistake(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(header)
	for i := range 80 {
		fmt.Fprintf(&b, "a,m%d,x,2,,,\n", i)
	}
	_, err := Parse([]byte(b.String()))
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || len(e.Fields) != maxErrors {
		t.Fatalf("got %v", err)
	}
	b.Reset()
	b.WriteString(header)
	for i := range maxRows + 1 {
		fmt.Fprintf(&b, "a,m%d,1,2,,,\n", i)
	}
	if _, err := Parse([]byte(b.String())); parley.ErrorCode(err) != parley.CodeTooLarge {
		t.Fatalf("got %v, want too_large", err)
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	prices, err := Seed()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Seed()
	if err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]bool)
	for i, p := range prices {
		if p.Source == "" || p.ReadOn == "" || p.ValidFrom.IsZero() {
			t.Errorf("%s %s lacks its source or date", p.Provider, p.Model)
		}
		if p.Provider != "builtin" && !strings.HasPrefix(p.Source, "https://") {
			t.Errorf("%s %s: source %q is no page", p.Provider, p.Model, p.Source)
		}
		if p.Known() && p.Cached != nil && *p.Cached > *p.Input {
			t.Errorf("%s %s: a cached token costs more than another", p.Provider, p.Model)
		}
		if !parley.ValidID(p.ID) || ids[p.ID] || again[i].ID != p.ID {
			t.Errorf("%s %s: id %q is not a stable id of its own", p.Provider, p.Model, p.ID)
		}
		ids[p.ID] = true
	}
	free := Find(prices, "builtin", parley.BuiltinModel)
	if free == nil || *free.Input != 0 || *free.Output != 0 {
		t.Errorf("the built-in answerer costs %+v", free)
	}
	if p := Find(prices, "openai", "gpt-4o-2024-08-06"); p == nil || FormatUSD(*p.Input) != "2.5" {
		t.Errorf("gpt-4o-2024-08-06 costs %+v", p)
	}
	if p := Find(prices, "openai", "gpt-4o-2024-05-13"); p == nil || p.Known() {
		t.Errorf("gpt-4o-2024-05-13 costs %+v, and is unknown", p)
	}
}
