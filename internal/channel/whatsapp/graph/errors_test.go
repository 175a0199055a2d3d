package graph

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
)

// class is what a row of the list asks for, in the words of this package.
type class struct {
	action channel.Action
	scope  channel.Scope
	stop   parley.Stop
	alert  bool
	pause  time.Duration
}

// classes are the classes of the list. Where one row has codes that differ, the
// code is named.
var classes = map[string]class{
	"stop number, alert":                      {channel.Fail, channel.ScopeSender, parley.StopAll, true, 0},
	"stop, alert":                             {channel.Fail, channel.ScopeSender, parley.StopAll, true, 0},
	"stop, alert 131064":                      {channel.Fail, channel.ScopeAccount, parley.StopTemplates, true, 0},
	"stop, alert 368":                         {channel.Fail, channel.ScopeAccount, parley.StopAll, true, 0},
	"stop, alert 131031":                      {channel.Fail, channel.ScopeAccount, parley.StopAll, true, 0},
	"stop, alert 130497":                      {channel.Fail, channel.ScopeRecipient, "", true, 0},
	"retry with backoff":                      {channel.Retry, "", "", false, ShortPause},
	"back off per app/WABA":                   {channel.Retry, channel.ScopeAccount, "", false, longPause},
	"back off per number":                     {channel.Retry, channel.ScopeSender, "", false, ShortPause},
	"back off **per recipient**":              {channel.Retry, channel.ScopeRecipient, "", false, time.Second},
	"stop templates on the number, alert":     {channel.Fail, channel.ScopeSender, parley.StopTemplates, true, 0},
	"stop paid sends":                         {channel.Fail, channel.ScopeAccount, parley.StopAll, true, 0},
	"do not retry free-form":                  {channel.Fail, "", "", false, 0},
	"permanent for this recipient now":        {channel.Fail, channel.ScopeRecipient, "", false, 0},
	"no retry for 24 h":                       {channel.Fail, channel.ScopeRecipient, "", false, 24 * time.Hour},
	"opt-out":                                 {channel.Fail, channel.ScopeRecipient, "", false, 0},
	"do not retry":                            {channel.Fail, channel.ScopeRecipient, "", false, 0},
	"permanent":                               {channel.Fail, "", "", false, 0},
	"configuration":                           {channel.Fail, channel.ScopeRecipient, "", false, 0},
	"configuration 131037":                    {channel.Fail, channel.ScopeSender, "", true, 0},
	"configuration 131063":                    {channel.Fail, channel.ScopeTemplate, "", true, 0},
	"stop":                                    {channel.Fail, channel.ScopeSender, parley.StopAll, true, 0},
	"tell the user":                           {channel.Fail, "", "", false, 0},
	"permanent after one retry":               {channel.Fail, "", "", false, 0},
	"n/a":                                     {channel.Fail, "", "", false, 0},
	"retry":                                   {channel.Retry, channel.ScopeSender, "", false, longPause},
	"note":                                    {channel.Fail, "", "", false, 0},
	"permanent, our bug":                      {channel.Fail, "", "", false, 0},
	"permanent, template fault":               {channel.Fail, channel.ScopeTemplate, "", false, 0},
	"permanent, template fault 132007":        {channel.Fail, channel.ScopeTemplate, "", true, 0},
	"stop template":                           {channel.Fail, channel.ScopeTemplate, "", true, 0},
	"permanent / throttle 132018":             {channel.Fail, channel.ScopeTemplate, "", false, 0},
	"permanent / throttle 132068":             {channel.Fail, channel.ScopeTemplate, "", true, 0},
	"permanent / throttle 132069":             {channel.Retry, channel.ScopeTemplate, "", true, 10 * longPause},
	"operator":                                {channel.Fail, channel.ScopeTemplate, "", false, 0},
	"operator 134011":                         {channel.Fail, channel.ScopeAccount, "", true, 0},
	"operator 2388019":                        {channel.Fail, channel.ScopeAccount, "", false, 0},
	"operator 133005-133009, 133015, 133016":  {channel.Fail, channel.ScopeSender, "", true, 0},
	"operator 133005-133009, 133015, 133016!": {channel.Fail, channel.ScopeSender, parley.StopAll, true, 0}, // 133006
}

// TestEveryCodeOfTheList walks Meta's list as it was collected.
func TestEveryCodeOfTheList(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("testdata/error_codes.md")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`(\d+)(?:-(\d+))?`)
	seen := 0
	for line := range strings.Lines(string(list)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || !codes.MatchString(cells[0]) {
			continue
		}
		row := strings.TrimSpace(cells[0])
		for _, m := range codes.FindAllStringSubmatch(row, -1) {
			from, _ := strconv.Atoi(m[1])
			to := from
			if m[2] != "" {
				to, _ = strconv.Atoi(m[2])
			}
			for code := from; code <= to; code++ {
				seen++
				checkCode(t, code, row, strings.TrimSpace(cells[2]))
			}
		}
	}
	if seen < 170 {
		t.Errorf("only %d codes were looked at", seen)
	}
}

func checkCode(t *testing.T, code int, row, words string) {
	t.Helper()
	want, ok := classes[words+" "+strconv.Itoa(code)]
	if !ok {
		want, ok = classes[words+" "+row]
		if ok && code == 133006 {
			want = classes[words+" "+row+"!"]
		}
	}
	for end := len(words); !ok && end > 0; end-- {
		// The class begins the cell; what follows explains it.
		want, ok = classes[words[:end]]
	}
	if !ok {
		t.Errorf("%d: there is no class %q", code, words)
		return
	}
	e := ErrorOf(code, "what Meta says")
	got := class{e.Action, e.Scope, e.Stop, e.Alert, e.RetryAfter}
	if got != want {
		t.Errorf("%d (%s): got %+v, want %+v", code, words, got, want)
	}
	if _, known := verdictOf(code); !known {
		t.Errorf("%d is not known", code)
	}
	if e.Code != strconv.Itoa(code) || len(e.Message) < 20 || !strings.HasSuffix(strings.TrimSuffix(e.Message, " It says: what Meta says"), ".") {
		t.Errorf("%d: %q", code, e.Message)
	}
}

func TestUnknownCodes(t *testing.T) {
	t.Parallel()
	e := ErrorOf(987654, "The moon is full")
	if e.Action != channel.Fail || e.Scope != "" || e.Stop != "" || !strings.Contains(e.Message, "987654") || !strings.Contains(e.Message, "The moon is full") {
		t.Errorf("got %+v", e)
	}
	e = ErrorFrom(AsObject([]byte(`{"code":987654,"message":"m","is_transient":true}`)))
	if e.Action != channel.Retry || e.RetryAfter != ShortPause {
		t.Errorf("a passing fault: %+v", e)
	}
	e = ErrorFrom(AsObject([]byte(`{"code":100,"error_subcode":2388299,"message":"Invalid parameter"}`)))
	if e.Code != "2388299" {
		t.Errorf("the subcode says more: %+v", e)
	}
	e = ErrorFrom(AsObject([]byte(`{"code":130429,"error_subcode":2494055,"error_data":{"details":"slow"}}`)))
	if e.Code != "130429" {
		t.Errorf("the subcode says less: %+v", e)
	}
	if e := ErrorFrom(nil); e == nil || e.Action != channel.Fail || e.Stop != "" || e.Code != "unknown" {
		t.Errorf("no error at all: %+v", e)
	}
}
