package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/internal/secret"
)

func valid() *Config {
	return &Config{Listen: "127.0.0.1:0", Storage: Storage{Data: "data"}}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := valid().Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		change func(*Config)
		says   string
	}{
		{func(c *Config) { c.Listen = "8080" }, "--listen"},
		{func(c *Config) { c.PublicURL = "chat.example.com" }, "--public-url"},
		{func(c *Config) { c.AllowNet = []string{"10.0.0.1"} }, "--allow-net"},
		{func(c *Config) { c.SpeechCommand = "no-such-program {file}" }, "--speech-command cannot be used: the program"},
		{func(c *Config) { c.SpeechCommand = "cat" }, "the place of the recording"},
		{func(c *Config) { c.NATS = "nats://x" }, "--nats is not built yet"},
		{func(c *Config) { c.Blob = "s3://x" }, "--blob is not built yet"},
		{func(c *Config) { c.Data = "" }, "--data"},
		{func(c *Config) { c.DB = "mysql://x" }, "--db must be a PostgreSQL URL"},
		{func(c *Config) { c.DB = "postgres://x" }, "PARLEY_SECRET_KEY"},
		{func(c *Config) { c.SecretKey = "short" }, "PARLEY_SECRET_KEY"},
		{func(c *Config) { c.AdminEmail = "a@example.com" }, "both"},
		{func(c *Config) { c.AdminAPIKey = strings.Repeat("x", 40) }, "PARLEY_ADMIN_API_KEY needs"},
		{func(c *Config) { c.AdminEmail, c.AdminPassword = "ada", "correct horse battery" }, "PARLEY_ADMIN_EMAIL"},
		{func(c *Config) { c.AdminEmail, c.AdminPassword = "a@example.com", "short" }, "PARLEY_ADMIN_PASSWORD"},
		{func(c *Config) {
			c.AdminEmail, c.AdminPassword, c.AdminAPIKey = "a@example.com", "correct horse battery", "k"
		}, "random characters"},
	}
	for _, tt := range tests {
		c := valid()
		tt.change(c)
		if err := c.Check(); parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("want %q, got %v", tt.says, err)
		}
	}
}

func TestReadSecrets(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"PARLEY_ADMIN_EMAIL": "a@example.com", "PARLEY_ADMIN_PASSWORD_FILE": file}
	var s Secrets
	if err := s.ReadSecrets(func(k string) string { return env[k] }); err != nil {
		t.Fatal(err)
	}
	if s.AdminEmail != "a@example.com" || s.AdminPassword != "from a file" {
		t.Errorf("got %+v", s)
	}
	env["PARLEY_ADMIN_PASSWORD"] = "twice"
	if err := s.ReadSecrets(func(k string) string { return env[k] }); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("a secret that is given twice: %v", err)
	}
	delete(env, "PARLEY_ADMIN_PASSWORD")
	env["PARLEY_ADMIN_PASSWORD_FILE"] = file + "x"
	if err := s.ReadSecrets(func(k string) string { return env[k] }); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("a file that is missing: %v", err)
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	c := valid()
	c.DB = "postgres://parley:s3cret@db/parley?sslpassword=s3cret"
	c.SecretKey, c.AdminPassword, c.AdminAPIKey = secret.NewKey(), "s3cret horse battery", "s3cret-key-s3cret-key-s3cret"
	for _, s := range []string{c.String(), fmt.Sprintf("%v %+v %#v", c, c, c), c.LogValue().String()} {
		if strings.Contains(s, "s3cret") || strings.Contains(s, c.SecretKey) {
			t.Errorf("a secret is in %q", s)
		}
	}
	if !strings.Contains(c.String(), "db=postgres://parley:xxxxx@db/parley") {
		t.Error(c.String())
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	s := Storage{Data: "d"}
	if s.DSN() != filepath.Join("d", "parley.db") || s.KeyFile() != filepath.Join("d", "secret.key") || s.BlobFolder() != filepath.Join("d", "blobs") {
		t.Error(s.DSN(), s.KeyFile(), s.BlobFolder())
	}
	s.DB = "postgres://x"
	if s.DSN() != "postgres://x" {
		t.Error(s.DSN())
	}
}
