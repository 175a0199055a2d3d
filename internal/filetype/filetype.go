// Package filetype tells what files are, and believes nothing that they, or who
// sends them, say of themselves where the bytes say more.
package filetype

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sniffed is how many bytes the type of a file is told by.
const Sniffed = 512

// Of believes the bytes, and what was declared only where bytes say nothing, or
// no more than which container it is.
func Of(head []byte, declared string) string {
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	kind := base(declared)
	switch found {
	case "application/ogg":
		return ogg(head)
	case "video/mp4", "video/webm":
		if sound := soundIn[found]; strings.Contains(sound, " "+kind+" ") {
			return kind
		}
		return found
	case "application/octet-stream", "text/plain", "application/zip":
		if kind == "" || len(kind) > 100 || kind == "application/octet-stream" || strings.HasPrefix(kind, "image/") ||
			strings.Contains(kind, "html") || strings.Contains(kind, "svg") {
			return found
		}
		return kind
	}
	return found
}

// soundIn are the types of sound in containers that hold films, too.
var soundIn = map[string]string{
	"video/mp4":  " audio/mp4 audio/m4a audio/x-m4a audio/aac ",
	"video/webm": " audio/webm ",
}

// ogg looks at the first packet, which names the codec.
func ogg(head []byte) string {
	for _, codec := range []string{"OpusHead", "\x01vorbis", "Speex   ", "\x7fFLAC"} {
		if bytes.Contains(head, []byte(codec)) {
			return "audio/ogg"
		}
	}
	if bytes.Contains(head, []byte("\x80theora")) {
		return "video/ogg"
	}
	return "application/ogg"
}

// Lies reports whether a file was declared to be something else than it is.
func Lies(declared, found string) bool {
	kind := base(declared)
	if also := sameAs[kind]; also != "" {
		kind = also
	}
	return kind != "" && kind != "application/octet-stream" && kind != found
}

// sameAs are other names of types.
var sameAs = map[string]string{
	"image/jpg": "image/jpeg", "audio/opus": "audio/ogg", "audio/wav": "audio/wave", "audio/x-wav": "audio/wave",
	"audio/mp3": "audio/mpeg",
}

// base is a type without its parameters, "" if it is none.
func base(declared string) string {
	kind, _, err := mime.ParseMediaType(declared)
	if err != nil {
		return ""
	}
	return kind
}

// extensions are what files without a name are given.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "audio/ogg": ".ogg",
	"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "video/mp4": ".mp4",
	"video/3gpp": ".3gp", "application/pdf": ".pdf", "text/plain": ".txt",
}

// Name makes a name for a file of a type.
func Name(kind string) string {
	family, _, _ := strings.Cut(kind, "/")
	switch family {
	case "image", "audio", "video":
		return family + extensions[kind]
	}
	return "file" + extensions[kind]
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

// ShownInline reports whether a browser may show a type on a page of its own:
// pictures without scripts.
func ShownInline(kind string) bool {
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}
