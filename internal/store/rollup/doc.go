// Package rollup counts conversations ahead, so that analytics over a million
// of them answer at once.
//
// It keeps a fact for each conversation: what it contributes. The facts of a
// local day are folded into one span, a table of cells by source, assistant,
// version and flags, and the days of a month that is over into another. Each
// level is made again from the one below when that has changed, never adjusted,
// so that it always equals a recomputation. All of it follows from the log: it
// must never hold what cannot be made again, and nothing here runs in a
// transaction that a message waits for.
package rollup
