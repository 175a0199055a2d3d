// Package pgtest gives tests a real PostgreSQL: the server that
// PARLEY_TEST_POSTGRES names, or a private one that it starts from the
// programs on this machine and that ends with the test process. It knows
// nothing of Parley and must never be used outside of tests.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
)

// Env names a superuser's URL of a server to use instead of a private one.
const Env = "PARLEY_TEST_POSTGRES"

// Cluster is a running PostgreSQL server.
type Cluster struct {
	url *url.URL // of a superuser, without a database
	// Durable says that a commit waits for the disk; a private cluster's does not.
	Durable bool
	// alive is the end of the pipe that keeps a private server running. It must
	// be held, or the garbage collector closes it.
	alive io.WriteCloser
}

// Shared returns the one cluster of this test process, and starts it at the
// first call.
func Shared() (*Cluster, error) { return shared() }

var shared = sync.OnceValues(func() (*Cluster, error) { return Start(false) })

// Start returns the server that Env names, or starts a private one. durable
// makes a private server wait for the disk.
func Start(durable bool) (*Cluster, error) {
	if env := os.Getenv(Env); env != "" {
		u, err := url.Parse(env)
		if err != nil {
			return nil, fmt.Errorf("%s is not a URL", Env)
		}
		return &Cluster{url: u, Durable: true}, nil
	}
	bin, err := findPrograms()
	if err != nil {
		return nil, err
	}
	return startPrivate(bin, durable)
}

// URL returns the connection string of a database.
func (c *Cluster) URL(database string) string {
	u := *c.url
	u.Path = "/" + database
	return u.String()
}

// Exec runs a statement in the database postgres.
func (c *Cluster) Exec(ctx context.Context, query string) error {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, query)
	return err
}

// findPrograms returns the folder of initdb and postgres, the newest version's.
func findPrograms() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if _, err := os.Stat(filepath.Join(filepath.Dir(p), "postgres")); err == nil {
			return filepath.Dir(p), nil
		}
	}
	best, version := "", 0.0
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"} {
		dirs, _ := filepath.Glob(pattern) // only a malformed pattern is an error
		for _, dir := range dirs {
			name := filepath.Base(filepath.Dir(dir))
			v, err := strconv.ParseFloat(name[strings.LastIndexAny(name, "-@")+1:], 64)
			if _, missing := os.Stat(filepath.Join(dir, "initdb")); err == nil && missing == nil && v > version {
				best, version = dir, v
			}
		}
	}
	if best == "" {
		return "", errors.New("no PostgreSQL for the tests: install it, or set " + Env + " to a superuser's URL")
	}
	return best, nil
}

// watch starts the server and stops it when standard input ends, which it does
// with the process that holds the other end, however that ends.
const watch = `"$1/postgres" -D "$2/data" >"$2/log" 2>&1 </dev/null &
pid=$!
cat >/dev/null
kill -QUIT $pid
wait $pid
rm -rf "$2"`

func startPrivate(bin string, durable bool) (_ *Cluster, err error) {
	dir, err := os.MkdirTemp(tempFolder(durable), "parley-pg-")
	if err != nil {
		return nil, err
	}
	started := false
	defer func() {
		if !started {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	owner, err := ownerOf(dir)
	if err != nil {
		return nil, err
	}
	if err := initialise(bin, dir, owner, durable); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", watch, "sh", bin, dir) //nolint:gosec // found on this machine
	cmd.Dir = dir
	cmd.SysProcAttr = owner
	alive, err := cmd.StdinPipe() // never closed: it ends with this process
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	started = true // from here on the shell tidies up
	c := &Cluster{Durable: durable, alive: alive, url: &url.URL{
		Scheme: "postgres", User: url.User("parley"), RawQuery: url.Values{"host": {dir}}.Encode(),
	}}
	deadline := time.Now().Add(2 * time.Minute)
	for {
		err := c.Exec(context.Background(), `SELECT 1`)
		if err == nil {
			return c, nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(dir, "log")) // best effort, for the message
			return nil, fmt.Errorf("the private PostgreSQL does not answer: %w\n%s", err, log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// tempFolder is where a private cluster lives: in memory if it need not be
// durable and there is room.
func tempFolder(durable bool) string {
	const memory, room = "/dev/shm", 3 << 30
	var fs syscall.Statfs_t
	if durable || syscall.Statfs(memory, &fs) != nil || fs.Bavail*uint64(fs.Bsize) < room {
		return ""
	}
	return memory
}

// ownerOf returns as whom to run the server, and gives the folder to them:
// PostgreSQL refuses to run as root.
func ownerOf(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // an interrupt of the terminal is not for it
	if os.Getuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, os.Chown(dir, int(uid), int(gid))
	}
	return nil, errors.New("PostgreSQL cannot run as root, and there is no user postgres or nobody")
}

func initialise(bin, dir string, owner *syscall.SysProcAttr, durable bool) error {
	data := filepath.Join(dir, "data")
	// A locale that does not compare bytewise shows where COLLATE "C" is missing.
	locales := [][]string{{"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"}, {"--locale=C"}}
	var out []byte
	var err error
	for _, locale := range locales {
		args := append([]string{"-D", data, "-U", "parley", "--auth=trust", "--no-sync", "-E", "UTF8"}, locale...)
		cmd := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), args...) //nolint:gosec // found on this machine
		cmd.Dir = dir
		cmd.SysProcAttr = owner
		if out, err = cmd.CombinedOutput(); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	conf := "listen_addresses = ''\nunix_socket_directories = '" + dir + "'\n" +
		"max_connections = 300\nshared_buffers = 64MB\nautovacuum = off\nlog_min_messages = fatal\n"
	if !durable {
		conf += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
	}
	f, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(conf)
	return errors.Join(err, f.Close())
}
