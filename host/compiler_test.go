//go:build !race

package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// TestCompilerEnded is not for the race detector, under which the service compiles
// itself: an upload whose compiler is killed from outside, as the system
// does for want of memory, is told to come again, and is not refused; nothing of it
// is there, and then it is taken.
func TestCompilerEnded(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("processes are not found here")
	}
	code, err := os.ReadFile("../plugins/trend-quality-go/trend_quality.wasm") // which takes a while
	if err != nil {
		t.Fatal(err)
	}
	c := settings(t)
	c.MaxBody = 8 << 20
	h, _ := start(t, c)
	var answered atomic.Bool
	hunted := make(chan int)
	go func() {
		n := 0
		for !answered.Load() && n == 0 {
			n = killCompilers()
		}
		hunted <- n
	}()
	const path = "/api/v1/plugins"
	status, header, body := post(t, "http://"+h.Addr()+path, "application/wasm", code)
	answered.Store(true)
	if n := <-hunted; n != 1 {
		t.Fatalf("%d compilers were killed, and the upload is answered %d %s", n, status, body)
	}
	var p rest.Problem
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if status != http.StatusServiceUnavailable || err != nil || seconds < 1 || json.Unmarshal([]byte(body), &p) != nil || p.Type != "/problems/compiler-ended" {
		t.Errorf("the upload is answered %d %v %s", status, header, body)
	}
	if _, metrics := get(t, "http://"+h.AdminAddr()+"/metrics"); !strings.Contains(metrics, "\nplugin_compiler_ended_total 1\n") {
		t.Error("the metrics do not say so")
	}
	if all := h.Plugins().List(); len(all) != 0 {
		t.Errorf("there is %+v", all)
	}
	if status, _, body := post(t, "http://"+h.Addr()+path, "application/wasm", code); status != http.StatusCreated {
		t.Errorf("again: %d %s", status, body)
	}
}

// killCompilers kills the children of this process that are compilers.
func killCompilers() (n int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	parent := fmt.Appendf(nil, "\nPPid:\t%d\n", os.Getpid())
	for _, dir := range dirs {
		status, _ := os.ReadFile(dir + "/status")
		name, _ := os.ReadFile(dir + "/cmdline")
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err == nil && bytes.Contains(status, parent) && bytes.HasPrefix(name, []byte("techanalysis-compile\x00")) && syscall.Kill(pid, syscall.SIGKILL) == nil {
			n++
		}
	}
	return n
}
