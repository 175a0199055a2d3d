// Package search turns text into the words by which it is found, what a person
// types into a query over such words, and a text that was found into a snippet
// with its hits marked.
//
// Letters are compared without case and diacritics. Words and numbers are kept
// apart, so that "ORD-12345" is found by "12345", "ord12345" and "ord 12345".
// Numbers that look like telephone numbers are found by any part of three
// digits or more. Scripts that are written without spaces are indexed by
// characters and pairs of them.
//
// What a person types is never syntax. The package knows neither SQL nor
// indexes; it must never do I/O.
package search
