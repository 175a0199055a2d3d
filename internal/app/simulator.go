package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"parley"
	"parley/internal/demo"
	"parley/internal/metasim"
	"parley/internal/metasim/control"
)

// simulator is the built-in Meta of the demo, with a sender of the demo's
// workspace that is connected to it.
type simulator struct {
	sim      *metasim.Sim
	listener net.Listener // of the Graph API
}

// startSimulator listens for the Graph API and connects the demo's sender to
// it.
func (a *App) startSimulator(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return parley.Errorf(parley.CodeUnavailable, "Cannot listen for the simulator of WhatsApp: %w", err)
	}
	base := "http://" + l.Addr().String()
	app, err := demo.Sender(ctx, a.store, base)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a.simulator = &simulator{listener: l, sim: metasim.New(metasim.Config{
		AppSecret: app.AppSecret, VerifyToken: app.VerifyToken, Token: demo.SenderToken, BaseURL: base, Accounts: demo.SimulatedAccounts(),
		WebhookURL: a.localURL() + "/webhooks/whatsapp/" + app.ID,
	})}
	return nil
}

// localURL is how this machine reaches the server.
func (a *App) localURL() string {
	_, port, err := net.SplitHostPort(a.Addr().String())
	if err != nil {
		return "http://" + a.Addr().String()
	}
	return "http://" + net.JoinHostPort("127.0.0.1", port)
}

// handler is the control API.
func (s *simulator) handler() http.Handler {
	if s == nil {
		return nil
	}
	return control.New(s.sim)
}

// run serves the Graph API and sends webhooks until ctx ends.
func (s *simulator) run(ctx context.Context) error {
	srv := &http.Server{Handler: s.sim, ReadHeaderTimeout: 10 * time.Second}
	var work sync.WaitGroup
	work.Go(func() {
		<-ctx.Done()
		_ = srv.Close() // nothing of it has to be kept
	})
	work.Go(func() { _ = srv.Serve(s.listener) }) // ends with Close
	err := s.sim.Run(ctx)
	work.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
