// Package blob keeps the bytes of attachments, by key, in a folder.
//
// What a file means and who may read it is known to the store only. A key is
// written once and never changed, so that the folder may be exchanged for an
// object store. The package must never be given a key that a stranger chose
// freely: CheckKey refuses what could leave the folder.
package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"parley"
)

// maxKey is the longest key in bytes.
const maxKey = 512

// AttachmentKey returns the key of an attachment's bytes.
func AttachmentKey(workspaceID, attachmentID string) string {
	return "attachments/" + workspaceID + "/" + attachmentID
}

// Dir keeps blobs as files below a folder.
type Dir struct{ root *os.Root }

// Open opens the folder, and makes it if it is missing.
func Open(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, parley.Errorf(parley.CodeUnavailable, "The folder for attachments cannot be made: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, parley.Errorf(parley.CodeUnavailable, "The folder for attachments cannot be opened: %w", err)
	}
	return &Dir{root: root}, nil
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Put stores what r yields under key and returns its size in bytes. It is on
// disk when Put returns; until then nobody sees it. It returns CodeTooLarge if
// r yields more than limit bytes, CodeConflict if the key exists already and
// the error of r as it is.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error) {
	if err := CheckKey(key); err != nil {
		return 0, err
	}
	name := filepath.FromSlash(key)
	folder := filepath.Dir(name)
	if err := d.makeFolder(folder); err != nil {
		return 0, err
	}
	temp := filepath.Join(folder, ".tmp-"+randomName())
	size, err := d.write(ctx, temp, r, limit)
	if err == nil {
		// A link, unlike a rename, fails when the key exists.
		err = d.root.Link(temp, name)
	}
	if rmErr := d.root.Remove(temp); err == nil && rmErr != nil {
		err = rmErr
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return 0, parley.Errorf(parley.CodeConflict, "There is a file of this name already.")
	case err != nil:
		return 0, err
	}
	return size, d.syncFolder(folder)
}

// Get opens the blob. The caller closes it. It returns CodeNotFound if there
// is none.
func (d *Dir) Get(_ context.Context, key string) (io.ReadSeekCloser, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	f, err := d.root.Open(filepath.FromSlash(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, parley.Errorf(parley.CodeNotFound, "This file does not exist.")
	}
	return f, err
}

// Delete removes the blob. It is no error if there is none.
func (d *Dir) Delete(_ context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	name := filepath.FromSlash(key)
	err := d.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.syncFolder(filepath.Dir(name))
}

// CheckKey returns CodeInvalid for a key that is not a plain slash-separated
// path of letters, digits, '-', '_' and '.', or that begins a part with a dot.
func CheckKey(key string) error {
	bad := parley.Errorf(parley.CodeInvalid, "The name of the file is not allowed.")
	if key == "" || len(key) > maxKey || path.Clean(key) != key || path.IsAbs(key) {
		return bad
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' {
			return bad
		}
	}
	for i := range len(key) {
		switch c := key[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '-', c == '_', c == '.', c == '/':
		default:
			return bad
		}
	}
	return nil
}

// write fills a new file and brings it to disk.
func (d *Dir) write(ctx context.Context, name string, r io.Reader, limit int64) (size int64, err error) {
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	size, err = io.Copy(f, io.LimitReader(contextReader{ctx, r}, limit+1))
	if err != nil {
		return 0, err
	}
	if size > limit {
		return 0, parley.Errorf(parley.CodeTooLarge, "A file holds at most %d MB.", limit>>20)
	}
	return size, f.Sync()
}

// makeFolder makes the folder and brings its entries to disk.
func (d *Dir) makeFolder(folder string) error {
	if _, err := d.root.Stat(folder); err == nil {
		return nil
	}
	if err := d.root.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for up := folder; up != "."; {
		up = filepath.Dir(up)
		if err := d.syncFolder(up); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder brings a folder's entries to disk.
func (d *Dir) syncFolder(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func randomName() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand.Read
	return hex.EncodeToString(b[:])
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
