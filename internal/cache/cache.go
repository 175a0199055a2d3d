// Package cache keeps values that may be a little old, so that what changes
// rarely is not read for every message.
package cache

import (
	"context"
	"sync"
	"time"
)

// Cache keeps values that may be a little old. Errors are not kept. When it is
// full it starts anew, which costs some reads and needs no bookkeeping.
type Cache[K comparable, V any] struct {
	mu      *sync.Mutex
	most    int
	life    time.Duration
	entries map[K]cached[V]
}

type cached[V any] struct {
	value V
	until time.Time
}

// New returns a cache of at most so many values, which live so long.
func New[K comparable, V any](most int, life time.Duration) Cache[K, V] {
	return Cache[K, V]{mu: new(sync.Mutex), most: most, life: life, entries: map[K]cached[V]{}}
}

// Get returns the value of key, from load if it is not here or too old.
func (c *Cache[K, V]) Get(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
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

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}
