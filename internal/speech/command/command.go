// Package command transcribes with a program on this machine, such as
// whisper-cli or pocketsphinx.
//
// The program and its arguments are chosen by whoever starts the server, never
// in the dashboard, and no shell is involved. What it is given is a file of its
// own in a folder of its own; it is told none of Parley's settings, and it ends,
// with all that it has started, when its time is over.
package command

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// The places in a command line that are filled in for each recording.
const (
	wavMark      = "{wav}"      // the recording as 16 kHz mono WAV
	fileMark     = "{file}"     // the recording as it came
	languageMark = "{language}" // its likely language, such as en, or auto
)

// defaultTime bounds the work on one recording.
const defaultTime = 3 * time.Minute

// Recogniser runs a program for each recording. It is safe for concurrent use.
type Recogniser struct {
	args    []string // the program first
	convert *converter
	time    time.Duration
	slots   chan struct{} // a recording each: recognising takes a whole processor
}

// New reads a command line such as
//
//	whisper-cli --model /models/ggml-base.bin --language {language} --no-timestamps --no-prints --file {wav}
//
// and finds the program, and what converts recordings if it wants {wav}. Its error
// says what to change.
func New(line string) (*Recogniser, error) {
	args, err := split(line)
	if err != nil {
		return nil, err
	}
	has := func(mark string) bool {
		return slices.ContainsFunc(args, func(a string) bool { return strings.Contains(a, mark) })
	}
	switch {
	case len(args) == 0:
		return nil, errors.New("it names no program")
	case has(wavMark) == has(fileMark):
		return nil, fmt.Errorf("it must have the place of the recording: %s for a 16 kHz mono WAV file, or %s for the file as it came", wavMark, fileMark)
	}
	program, err := exec.LookPath(args[0])
	if err == nil {
		program, err = filepath.Abs(program)
	}
	if err != nil {
		return nil, fmt.Errorf("the program %q cannot be found: install it, or give its whole path", args[0])
	}
	args[0] = program
	r := &Recogniser{args: args, time: defaultTime, slots: make(chan struct{}, max(1, runtime.NumCPU()/2))}
	if has(wavMark) {
		if r.convert, err = findConverter(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Name is the name of the program, without its folder.
func (r *Recogniser) Name() string { return filepath.Base(r.args[0]) }

// String describes what is run, for doctor.
func (r *Recogniser) String() string {
	if r.convert == nil {
		return r.args[0] + ", which reads recordings as they come"
	}
	return fmt.Sprintf("%s, with %s to convert recordings", r.args[0], r.convert)
}

// split takes a command line apart at spaces outside of quotes. Nothing else is
// special: there is no shell.
func split(line string) ([]string, error) {
	var args []string
	var word strings.Builder
	in, quote := false, rune(0)
	for _, c := range line {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, in = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if in {
				args = append(args, word.String())
				word.Reset()
			}
			in = false
		default:
			word.WriteRune(c)
			in = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is never closed", quote)
	}
	if in {
		args = append(args, word.String())
	}
	return args, nil
}
