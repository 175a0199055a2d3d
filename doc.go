// Package parley holds the nouns of Parley and the rules that belong to them:
// workspaces, assistants, contacts, conversations, messages, turns, variables
// and usage.
//
// It is the domain and nothing else: it imports only the standard library, does
// no I/O, reads no clock and knows neither databases, HTTP, models nor channels.
// Everything else in the repository imports it; it imports nothing of theirs.
package parley
