package engine

import (
	"context"
	"sync"
	"time"
)

// cache keeps values that may be a little old. Errors are not kept. When it is
// full it starts anew, which costs some reads and needs no bookkeeping.
type cache[K comparable, V any] struct {
	mu      *sync.Mutex
	most    int
	life    time.Duration
	entries map[K]cached[V]
}

type cached[V any] struct {
	value V
	until time.Time
}

func newCache[K comparable, V any](most int, life time.Duration) cache[K, V] {
	return cache[K, V]{mu: new(sync.Mutex), most: most, life: life, entries: map[K]cached[V]{}}
}

// get returns the value of key, from load if it is not here or too old.
func (c *cache[K, V]) get(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
	now := time.Now()
	c.mu.Lock()
	hit, ok := c.entries[key]
	c.mu.Unlock()
	if ok && now.Before(hit.until) {
		return hit.value, nil
	}
	v, err := load(ctx)
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= c.most {
		clear(c.entries)
	}
	c.entries[key] = cached[V]{v, now.Add(c.life)}
	return v, nil
}

// assistantKey names a thing of a workspace.
type assistantKey struct{ workspace, id string }
