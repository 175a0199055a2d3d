// Package server is Parley's HTTP face: the API under /api/v1, its
// documentation, the live stream, the dashboard's files and the health pages.
//
// It turns requests into calls of the engine and the store, and their results
// into JSON. It holds no rules about conversations and no SQL. Every route is in
// the table of routes.go, with the one permission that it needs; every error
// leaves through problem.go.
package server
