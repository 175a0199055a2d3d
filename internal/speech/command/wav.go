package command

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"

	"parley/internal/speech"
)

// What recognisers expect: 16-bit samples of one channel.
const (
	sampleRate = 16_000
	bytesASec  = 2 * sampleRate
	maxSeconds = 60 * 60 // of sound; small files can hold days of silence
	headerSize = 44
)

// converter is a program that decodes recordings to raw samples.
type converter struct {
	ffmpeg  string // reads everything; "" if it is not installed
	opusdec string // reads Opus only, which WhatsApp's voice notes are
}

func findConverter() (*converter, error) {
	c := &converter{}
	c.ffmpeg, _ = exec.LookPath("ffmpeg") // "" if there is none
	c.opusdec, _ = exec.LookPath("opusdec")
	if c.ffmpeg == "" && c.opusdec == "" {
		return nil, fmt.Errorf("%s needs ffmpeg to convert recordings, or opusdec for voice notes only: install ffmpeg", wavMark)
	}
	return c, nil
}

// String names the program that is used.
func (c *converter) String() string {
	if c.ffmpeg != "" {
		return c.ffmpeg
	}
	return c.opusdec + " (Opus only; ffmpeg reads everything)"
}

// formats are the containers that ffmpeg may read. Playlists are not among
// them: they name other files.
const formats = "ogg,mp3,mov,wav,amr,aac,flac,matroska,caf"

// toWAV decodes a recording into a WAV file and returns its length in seconds.
func (c *converter) toWAV(ctx context.Context, folder, from, to string) (float64, error) {
	opus, channels, err := opusOf(from)
	if err != nil {
		return 0, err
	}
	var args []string
	switch {
	case c.ffmpeg != "":
		channels = 1
		args = []string{c.ffmpeg, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", formats,
			"-i", from, "-vn", "-ac", "1", "-ar", fmt.Sprint(sampleRate), "-f", "s16le", "pipe:1"}
	case opus:
		args = []string{c.opusdec, "--quiet", "--rate", fmt.Sprint(sampleRate), from, "-"}
	default:
		return 0, &speech.Error{Class: speech.BadAudio, Message: "The recording is no Opus, and to read others the server needs ffmpeg."}
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, noRoom(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Write(make([]byte, headerSize)); err != nil {
		return 0, noRoom(err)
	}
	samples := &mono{to: f, channels: channels}
	if err := run(ctx, folder, args, samples); err != nil {
		return 0, err
	}
	if samples.size == 0 {
		return 0, &speech.Error{Class: speech.BadAudio, Message: "There is no sound in the recording."}
	}
	if _, err := f.WriteAt(header(samples.size), 0); err != nil {
		return 0, noRoom(err)
	}
	return float64(samples.size) / bytesASec, f.Close()
}

// opusOf reports whether a file is Ogg Opus, and how many channels it has
// (RFC 7845, section 5.1).
func opusOf(name string) (opus bool, channels int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 128)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, 0, err
	}
	head = head[:n]
	at := bytes.Index(head, []byte("OpusHead"))
	if !bytes.HasPrefix(head, []byte("OggS")) || at < 0 || at+9 >= len(head) {
		return false, 0, nil
	}
	return true, int(head[at+9]), nil
}

// header is that of a WAV file with so many bytes of samples.
func header(size int64) []byte {
	b := make([]byte, 0, headerSize)
	number := binary.LittleEndian
	b = append(b, "RIFF"...)
	b = number.AppendUint32(b, uint32(headerSize-8+size))
	b = append(b, "WAVEfmt "...)
	b = number.AppendUint32(b, 16)
	b = number.AppendUint16(b, 1) // PCM
	b = number.AppendUint16(b, 1) // channel
	b = number.AppendUint32(b, sampleRate)
	b = number.AppendUint32(b, bytesASec)
	b = number.AppendUint16(b, 2)  // bytes of a frame
	b = number.AppendUint16(b, 16) // bits of a sample
	b = append(b, "data"...)
	return number.AppendUint32(b, uint32(size))
}

// mono mixes the channels of 16-bit samples, and takes no more than maxSeconds
// of them.
type mono struct {
	to       io.Writer
	channels int
	rest     []byte // the beginning of a frame
	size     int64  // bytes written
}

// Write implements io.Writer.
func (m *mono) Write(p []byte) (int, error) {
	all := slices.Concat(m.rest, p)
	frame := 2 * max(m.channels, 1)
	whole := len(all) / frame * frame
	mixed := make([]byte, 0, whole/max(m.channels, 1))
	for i := 0; i < whole; i += frame {
		sum := 0
		for c := 0; c < frame; c += 2 {
			sum += int(int16(binary.LittleEndian.Uint16(all[i+c:])))
		}
		mixed = binary.LittleEndian.AppendUint16(mixed, uint16(int16(sum/(frame/2))))
	}
	m.rest = all[whole:]
	if m.size += int64(len(mixed)); m.size > maxSeconds*bytesASec {
		return 0, &speech.Error{Class: speech.TooLong, Message: "The recording is longer than an hour and was not transcribed."}
	}
	if _, err := m.to.Write(mixed); err != nil {
		return 0, noRoom(err)
	}
	return len(p), nil
}
