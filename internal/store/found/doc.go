// Package found finds all conversations that a search finds something in, for
// counting them; the list, which shows the newest, has its own way.
//
// The index finds messages, a million of them in a fifth of a second; looking
// each up to see which conversation it is in would take twenty times as long. So
// that is noted beside the messages, a thousand in a row.
package found
