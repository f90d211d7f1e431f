//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// What a replica may take.
const (
	idleBytes   = 64 << 20
	readyCold   = 10 * time.Second // ten plugins to compile, two of them from Go
	readyCached = 2 * time.Second  // their native code is on the disk
)

// A replica that does nothing is small. A new one with ten plugins in the store
// compiles them and is ready in time; one whose program begins again has their
// native code, and is ready sooner. What the plugins take the replicas that are there
// would have the autoscaler add others: on one node all of them compile on the
// processors of the one that is looked at.
func TestReady(t *testing.T) {
	hold(t)
	restartAll(t)
	used := memory(t, time.Now())
	for pod := range containers(t) {
		used := used[pod]
		t.Logf("%s does nothing and has %d MiB", pod, used>>20)
		if used == 0 || used >= idleBytes {
			t.Errorf("%s does nothing and has %d MiB, which may be 64", pod, used>>20)
		}
	}

	bearer := token(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: trust(t)}}
	for name, code := range wasmtest.Ten(t, root) {
		t.Cleanup(func() {
			if status, _, body := ask(t, client, http.MethodDelete, "/api/v1/plugins/"+name, bearer, "", nil); status >= 300 && status != http.StatusNotFound {
				t.Errorf("delete %s: %d %s", name, status, body)
			}
		})
		if status, _, body := ask(t, client, http.MethodPost, "/api/v1/plugins", bearer, "application/wasm", code); status >= 300 {
			t.Fatalf("upload %s: %d %s", name, status, body)
		}
	}

	before := containers(t)
	kubectl(t, "delete", "pod", pods(t, "stable")[0], "--wait=false")
	pod := ""
	await(t, 2*time.Minute, "a new replica is ready", func() error {
		for name, container := range containers(t) {
			if before[name] == "" && len(strings.Fields(container)) == 3 && readyLines(t, name) > 0 {
				pod = name
				return nil
			}
		}
		return fmt.Errorf("there are %v", containers(t))
	})
	cold := readyAfter(t, pod)

	crashing(t, pod)()
	await(t, time.Minute, "its program is ready again", func() error {
		if readyLines(t, pod) == 0 {
			return fmt.Errorf("its log does not say so")
		}
		return nil
	})
	cached := readyAfter(t, pod)
	t.Logf("with ten plugins, two of them from Go: ready after %v when it compiles them, after %v with their native code", cold, cached)
	if cold > readyCold {
		t.Errorf("a new replica is ready after %v, which may take %v", cold, readyCold)
	}
	if cached > readyCached {
		t.Errorf("a replica with the native code is ready after %v, which may take %v", cached, readyCached)
	}
}

// readyLines is how often the program that runs in a pod now has said that it
// is ready.
func readyLines(t *testing.T, pod string) int {
	t.Helper()
	return strings.Count(kubectl(t, "logs", pod, "-c", "technical-analysis"), `"msg":"ready"`)
}

// readyAfter is how long that took it, from its start.
func readyAfter(t *testing.T, pod string) time.Duration {
	t.Helper()
	for line := range strings.Lines(kubectl(t, "logs", pod, "-c", "technical-analysis")) {
		var entry struct {
			Msg     string
			AfterMs *int64 `json:"after_ms"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "ready" && entry.AfterMs != nil {
			return time.Duration(*entry.AfterMs) * time.Millisecond
		}
	}
	t.Fatalf("the log of %s does not say after what time it was ready", pod)
	return 0
}
