package graph

import (
	"mime"
	"net/http"
	"strings"
)

// FileLimits are the largest sizes by kind of message.
var FileLimits = map[string]int{
	"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20, "document": 100 << 20, "sticker": 500 << 10,
}

// kindsOf are the kinds of message by the type of a file; every other type is a
// document.
var kindsOf = map[string]string{
	"image/jpeg": "image", "image/png": "image", "image/webp": "sticker",
	"audio/aac": "audio", "audio/amr": "audio", "audio/mpeg": "audio", "audio/mp4": "audio", "audio/ogg": "audio",
	"video/mp4": "video", "video/3gpp": "video",
}

// documentTypes are the other types that may be uploaded.
var documentTypes = []string{
	"text/", "application/pdf", "application/vnd.", "application/msword",
}

// KindOf returns the kind of message that a file type belongs to, "" for one
// that Meta does not take.
func KindOf(mimeType string) string {
	base, _, err := mime.ParseMediaType(mimeType)
	if err != nil {
		return ""
	}
	if k := kindsOf[base]; k != "" {
		return k
	}
	for _, prefix := range documentTypes {
		if strings.HasPrefix(base, prefix) {
			return "document"
		}
	}
	return ""
}

// LooksLike reports whether the bytes may be of the type: false when they are
// plainly something else.
func LooksLike(data []byte, mimeType string) bool {
	base, _, _ := mime.ParseMediaType(mimeType)
	found, _, _ := mime.ParseMediaType(http.DetectContentType(data))
	family := func(t string) string { f, _, _ := strings.Cut(t, "/"); return f }
	switch {
	case base == "application/pdf" || found == "application/pdf":
		return base == found
	case family(base) == "image":
		return base == found
	case family(base) == "audio" || family(base) == "video":
		// Containers hold either; what is recognised as text or a picture is neither.
		return family(found) != "image" && family(found) != "text"
	}
	return true
}
