package parley_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layer is a group of packages; "x/*" stands for everything below x.
type layer struct {
	name    string
	beside  bool // whether its members may import each other
	members []string
}

// layers are the packages in the order in which they may be imported: one
// imports only what stands above it.
var layers = []layer{
	{"domain", false, []string{"parley"}},
	{"language", false, []string{"parley/internal/lang"}},
	{"tools of the trade", false, []string{
		"parley/internal/lang", "parley/internal/cache", "parley/internal/calendar", "parley/internal/lane", "parley/internal/settext", "parley/internal/secret", "parley/internal/password", "parley/internal/apidoc",
		"parley/internal/price", "parley/internal/token", "parley/internal/transcript", "parley/internal/filetype",
		"parley/internal/redact", "parley/internal/sheet",
		"parley/ui",
	}},
	{"budgets", false, []string{"parley/internal/budget"}},
	{"leaves", false, []string{
		"parley/internal/queue", "parley/internal/channel", "parley/internal/llm", "parley/internal/live",
		"parley/internal/blob", "parley/internal/knowledge", "parley/internal/variable", "parley/internal/httptool",
		"parley/internal/search", "parley/internal/speech", "parley/internal/topic", "parley/internal/foreign",
	}},
	{"simulator", true, []string{"parley/internal/metasim", "parley/internal/metasim/*"}},
	{"store", true, []string{"parley/internal/store", "parley/internal/store/*"}},
	{"questions", false, []string{"parley/internal/analytics", "parley/internal/questions"}},
	// What Meta's Graph API is, for the adapter and for those who manage numbers;
	// what calls of model providers have in common.
	{"protocols", false, []string{"parley/internal/channel/whatsapp/graph", "parley/internal/llm/remote"}},
	{"adapters", false, []string{"parley/internal/channel/*", "parley/internal/llm/*", "parley/internal/speech/*"}},
	{"outbox, readings, exports, webhooks, erasures, prompts, the workshop and watch", false, []string{
		"parley/internal/outbox", "parley/internal/reading", "parley/internal/export", "parley/internal/hook", "parley/internal/privacy", "parley/internal/workshop",
		"parley/internal/prompt", "parley/internal/watch",
	}},
	{"imports", false, []string{"parley/internal/imports"}},
	{"engine", false, []string{"parley/internal/engine"}},
	{"around the engine", false, []string{"parley/internal/inbox", "parley/internal/senders", "parley/internal/bulk"}},
	{"parts of the server", true, []string{
		"parley/internal/server/wire", "parley/internal/server/access", "parley/internal/server/dashboard",
		"parley/internal/server/api", "parley/internal/server/whatsapp", "parley/internal/server/events", "parley/internal/server/upload",
		"parley/internal/server/widget", "parley/internal/server/filter", "parley/internal/server/analytics", "parley/internal/server/export",
		"parley/internal/server/hook", "parley/internal/server/money", "parley/internal/server/desk", "parley/internal/server/privacy",
		"parley/internal/server/workshop", "parley/internal/server/bulk", "parley/internal/server/imports",
	}},
	{"server", false, []string{"parley/internal/server"}},
	{"app", true, []string{"parley/internal/config", "parley/internal/app", "parley/internal/demo", "parley/internal/bench", "parley/internal/bench/*",
		"parley/internal/faultrun"}},
	{"commands", false, []string{"parley/cmd/*", "parley/e2e", "parley/internal/server/openapi"}},
}

// forbidden names what a layer must not know, whatever its place: adapters
// never touch the store, and the engine speaks neither HTTP nor to a concrete
// channel or model.
var forbidden = map[string][]string{
	"parley/internal/llm/*":     {"parley/internal/store"},
	"parley/internal/channel/*": {"parley/internal/store", "parley/internal/metasim", "parley/internal/metasim/*"},
	// The simulator judges the client: neither may know the other.
	"parley/internal/metasim":   {"parley/internal/channel", "parley/internal/channel/*"},
	"parley/internal/metasim/*": {"parley/internal/channel", "parley/internal/channel/*"},
	"parley/internal/speech/*":  {"parley/internal/store"},
	"parley/internal/reading":   {"net/http", "parley/internal/store", "parley/internal/llm/*", "parley/internal/channel/*", "parley/internal/speech/*"},
	"parley/internal/outbox":    {"net/http", "parley/internal/channel/*"},
	"parley/internal/engine":    {"net/http", "parley/internal/llm/*", "parley/internal/channel/*", "parley/internal/speech/*"},
}

type listedPackage struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	Dir        string
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles,Dir", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []listedPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(path, prefix+"/")
	}
	return pattern == path
}

func layerOf(path string) int {
	return slices.IndexFunc(layers, func(l layer) bool {
		return slices.ContainsFunc(l.members, func(m string) bool { return matches(m, path) })
	})
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		from := layerOf(p.ImportPath)
		if from < 0 {
			t.Errorf("%s has no place: add it to a layer in rules_test.go", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if imp != "parley" && !strings.HasPrefix(imp, "parley/") {
				if from == 0 && strings.Contains(imp, ".") {
					t.Errorf("%s imports %s: the domain knows only the standard library", p.ImportPath, imp)
				}
				continue
			}
			to := layerOf(imp)
			if to > from || to == from && !layers[from].beside {
				t.Errorf("%s (%s) imports %s (%s): imports point the other way",
					p.ImportPath, layers[from].name, imp, layers[to].name)
			}
		}
	}
}

func TestForbiddenImports(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		for pattern, denied := range forbidden {
			if !matches(pattern, p.ImportPath) {
				continue
			}
			for _, imp := range p.Imports {
				if slices.ContainsFunc(denied, func(d string) bool { return matches(d, imp) }) {
					t.Errorf("%s must not import %s", p.ImportPath, imp)
				}
			}
		}
	}
}

// The sizes that keep the code readable, in lines.
const (
	maxFile    = 450
	maxPackage = 3000
)

// largePackages may be larger, each for its reason.
var largePackages = map[string]int{
	// One concrete store, so that every query is bound to its workspace in one
	// place and a transaction can touch any noun; a file for each noun.
	"parley/internal/store": 10320,
	// A command for each thing that is measured, on one report and one load.
	"parley/internal/bench": 3750,
}

func TestSizes(t *testing.T) {
	t.Parallel()
	lines := func(path string) int {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(b, []byte("\n"))
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "node_modules", "dist", ".cache", "bin"}, d.Name()) {
			return filepath.SkipDir
		}
		generated := strings.HasSuffix(path, ".d.ts")
		if ext := filepath.Ext(path); !generated && (ext == ".go" || ext == ".ts" || ext == ".tsx") {
			if n := lines(path); n > maxFile {
				t.Errorf("%s has %d lines, more than %d: split it along a noun", path, n, maxFile)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range listPackages(t) {
		total := 0
		for _, f := range p.GoFiles {
			total += lines(filepath.Join(p.Dir, f))
		}
		if limit := max(maxPackage, largePackages[p.ImportPath]); total > limit {
			t.Errorf("package %s has %d lines, more than %d", p.ImportPath, total, limit)
		}
	}
}

// TestSQLStaysInStore finds SQL outside the store, so that every query is bound
// to its workspace in one place.
func TestSQLStaysInStore(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		if strings.HasPrefix(p.ImportPath, "parley/internal/store") || p.ImportPath == "parley/internal/bench" {
			continue // the bench compares with a raw commit loop
		}
		if slices.Contains(p.Imports, "database/sql") {
			t.Errorf("%s imports database/sql: SQL lives in the store", p.ImportPath)
		}
	}
}
