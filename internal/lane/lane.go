// Package lane lets things that have a name in common wait for each other, in this
// process.
package lane

import (
	"context"
	"sync"
)

// Lanes holds a lane for each name that is in use. The zero value is ready.
type Lanes struct {
	mu    sync.Mutex
	named map[string]*lane
	held  map[string]*lane // by its holder
}

type lane struct {
	name  string
	free  chan struct{} // holds one value while nobody is in it
	users int
}

// Enter waits until the lane of a name is free and gives it to a holder.
func (l *Lanes) Enter(ctx context.Context, name, holder string) error {
	l.mu.Lock()
	if l.named == nil {
		l.named, l.held = map[string]*lane{}, map[string]*lane{}
	}
	own := l.named[name]
	if own == nil {
		own = &lane{name: name, free: make(chan struct{}, 1)}
		own.free <- struct{}{}
		l.named[name] = own
	}
	own.users++
	l.mu.Unlock()
	var err error
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case <-own.free:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.drop(own)
		return err
	}
	l.held[holder] = own
	return nil
}

// Leave frees what a holder has; it does nothing for one that has nothing.
func (l *Lanes) Leave(holder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.held[holder]
	if own == nil {
		return
	}
	delete(l.held, holder)
	own.free <- struct{}{}
	l.drop(own)
}

func (l *Lanes) drop(own *lane) {
	if own.users--; own.users == 0 {
		delete(l.named, own.name)
	}
}
