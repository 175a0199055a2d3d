// Package control serves the simulator's own API: the screens of the phones, the
// switches for what goes wrong, the ledger. It is not part of what Meta has.
//
// Whoever mounts it decides who may use it. It refuses requests that a browser
// makes for another site.
package control
