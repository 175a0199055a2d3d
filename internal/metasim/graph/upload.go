package graph

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	// UploadPrefix begins the id of an upload that was begun.
	UploadPrefix = "upload:"
	// MaxSample is the largest sample of a template.
	MaxSample = 16 << 20
	maxBegun  = 100 // uploads that are waited for
)

// samplePrefix begins the handle of an uploaded sample; the rest says its kind.
const samplePrefix = "4::"

// sampleKinds are the formats of a header that a type of file is a sample of.
var sampleKinds = map[string]string{
	"image/jpeg": "IMAGE", "image/jpg": "IMAGE", "image/png": "IMAGE", "video/mp4": "VIDEO", "application/pdf": "DOCUMENT",
}

// Uploads are those of the samples of templates: size and type first, the bytes
// with a second request. Of the bytes only their kind is kept. It is not safe
// for concurrent use.
type Uploads struct{ begun []upload }

type upload struct {
	name, signature, mimeType string
	length                    int
}

// Begin begins an upload and returns its id. Hash makes what cannot be guessed.
func (u *Uploads) Begin(q url.Values, name string, hash func(parts ...string) uint64) (string, *Error) {
	length, err := strconv.Atoi(q.Get("file_length"))
	switch {
	case err != nil || length < 1 || length > MaxSample:
		return "", NewError(100, "file_length is the number of bytes, 1 to %d.", MaxSample)
	case sampleKinds[q.Get("file_type")] == "":
		return "", NewError(100, "file_type is one of application/pdf, image/jpeg, image/jpg, image/png and video/mp4; received %q.", q.Get("file_type"))
	}
	at := upload{fmt.Sprintf("%016x", hash("upload", name)), fmt.Sprintf("%016x", hash("signature", name)), q.Get("file_type"), length}
	if u.begun = append(u.begun, at); len(u.begun) > maxBegun {
		u.begun = u.begun[1:]
	}
	return UploadPrefix + at.name + "?sig=" + at.signature, nil
}

// Finish takes the bytes of an upload and returns the handle of the sample.
func (u *Uploads) Finish(r *http.Request, id string, data []byte) (string, *Error) {
	i := slices.IndexFunc(u.begun, func(x upload) bool {
		return UploadPrefix+x.name == id && x.signature == r.URL.Query().Get("sig")
	})
	if i < 0 {
		return "", NoObject(id)
	}
	at := u.begun[i]
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "OAuth "):
		return "", NewError(190, "The bytes of an upload come with the token as OAuth.")
	case r.Header.Get("File_offset") != "0" || len(data) != at.length:
		return "", NewError(100, "The upload has %d bytes from file_offset 0 on; received %d.", at.length, len(data))
	case !LooksLike(data, at.mimeType):
		return "", NewError(100, "The file is not of the type %s.", at.mimeType)
	}
	u.begun = slices.Delete(u.begun, i, i+1)
	return samplePrefix + sampleKinds[at.mimeType] + ":" + at.name, nil
}

// checkSample wants the handle of an upload of the header's format.
func checkSample(format string, handles []string) *Error {
	if format == "LOCATION" {
		return nil
	}
	if len(handles) == 0 || handles[0] == "" {
		return Subcode(2388273, "Missing sample", "A header with a file needs an example: header_handle.")
	}
	if !strings.HasPrefix(handles[0], samplePrefix+format+":") {
		return Subcode(2388273, "Invalid sample", "The example of the header is not the handle of an uploaded %s.", format)
	}
	return nil
}
