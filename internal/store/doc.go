// Package store keeps everything that Parley knows, in SQLite or PostgreSQL,
// with one SQL text for both. It is the only package that speaks SQL.
//
// A public method is one use case and one transaction. On SQLite every write
// goes through one goroutine that commits many callers' transactions together
// (see writer); on PostgreSQL each is a transaction of its own. What a method
// has answered is on disk.
//
// The store must never do anything but keep: no network calls, no models, no
// timers that act. Errors are *parley.Error with a stable code; anything else
// that comes out is a fault, or the end of the caller's context.
package store
