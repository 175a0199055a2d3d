package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley"
	"parley/internal/config"
	"parley/internal/llm"
	"parley/internal/store"
)

// Doctor looks for trouble in the surroundings of a server, which may be
// running or not.
type Doctor struct {
	Config  *config.Config
	Out     io.Writer
	Offline bool // call no model provider
	failed  int
}

// The results of an examination.
const (
	fine    = "ok"
	warning = "warn"
	trouble = "FAIL"
)

// Run examines everything and prints what it finds. It returns CodeInvalid if
// something is broken.
func (d *Doctor) Run(ctx context.Context) error {
	if err := d.Config.Check(); err != nil {
		d.say(trouble, "settings", sentenceOf(err), "")
		return d.verdict()
	}
	d.say(fine, "settings", d.Config.String(), "")
	d.transcription()
	running := d.port(ctx)
	if d.dataFolder() && d.key() {
		if s := d.database(ctx, running); s != nil {
			d.providers(ctx, s)
			_ = s.Close()
		}
	}
	d.publicURL(ctx)
	return d.verdict()
}

// transcription says which program transcribes; the check of the settings has
// found it.
func (d *Doctor) transcription() {
	if r, err := d.Config.Recogniser(); err == nil && r != nil {
		d.say(fine, "transcription", "by "+r.String(), "")
	}
}

func (d *Doctor) verdict() error {
	if d.failed > 0 {
		return parley.Errorf(parley.CodeInvalid, "%d of the checks found trouble; each says what to do.", d.failed)
	}
	return nil
}

// say prints one finding and what to do about it.
func (d *Doctor) say(result, what, finding, advice string) {
	if result == trouble {
		d.failed++
	}
	_, _ = fmt.Fprintf(d.Out, "%-5s %-14s %s\n", result, what, finding)
	if advice != "" {
		_, _ = fmt.Fprintf(d.Out, "%-20s → %s\n", "", advice)
	}
}

// checkTime bounds each thing that is asked over a network.
const checkTime = 10 * time.Second

// port says whether a server answers at the address, and whether the address is
// free if none does.
func (d *Doctor) port(ctx context.Context) (running bool) {
	listen := d.Config.Listen
	if version, err := d.get(ctx, "http://"+reachable(listen)+"/healthz"); err == nil {
		d.say(fine, "server", "answers at "+listen+" "+version, "")
		return true
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		d.say(trouble, "server", fmt.Sprintf("does not answer, and %s is not free: %v", listen, err),
			"End the program that has the port, or choose another with --listen.")
		return false
	}
	_ = l.Close()
	d.say(fine, "server", "is not running; "+listen+" is free", "")
	return false
}

// reachable replaces an address that means all interfaces.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return listen
}

func (d *Doctor) get(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(res.Body, 200))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answers %s", res.Status)
	}
	return strings.TrimSpace(string(b)), err
}

// leastFree is the free space below which a server soon cannot accept messages.
const leastFree = 1 << 30

func (d *Doctor) dataFolder() bool {
	folder := d.Config.Data
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		d.say(trouble, "data folder", err.Error(), "Start the server once, which makes it, or name another with --data.")
		return false
	case !info.IsDir():
		d.say(trouble, "data folder", folder+" is not a folder", "Name another with --data.")
		return false
	}
	probe := filepath.Join(folder, ".doctor")
	if err := os.WriteFile(probe, []byte("x"), 0o600); err != nil {
		d.say(trouble, "data folder", "cannot be written: "+err.Error(), "Give the folder to the user that runs Parley.")
		return false
	}
	_ = os.Remove(probe)
	free, known := freeSpace(folder)
	switch {
	case !known:
		d.say(fine, "data folder", folder+" can be written", "")
	case free < leastFree:
		d.say(warning, "data folder", fmt.Sprintf("%s has %d MB left", folder, free>>20),
			"Make room: a server on a full disk accepts no messages.")
	default:
		d.say(fine, "data folder", fmt.Sprintf("%s can be written and has %.1f GB left", folder, float64(free)/(1<<30)), "")
	}
	return true
}

func (d *Doctor) key() bool {
	keys, err := Keyring(&d.Config.Storage, &d.Config.Secrets)
	if err != nil {
		d.say(trouble, "secret key", sentenceOf(err), "")
		return false
	}
	d.say(fine, "secret key", "encrypts with key "+keys.ID(), "")
	return true
}

// database opens the store beside the server and reads it through.
func (d *Doctor) database(ctx context.Context, running bool) *store.Store {
	s, err := OpenStore(ctx, &d.Config.Storage, &d.Config.Secrets, StoreOptions{Shared: true})
	if err != nil {
		d.say(trouble, "database", sentenceOf(err), "")
		return nil
	}
	findings, err := s.Check(ctx)
	switch {
	case err != nil:
		d.say(trouble, "database", "cannot be read: "+sentenceOf(err), "Restore the last backup into another folder and compare.")
	case len(findings) > 0:
		d.say(trouble, "database", strings.Join(findings, "\n"+strings.Repeat(" ", 21)),
			"Stop the server, keep a copy of the data folder, and restore the last backup.")
	default:
		d.say(fine, "database", s.Engine()+", read through without a fault", "")
	}
	d.conversations(ctx, s)
	d.queue(ctx, s, running)
	return s
}

// sampled is how many of the newest conversations of a workspace are compared
// with their logs.
const sampled = 100

// conversations compares rows of the list with what their logs say.
func (d *Doctor) conversations(ctx context.Context, s *store.Store) {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		d.say(trouble, "conversations", sentenceOf(err), "")
		return
	}
	n := 0
	for _, w := range workspaces {
		page, err := s.List(ctx, store.ListQuery{WorkspaceID: w.ID, Limit: sampled})
		if err != nil {
			d.say(trouble, "conversations", sentenceOf(err), "")
			return
		}
		for i := range page.Rows {
			differ, err := s.Drift(ctx, w.ID, page.Rows[i].ID)
			if err != nil || len(differ) == 0 {
				n++
				continue // changed or erased meanwhile
			}
			if again, err := s.Drift(ctx, w.ID, page.Rows[i].ID); err == nil && len(again) > 0 {
				d.say(trouble, "conversations", fmt.Sprintf("%s differs from its log in %s", page.Rows[i].ID, strings.Join(again, ", ")),
					"Please report this: a list row must follow from its log.")
			}
		}
	}
	d.say(fine, "conversations", fmt.Sprintf("%d workspaces; the newest %d conversations agree with their logs", len(workspaces), n), "")
}

// lateWork is how long due work may wait before something is wrong.
const lateWork = time.Minute

func (d *Doctor) queue(ctx context.Context, s *store.Store, running bool) {
	stats, err := s.WorkStats(ctx)
	if err != nil {
		d.say(trouble, "queue", sentenceOf(err), "")
		return
	}
	due := 0
	var oldest time.Time
	for _, k := range stats {
		due += k.Due
		if !k.Oldest.IsZero() && (oldest.IsZero() || k.Oldest.Before(oldest)) {
			oldest = k.Oldest
		}
	}
	switch late := !oldest.IsZero() && time.Since(oldest) > lateWork; {
	case late && running:
		d.say(warning, "queue", fmt.Sprintf("%d due, the oldest since %s", due, oldest.Format(time.RFC3339)),
			"The server is overloaded, or a model does not answer: look at its log.")
	default:
		d.say(fine, "queue", fmt.Sprintf("%d due", due), "")
	}
}

// providers calls each provider once, with the first of its models.
func (d *Doctor) providers(ctx context.Context, s *store.Store) {
	workspaces, err := s.Workspaces(ctx)
	if err != nil || d.Offline {
		return
	}
	makers := providers(time.Now)
	for _, w := range workspaces {
		all, err := s.Providers(ctx, w.ID)
		if err != nil {
			d.say(trouble, "models", sentenceOf(err), "")
			continue
		}
		for i := range all {
			d.provider(ctx, w.Name, &all[i], makers[all[i].Kind])
		}
	}
}

func (d *Doctor) provider(ctx context.Context, workspace string, p *parley.Provider, open func(*parley.Provider) (llm.Model, error)) {
	what := fmt.Sprintf("%s of %s", p.Name, workspace)
	if open == nil || len(p.Models) == 0 {
		d.say(warning, "models", what+" has no model to test", "Name one in Settings › Models.")
		return
	}
	model, err := open(p)
	if err == nil {
		if c, ok := model.(llm.Checker); ok {
			ctx, cancel := context.WithTimeout(ctx, 3*checkTime)
			defer cancel()
			err = c.Check(ctx, p.Models[0])
		}
	}
	if err != nil {
		d.say(warning, "models", what+": "+sentenceOf(err), "Correct it in Settings › Models.")
		return
	}
	d.say(fine, "models", what+" answers with "+p.Models[0], "")
}

func (d *Doctor) publicURL(ctx context.Context) {
	url := strings.TrimRight(d.Config.PublicURL, "/")
	if url == "" {
		return
	}
	if _, err := d.get(ctx, url+"/healthz"); err != nil {
		d.say(warning, "public URL", url+" does not lead here: "+err.Error(), "Look at the proxy before the server, and at DNS.")
		return
	}
	d.say(fine, "public URL", url+" answers", "")
}
