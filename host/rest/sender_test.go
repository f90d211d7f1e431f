package rest

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// senderEnv makes the test binary one who means harm, in a process that gets the
// processors when nobody else wants them: in the world it is another machine whose
// work it is to send.
const senderEnv = "REST_TEST_SENDER"

func TestMain(m *testing.M) {
	if os.Getenv(senderEnv) == "" {
		os.Exit(m.Run())
	}
	if err := sendAgain(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sending is a request that the sender makes, and whether it is to be answered with 200.
type sending struct {
	URL, Media string
	Body       []byte
	OK         bool
}

// sendAgain makes the requests that in begins with, in turn and again and again, until
// in ends. It says when they begin and when they have ended.
func sendAgain(in io.Reader, out io.Writer) error {
	from := bufio.NewReader(in)
	var all []sending
	if err := gob.NewDecoder(from).Decode(&all); err != nil {
		return err
	}
	var last atomic.Bool
	go func() {
		io.Copy(io.Discard, from)
		last.Store(true)
	}()
	for !last.Load() {
		fmt.Fprintln(out, "begun")
		for _, s := range all {
			res, err := http.Post(s.URL, s.Media, bytes.NewReader(s.Body))
			if err != nil && s.OK {
				return err
			} else if err != nil {
				continue // it was refused, and the answer lost to who was still sending
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if (res.StatusCode == http.StatusOK) != s.OK {
				return fmt.Errorf("%s: %d %.300s", s.URL, res.StatusCode, body)
			}
		}
		fmt.Fprintln(out, "ended")
	}
	return nil
}

// harmer is a sender, and counts how often harm began and ended.
type harmer struct{ begun, ended atomic.Int64 }

// start begins; stop has the harm that is under way be the last, and waits for it.
func (h *harmer) start(b *testing.B, all []sending) (stop func()) {
	b.Helper()
	sender := exec.Command("chrt", "--idle", "0", os.Args[0])
	sender.Env = append(os.Environ(), senderEnv+"=1")
	var crash strings.Builder
	sender.Stderr = &crash
	in, err := sender.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := sender.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := sender.Start(); err != nil {
		b.Fatal(err)
	}
	if err := gob.NewEncoder(in).Encode(all); err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "begun" {
				h.begun.Add(1)
			} else {
				h.ended.Add(1)
			}
		}
	}()
	return func() {
		in.Close()
		<-done
		if err := sender.Wait(); err != nil {
			b.Errorf("%v: %s", err, &crash)
		}
	}
}
