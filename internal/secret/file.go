package secret

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"parley"
)

// LoadFile reads the keys in a file, and makes the file with a new key if
// there is none. Only its owner may read it: it returns CodeInvalid if others
// may too, or if it holds no key.
func LoadFile(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, err
		}
		info, err = os.Stat(path)
	}
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, parley.Errorf(parley.CodeInvalid,
			"The key file %s may be read by others. Run: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(string(text))
}

// create writes a new key and waits until it is on disk: what it encrypts is
// lost without it. A file that another process makes meanwhile wins.
func create(path string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // its mode is 0600
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(NewKey() + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		if err = os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	err = errors.Join(err, os.Remove(tmp.Name()))
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in the folder durable, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
