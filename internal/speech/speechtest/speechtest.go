// Package speechtest makes recordings for tests, and says how they are
// understood: with real programs, which scripts/test-deps installs.
package speechtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Recogniser is the command line of a real recogniser, Debian's pocketsphinx.
const Recogniser = "pocketsphinx_continuous -infile {wav} -logfn /dev/null"

// VoiceNote returns a text, spoken, as Ogg Opus: what WhatsApp sends.
func VoiceNote(t testing.TB, text string) []byte {
	t.Helper()
	folder := t.TempDir()
	wav, ogg := filepath.Join(folder, "said.wav"), filepath.Join(folder, "said.ogg")
	run(t, "flite", "-voice", "rms", "-t", text, "-o", wav)
	run(t, "opusenc", "--quiet", "--bitrate", "24", wav, ogg)
	sound, err := os.ReadFile(ogg)
	if err != nil {
		t.Fatal(err)
	}
	return sound
}

func run(t testing.TB, program string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is missing: run scripts/test-deps", program)
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil { //nolint:gosec // fixed programs
		t.Fatalf("%s: %v: %s", program, err, out)
	}
}

// Digits returns the digits in a transcript, by their words or what sounds like
// them.
func Digits(transcript string) string {
	words := map[string]string{
		"one": "1", "won": "1", "two": "2", "to": "2", "too": "2", "three": "3", "four": "4", "for": "4", "five": "5",
		"six": "6", "seven": "7", "eight": "8", "ate": "8", "nine": "9", "zero": "0", "oh": "0",
	}
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(transcript)) {
		b.WriteString(words[strings.Trim(w, ".,;!?")])
	}
	return b.String()
}
