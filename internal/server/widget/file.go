package widget

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // to know how large a picture claims to be
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/server/upload"
	"parley/internal/store"
)

// formats are the media types of a group of files, as they are told by the
// bytes, and by the name only where bytes say nothing.
var formats = map[parley.FileType][]string{
	parley.FileImage: {"image/gif", "image/jpeg", "image/png", "image/webp"},
	parley.FilePDF:   {"application/pdf"},
	parley.FileText:  {"text/csv", "text/plain"},
	parley.FileDocument: {
		"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.text",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	},
	parley.FileAudio:   {"audio/aac", "audio/m4a", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wave", "audio/webm", "audio/x-m4a"},
	parley.FileVideo:   {"video/mp4", "video/ogg", "video/webm"},
	parley.FileArchive: {"application/zip"},
}

func isPicture(kind string) bool { return slices.Contains(formats[parley.FileImage], kind) }

// accepts refuses a file whose type is not among those of the widget's
// settings, and one that calls itself a picture and is none. A document of an
// office program is a ZIP archive: it has to begin as those programs begin
// theirs.
func accepts(c *call) func(kind, declared string, head []byte) error {
	refused := refuse(parley.CodeForbidden, "attachments", "Files of this type cannot be sent here.")
	return func(kind, declared string, head []byte) error {
		lies := strings.HasPrefix(declared, "image/") && !isPicture(kind)
		if lies || bytes.HasPrefix(head, []byte("PK")) && kind != "application/zip" && !isOffice(head) {
			return refused
		}
		for _, t := range c.widget.Settings.Attachments.Types {
			if slices.Contains(formats[t], kind) {
				return nil
			}
		}
		return refused
	}
}

// isOffice looks at the name of the first file in an archive (PKWARE APPNOTE,
// 4.3.7).
func isOffice(head []byte) bool {
	if len(head) < 30 {
		return false
	}
	name := string(head[30:min(len(head), 80)])
	for _, begin := range []string{"[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "mimetype"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// upload takes a file for a message of a conversation.
func (s *Visitors) upload(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if err := mayWrite(c); err != nil {
		return err
	}
	set := &c.widget.Settings
	if !set.Attachments.Enabled {
		return refuse(parley.CodeForbidden, "attachments", "Files cannot be sent here.")
	}
	if _, err := s.limits.uploads.Take(c.widget.ID + c.who.ID); err != nil {
		return err
	}
	limit := int64(set.Attachments.MaxMB) << 20
	if c.r.ContentLength > limit+1<<20 {
		return refuse(parley.CodeTooLarge, "attachments", "The file is too large.")
	}
	if err := s.volume(c, row, 0); err != nil {
		return err
	}
	conn := http.NewResponseController(c.w)
	_ = conn.SetReadDeadline(time.Now().Add(upload.Patience)) // fails when the connection has gone
	a := &store.StoredAttachment{WorkspaceID: row.WorkspaceID, CreatedBy: row.ID, CreatedAt: s.Now()}
	if _, err := upload.Receive(c, s.Blobs, c.r, c.r.Body, a, limit, accepts(c)); err != nil {
		return err
	}
	_ = conn.SetReadDeadline(time.Time{})
	err = s.volume(c, row, a.Size)
	if err == nil {
		err = s.sane(c, a)
	}
	if err == nil {
		err = s.Store.CreateAttachment(c, a)
	}
	if err != nil {
		return errors.Join(err, s.Blobs.Delete(c, a.Key))
	}
	return c.answer(http.StatusCreated, attachmentOf(&a.Attachment))
}

// volume returns CodeConflict if the conversation's visitor has sent as many
// files, or as much, as the settings allow. more is what comes on top.
func (s *Visitors) volume(c *call, row *store.VisitorRow, more int64) error {
	files, size, err := s.Store.UploadVolume(c, row.WorkspaceID, row.ID)
	if err != nil {
		return err
	}
	l := &c.widget.Settings.Limits
	if files >= l.FilesPerConversation || size+more > int64(l.MBPerConversation)<<20 {
		return refuse(parley.CodeConflict, "limit", "No more files can be sent in this conversation.")
	}
	return nil
}

// maxPixels bounds how large a picture may be once it is unpacked.
const maxPixels = 64 << 20

// maxPictureHead is how much of a picture is read to learn its size.
const maxPictureHead = 1 << 20

// sane refuses a picture that takes far more memory than it has bytes. Nothing
// is unpacked to know that.
func (s *Visitors) sane(c *call, a *store.StoredAttachment) error {
	if !isPicture(a.MIMEType) || a.MIMEType == "image/webp" {
		return nil
	}
	f, err := s.Blobs.Get(c, a.Key)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	size, _, err := image.DecodeConfig(io.LimitReader(f, maxPictureHead))
	switch {
	case err != nil:
		return refuse(parley.CodeForbidden, "attachments", "The file is not the picture that it seems to be.")
	case int64(size.Width)*int64(size.Height) > maxPixels:
		return refuse(parley.CodeTooLarge, "attachments", "The picture has too many pixels.")
	}
	return nil
}

// download answers with a file of one of the visitor's conversations.
func (s *Visitors) download(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	gone := parley.Errorf(parley.CodeNotFound, "There is no such file.")
	id := c.r.PathValue("file")
	if !parley.ValidID(id) {
		return gone
	}
	a, err := s.Store.Attachment(c, row.WorkspaceID, id)
	if err != nil {
		return err
	}
	if a.ConversationID != row.ID && (a.ConversationID != "" || a.CreatedBy != row.ID) {
		return gone
	}
	f, err := s.Blobs.Get(c, a.Key)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	upload.Serve(c.w, c.r, a, f)
	return nil
}
