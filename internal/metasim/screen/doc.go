// Package screen holds what the screens of the simulated phones show, and what
// tells them that something changed.
package screen
