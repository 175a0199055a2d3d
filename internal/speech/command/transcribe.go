package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/speech"
)

// maxOutput is the longest transcript that a program may print.
const maxOutput = 256 << 10

// errTooSlow ends the work on a recording that takes too long.
var errTooSlow = errors.New("the recording took too long")

// Transcribe implements speech.Recogniser. It waits until a processor is free.
func (r *Recogniser) Transcribe(ctx context.Context, a speech.Audio) (*speech.Transcript, error) {
	if a.Size > speech.MaxAudio {
		return nil, &speech.Error{Class: speech.TooLong,
			Message: fmt.Sprintf("The recording is larger than %d MB and was not transcribed.", speech.MaxAudio>>20)}
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, r.failure(ctx, ctx, r.Name(), nil)
	}
	timed, cancel := context.WithTimeoutCause(ctx, r.time, errTooSlow)
	defer cancel()
	folder, err := os.MkdirTemp("", "parley-speech-")
	if err != nil {
		return nil, noRoom(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file, err := keep(folder, a)
	if err != nil {
		return nil, err
	}
	t := &speech.Transcript{}
	wav := filepath.Join(folder, "recording.wav")
	if r.convert != nil {
		if t.Seconds, err = r.convert.toWAV(timed, folder, file, wav); err != nil {
			return nil, r.failure(ctx, timed, "The conversion", err)
		}
	}
	said := &bounded{limit: maxOutput}
	if err := run(timed, folder, r.fill(file, wav, a.Language), said); err != nil {
		return nil, r.failure(ctx, timed, r.Name(), err)
	}
	t.Text = strings.Join(strings.Fields(strings.ToValidUTF8(said.String(), "\uFFFD")), " ")
	return t, nil
}

// fill puts a recording into the command line.
func (r *Recogniser) fill(file, wav, language string) []string {
	if language == "" || strings.Trim(language, "abcdefghijklmnopqrstuvwxyz") != "" {
		language = "auto"
	}
	marks := strings.NewReplacer(wavMark, wav, fileMark, file, languageMark, language)
	args := make([]string, len(r.args))
	for i, a := range r.args {
		args[i] = marks.Replace(a)
	}
	return args
}

// keep writes the recording into the folder, under a name with nothing of the
// sender's in it but what tells programs the format.
func keep(folder string, a speech.Audio) (string, error) {
	ext := ".audio"
	kind, _, _ := strings.Cut(strings.ToLower(a.MIMEType), ";")
	switch kind {
	case "audio/ogg", "application/ogg", "audio/opus":
		ext = ".ogg"
	case "audio/mpeg", "audio/mp3":
		ext = ".mp3"
	case "audio/mp4", "audio/x-m4a", "video/mp4":
		ext = ".m4a"
	case "audio/aac":
		ext = ".aac"
	case "audio/amr":
		ext = ".amr"
	case "audio/wav", "audio/wave", "audio/x-wav":
		ext = ".wav"
	case "audio/webm", "video/webm":
		ext = ".webm"
	}
	name := filepath.Join(folder, "original"+ext)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", noRoom(err)
	}
	_, err = io.Copy(f, io.LimitReader(a.Content, a.Size))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", noRoom(err)
	}
	return name, nil
}

func noRoom(err error) error {
	return &speech.Error{Class: speech.Overloaded, Message: "The recording could not be written to the folder for temporary files.", Err: err}
}

// failure puts into words why a step came to no end. timed is ctx with the time
// limit.
func (r *Recogniser) failure(ctx, timed context.Context, who string, err error) error {
	if _, ours := errors.AsType[*speech.Error](err); ours {
		return err
	}
	var broken *exitError
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &speech.Error{Class: speech.Canceled, Message: "The transcription was canceled.", Err: ctx.Err()}
	case timed.Err() != nil:
		return &speech.Error{Class: speech.Timeout, Message: fmt.Sprintf("%s was not done with the recording within %s.", who, r.time), Err: err}
	case errors.Is(err, errTooMuch):
		return &speech.Error{Class: speech.Malformed, Message: who + " printed more than a transcript can hold.", Err: err}
	case errors.As(err, &broken) && broken.code >= 0:
		return &speech.Error{Class: speech.BadAudio, Err: err,
			Message: fmt.Sprintf("%s failed on the recording (exit status %d).", who, broken.code)}
	case errors.As(err, &broken):
		return &speech.Error{Class: speech.Overloaded, Message: who + " was ended from outside before it was done.", Err: err}
	}
	return &speech.Error{Class: speech.Unreachable, Message: who + " could not be started.", Err: err}
}

// errTooMuch ends a program that prints without end.
var errTooMuch = errors.New("too much output")

// bounded keeps what is written, up to a limit.
type bounded struct {
	bytes.Buffer
	limit int
}

// Write returns errTooMuch beyond the limit.
func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		return 0, errTooMuch
	}
	return b.Buffer.Write(p)
}
