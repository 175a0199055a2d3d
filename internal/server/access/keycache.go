package access

import (
	"sync"
	"time"
)

// keyCacheTTL is how long a key is trusted without asking the database: what a
// revocation on another node takes to be seen. One on this node is seen at once.
const keyCacheTTL = 5 * time.Second

// keySeenEvery is how often the time of a key's last use is written.
const keySeenEvery = time.Minute

// keyCache remembers valid API keys by hash, so that every message of a busy
// program does not pay a look-up.
type keyCache struct {
	now     func() time.Time
	mu      sync.RWMutex
	all     map[string]cachedKey
	dropped int // how often a key was dropped
}

type cachedKey struct {
	who   *Principal
	until time.Time
}

// maxCachedKeys bounds the cache; it holds valid keys only.
const maxCachedKeys = 10_000

func newKeyCache(now func() time.Time) *keyCache {
	return &keyCache{now: now, all: map[string]cachedKey{}}
}

func (k *keyCache) get(hash string) *Principal {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if c, ok := k.all[hash]; ok && k.now().Before(c.until) {
		return c.who
	}
	return nil
}

// revision is to be asked before the database is, and given to put.
func (k *keyCache) revision() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.dropped
}

// put keeps a key that the database knew at a revision; not if a key was
// dropped since, for it may have been this one.
func (k *keyCache) put(hash string, p *Principal, revision int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dropped != revision {
		return
	}
	if len(k.all) >= maxCachedKeys {
		clear(k.all)
	}
	k.all[hash] = cachedKey{who: p, until: k.now().Add(keyCacheTTL)}
}

// drop forgets a key by its id.
func (k *keyCache) drop(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped++
	for hash, c := range k.all {
		if c.who.Key.ID == id {
			delete(k.all, hash)
		}
	}
}
