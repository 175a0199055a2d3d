package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/control"
	"parley/internal/metasim/world"
)

type metasimCommand struct {
	Listen      string `help:"Address on loopback." default:"127.0.0.1:0"`
	Webhook     string `help:"Address on this machine that webhooks go to, such as http://127.0.0.1:8080/webhooks/whatsapp/APP."`
	AppSecret   string `help:"Signs the webhooks." env:"METASIM_APP_SECRET" default:"${app_secret}"`
	VerifyToken string `help:"For the handshake." env:"METASIM_VERIFY_TOKEN" default:"${verify_token}"`
	Token       string `help:"Bearer token of the business." env:"METASIM_TOKEN" default:"${token}"`
	Seed        uint64 `help:"Decides what is left to chance; 0: a new one at every start."`

	Duplicate   float64 `help:"Probability that a webhook comes twice."`
	Reorder     float64 `help:"Probability that a webhook is held back."`
	LostAck     float64 `help:"Probability that an answer to a webhook is lost."`
	LostSend    float64 `help:"Probability that the answer to a send is lost."`
	RateLimit   float64 `help:"Probability that a send is refused with 130429."`
	ServerError float64 `help:"Probability that a send is refused with 131000."`
	Hang        float64 `help:"Probability that a send hangs."`
	Batch       int     `help:"Updates in one webhook, at most." default:"1"`
}

// Run serves the simulator until the program is interrupted.
func (c *metasimCommand) Run(p *program) error {
	faults := world.Faults{
		Duplicate: c.Duplicate, Reorder: c.Reorder, LostAck: c.LostAck, LostSend: c.LostSend, RateNumber: c.RateLimit,
		ServerError: c.ServerError, Hang: c.Hang, Batch: c.Batch,
	}
	if err := faults.Check(); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return parley.Errorf(parley.CodeInvalid, "--listen must be an address on loopback, such as 127.0.0.1:0: whoever reaches the simulator may use it.")
	}
	var lc net.ListenConfig
	l, err := lc.Listen(p.ctx, "tcp", c.Listen)
	if err != nil {
		return parley.Errorf(parley.CodeUnavailable, "Cannot listen on %s: %w", c.Listen, err)
	}
	base := "http://" + l.Addr().String()
	sim := metasim.New(metasim.Config{
		Seed: c.Seed, AppSecret: c.AppSecret, VerifyToken: c.VerifyToken, Token: c.Token, WebhookURL: c.Webhook, BaseURL: base, Faults: faults,
	})
	if err := c.introduce(p, sim, base); err != nil {
		return errors.Join(err, l.Close())
	}
	return serveSimulator(p.ctx, sim, l)
}

// introduce prints what to enter in Parley, or in other software.
func (c *metasimCommand) introduce(p *program, sim *metasim.Sim, base string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "This simulates Meta's WhatsApp Cloud API; nothing leaves this machine. Enter:\n\n")
	for _, row := range [][2]string{
		{"Base URL", base}, {"Graph version", "v25.0"}, {"Token", c.Token}, {"App secret", c.AppSecret},
		{"Verify token", c.VerifyToken}, {"Webhooks go to", cmp.Or(c.Webhook, "nowhere yet: PUT "+base+"/control/webhook")},
		{"Control API", base + "/control/state"},
	} {
		fmt.Fprintf(&b, "  %s\t%s\n", row[0], row[1])
	}
	fmt.Fprintf(&b, "\n  Number\tPhone number id\tWABA id\tName\n")
	for _, n := range sim.Numbers() {
		fmt.Fprintf(&b, "  %s\t%s\t%s\t%s\n", n.Display(), n.ID, n.AccountID, n.VerifiedName)
	}
	fmt.Fprintf(&b, "\n  Phone\tId\tName\n")
	for _, person := range sim.People() {
		fmt.Fprintf(&b, "  +%s\t%s\t%s\n", person.Phone, person.ID, person.Name)
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	_, err := w.Write(b.Bytes())
	if err = errors.Join(err, w.Flush()); err != nil {
		return err
	}
	if c.Webhook == "" {
		return nil
	}
	// A receiver that is not there yet gets its webhooks later.
	if err := sim.SetWebhook(p.ctx, c.Webhook); err != nil {
		if parley.ErrorCode(err) == parley.CodeInvalid {
			return err
		}
		_, err = fmt.Fprintf(p.out, "\nThe handshake failed: %s\n", explain(err))
		return err
	}
	_, err = fmt.Fprintln(p.out, "\nThe webhook passed the handshake.")
	return err
}

// serveSimulator serves until ctx ends.
func serveSimulator(ctx context.Context, sim *metasim.Sim, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	mux := http.NewServeMux()
	mux.Handle("/", sim)
	mux.Handle("/control/", http.StripPrefix("/control", control.New(sim)))
	srv := &http.Server{Handler: localHost(mux), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- sim.Run(ctx) }()
	closed := context.AfterFunc(ctx, func() { _ = srv.Close() })
	err := srv.Serve(l)
	closed()
	stop()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, <-done)
}

// localHost refuses requests under another name, by which a web page could
// reach the simulator through the browser.
func localHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "The simulator is reached by its address on loopback only.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
