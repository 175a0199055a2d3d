package command

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/speech"
	"parley/internal/speech/speechtest"
)

func recogniser(t *testing.T, line string) *Recogniser {
	t.Helper()
	r, err := New(line)
	if err != nil {
		t.Fatalf("%v: run scripts/test-deps", err)
	}
	return r
}

func recording(sound []byte) speech.Audio {
	return speech.Audio{Name: "PTT.opus", MIMEType: "audio/ogg; codecs=opus", Size: int64(len(sound)), Content: bytes.NewReader(sound)}
}

// A real recogniser understands what a voice said, through each converter that
// is installed.
func TestAVoiceNoteIsUnderstood(t *testing.T) {
	t.Parallel()
	sound := speechtest.VoiceNote(t, "my order number is one two three four five")
	found := recogniser(t, speechtest.Recogniser).convert
	tried := 0
	for _, c := range []*converter{{ffmpeg: found.ffmpeg}, {opusdec: found.opusdec}} {
		if c.ffmpeg == "" && c.opusdec == "" {
			continue
		}
		tried++
		r := recogniser(t, speechtest.Recogniser)
		r.convert = c
		got, err := r.Transcribe(t.Context(), recording(sound))
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		t.Logf("%s: %q, %.2f s", c, got.Text, got.Seconds)
		if speechtest.Digits(got.Text) != "12345" || !strings.Contains(got.Text, "number") {
			t.Errorf("%s: understood %q", c, got.Text)
		}
		if got.Seconds < 2 || got.Seconds > 5 || got.Usage != nil {
			t.Errorf("%s: %.2f seconds, usage %v", c, got.Seconds, got.Usage)
		}
	}
	if tried == 0 {
		t.Fatal("no converter is installed: run scripts/test-deps")
	}
	other, err := recogniser(t, speechtest.Recogniser).Transcribe(t.Context(), recording(speechtest.VoiceNote(t, "good morning")))
	if err != nil || speechtest.Digits(other.Text) == "12345" {
		t.Errorf("another sentence is understood as %+v, %v", other, err)
	}
}

func TestWhatIsNoSound(t *testing.T) {
	t.Parallel()
	r := recogniser(t, "cat {wav}")
	for name, a := range map[string]speech.Audio{
		"text":           {Name: "a.ogg", MIMEType: "audio/ogg", Size: 5, Content: strings.NewReader("hello")},
		"nothing":        {Name: "a.ogg", MIMEType: "audio/ogg", Content: strings.NewReader("")},
		"a playlist":     {Name: "a.m3u8", MIMEType: "audio/x-mpegurl", Size: 41, Content: strings.NewReader("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")},
		"Opus, cut off":  recording(speechtest.VoiceNote(t, "hello")[:60]),
		"a broken frame": recording(append([]byte("OggS"), bytes.Repeat([]byte("OpusHead"), 20)...)),
	} {
		_, err := r.Transcribe(t.Context(), a)
		wantError(t, name, err, speech.BadAudio, "")
	}
	large := recording(nil)
	large.Size = speech.MaxAudio + 1
	_, err := r.Transcribe(t.Context(), large)
	wantError(t, "large", err, speech.TooLong, "25 MB")
}

func wantError(t *testing.T, what string, err error, class speech.Class, words string) {
	t.Helper()
	e, ok := errors.AsType[*speech.Error](err)
	if !ok || e.Class != class || !strings.Contains(e.Message, words) {
		t.Errorf("%s: got %v, want class %s and %q", what, err, class, words)
	}
}

// sh makes a line that runs a script on the file as it came. Only tests have a
// shell.
func sh(script string) string { return `sh -c "` + script + `" sh {file} {language}` }

func TestPrograms(t *testing.T) {
	t.Setenv("PARLEY_SECRET_KEY", "not for programs")
	note := func() speech.Audio {
		a := recording([]byte("sound"))
		a.Language = "de"
		return a
	}
	for name, c := range map[string]struct {
		line  string
		text  string
		class speech.Class
		words string
	}{
		"the file and the language": {sh(`cat $1; echo; echo $2; basename $1`), "sound de original.ogg", "", ""},
		"a folder of its own":       {sh(`pwd | grep -c parley-speech; ls`), "1 original.ogg", "", ""},
		"no secret":                 {sh(`env | grep -c PARLEY_; true`), "0", "", ""},
		"lines and spaces":          {sh(`printf ' one\n\n  two\t\r\n'`), "one two", "", ""},
		"silence":                   {sh(`true`), "", "", ""},
		"odd bytes":                 {sh(`printf 'a\377b'`), "a\uFFFDb", "", ""},
		"fails":                     {sh(`echo it broke >&2; exit 3`), "", speech.BadAudio, "sh failed on the recording (exit status 3)."},
		"dies":                      {sh(`kill -9 $$`), "", speech.Overloaded, "ended from outside"},
		"prints without end":        {sh(`yes`), "", speech.Malformed, "more than a transcript"},
		"complains without end":     {sh(`yes | head -c 9000000 >&2; echo ok`), "ok", "", ""},
	} {
		r, err := New(c.line)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := r.Transcribe(t.Context(), note())
		if c.class != "" {
			wantError(t, name, err, c.class, c.words)
			if name == "fails" && !strings.Contains(err.Error(), "it broke") {
				t.Errorf("the complaint is not in the error: %v", err)
			}
			continue
		}
		if err != nil || got.Text != c.text {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "parley-speech-*")); len(left) > 0 && os.Getenv("TMPDIR") != "" {
		t.Errorf("left behind: %v", left)
	}
}

// When its time is over, a program ends with all that it has started.
func TestTheWholeGroupEnds(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	r := recogniser(t, sh(`sleep 600 & echo $! > `+pidFile+`.new; mv `+pidFile+`.new `+pidFile+`; wait`))
	ctx, cancel := context.WithCancel(t.Context())
	var child int
	go func() {
		defer cancel()
		for range 2000 {
			if b, err := os.ReadFile(pidFile); err == nil {
				child, _ = strconv.Atoi(strings.TrimSpace(string(b)))
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	_, err := r.Transcribe(ctx, recording([]byte("sound")))
	wantError(t, "canceled", err, speech.Canceled, "canceled")
	if child == 0 {
		t.Fatal("the program did not start")
	}
	for range 2000 {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		if err != nil || bytes.Contains(state, []byte(") Z ")) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("process %d is still there", child)
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	r := recogniser(t, sh(`sleep 600`))
	r.time = 50 * time.Millisecond
	_, err := r.Transcribe(t.Context(), recording([]byte("sound")))
	wantError(t, "slow", err, speech.Timeout, "not done with the recording within 50ms")
}

// A program that leaves something behind which holds its output does not hold
// the transcript up.
func TestWhatIsLeftBehind(t *testing.T) {
	t.Parallel()
	got, err := recogniser(t, sh(`sleep 600 & echo done`)).Transcribe(t.Context(), recording([]byte("sound")))
	if err != nil || got.Text != "done" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                       "names no program",
		"whisper":                "the place of the recording",
		"cat {wav} {file}":       "the place of the recording",
		"no-such-program {file}": `"no-such-program" cannot be found`,
		`cat "{file}`:            "never closed",
	} {
		if _, err := New(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
	}
	got, err := split(` a  'b c' --d="e f"g '' $HOME;\n `)
	if want := []string{"a", "b c", "--d=e fg", "", `$HOME;\n`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	r := recogniser(t, "cat --in={file} -l{language}")
	if got := r.fill("/x/y", "", "de; rm"); !slices.Equal(got[1:], []string{"--in=/x/y", "-lauto"}) {
		t.Errorf("%q", got)
	}
	cat, _ := exec.LookPath("cat")
	if r.Name() != "cat" || !strings.HasPrefix(r.String(), cat) {
		t.Errorf("%s, %s", r.Name(), r)
	}
}

func TestMixing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	m := &mono{to: &out, channels: 2}
	var in []byte
	for _, s := range []int16{100, 300, -32768, -32768, 32767, 32767, 5} {
		in = binary.LittleEndian.AppendUint16(in, uint16(s))
	}
	for _, b := range in {
		if _, err := m.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	var want []byte
	for _, s := range []int16{200, -32768, 32767} {
		want = binary.LittleEndian.AppendUint16(want, uint16(s))
	}
	if !bytes.Equal(out.Bytes(), want) || m.size != int64(len(want)) {
		t.Errorf("% x, want % x", out.Bytes(), want)
	}
	long := &mono{to: &bounded{limit: 0}, channels: 1, size: maxSeconds * bytesASec}
	_, err := long.Write(make([]byte, 2))
	wantError(t, "an hour", err, speech.TooLong, "an hour")
	if h := header(4); len(h) != headerSize || !bytes.HasPrefix(h, []byte("RIFF")) {
		t.Errorf("% x", h)
	}
}
