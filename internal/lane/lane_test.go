package lane_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/lane"
)

// One at a time has a lane, whatever becomes of those who wait.
func TestLanes(t *testing.T) {
	t.Parallel()
	var lanes lane.Lanes
	var inside [2]atomic.Int64
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			holder, name := strconv.Itoa(i), i%2
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%5 == 0 {
				cancel()
			}
			if err := lanes.Enter(ctx, strconv.Itoa(name), holder); err != nil {
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				return
			}
			if n := inside[name].Add(1); n != 1 {
				t.Errorf("%d are in lane %d", n, name)
			}
			inside[name].Add(-1)
			lanes.Leave(holder)
			lanes.Leave(holder) // which has nothing any more
		})
	}
	wg.Wait()
}
