// Package upload reads files out of forms, and believes nothing that they say of
// themselves.
package upload

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley"
)

// FilePart returns the part of a form that is named file. It returns CodeInvalid
// if there is none.
func FilePart(contentType string, body io.Reader) (*multipart.Part, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Send the file as multipart/form-data, in a part named file.")
	}
	form := multipart.NewReader(body, params["boundary"])
	for range 10 {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
	return nil, parley.Errorf(parley.CodeInvalid, "There is no file: send it in a part named file, with a file name.")
}

// CleanName keeps the last part of a file's name, without control characters.
func CleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	for len(name) > 200 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

// Sniffed is how many bytes the type of a file is told by.
const Sniffed = 512

// MIMEType believes the bytes, and what was declared only where bytes say
// nothing.
func MIMEType(head []byte, declared string) string {
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if found != "application/octet-stream" && found != "text/plain" && found != "application/zip" {
		return found
	}
	kind, _, err := mime.ParseMediaType(declared)
	if err != nil || len(kind) > 100 || kind == "application/octet-stream" || strings.HasPrefix(kind, "image/") || strings.Contains(kind, "html") || strings.Contains(kind, "svg") {
		return found
	}
	return kind
}

// ShownInline reports whether a browser may show a type on a page of its own:
// pictures without scripts.
func ShownInline(kind string) bool {
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}
