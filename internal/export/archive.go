package export

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"parley"
	"parley/internal/filetype"
	"parley/internal/store/exports"
)

// archive is the format of whole conversations with their files. What it writes at
// first are the lines of JSON Lines, each followed by a line for each file, which
// begins with a zero byte, as JSON never does. The files come in when it is
// packed.
type archive struct {
	jsonl
	*setup
}

func openArchive(s *setup) (format, error) { return archive{setup: s}, nil }

// The names in an archive.
const (
	archiveLines   = "conversations.jsonl"
	archiveMissing = "missing.txt"
	archiveFiles   = "files/"
)

// archived is a file that belongs into an archive.
type archived struct {
	ID           string `json:"id"`
	Name         string `json:"name"` // in the archive
	Conversation string `json:"conversation"`
	Unknown      bool   `json:"unknown,omitempty"` // a message names it, and it is none of the conversation's
}

// fileMark begins the line of a file.
const fileMark = 0

func (a archive) parts() exports.Parts {
	p := a.jsonl.parts()
	p.Files = len(a.options.Hide) == 0 // nobody knows what they show
	return p
}

func (a archive) conversation(w *writer, c *Conversation) error {
	names := make(map[string]string, len(c.Files))
	for i := range c.Files {
		if f := &c.Files[i]; f.Here {
			names[f.ID] = archivedName(f)
		}
	}
	unknown, err := writeLine(w, c, names)
	if err != nil {
		return err
	}
	if !a.parts().Files {
		return nil
	}
	for i, f := range slices.Concat(c.Files, unknown) {
		w.WriteByte(fileMark)
		if err := w.json(archived{f.ID, archivedName(&f), c.ID, i >= len(c.Files)}); err != nil {
			return err
		}
		w.WriteByte('\n')
	}
	return nil
}

// archivedName is what a file is called in an archive: no other is, and every
// system can unpack it.
func archivedName(f *exports.File) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, filetype.CleanName(f.Name))
	return archiveFiles + f.ID + "-" + strings.TrimRight(name, ". ")
}

// pack makes the archive.
func (a archive) pack(written io.Reader, w io.Writer) error {
	z := zip.NewWriter(w)
	files, err := a.packLines(z, written)
	if err != nil {
		return err
	}
	var missing []archived
	for _, f := range files {
		here := false
		if !f.Unknown {
			if here, err = a.packFile(z, f); err != nil {
				return err
			}
		}
		if !here {
			missing = append(missing, f)
		}
	}
	if len(missing) > 0 {
		if err := a.packMissing(z, missing); err != nil {
			return err
		}
	}
	return z.Close()
}

// packLines writes the conversations, and returns which files belong to them.
func (a archive) packLines(z *zip.Writer, written io.Reader) (files []archived, err error) {
	out, err := z.CreateHeader(&zip.FileHeader{Name: archiveLines, Method: zip.Deflate, Modified: a.at})
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(written, flushAt)
	for begins := true; ; {
		part, err := in.ReadSlice('\n') // of a long line; that of a file is shorter
		if len(part) > 0 && begins && part[0] == fileMark {
			var f archived
			if err := json.Unmarshal(part[1:], &f); err != nil {
				return nil, err
			}
			files = append(files, f)
		} else if _, err := out.Write(part); err != nil {
			return nil, err
		}
		switch {
		case errors.Is(err, io.EOF):
			return files, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
		begins = err == nil
	}
}

// packFile writes a file as it is; false if it is not here, or not here any more.
func (a archive) packFile(z *zip.Writer, f archived) (here bool, err error) {
	if err := a.ctx.Err(); err != nil {
		return false, err
	}
	stored, in, err := a.file(f.ID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = in.Close() }()
	out, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store, Modified: stored.CreatedAt})
	if err == nil {
		_, err = io.Copy(out, in)
	}
	return true, err
}

// packMissing says which files are not in the archive.
func (a archive) packMissing(z *zip.Writer, all []archived) error {
	out, err := z.CreateHeader(&zip.FileHeader{Name: archiveMissing, Method: zip.Deflate, Modified: a.at})
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("These files are not in the archive, because they were never fetched from where they were sent, did not come with an import, or are gone by now.\n\n")
	for _, f := range all {
		b.WriteString(f.Name + " of conversation " + f.Conversation + "\n")
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// fileNames gives files of a message their names in the archive.
func fileNames(all []parley.Attachment, names map[string]string) []LineAttachment {
	if len(all) == 0 {
		return nil
	}
	out := make([]LineAttachment, len(all))
	for i := range all {
		out[i] = LineAttachment{all[i], names[all[i].ID]}
		out[i].Pending = nil // it concerns nobody outside
	}
	return out
}
