// Package slab gives SQLite the memory of its pages; to import it is enough.
//
// SQLite asks for a page of its cache together with what it notes of it, 4.3 KB.
// The allocator that it has in Go hands out powers of two, so that each took 8 KB
// and a cache twice the memory that it was allowed. Here all pages have slots of
// their size, in address space that is reserved once and takes no memory before
// it is used. Everything else comes from where it came from. On systems other
// than Linux nothing changes.
package slab
