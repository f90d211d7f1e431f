package host

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestPublicServer: the port waits for nobody's headers for ever, keeps idle
// connections for longer than Envoy does, and reads the headers that Envoy
// lets through.
func TestPublicServer(t *testing.T) {
	h, _ := start(t, settings(t))
	s := h.publicServer()
	if s.ReadHeaderTimeout <= 0 || s.ReadHeaderTimeout > time.Minute || s.ReadTimeout < s.ReadHeaderTimeout {
		t.Errorf("headers may take %s, a request %s", s.ReadHeaderTimeout, s.ReadTimeout)
	}
	if s.IdleTimeout <= time.Hour {
		t.Errorf("idle connections end after %s; Envoy's after 1h", s.IdleTimeout)
	}
	if s.MaxHeaderBytes < 60<<10 {
		t.Errorf("headers may have %d bytes; Envoy's 60 KiB", s.MaxHeaderBytes)
	}

	for size, want := range map[int]int{60 << 10: 200, 80 << 10: 431} {
		c := dial(t, h.Addr())
		header := strings.TrimSuffix(liveRequest, "\r\n")
		for pad := size - len(header) - 4; pad > 0; {
			line := "X-Pad: " + strings.Repeat("x", min(pad, 8<<10)) + "\r\n"
			header, pad = header+line, pad-len(line)
		}
		c.send(t, header+"\r\n")
		if status, _ := c.answer(t); status != want {
			t.Errorf("%d bytes of headers: %d, want %d", size, status, want)
		}
	}

	// The same server, less patient.
	s.ReadHeaderTimeout = 20 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(s, l) }()
	half := dial(t, l.Addr().String())
	half.send(t, liveRequest[:20])
	if answer, err := io.ReadAll(half); err != nil || strings.Contains(string(answer), " 200 ") {
		t.Errorf("half a header is answered with %q, %v", answer, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
