package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/secret"
	"parley/internal/store"
	"parley/internal/store/sessions"
	"parley/internal/store/storetest"
)

// The secrets that the test puts into the store.
var secrets = []string{
	"sk-provider-key", "Bearer tool-header", "session-token-abc", "pk_shown_once",
	"EAAG-graph-token", "the-app-secret-of-meta", "the-verify-token",
}

// fillSecrets keeps one of each kind of secret.
func fillSecrets(t *testing.T, s *store.Store) (ws, provider, assistant string) {
	t.Helper()
	ctx := t.Context()
	w := newWorkspace(t, s)
	p := &parley.Provider{WorkspaceID: w.ID, Name: "P", Kind: "openai", APIKey: secrets[0]}
	must(t, s.CreateProvider(ctx, p))
	cfg := config("A")
	cfg.Tools = []parley.HTTPTool{{Name: "t", Headers: map[string]string{"Authorization": secrets[1], "X-Empty": ""}}}
	a := &parley.Assistant{WorkspaceID: w.ID, Config: cfg}
	must(t, s.CreateAssistant(ctx, a, "x"))
	app := &parley.WhatsAppApp{WorkspaceID: w.ID, AppSecret: secrets[5], VerifyToken: secrets[6]}
	must(t, s.SaveWhatsAppApp(ctx, app))
	must(t, s.CreateSender(ctx, &parley.Sender{
		WorkspaceID: w.ID, PhoneNumberID: "1", AppID: app.ID, AssistantID: a.ID, Token: secrets[4],
	}))
	data, err := scs.GobCodec{}.Encode(time.Now().Add(time.Hour), map[string]any{sessions.Member: "m"})
	must(t, err)
	must(t, (&sessions.Sessions{Tables: s.Tables(), Now: time.Now}).CommitCtx(ctx, secrets[2], data, time.Now().Add(time.Hour)))
	key := store.IdempotencyKey{WorkspaceID: w.ID, Principal: "p", Key: "k", BodyHash: "h"}
	must(t, s.SaveAnswer(ctx, key, store.Answer{Status: 201, Body: []byte(secrets[3])}))
	return w.ID, p.ID, a.ID
}

// secretsOpen checks that the secrets are read as they were written.
func secretsOpen(t *testing.T, s *store.Store, ws, provider, assistant string) {
	t.Helper()
	p, err := s.Provider(t.Context(), ws, provider)
	if err != nil || p.APIKey != secrets[0] {
		t.Errorf("got %+v, %v", p, err)
	}
	a, err := s.Assistant(t.Context(), ws, assistant)
	if err != nil || a.Config.Tools[0].Headers["Authorization"] != secrets[1] {
		t.Errorf("got %+v, %v", a, err)
	}
	all, err := s.Senders(t.Context(), ws)
	if err != nil || len(all) != 1 || all[0].Token != secrets[4] {
		t.Fatalf("got %v, %v", all, err)
	}
	app, err := s.WhatsAppApp(t.Context(), all[0].AppID)
	if err != nil || app.AppSecret != secrets[5] || app.VerifyToken != secrets[6] {
		t.Errorf("got %v, %v", app, err)
	}
}

// Law 12: secrets are encrypted at rest and never logged.
func TestNoSecretInTheDatabaseOrTheLog(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			keys, dsn := storetest.Keyring(t), storetest.DSN(t, engine)
			s, err := store.Open(t.Context(), store.Options{
				DSN: dsn, Keyring: keys, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			must(t, err)
			defer func() { must(t, s.Close()) }()
			ws, provider, assistant := fillSecrets(t, s)
			held := storetest.Dump(t, engine, dsn)
			if !strings.Contains(held, "Europe/Berlin") {
				t.Fatal("the dump shows nothing: the test tests nothing")
			}
			for _, secret := range secrets {
				if strings.Contains(held, secret) {
					t.Errorf("the database holds %q in plain", secret)
				}
				if strings.Contains(logged.String(), secret) {
					t.Errorf("the log tells %q", secret)
				}
			}
			secretsOpen(t, s, ws, provider, assistant)
		})
	}
}

func TestTheKeyMustFit(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			dsn, oldKey, newKey := storetest.DSN(t, engine), secret.NewKey(), secret.NewKey()
			open := func(keys string) (*store.Store, error) {
				k, err := secret.Parse(keys)
				must(t, err)
				return store.Open(context.Background(), store.Options{DSN: dsn, Keyring: k})
			}
			s, err := open(oldKey)
			must(t, err)
			ws, provider, assistant := fillSecrets(t, s)
			must(t, s.Close())

			_, err = open(newKey)
			wantCode(t, err, parley.CodeInvalid)
			s, err = open(newKey + "," + oldKey)
			must(t, err)
			if n, err := s.RotateSecrets(t.Context()); err != nil || n != 0 {
				t.Errorf("opening left %d secrets, %v", n, err)
			}
			must(t, s.Close())

			s, err = open(newKey)
			must(t, err)
			defer func() { must(t, s.Close()) }()
			secretsOpen(t, s, ws, provider, assistant)
		})
	}
}

// A stored secret that is moved to another row does not open there.
func TestSecretsBelongToTheirRow(t *testing.T) {
	t.Parallel()
	dsn := storetest.DSN(t, "sqlite")
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Keyring: storetest.Keyring(t)})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	w := newWorkspace(t, s)
	for _, key := range []string{"sk-1", "sk-2"} {
		must(t, s.CreateProvider(t.Context(), &parley.Provider{WorkspaceID: w.ID, APIKey: key}))
	}
	db, err := sql.Open("sqlite", filepath.Clean(dsn))
	must(t, err)
	_, err = db.ExecContext(t.Context(), `UPDATE provider SET api_key = (SELECT min(api_key) FROM provider)`)
	must(t, err)
	must(t, db.Close())
	_, err = s.Providers(t.Context(), w.ID)
	wantCode(t, err, parley.CodeInvalid)
}

func TestAProviderDoesNotPrintItsKey(t *testing.T) {
	t.Parallel()
	p := parley.Provider{Name: "P", APIKey: "sk-very-secret"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "provider", p, "pointer", &p)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "provider", p, "pointer", &p)
	b, err := json.Marshal(p)
	must(t, err)
	_, _ = fmt.Fprintf(&out, "%v %+v %#v %s %s", p, p, p, &p, b)
	if strings.Contains(out.String(), "sk-very-secret") {
		t.Errorf("printed: %s", out.String())
	}
}
