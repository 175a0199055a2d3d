package filetype_test

import (
	"strings"
	"testing"

	"parley/internal/filetype"
)

const (
	jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF"
	opus = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x00\x00\x00\x00\x01\x02\x03\x04\x01\x13OpusHead\x01\x01"
	m4a  = "\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00M4A mp42isom"
	webm = "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
)

func TestTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		head, declared, want string
		lies                 bool
	}{
		{jpeg, "image/jpeg", "image/jpeg", false},
		{jpeg, "image/jpg", "image/jpeg", false},
		{jpeg, "", "image/jpeg", false},
		{jpeg, "application/octet-stream", "image/jpeg", false},
		{jpeg, "image/png", "image/jpeg", true},
		{"<html><script>alert(1)</script>", "image/jpeg", "text/html", true},
		{"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml", "text/plain", true},
		{opus, "audio/ogg; codecs=opus", "audio/ogg", false},
		{opus, "audio/opus", "audio/ogg", false},
		{opus, "video/mp4", "audio/ogg", true},
		{"OggS\x00\x02 who knows", "audio/ogg", "application/ogg", true},
		{"OggS\x00\x02 \x80theora", "audio/ogg", "video/ogg", true},
		{m4a, "audio/mp4", "audio/mp4", false},
		{m4a, "audio/aac", "audio/aac", false},
		{m4a, "video/mp4", "video/mp4", false},
		{m4a, "image/png", "video/mp4", true},
		{webm, "audio/webm;codecs=opus", "audio/webm", false},
		{"#!AMR\n\x3c\x91", "audio/amr", "audio/amr", false},
		{"\x01\x02\x03", "audio/aac", "audio/aac", false},
		{"\x01\x02\x03", "image/png", "application/octet-stream", true},
		{"\x01\x02\x03", "no type; at=all=", "application/octet-stream", false},
		{"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
		{"%PDF-1.7", "application/pdf", "application/pdf", false},
		{"a,b\n1,2", "text/csv", "text/csv", false},
	} {
		got := filetype.Of([]byte(c.head), c.declared)
		if got != c.want || filetype.Lies(c.declared, got) != c.lies {
			t.Errorf("%.20q declared %q: %s, lies %v", c.head, c.declared, got, filetype.Lies(c.declared, got))
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"bill.pdf": "bill.pdf", "../../etc/passwd": "passwd", `C:\temp\a.txt`: "a.txt", "": "file", "/": "file",
		"a\u202egpj.exe": "agpj.exe", "\x00\x07": "file", strings.Repeat("ä", 200): strings.Repeat("ä", 100),
	} {
		if got := filetype.CleanName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	for kind, want := range map[string]string{
		"image/jpeg": "image.jpg", "audio/ogg": "audio.ogg", "audio/x": "audio", "application/pdf": "file.pdf", "": "file",
	} {
		if got := filetype.Name(kind); got != want {
			t.Errorf("%q: %q", kind, got)
		}
	}
}
