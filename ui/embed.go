// Package ui carries the built dashboard inside the binary. It holds files and
// nothing else: what is served, and how, is decided by the server.
package ui

import (
	"embed"
	"io/fs"
)

// dist is filled by `make build`. A fresh clone holds only .gitkeep, so that
// the Go code compiles and its tests run before the dashboard is built.
//
//go:embed all:dist
var dist embed.FS

// Dist returns the built dashboard, rooted where index.html lies. Before the
// first build it holds no index.html.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path, the only thing that fs.Sub checks
	}
	return sub
}
