package host

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// socket is a connection that is written and read byte by byte.
type socket struct {
	net.Conn
	r *bufio.Reader
}

func dial(t *testing.T, addr string) socket {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return socket{c, bufio.NewReader(c)}
}

func (s socket) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(s, text); err != nil {
		t.Fatal(err)
	}
}

// answer reads one, and returns its status and whether it ends the connection.
func (s socket) answer(t *testing.T) (status int, last bool) {
	t.Helper()
	res, err := http.ReadResponse(s.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Close
}

// ended waits for the end of the connection.
func (s socket) ended(t *testing.T, what string) {
	t.Helper()
	if b, err := s.r.ReadByte(); !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%s is open: %q, %v", what, b, err)
	}
}

const (
	liveRequest = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
	listRequest = "GET /api/v1/indicators HTTP/1.1\r\nHost: x\r\n\r\n"
)

// TestSIGTERM follows the service, in a process of its own, from the signal to
// its end: not ready any more, but answering, each answer the last of its
// connection; then no new connections, while the request under way is answered
// and the admin port can be watched; then the end, with exit code 0.
func TestSIGTERM(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+t.TempDir(), delayEnv+"=3s")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	running := true
	defer func() {
		if running {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}()
	var addr, admin string
	if _, err := fmt.Fscan(out, &addr, &admin); err != nil {
		t.Fatal(err)
	}
	ready := func() int {
		s := dial(t, addr)
		defer s.Close()
		s.send(t, strings.Replace(liveRequest, "live", "ready", 1))
		status, _ := s.answer(t)
		return status
	}
	for ready() != 200 {
	}

	const body = `{"candles":{"close":[1,2,3]},"params":{"period":2}}`
	under := dial(t, addr) // a request under way: the service is reading its body
	under.send(t, fmt.Sprintf("POST /api/v1/indicators/sma HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body)))
	if line, err := under.r.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := under.r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	under.send(t, body[:10])
	busy, idle := dial(t, addr), dial(t, addr)
	for _, s := range []socket{busy, idle} {
		s.send(t, liveRequest)
		if status, last := s.answer(t); status != 200 || last {
			t.Errorf("before the signal: %d, last %v", status, last)
		}
	}

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for ready() != 503 {
	}
	busy.send(t, listRequest)
	if status, last := busy.answer(t); status != 200 || !last {
		t.Errorf("a kept connection while draining: %d, last %v", status, last)
	}
	busy.ended(t, "a kept connection after its last answer")
	late := dial(t, addr)
	late.send(t, listRequest)
	if status, last := late.answer(t); status != 200 || !last {
		t.Errorf("a new connection while draining: %d, last %v", status, last)
	}
	alive := dial(t, addr)
	alive.send(t, liveRequest)
	if status, _ := alive.answer(t); status != 200 {
		t.Errorf("alive while draining: %d", status)
	}

	for {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		c.Close()
	}
	idle.ended(t, "an idle connection after the port has closed")
	if status, _ := get(t, "http://"+admin+"/metrics"); status != 200 {
		t.Errorf("the metrics while a request is under way: %d", status)
	}
	under.send(t, body[10:])
	if status, last := under.answer(t); status != 200 || !last {
		t.Errorf("the request under way: %d, last %v", status, last)
	}
	running = false
	if err := cmd.Wait(); err != nil {
		t.Errorf("the process ended with %v", err)
	}
	if _, err := net.Dial("tcp", admin); err == nil {
		t.Error("the admin port is open")
	}
}
