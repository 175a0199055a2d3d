package e2e

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"parley/internal/store/storetest"
)

// faultTime bounds a small fault run; it takes less than a minute where the
// machine is idle.
const faultTime = 8 * time.Minute

// TestFaultRun lets everything go wrong with WhatsApp that can, kills the
// program twice meanwhile, and has the simulator's ledger joined with what the
// API says: laws 1 to 6 from outside, on both databases. `make scale` runs it
// ten times as large.
func TestFaultRun(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes for some time")
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			args := []string{"bench", "faults", "--messages", "1000", "--contacts", "100", "--kills", "2", "--dir", t.TempDir()}
			if engine == "postgres" {
				args = append(args, "--db", storetest.DSN(t, engine))
			}
			ctx, cancel := context.WithTimeout(t.Context(), faultTime)
			defer cancel()
			cmd := exec.CommandContext(ctx, binary, args...)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
