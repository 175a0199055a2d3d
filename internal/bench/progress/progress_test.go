package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := New(1000, 100, "things")
	p.bar, p.out = nil, &out
	p.Add(300)
	if out.Len() > 0 {
		t.Errorf("it says too much: %s", out.String())
	}
	p.said = p.said.Add(-sayEvery)
	p.Add(1)
	if !strings.HasPrefix(out.String(), "401 of 1000 things, ") {
		t.Errorf("it says %q", out.String())
	}
	if got := p.line(3 * time.Second); got != "401 of 1000 things, 100 a second, 6s left" {
		t.Errorf("%q", got)
	}
	p.total = -1
	if got := p.line(301 * time.Second); got != "401 things, 1 a second" {
		t.Errorf("%q", got)
	}
}
