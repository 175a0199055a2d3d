package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store/storetest"
)

// exported is how an export stands.
type exported struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Done  int64  `json:"done"`
	Size  int64  `json:"size"`
}

// TestAKilledServerFinishesItsExport kills the program while it exports, again and
// again: the file that comes out is the one that `parley export` writes at once.
func TestAKilledServerFinishesItsExport(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes for some time")
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			args := []string{"--data", data}
			if engine == "postgres" {
				args = append(args, "--db", storetest.DSN(t, engine))
			}
			start(t, args...).stop(t) // makes the workspace
			const conversations = 1500
			file := filepath.Join(t.TempDir(), "all.jsonl")
			writeLines(t, file, conversations)
			if out := parleyCommand(t, append([]string{"import", file}, args...)...); !strings.Contains(string(out), fmt.Sprintf("%d of them were written", conversations)) {
				t.Errorf("the import says %s", out)
			}
			s := start(t, args...)
			var e exported
			s.must(t, "POST", "/api/v1/exports", map[string]any{"format": "jsonl"}, &e)
			kills := 0
			for ; e.State != "done"; s.must(t, "GET", "/api/v1/exports/"+e.ID, nil, &e) {
				if e.State != "queued" && e.State != "running" {
					t.Fatalf("the export is %+v", e)
				}
				if kills < 4 {
					kills++
					time.Sleep(time.Duration(rand.IntN(1500)) * time.Millisecond)
					s.kill()
					s = start(t, args...)
					continue
				}
				time.Sleep(50 * time.Millisecond)
			}
			got := s.file(t, e.ID)
			s.stop(t)
			want := parleyCommand(t, append([]string{"export", "--format", "jsonl"}, args...)...)
			if !bytes.Equal(got, want) || e.Done != conversations || int64(len(got)) != e.Size || bytes.Count(got, []byte("\n")) != conversations {
				t.Errorf("after %d kills there are %d bytes instead of %d, or other ones: %+v", kills, len(got), len(want), e)
			}
		})
	}
}

// file fetches the file of an export.
func (s *server) file(t *testing.T, id string) []byte {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url+"/api/v1/exports/"+id+"/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+apiKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the file: %s, %v", res.Status, err)
	}
	return b
}

// parleyCommand runs the program to its end and returns what it prints.
func parleyCommand(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), "PARLEY_SECRET_KEY="+strings.Repeat("c0ffee42", 8))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("parley %s: %v\n%s", args[0], err, errs.String())
	}
	return out
}

// writeLines writes made-up conversations of some 40 KB each.
func writeLines(t *testing.T, path string, n int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	lines := json.NewEncoder(w)
	at := time.Now().Add(-30 * 24 * time.Hour).UTC().Truncate(time.Second)
	assistant := parley.NewID(at)
	for i := range n {
		begun := at.Add(time.Duration(i) * time.Minute)
		var messages []any
		for k := range 10 {
			role := []string{"user", "assistant"}[k%2]
			messages = append(messages, map[string]any{
				"id": parley.NewID(begun), "role": role, "type": "text", "created_at": begun.Add(time.Duration(k) * time.Second),
				"content": fmt.Sprintf("%d %d %s", i, k, strings.Repeat("where is my order? ", 200)),
			})
		}
		err := lines.Encode(map[string]any{
			"id": parley.NewID(begun), "source": "api", "status": "ended", "end_reason": "inactivity", "owner": "assistant", "started_at": begun,
			"assistant": map[string]any{"id": assistant, "name": "Lumi", "version": 1},
			"contact":   map[string]any{"id": parley.NewID(begun), "name": fmt.Sprintf("Contact %d", i)}, "messages": messages,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
