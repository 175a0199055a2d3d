package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"parley/internal/channel/whatsapp"
)

// EchoCommand serves a bare echo: what any HTTP server in Go must do with the
// same body, and nothing else.
type EchoCommand struct {
	Listen string `help:"Address on loopback." default:"127.0.0.1:0"`
	Secret string `help:"Verify the signature of what is posted with this secret, as webhooks are signed."`
}

// maxEcho bounds a body, as the real server does.
const maxEcho = 1 << 20

// Run serves until the context ends.
func (c *EchoCommand) Run(ctx context.Context) error {
	l, err := listenLoopback(ctx, c.Listen)
	if err != nil {
		return err
	}
	return serveEcho(ctx, l, c.Secret)
}

// listenLoopback listens, and refuses what others could reach.
func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%s is not an address on loopback", addr)
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", addr)
}

// serveEcho answers every request with its own body until ctx ends; with a
// secret, posts that were signed with it only.
func serveEcho(ctx context.Context, l net.Listener, secret string) error {
	srv := &http.Server{
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEcho))
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			if secret != "" && r.Method == http.MethodPost && !whatsapp.VerifySignature(secret, r.Header.Get("X-Hub-Signature-256"), body) {
				http.Error(w, "the signature is wrong", http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body) // the client may be gone
		}),
	}
	stopped := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stopped()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
