//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An upload through the gateway answers on every replica within a second, and
// outlives every pod that took part in it.
func TestPluginOnAllReplicas(t *testing.T) {
	module, err := os.ReadFile(filepath.Join(root, "sdk", "testdata", "core-assemblyscript", "core_assemblyscript.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	c, bearer := client(t), token(t)
	replicas := forwardAll(t)
	code, _, body := ask(t, c, http.MethodPost, "/api/v1/plugins", bearer, "application/wasm", module)
	answered := time.Now()
	if code != http.StatusCreated && code != http.StatusOK {
		t.Fatalf("uploading: %d %.300s", code, body)
	}
	var plugin struct{ Name, Digest string }
	decode(t, body, &plugin)
	t.Cleanup(func() { ask(t, c, http.MethodDelete, "/api/v1/plugins/"+plugin.Name, bearer, "", nil) })
	path := "/api/v1/indicators/" + plugin.Name
	for name, url := range replicas {
		await(t, time.Second-time.Since(answered), plugin.Name+" on "+name, func() error { return answers(url+path, bearer) })
	}
	events.add("plugin on %d replicas\t%.2f", len(replicas), time.Since(answered).Seconds())

	across(t, "rolling restart with a plugin", func() {
		kubectl(t, "rollout", "restart", deployment)
		kubectl(t, "rollout", "status", deployment, "--timeout=240s")
	})
	for name, url := range forwardAll(t) {
		if err := answers(url+path, bearer); err != nil {
			t.Errorf("%s is ready without the plugin: %v", name, err)
		}
	}
}

func answers(url, bearer string) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, res.Status)
	}
	return nil
}
