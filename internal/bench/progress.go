package bench

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// sayEvery is how often progress is told where it cannot be drawn.
const sayEvery = 30 * time.Second

// progress shows how far a long step is: as a bar on a terminal, and as a line
// now and then elsewhere.
type progress struct {
	out         io.Writer
	bar         *progressbar.ProgressBar // nil without a terminal
	what        string
	total       int // -1: unknown
	begun, done int
	start, said time.Time
}

func newProgress(total, done int, what string) *progress {
	p := &progress{out: os.Stderr, what: what, total: total, begun: done, done: done, start: time.Now(), said: time.Now()}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(200*time.Millisecond),
			progressbar.OptionOnCompletion(func() { fmt.Fprintln(p.out) }))
		_ = p.bar.Set(done) // a bar that cannot be drawn stops nothing
	}
	return p
}

func (p *progress) add(n int) {
	p.done += n
	if p.bar != nil {
		_ = p.bar.Add(n)
		return
	}
	if now := time.Now(); now.Sub(p.said) >= sayEvery {
		p.said = now
		fmt.Fprintln(p.out, p.line(now.Sub(p.start)))
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// line says how far it is after some time.
func (p *progress) line(took time.Duration) string {
	rate := perSecond(p.done-p.begun, took)
	if p.total < 0 || rate <= 0 {
		return fmt.Sprintf("%d %s, %.0f a second", p.done, p.what, rate)
	}
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%d of %d %s, %.0f a second, %s left", p.done, p.total, p.what, rate, left)
}
