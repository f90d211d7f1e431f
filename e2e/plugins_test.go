//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// plugin is the one that the suite uploads, and what it is called.
const plugin = "core_assemblyscript"

func module(t *testing.T) []byte {
	t.Helper()
	module, err := os.ReadFile(filepath.Join(root, "sdk", "testdata", "core-assemblyscript", plugin+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// install uploads the plugin, for as long as the test, and returns its name.
func install(t *testing.T, bearer string) string {
	t.Helper()
	c := client(t)
	upload(t, c, bearer)
	t.Cleanup(func() { uninstall(t, c, bearer) })
	return plugin
}

func upload(t *testing.T, c *http.Client, bearer string) {
	t.Helper()
	code, _, body := ask(t, c, http.MethodPost, "/api/v1/plugins", bearer, "application/wasm", module(t))
	if code != http.StatusCreated && code != http.StatusOK {
		t.Fatalf("uploading: %d %.300s", code, body)
	}
}

func uninstall(t *testing.T, c *http.Client, bearer string) {
	t.Helper()
	if code, _, body := ask(t, c, http.MethodDelete, "/api/v1/plugins/"+plugin, bearer, "", nil); code/100 != 2 && code != http.StatusNotFound {
		t.Errorf("removing the plugin: %d %.300s", code, body)
	}
}

// An upload through the gateway runs on every replica within a second. That it
// outlives each of them is shown with every release.
func TestPluginOnAllReplicas(t *testing.T) {
	keepAll(t)
	c, bearer, body := client(t), token(t), candles(t)
	uninstall(t, c, bearer)
	replicas := forwardAll(t, 8000)
	for pod, url := range replicas {
		await(t, 10*time.Second, pod+" is without the plugin", func() error {
			if err := runs(t.Context(), url, bearer, body); err == nil || !strings.Contains(err.Error(), "404") {
				return fmt.Errorf("it answers: %v", err)
			}
			return nil
		})
	}
	upload(t, c, bearer)
	answered := time.Now()
	t.Cleanup(func() { uninstall(t, c, bearer) })
	var wg sync.WaitGroup
	took := make([]time.Duration, 0, len(replicas))
	var mu sync.Mutex
	ctx, cancel := context.WithDeadline(t.Context(), answered.Add(time.Second))
	defer cancel()
	for pod, url := range replicas {
		wg.Go(func() {
			var err error
			for ctx.Err() == nil {
				if err = runs(ctx, url, bearer, body); err == nil {
					mu.Lock()
					defer mu.Unlock()
					took = append(took, time.Since(answered))
					return
				}
			}
			t.Errorf("%s does not run the plugin within a second: %v", pod, err)
		})
	}
	wg.Wait()
	if len(took) > 0 {
		events.add("plugin ran on %d of %d replicas\t%.3f", len(took), len(replicas), slices.Max(took).Seconds())
	}
}

// runs computes with the plugin.
func runs(ctx context.Context, url, bearer string, candles []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/indicators/"+plugin, bytes.NewReader(candles))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var answer struct {
		Outputs struct{ RSI []*float64 }
	}
	if err := json.Unmarshal(body, &answer); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %.200s", res.Status, body)
	}
	if n := len(answer.Outputs.RSI); n == 0 || answer.Outputs.RSI[n-1] == nil {
		return fmt.Errorf("it has no value: %.200s", body)
	}
	return nil
}

// newcomers are replicas that came since watchFresh began: of each what came of
// the first thing it was asked, at the moment when it said that it was ready.
type newcomers struct {
	mu   sync.Mutex
	came map[string]error
	stop context.CancelFunc
	done sync.WaitGroup
}

// watchFresh installs the plugin, and asks each new replica for it as soon as
// that is ready.
func watchFresh(t *testing.T) *newcomers {
	t.Helper()
	bearer, body := token(t), candles(t)
	install(t, bearer)
	ctx, stop := context.WithCancel(t.Context())
	n := &newcomers{came: map[string]error{}, stop: stop}
	t.Cleanup(func() { stop(); n.done.Wait() })
	// A pod whose container runs: a port is forwarded to no other.
	running := func() ([]string, error) {
		out, err := command(ctx, "kubectl", "-n", namespace, "get", "pods", "-l", "app=technical-analysis,version=stable", "-o",
			`jsonpath={range .items[*]}{.metadata.name} {range .status.containerStatuses[?(@.name=="technical-analysis")]}{.state.running.startedAt}{end}{"\n"}{end}`)
		var names []string
		for line := range strings.Lines(out) {
			if f := strings.Fields(line); len(f) == 2 {
				names = append(names, f[0])
			}
		}
		return names, err
	}
	known, err := running()
	if err != nil {
		t.Fatal(err)
	}
	n.done.Go(func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			names, err := running()
			for _, pod := range names {
				if err == nil && !slices.Contains(known, pod) {
					known = append(known, pod)
					n.done.Go(func() { n.first(ctx, pod, bearer, body) })
				}
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return n
}

// first waits until a replica says that it is ready, and runs the plugin there.
func (n *newcomers) first(ctx context.Context, pod, bearer string, candles []byte) {
	for ctx.Err() == nil {
		url, err := forward(ctx, pod, 8000)
		for err == nil && ctx.Err() == nil {
			var res *http.Response
			if res, err = http.Get(url + "/health/ready"); err != nil {
				break // the forwarding ends with a connection that was refused
			}
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				err := runs(ctx, url, bearer, candles)
				n.mu.Lock()
				defer n.mu.Unlock()
				n.came[pod] = err
				return
			}
		}
		if out, _ := command(ctx, "kubectl", "-n", namespace, "get", "pod", pod, "--ignore-not-found", "-o", "name"); out == "" && ctx.Err() == nil {
			return // it is gone
		}
	}
}

// atLeast demands that so many replicas came, and that each of them had the
// plugin when it was ready.
func (n *newcomers) atLeast(t *testing.T, least int) {
	t.Helper()
	await(t, 20*time.Second, fmt.Sprintf("%d new replicas were asked", least), func() error {
		n.mu.Lock()
		defer n.mu.Unlock()
		if len(n.came) < least {
			return fmt.Errorf("%d were", len(n.came))
		}
		return nil
	})
	n.stop()
	n.done.Wait()
	for pod, err := range n.came {
		if err != nil {
			t.Errorf("%s was ready without the plugin: %v", pod, err)
		}
	}
}
