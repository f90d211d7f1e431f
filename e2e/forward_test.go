//go:build e2e

package e2e

import (
	"bufio"
	"fmt"
	"os/exec"
	"testing"
)

// forwardAll leads a local port to each replica, past the mesh: what a replica
// has is asked of that one. It returns their URLs by pod.
func forwardAll(t *testing.T) map[string]string {
	t.Helper()
	urls := map[string]string{}
	for _, pod := range pods(t, "stable") {
		cmd := exec.Command("kubectl", "-n", namespace, "port-forward", "--address=127.0.0.1", "pod/"+pod, ":8000")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			cmd.Process.Kill()
			cmd.Wait()
		})
		lines := bufio.NewScanner(out)
		var port int
		for lines.Scan() {
			if n, _ := fmt.Sscanf(lines.Text(), "Forwarding from 127.0.0.1:%d ->", &port); n == 1 {
				break
			}
		}
		if port == 0 {
			t.Fatalf("no port leads to %s", pod)
		}
		go func() { // or it blocks when the pipe is full
			for lines.Scan() {
			}
		}()
		urls[pod] = fmt.Sprintf("http://127.0.0.1:%d", port)
	}
	return urls
}
