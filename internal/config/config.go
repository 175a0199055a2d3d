// Package config holds every setting of the program in one struct: what the
// flags and the environment say, with defaults, checked once.
//
// Secrets come from the environment or from files that it names, never from
// flags, which every process on the machine can read; and they never appear in
// a log.
package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"parley"
	"parley/internal/password"
	"parley/internal/secret"
	"parley/internal/speech/command"
)

// Config is what `parley serve` is told. The tags are those of kong.
type Config struct {
	Listen    string `env:"PARLEY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on. Port 0 takes a free one."`
	PublicURL string `env:"PARLEY_PUBLIC_URL" name:"public-url" placeholder:"URL" help:"How browsers reach the server, such as https://chat.example.com."`
	Storage   `embed:""`

	Demo       bool     `env:"PARLEY_DEMO" help:"Seed a demo workspace with an assistant, knowledge and sample conversations."`
	Resume     bool     `help:"Send messages again after a restore, which holds them back."`
	TrustProxy bool     `env:"PARLEY_TRUST_PROXY" name:"trust-proxy" help:"Take the address of a client from X-Forwarded-For. Only behind a proxy that sets it."`
	AllowNet   []string `env:"PARLEY_ALLOW_NET" name:"allow-net" placeholder:"CIDR" help:"Private networks that HTTP tools and webhooks may reach, such as 10.0.0.0/8."`

	SpeechCommand string `env:"PARLEY_SPEECH_COMMAND" name:"speech-command" placeholder:"LINE" help:"Program that transcribes voice notes, such as: whisper-cli -m MODEL -l {language} -nt -np -f {wav}"`

	LogLevel  slog.Level `env:"PARLEY_LOG_LEVEL" name:"log-level" default:"info" help:"debug, info, warn or error."`
	LogFormat string     `env:"PARLEY_LOG_FORMAT" name:"log-format" default:"text" enum:"text,json" help:"text or json."`

	Secrets `kong:"-"`
}

// Storage says where the data is. Every command that touches it has these.
type Storage struct {
	Data string `env:"PARLEY_DATA" default:"./parley-data" placeholder:"DIR" help:"Folder of the SQLite file, attachments and the key file."`
	DB   string `env:"PARLEY_DB" placeholder:"URL" help:"PostgreSQL instead of SQLite: postgres://user:password@host/name."`
	NATS string `env:"PARLEY_NATS" name:"nats" placeholder:"URL" help:"Not built yet: live updates between several nodes."`
	Blob string `env:"PARLEY_BLOB" name:"blob" placeholder:"URL" help:"Not built yet: attachments in S3."`
}

// Secrets are read from the environment: from PARLEY_<NAME>, or from the file
// that PARLEY_<NAME>_FILE names.
type Secrets struct {
	SecretKey     string // encrypts secrets at rest; "" = a key file in the data folder
	AdminEmail    string // of the first owner
	AdminPassword string
	AdminAPIKey   string // of the first owner, for programs
}

// shortestAPIKey is the length from which a key that an administrator chose is
// taken to be random enough.
const shortestAPIKey = 24

// ReadSecrets fills s from the environment. It returns CodeInvalid for a file
// that cannot be read, and for a secret that is given twice.
func (s *Secrets) ReadSecrets(getenv func(string) string) error {
	for name, to := range map[string]*string{
		"PARLEY_SECRET_KEY":     &s.SecretKey,
		"PARLEY_ADMIN_EMAIL":    &s.AdminEmail,
		"PARLEY_ADMIN_PASSWORD": &s.AdminPassword,
		"PARLEY_ADMIN_API_KEY":  &s.AdminAPIKey,
	} {
		value, file := getenv(name), getenv(name+"_FILE")
		if value != "" && file != "" {
			return parley.Errorf(parley.CodeInvalid, "Set either %s or %s_FILE, not both.", name, name)
		}
		if file != "" {
			b, err := os.ReadFile(file)
			if err != nil {
				return parley.Errorf(parley.CodeInvalid, "The file of %s_FILE cannot be read: %w.", name, err)
			}
			value = strings.TrimRight(string(b), "\r\n")
		}
		*to = value
	}
	return nil
}

// Check returns CodeInvalid with a sentence that says what to change. It is not
// called Validate, because the command line's parser would call that before
// the secrets are read.
func (c *Config) Check() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return parley.Errorf(parley.CodeInvalid, "--listen must be an address with a port, such as 127.0.0.1:8080; got %q.", c.Listen)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return parley.Errorf(parley.CodeInvalid, "--public-url must be a URL such as https://chat.example.com; got %q.", c.PublicURL)
		}
	}
	if _, err := c.Networks(); err != nil {
		return err
	}
	if _, err := c.Recogniser(); err != nil {
		return err
	}
	if err := c.Storage.Check(); err != nil {
		return err
	}
	if c.DB != "" && c.SecretKey == "" {
		return parley.Errorf(parley.CodeInvalid,
			"With --db the key that encrypts secrets must be given in PARLEY_SECRET_KEY or PARLEY_SECRET_KEY_FILE. "+
				"Make one with: openssl rand -base64 32")
	}
	return c.Secrets.Check()
}

// Check returns CodeInvalid for what cannot be used, or is not built yet.
func (s *Storage) Check() error {
	switch {
	case s.NATS != "":
		return parley.Errorf(parley.CodeInvalid,
			"--nats is not built yet: run one node, which needs no NATS, and leave the option out.")
	case s.Blob != "":
		return parley.Errorf(parley.CodeInvalid,
			"--blob is not built yet: attachments are kept in the data folder. Leave the option out.")
	case s.Data == "":
		return parley.Errorf(parley.CodeInvalid, "--data must name a folder.")
	case s.DB != "" && !strings.HasPrefix(s.DB, "postgres://") && !strings.HasPrefix(s.DB, "postgresql://"):
		return parley.Errorf(parley.CodeInvalid,
			"--db must be a PostgreSQL URL such as postgres://user:password@host/name. For SQLite leave it out and use --data.")
	}
	return nil
}

// Check returns CodeInvalid for an owner who could not sign in.
func (s *Secrets) Check() error {
	if s.SecretKey != "" {
		if _, err := secret.Parse(s.SecretKey); err != nil {
			return parley.Errorf(parley.CodeInvalid, "PARLEY_SECRET_KEY cannot be used: %w", err)
		}
	}
	switch {
	case (s.AdminEmail == "") != (s.AdminPassword == ""):
		return parley.Errorf(parley.CodeInvalid, "Set both PARLEY_ADMIN_EMAIL and PARLEY_ADMIN_PASSWORD, or neither.")
	case s.AdminEmail == "" && s.AdminAPIKey != "":
		return parley.Errorf(parley.CodeInvalid, "PARLEY_ADMIN_API_KEY needs PARLEY_ADMIN_EMAIL and PARLEY_ADMIN_PASSWORD: it is a key of that owner.")
	case s.AdminAPIKey != "" && len(s.AdminAPIKey) < shortestAPIKey:
		return parley.Errorf(parley.CodeInvalid, "PARLEY_ADMIN_API_KEY must have at least %d random characters.", shortestAPIKey)
	case s.AdminEmail != "" && !strings.Contains(s.AdminEmail, "@"):
		return parley.Errorf(parley.CodeInvalid, "PARLEY_ADMIN_EMAIL must be an e-mail address; got %q.", s.AdminEmail)
	case s.AdminPassword != "":
		if err := password.Check(s.AdminPassword); err != nil {
			return parley.Errorf(parley.CodeInvalid, "PARLEY_ADMIN_PASSWORD cannot be used: %w", err)
		}
	}
	return nil
}

// Networks returns the networks that HTTP tools and webhooks may reach although they are
// private. It returns CodeInvalid for what is no network.
func (c *Config) Networks() ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for _, s := range c.AllowNet {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "--allow-net must be a network such as 10.0.0.0/8; got %q.", s)
		}
		nets = append(nets, p)
	}
	return nets, nil
}

// Recogniser returns the program that transcribes voice notes, nil if none was
// named. It returns CodeInvalid for one that cannot be run.
func (c *Config) Recogniser() (*command.Recogniser, error) {
	if c.SpeechCommand == "" {
		return nil, nil
	}
	r, err := command.New(c.SpeechCommand)
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "--speech-command cannot be used: %w. It looks like: "+
			"whisper-cli -m /models/ggml-base.bin -l {language} -nt -np -f {wav}", err)
	}
	return r, nil
}

// The names inside the data folder.
const (
	databaseFile = "parley.db"
	keyFile      = "secret.key"
	blobFolder   = "blobs"
)

// DSN returns what the store opens: the URL of --db, else the SQLite file.
func (s *Storage) DSN() string {
	if s.DB != "" {
		return s.DB
	}
	return s.DatabaseFile()
}

// DatabaseFile returns the path of the SQLite file.
func (s *Storage) DatabaseFile() string { return filepath.Join(s.Data, databaseFile) }

// KeyFile returns the path of the key file.
func (s *Storage) KeyFile() string { return filepath.Join(s.Data, keyFile) }

// BlobFolder returns the folder of the attachments.
func (s *Storage) BlobFolder() string { return filepath.Join(s.Data, blobFolder) }

// String describes the settings without a secret.
func (c *Config) String() string {
	return fmt.Sprintf("listen=%s public-url=%s data=%s db=%s demo=%t speech-command=%q secret-key=%s admin=%s admin-password=%s admin-api-key=%s",
		c.Listen, c.PublicURL, c.Data, redactURL(c.DB), c.Demo, c.SpeechCommand, redact(c.SecretKey), c.AdminEmail,
		redact(c.AdminPassword), redact(c.AdminAPIKey))
}

// GoString keeps %#v from printing secrets.
func (c *Config) GoString() string { return c.String() }

// LogValue keeps logs from printing secrets.
func (c *Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

func redact(s string) string {
	if s == "" {
		return ""
	}
	return "(set)"
}

// redactURL takes the password, and whatever may hold one, out of a URL.
func redactURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return redact(s)
	}
	u.RawQuery = ""
	return u.Redacted()
}
