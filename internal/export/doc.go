// Package export writes conversations down for the next tool: as tables, as
// whole conversations in JSON, as examples for fine-tuning, as text, and as a page
// to print. It reads them a few at a time, so that a million take no more memory
// than a hundred, and leaves off and goes on anywhere between two of them.
//
// It must never write what is not of the workspace that was asked for, nor leave
// out of a file what it was asked to write.
package export
