package whatsapp

import (
	"mime"
	"path"
	"strings"
	"unicode"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// mediaTypes are the message types with a file.
var mediaTypes = map[string]parley.MessageType{
	"image": parley.MessageImage, "audio": parley.MessageAudio, "voice": parley.MessageAudio, "video": parley.MessageVideo,
	"document": parley.MessageFile, "sticker": parley.MessageSticker,
}

// media reads a message with a file, which is still to be fetched.
func (m *Message) media(kind string, o graph.Object) (trouble string) {
	m.Type, m.Content = mediaTypes[kind], strings.TrimSpace(o.Text("caption"))
	file := channel.Media{
		ID: o.Label("id", graph.MaxID), URL: o.Label("url", 4096), MIMEType: mediaType(o.Text("mime_type")),
		SHA256: o.Label("sha256", 128), Voice: o.Flag("voice") || kind == "voice",
	}
	file.Name = fileName(o.Text("filename"), kind, file.MIMEType)
	if file.ID == "" && file.URL == "" {
		if m.Content == "" {
			m.unsupported("A file that WhatsApp did not deliver ("+kind+").", marshal(o))
		}
		return "The file has no id, so it cannot be fetched."
	}
	m.Media = []channel.Media{file}
	return ""
}

// mediaType returns a MIME type without its parameters.
func mediaType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil || len(t) > 100 || !strings.Contains(t, "/") {
		return "application/octet-stream"
	}
	return t
}

// extensions of the types that WhatsApp takes, for files without a name.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif",
	"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "audio/wav": ".wav",
	"video/mp4": ".mp4", "video/3gpp": ".3gp", "application/pdf": ".pdf", "text/plain": ".txt", "text/csv": ".csv",
	"application/msword": ".doc", "application/vnd.ms-excel": ".xls", "application/zip": ".zip",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
}

// maxNameBytes keeps a name below what file systems take.
const maxNameBytes = 200

// fileName returns a name that is a name and nothing else: no folder, no control
// or direction characters, not hidden.
func fileName(name, kind, mimeType string) string {
	name = path.Base("/" + strings.ReplaceAll(graph.Clean(name), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.Join(strings.Fields(name), " "), ". ")
	if name == "" {
		return kind + extensions[mimeType]
	}
	ext := path.Ext(name)
	if len(name) > maxNameBytes && len(ext) < 20 {
		return graph.Cut(strings.TrimSuffix(name, ext), maxNameBytes-len(ext)) + ext
	}
	return graph.Cut(name, maxNameBytes)
}
