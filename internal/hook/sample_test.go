package hook_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
	"parley/internal/store/hooks"
	"parley/internal/store/storetest"
)

// samples returns how the samples of the documentation are run. A language that
// is missing fails: scripts/test-deps installs it.
func samples(t *testing.T) map[string][]string {
	t.Helper()
	docs, err := filepath.Abs("../../docs/webhooks")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "verify")
	if out, err := exec.Command("go", "build", "-o", program, filepath.Join(docs, "verify.go")).CombinedOutput(); err != nil {
		t.Fatalf("the sample in Go does not build: %v\n%s", err, out)
	}
	return map[string][]string{
		"go":     {program},
		"node":   {"node", filepath.Join(docs, "verify.mjs")},
		"python": {"python3", filepath.Join(docs, "verify.py")},
		"php":    {"php", filepath.Join(docs, "verify.php")},
	}
}

// What is posted is verified by the samples of the documentation, while a secret
// is replaced too; what was changed on the way is not.
func TestSamplesVerify(t *testing.T) {
	t.Parallel()
	storetest.RunAt(t, time.Now(), func(t *testing.T, s *store.Store, c *storetest.Clock) { // the samples look at the real clock
		w := &world{Store: s, t: t, ctx: t.Context(), clock: c, kept: &hooks.Hooks{Tables: s.Tables()}}
		w.samplesVerify()
	})
}

func (w *world) samplesVerify() {
	t := w.t
	w.service = w.newService(loopback)
	w.ws, w.assistant = w.workspace()
	x := newReceiver(t, nil)
	h := w.hook(x.URL)
	post := func() posted {
		_, err := w.service.Test(w.ctx, w.ws, h.ID)
		w.ok(err)
		all := x.all()
		return all[len(all)-1]
	}
	plain := post()
	fresh, err := w.service.Renew(w.ctx, w.ws, h.ID)
	w.ok(err)
	both := post()
	w.clock.Move(25 * time.Hour)
	late := post()
	w.clock.Move(-25 * time.Hour)
	if n := len(strings.Fields(late.Header.Get("Webhook-Signature"))); n != 1 {
		t.Errorf("a day after the secret was replaced there are %d signatures", n)
	}
	header := func(p posted, name string) string { return p.Header.Get(name) }
	old := strconv.FormatInt(time.Now().Add(-10*time.Minute).Unix(), 10)
	for language, command := range samples(t) {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			for name, c := range map[string]struct {
				secret, id, at, signature, body string
				want                            bool
			}{
				"as posted":      {h.Secret, header(plain, "Webhook-Id"), header(plain, "Webhook-Timestamp"), header(plain, "Webhook-Signature"), plain.Raw, true},
				"the new secret": {fresh, header(both, "Webhook-Id"), header(both, "Webhook-Timestamp"), header(both, "Webhook-Signature"), both.Raw, true},
				"the old secret": {h.Secret, header(both, "Webhook-Id"), header(both, "Webhook-Timestamp"), header(both, "Webhook-Signature"), both.Raw, true},
				"another secret": {fresh, header(plain, "Webhook-Id"), header(plain, "Webhook-Timestamp"), header(plain, "Webhook-Signature"), plain.Raw, false},
				"another body":   {h.Secret, header(plain, "Webhook-Id"), header(plain, "Webhook-Timestamp"), header(plain, "Webhook-Signature"), plain.Raw + " ", false},
				"another id":     {h.Secret, header(both, "Webhook-Id"), header(plain, "Webhook-Timestamp"), header(plain, "Webhook-Signature"), plain.Raw, false},
				"another time":   {h.Secret, header(plain, "Webhook-Id"), old, header(plain, "Webhook-Signature"), plain.Raw, false},
				"of tomorrow":    {fresh, header(late, "Webhook-Id"), header(late, "Webhook-Timestamp"), header(late, "Webhook-Signature"), late.Raw, false},
				"no signature":   {h.Secret, header(plain, "Webhook-Id"), header(plain, "Webhook-Timestamp"), "", plain.Raw, false},
				"no time":        {h.Secret, header(plain, "Webhook-Id"), "now", header(plain, "Webhook-Signature"), plain.Raw, false},
			} {
				cmd := exec.CommandContext(t.Context(), command[0], append(command[1:len(command):len(command)], c.id, c.at, c.signature)...)
				cmd.Env, cmd.Stdin = append(os.Environ(), "WEBHOOK_SECRET="+c.secret), strings.NewReader(c.body)
				out, err := cmd.CombinedOutput()
				said := strings.TrimSpace(string(out))
				if said != map[bool]string{true: "verified", false: "refused"}[c.want] || (err == nil) != c.want {
					t.Errorf("%s: %v, %s", name, err, said)
				}
			}
		})
	}
}
