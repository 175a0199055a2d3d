package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"parley/internal/app"
	"parley/internal/bench/madeup"
	"parley/internal/config"
)

// TestMain lets the test binary be the server and the echo, as the program is
// for its measurements.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != "serve" && os.Args[1] != "bench" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := beTheProgram(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type testServe struct {
	config.Config `embed:""`
}

func (c *testServe) Run(ctx context.Context) error {
	if err := c.ReadSecrets(os.Getenv); err != nil {
		return err
	}
	a, err := app.New(ctx, &c.Config, app.Options{})
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

func beTheProgram(ctx context.Context) error {
	var cli struct {
		Serve testServe `cmd:""`
		Bench Command   `cmd:""`
	}
	return kong.Parse(&cli, kong.BindTo(ctx, (*context.Context)(nil))).Run()
}

// printed runs a command and returns its report.
func printed(t *testing.T, out *bytes.Buffer, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	// Columns are as wide as what is in them.
	return strings.Join(strings.Fields(out.String()), " ")
}

// An interrupted fill goes on where it stopped, and what it filled can be
// listed and searched.
func TestFillListSearch(t *testing.T) {
	t.Parallel()
	data := Filled{Data: t.TempDir()}
	var out bytes.Buffer

	canceled, cancel := context.WithCancel(t.Context())
	fill := FillCommand{Filled: data, Conversations: 600, Days: 400, out: &out, batch: 100}
	fill.afterBatch = func(done int) {
		if done >= 200 {
			cancel()
		}
	}
	if err := fill.Run(canceled); err == nil || !strings.Contains(err.Error(), "goes on from here") {
		t.Fatalf("interrupted: %v", err)
	}
	fill.afterBatch = nil
	text := printed(t, &out, fill.Run(t.Context()))
	if !strings.Contains(text, " conversations were there already") || strings.Contains(text, " 0 conversations were") {
		t.Errorf("it began anew:\n%s", text)
	}

	out.Reset()
	text = printed(t, &out, (&ListCommand{Filled: data, Runs: 2, Pairs: 1, out: &out}).Run(t.Context()))
	for _, want := range []string{
		"Data conversations messages by the assistant 600 ", "assistant none 0 ", "assistant ten 10 ",
		"variable ten 10 ", "contact ten 10 ", "waiting yes 10 ", "date none 0 ", "date ten 10 ",
		"tag none 0 ", "tag ten 10 ", "reviewed yes 25", "Counts of saved views", "pairs of filters",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q:\n%s", want, text)
		}
	}

	out.Reset()
	text = printed(t, &out, (&SearchCommand{Filled: data, Runs: 1, out: &out}).Run(t.Context()))
	if !strings.Contains(text, "common word Aurora 25") {
		t.Errorf("the search finds nothing:\n%s", text)
	}

	out.Reset()
	text = printed(t, &out, (&AnalyticsCommand{Filled: data, Runs: 1, Pairs: 1, out: &out}).Run(t.Context()))
	for _, want := range []string{" any all 600 ", " assistant none 7 days 0 ", "resolved yes, handed over yes", "words " + madeup.RareWord} {
		if !strings.Contains(text, want) {
			t.Errorf("analytics lack %q:\n%.3000s", want, text)
		}
	}

	out.Reset()
	text = printed(t, &out, (&TopicsCommand{Filled: data, Runs: 1, out: &out}).Run(t.Context()))
	for _, want := range []string{"the first", "the next day's", "overview, all of them", "list of a topic"} {
		if !strings.Contains(text, want) {
			t.Errorf("the grouping lacks %q:\n%s", want, text)
		}
	}

	out.Reset()
	text = printed(t, &out, (&EraseCommand{Filled: data, Conversations: 2, Messages: 3, out: &out}).Run(t.Context()))
	if !strings.Contains(text, "the erasure") {
		t.Errorf("there is no erasure:\n%s", text)
	}
}

func TestListNeedsData(t *testing.T) {
	t.Parallel()
	err := (&ListCommand{Filled: Filled{Data: t.TempDir()}, Runs: 1, out: io.Discard}).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "bench fill") {
		t.Fatalf("got %v", err)
	}
}

// The measurements that start the real server run, and nothing fails in them.
func TestAgainstTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	t.Parallel()
	for name, c := range map[string]struct {
		run  func(ctx context.Context, out io.Writer) error
		want []string
	}{
		"ingest": {func(ctx context.Context, out io.Writer) error {
			return (&IngestCommand{Fresh: Fresh{Dir: t.TempDir()}, Connections: []int{2}, For: time.Second,
				Conversations: 5, out: out}).Run(ctx)
		}, []string{"bare echo", "raw commits", "messages, assistant off", "messages, assistant on", "time after the last message"}},
		"turn": {func(ctx context.Context, out io.Writer) error {
			return (&TurnCommand{Fresh: Fresh{Dir: t.TempDir()}, Turns: 3, Words: 5, out: out}).Run(ctx)
		}, []string{"through Parley, first word", "to the first word"}},
		"stream": {func(ctx context.Context, out io.Writer) error {
			return (&StreamCommand{Fresh: Fresh{Dir: t.TempDir()}, Streams: []int{5}, Settle: 50 * time.Millisecond, out: out}).Run(ctx)
		}, []string{"KB per stream", "start to healthy"}},
		"visitors": {func(ctx context.Context, out io.Writer) error {
			return (&StreamCommand{Fresh: Fresh{Dir: t.TempDir()}, Visitors: []int{60}, Settle: 50 * time.Millisecond, out: out}).Run(ctx)
		}, []string{"KB per idle visitor", "A message to each"}},
		"soak": {func(ctx context.Context, out io.Writer) error {
			return (&SoakCommand{Fresh: Fresh{Dir: t.TempDir()}, For: time.Second, Warm: time.Second, Visitors: 16, Rate: 16,
				Settle: 50 * time.Millisecond, out: out}).Run(ctx)
		}, []string{"visitors so far", "memory at the end"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			text := printed(t, &out, c.run(t.Context(), &out))
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("it lacks %q:\n%s", want, text)
				}
			}
			if strings.Contains(text, "requests failed") {
				t.Errorf("requests failed:\n%s", text)
			}
		})
	}
}

// A server that does not start says why.
func TestServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	_, err := startParley(t.Context(), t.TempDir(), "mysql://nowhere")
	if err == nil || !strings.Contains(err.Error(), "--db must be a PostgreSQL URL") {
		t.Fatalf("got %v", err)
	}
}
