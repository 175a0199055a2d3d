package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/server"
)

// BenchmarkPostMessage drives the hot path with 64 connections; run it with
// -cpuprofile to see what a message costs. A bare echo runs beside it.
func BenchmarkPostMessage(b *testing.B) {
	const body = `{"content":"Hello, my order ORD-123456 has not arrived yet. Can you tell me when it will be here?"}`
	b.Run("echo", func(b *testing.B) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, err := io.ReadAll(r.Body)
			if err == nil {
				_, _ = w.Write(data)
			}
		}))
		defer s.Close()
		drive(b, s.Listener.Addr().String(), func(int) string {
			return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		})
	})
	b.Run("server", func(b *testing.B) {
		w := newWorld(b, "sqlite", func(c *server.Config) { c.Engine = instantEngine{c.Engine} })
		drive(b, w.http.Listener.Addr().String(), func(int) string {
			return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
				"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", w.ours.messages(), w.ours.key, len(body), body)
		})
	})
	b.Run("message", func(b *testing.B) {
		w := newWorld(b, "sqlite")
		cfg := w.ours.assistant.Config
		cfg.Status = parley.AssistantInactive
		_, err := w.store.UpdateAssistant(b.Context(), w.ours.workspace.ID, w.ours.assistant.ID, 0, cfg, "")
		w.must(err)
		time.Sleep(1100 * time.Millisecond) // the engine keeps the assistant for a second
		conversations := make([]string, 1000)
		for i := range conversations {
			c, _, err := w.engine.Open(b.Context(), engine.OpenRequest{WorkspaceID: w.ours.workspace.ID, AssistantID: w.ours.assistant.ID, Source: parley.SourceAPI})
			w.must(err)
			conversations[i] = c.ID
		}
		b.ResetTimer()
		drive(b, w.http.Listener.Addr().String(), func(n int) string {
			return fmt.Sprintf("POST /api/v1/conversations/%s/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
				"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", conversations[n%len(conversations)], w.ours.key, len(body), body)
		})
	})
}

// instantEngine records nothing: what is left is the server's own work.
type instantEngine struct{ server.Engine }

func (instantEngine) Receive(_ context.Context, in channel.Inbound) (*engine.Received, error) {
	return &engine.Received{Message: &parley.Message{
		ID: in.ConversationID, WorkspaceID: in.WorkspaceID, ConversationID: in.ConversationID, Seq: 1, Role: parley.ByUser,
		Type: in.Type, Content: in.Content, CreatedAt: time.Now(),
	}}, nil
}

// drive sends b.N requests over 64 connections.
func drive(b *testing.B, addr string, request func(n int) string) {
	b.Helper()
	const connections = 64
	var wg sync.WaitGroup
	for c := range connections {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		wg.Go(func() {
			defer func() { _ = conn.Close() }()
			answers := bufio.NewReader(conn)
			for n := c; n < b.N; n += connections {
				if _, err := io.WriteString(conn, request(n)); err != nil {
					b.Error(err)
					return
				}
				res, err := http.ReadResponse(answers, nil)
				if err != nil {
					b.Error(err)
					return
				}
				if _, err = io.Copy(io.Discard, res.Body); err != nil || res.StatusCode >= 300 {
					b.Errorf("status %d, %v", res.StatusCode, err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
