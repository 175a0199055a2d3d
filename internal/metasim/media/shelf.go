// Package media keeps the files of simulated messages, as long and as many as
// are to be kept.
package media

import "time"

// How long Meta keeps files, and how long a URL of theirs works.
const (
	UploadedKept = 30 * 24 * time.Hour
	InboundKept  = 7 * 24 * time.Hour
	URLValid     = 5 * time.Minute
)

// File is one file.
type File struct {
	ID       string
	NumberID string
	Name     string
	MIMEType string
	Data     []byte
	At       time.Time
	KeptFor  time.Duration
}

// Shelf keeps the newest files, up to so many bytes. It is not safe for
// concurrent use.
type Shelf struct {
	most, size int64
	byID       map[string]*File
	order      []*File
}

// NewShelf returns a shelf for so many bytes.
func NewShelf(most int64) *Shelf { return &Shelf{most: most, byID: map[string]*File{}} }

// Put puts a file on the shelf; the oldest make room for it.
func (s *Shelf) Put(f *File) *File {
	s.byID[f.ID] = f
	s.order = append(s.order, f)
	s.size += int64(len(f.Data))
	for s.size > s.most && len(s.order) > 1 {
		s.Remove(s.order[0])
	}
	return f
}

// Get returns a file that is still kept, or nil.
func (s *Shelf) Get(id string, now time.Time) *File {
	f := s.byID[id]
	if f == nil || now.Sub(f.At) >= f.KeptFor {
		return nil
	}
	return f
}

// Remove takes a file from the shelf.
func (s *Shelf) Remove(f *File) {
	delete(s.byID, f.ID)
	for i, x := range s.order {
		if x == f {
			s.order = append(s.order[:i:i], s.order[i+1:]...)
			s.size -= int64(len(f.Data))
			return
		}
	}
}
