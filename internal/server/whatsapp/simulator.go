package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/live"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

// GetSimulator says whether this server has a simulator of WhatsApp.
func (h *Handlers) GetSimulator(ctx context.Context, _ *api.None) (*api.Reply[wire.Simulator], error) {
	return api.Answer(wire.Simulator{Available: h.simulates(ctx)}), nil
}

func (h *Handlers) simulates(ctx context.Context) bool {
	return h.Simulator != nil && api.Who(ctx).Workspace == h.SimulatorWorkspace
}

// Simulate hands a request to the simulator's control API, which is described
// where it is built. Moving time on moves the windows of its conversations too.
func (h *Handlers) Simulate(c *api.Call) error {
	if !h.simulates(c) {
		return parley.Errorf(parley.CodeNotFound, "This workspace has no simulator: start Parley with --demo.")
	}
	path := "/" + c.R.PathValue("path")
	body, err := io.ReadAll(io.LimitReader(c.Body, maxSimulated+1))
	if err != nil || len(body) > maxSimulated {
		return parley.Errorf(parley.CodeTooLarge, "The simulator takes at most 32 MB.")
	}
	r := c.R.Clone(c)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.URL = &url.URL{Path: path, RawQuery: c.R.URL.RawQuery}
	r.RequestURI = r.URL.RequestURI()
	r.Header.Del("Cookie")
	r.Header.Del("Authorization")
	_ = http.NewResponseController(c.W).SetReadDeadline(time.Time{}) // fails when the connection has gone
	if path == "/age" && c.R.Method == http.MethodPost {
		if err := h.age(c, body); err != nil {
			return err
		}
	}
	h.Simulator.ServeHTTP(c.W, r)
	return nil
}

const maxSimulated = 32 << 20

// age moves the windows of the simulated senders' conversations into the past.
func (h *Handlers) age(ctx context.Context, body []byte) error {
	var in struct {
		Seconds float64 `json:"seconds"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Seconds <= 0 || in.Seconds > 366*24*3600 {
		return parley.Errorf(parley.CodeInvalid, "seconds: give how far the past moves, up to a year.")
	}
	ws := api.Who(ctx).Workspace
	all, err := h.Store.Senders(ctx, ws)
	if err != nil {
		return err
	}
	for i := range all {
		if !all[i].Simulated {
			continue
		}
		moved, err := h.Store.AgeWindows(ctx, ws, all[i].ID, time.Duration(in.Seconds*float64(time.Second)))
		if err != nil {
			return err
		}
		for _, id := range moved {
			h.Hub.Publish(live.Event{Type: live.ConversationChanged, WorkspaceID: ws, ConversationID: id})
		}
	}
	return nil
}

// SimulateDoc describes the route to the simulator.
func SimulateDoc(op *huma.Operation, _ huma.Registry) {
	op.Description = "The control API of the built-in simulator: phones, faults, time. Only with --demo."
	op.Responses["200"] = &huma.Response{Description: "As the simulator answers"}
}
