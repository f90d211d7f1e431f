//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"testing"
)

// forward leads a local port to one of a pod, past the mesh: what a replica has
// is asked of that one. It returns its URL, and ends with the context.
func forward(ctx context.Context, pod string, port int) (string, error) {
	cmd := exec.CommandContext(ctx, "kubectl", "-n", namespace, "port-forward", "--address=127.0.0.1", "pod/"+pod, fmt.Sprint(":", port))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(out)
	local := 0
	for lines.Scan() {
		if n, _ := fmt.Sscanf(lines.Text(), "Forwarding from 127.0.0.1:%d ->", &local); n == 1 {
			break
		}
	}
	go func() { // or it blocks when the pipe is full
		for lines.Scan() {
		}
		cmd.Wait()
	}()
	if local == 0 {
		return "", fmt.Errorf("no port leads to %s", pod)
	}
	return fmt.Sprintf("http://127.0.0.1:%d", local), nil
}

// forwardAll leads a port to one of each replica, for as long as the test. It
// returns their URLs by pod.
func forwardAll(t *testing.T, port int) map[string]string {
	t.Helper()
	urls := map[string]string{}
	for _, pod := range pods(t, "stable") {
		url, err := forward(t.Context(), pod, port)
		if err != nil {
			t.Fatal(err)
		}
		urls[pod] = url
	}
	if len(urls) == 0 {
		t.Fatal("there is no replica")
	}
	return urls
}
