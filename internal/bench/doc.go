// Package bench measures Parley: it is behind `parley bench`.
//
// Fill writes made-up conversations straight through the store. List and search
// open the store in this process and measure its methods. Ingest, turn and
// stream start the real server as a child process and talk to it over loopback,
// so that the load and the server share the machine's cores as they are; what
// they are compared with, a bare HTTP echo and a raw commit loop, runs in the
// same run, with the same client and the same body.
//
// It holds no figures of its own: it prints what it measured, with the machine.
package bench
