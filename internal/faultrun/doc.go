// Package faultrun drives the real server with simulated people while everything
// goes wrong that can: webhooks come twice, late and shuffled, answers are lost,
// sends are refused or hang, and the server is killed without warning. Then it
// joins the simulator's ledger with what the server's API says.
//
// The verdict trusts neither side's own counters: it compares record with
// record.
package faultrun
