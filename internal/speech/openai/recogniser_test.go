package openai

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/speech"
)

const testKey = "sk-test-Zx81kQsecret42"

// serve answers each request with handle, on the loopback.
func serve(t *testing.T, handle http.HandlerFunc) *Recogniser {
	t.Helper()
	srv := httptest.NewServer(handle)
	t.Cleanup(srv.Close)
	return New(Config{BaseURL: srv.URL + "/v1", APIKey: testKey, Timeout: 20 * time.Second})
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func note() speech.Audio {
	const sound = "OggS and so on"
	return speech.Audio{Model: "whisper-1", Name: "PTT-1.opus", MIMEType: "audio/ogg; codecs=opus", Size: int64(len(sound)),
		Content: strings.NewReader(sound), Language: "en"}
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	r := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost || req.URL.Path != "/v1/audio/transcriptions" {
			t.Errorf("%s %s", req.Method, req.URL.Path)
		}
		if got := req.Header.Get("Authorization"); got != "Bearer "+testKey {
			t.Errorf("Authorization %q", got)
		}
		if req.ContentLength <= 0 {
			t.Errorf("a length of %d: some servers take no chunks", req.ContentLength)
		}
		file, head, err := req.FormFile("file")
		if err != nil {
			t.Errorf("no file: %v", err)
			return
		}
		sound, _ := io.ReadAll(file)
		if string(sound) != "OggS and so on" || head.Filename != "recording.ogg" {
			t.Errorf("the file is %q, %q", head.Filename, sound)
		}
		for field, want := range map[string]string{"model": "whisper-1", "language": "en", "response_format": "json"} {
			if got := req.FormValue(field); got != want {
				t.Errorf("%s: %q, want %q", field, got, want)
			}
		}
		_, _ = io.WriteString(w, `{"text":" Where is my order? "}`)
	})
	for _, base := range []string{"", "/", "/audio/transcriptions", "/chat/completions"} {
		r.base = New(Config{BaseURL: r.base + base}).base
		got, err := r.Transcribe(t.Context(), note())
		if err != nil || got.Text != "Where is my order?" || got.Usage != nil {
			t.Fatalf("%+v, %v", got, err)
		}
	}
}

func TestWhatIsUnderstood(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body    string
		text    string
		seconds float64
		in, out int64 // -1: unknown
		usage   string
	}{
		"seconds":         {`{"text":"one","usage":{"type":"duration","seconds":3}}`, "one", 3, -1, -1, `{"type":"duration","seconds":3}`},
		"tokens":          {`{"text":"one","usage":{"type":"tokens","input_tokens":14,"output_tokens":45}}`, "one", 0, 14, 45, `{"type":"tokens","input_tokens":14,"output_tokens":45}`},
		"older names":     {`{"text":"one","usage":{"prompt_tokens":4,"completion_tokens":5}}`, "one", 0, 4, 5, `{"prompt_tokens":4,"completion_tokens":5}`},
		"verbose":         {`{"text":"one","language":"english","duration":2.5,"segments":[]}`, "one", 2.5, -1, -1, ""},
		"silence":         {`{"text":""}`, "", 0, -1, -1, ""},
		"nonsense counts": {`{"text":"one","duration":-1,"usage":{"input_tokens":-3,"output_tokens":1.5,"seconds":"x"}}`, "one", 0, -1, -1, `{"input_tokens":-3,"output_tokens":1.5,"seconds":"x"}`},
		"odd usage":       {`{"text":"one","usage":7}`, "one", 0, -1, -1, "7"},
		"no usage":        {`{"text":"one","usage":null}`, "one", 0, -1, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, answer(200, c.body)).Transcribe(t.Context(), note())
			if err != nil {
				t.Fatal(err)
			}
			u := got.Usage
			if u == nil {
				u = &speech.Usage{}
			}
			if got.Text != c.text || got.Seconds != c.seconds || string(u.Raw) != c.usage ||
				orUnknown(u.InputTokens) != c.in || orUnknown(u.OutputTokens) != c.out {
				t.Errorf("%+v with usage %+v", got, u)
			}
		})
	}
}

func TestSoundIsCountedApart(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int64{
		`{"text":"one","usage":{"input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":5}}`: 10,
		`{"text":"one","usage":{"input_tokens":14,"input_token_details":{"audio_tokens":15},"output_tokens":5}}`:                 -1,
		`{"text":"one","usage":{"input_tokens":14,"output_tokens":5}}`:                                                           -1,
	} {
		got, err := serve(t, answer(200, body)).Transcribe(t.Context(), note())
		if err != nil || orUnknown(got.Usage.AudioTokens) != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func orUnknown(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// Every misbehaviour ends the call with the right class, in words, without the
// key.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		class  speech.Class
		words  string
	}{
		"401":         {answer(401, `{"error":{"message":"Incorrect API key provided: `+testKey+`"}}`), speech.Auth, "does not accept the API key"},
		"401, masked": {answer(401, `{"error":{"message":"Incorrect API key provided: sk-te***********et42"}}`), speech.Auth, "[key]"},
		"402":         {answer(402, ``), speech.NoCredit, "out of money"},
		"403":         {answer(403, `{"error":"no"}`), speech.Auth, "allowed"},
		"404 model":   {answer(404, `{"error":{"message":"The model does not exist","code":"model_not_found"}}`), speech.NoModel, `"whisper-1"`},
		"404 page":    {answer(404, `404 page not found`), speech.BadRequest, "check the base URL"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		}, speech.BadRequest, "check the base URL"},
		"413":            {answer(413, `{"error":{"message":"Maximum content size limit exceeded"}}`), speech.TooLong, "too large"},
		"429":            {answer(429, `{"error":{"message":"Slow down"}}`), speech.RateLimited, "Slow down"},
		"429 no credit":  {answer(429, `{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}`), speech.NoCredit, "over its quota"},
		"bad audio":      {answer(400, `{"error":{"message":"Invalid file format. Supported formats: ['flac']"}}`), speech.BadAudio, "cannot read the recording"},
		"400":            {answer(400, `{"detail":"field required"}`), speech.BadRequest, "field required"},
		"500":            {answer(500, `oh`), speech.Overloaded, "status 500"},
		"504":            {answer(504, ``), speech.Timeout, "gave up"},
		"a web page":     {answer(200, `<html><body>hello</body></html>`), speech.Malformed, "web page"},
		"plain text":     {answer(200, `where is my order`), speech.Malformed, "not with a transcript"},
		"other JSON":     {answer(200, `{"hello":"world"}`), speech.Malformed, "not with a transcript"},
		"text is a list": {answer(200, `{"text":["a"]}`), speech.Malformed, "not with a transcript"},
		"error in a 200": {answer(200, `{"error":{"message":"engine is busy"}}`), speech.Malformed, "engine is busy"},
		"empty":          {answer(200, ``), speech.Malformed, "not with a transcript"},
		"endless":        {answer(200, `{"text":"`+strings.Repeat("x", 2*maxAnswer)), speech.Malformed, "more than a transcript"},
		"breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"text"`)
		}, speech.Unreachable, "the connection broke"},
		"a long sentence": {answer(400, `{"error":{"message":"`+strings.Repeat("word ", 500)+`"}}`), speech.BadRequest, "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, c.handle).Transcribe(t.Context(), note())
			if got != nil {
				t.Errorf("a transcript: %+v", got)
			}
			wantError(t, err, c.class, c.words)
		})
	}
}

func wantError(t *testing.T, err error, class speech.Class, words string) *speech.Error {
	t.Helper()
	e, ok := errors.AsType[*speech.Error](err)
	if !ok || e.Class != class || !strings.Contains(e.Message, words) {
		t.Fatalf("got %v, want class %s and %q", err, class, words)
	}
	if strings.Contains(e.Error(), testKey) || strings.Contains(e.Error(), "et42") {
		t.Errorf("the error holds the key: %v", e)
	}
	if len([]rune(e.Message)) > maxQuote+200 {
		t.Errorf("the message has %d runes", len([]rune(e.Message)))
	}
	return e
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	_, err := r.Transcribe(t.Context(), note())
	if e := wantError(t, err, speech.RateLimited, ""); e.RetryAfter != 7*time.Second || !e.Retryable() {
		t.Errorf("retry after %s", e.RetryAfter)
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"1.5": 1500 * time.Millisecond, "Fri, 02 Jan 2026 03:05:05 GMT": time.Minute, "soon": 0, "-3": 0, "NaN": 0,
		"99999999": maxRetryAfter, "": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestTimeAndCancel(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	t.Cleanup(func() { close(stuck) })
	asked := make(chan struct{}, 2)
	r := serve(t, func(_ http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		asked <- struct{}{}
		select {
		case <-stuck:
		case <-req.Context().Done():
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, err := r.Transcribe(ctx, note())
	wantError(t, err, speech.Canceled, "canceled")
	r.timeout = 50 * time.Millisecond
	_, err = r.Transcribe(t.Context(), note())
	wantError(t, err, speech.Timeout, "in time")
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, err = New(Config{BaseURL: "http://user:pw@" + addr + "/v1"}).Transcribe(t.Context(), note())
	if e := wantError(t, err, speech.Unreachable, "refused"); strings.Contains(e.Error(), "pw") {
		t.Errorf("%v", e)
	}
	_, err = New(Config{BaseURL: "example"}).Transcribe(t.Context(), note())
	wantError(t, err, speech.Unreachable, "not a web address")
	_, err = New(Config{BaseURL: "http://" + addr, APIKey: "bad\n" + testKey}).Transcribe(t.Context(), note())
	wantError(t, err, speech.Auth, "paste it again")
	large := note()
	large.Size = speech.MaxAudio + 1
	_, err = New(Config{BaseURL: "http://" + addr}).Transcribe(t.Context(), large)
	wantError(t, err, speech.TooLong, "25 MB")
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for a, want := range map[speech.Audio]string{
		{MIMEType: "audio/ogg; codecs=opus"}:                              "recording.ogg",
		{MIMEType: "audio/mpeg", Name: "x.ogg"}:                           "recording.mp3",
		{MIMEType: "application/octet-stream", Name: "voice.M4A"}:         "recording.M4A",
		{MIMEType: "application/octet-stream", Name: "a.\"\r\nX-Evil: 1"}: "recording",
		{MIMEType: ""}: "recording",
	} {
		if got := fileName(a); got != want {
			t.Errorf("%+v: %q, want %q", a, got, want)
		}
	}
}
