//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"
)

// Both secrets are replaced under load: in use within 60 s, without a restart.
func TestRotation(t *testing.T) {
	restarts := started(t)
	for _, what := range []string{"jwt", "redis"} {
		across(t, "rotation of "+what, func() {
			began := time.Now()
			if out, err := script(t.Context(), "rotate", what); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if took := time.Since(began); took > 60*time.Second {
				t.Errorf("the new %s was in use after %v, not within 60 s", what, took)
			}
		})
	}
	if now := started(t); now != restarts {
		t.Errorf("containers were started again: %s, before %s", now, restarts)
	}
}

// started says when each container of the service was started.
func started(t *testing.T) string {
	return kubectl(t, "get", "pods", "-l", "app=technical-analysis", "--sort-by=.metadata.name",
		"-o", `jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[?(@.name=="technical-analysis")].state.running.startedAt}{"\n"}{end}`)
}

// Without Vault the service answers, says that it is degraded, and recovers.
func TestVaultAway(t *testing.T) {
	across(t, "Vault sealed", func() {
		vault(t, http.MethodPut, "/v1/sys/seal", nil)
		await(t, 60*time.Second, "degraded without Vault", func() error { return status(t, "degraded") })
	})
	across(t, "Vault unsealed", func() {
		vault(t, http.MethodPut, "/v1/sys/unseal", map[string]string{"key": os.Getenv("VAULT_UNSEAL_KEY")})
		await(t, 60*time.Second, "ready with Vault", func() error { return status(t, "ready") })
	})
}

// Without Redis, too.
func TestRedisAway(t *testing.T) {
	redis := []string{"-n", "redis", "scale", "deployment/redis"}
	across(t, "Redis lost", func() {
		kubectl(t, append(redis, "--replicas=0")...)
		await(t, 60*time.Second, "degraded without Redis", func() error { return status(t, "degraded") })
	})
	across(t, "Redis back", func() {
		kubectl(t, append(redis, "--replicas=1")...)
		kubectl(t, "-n", "redis", "rollout", "status", "deployment/redis", "--timeout=60s")
		await(t, 30*time.Second, "ready with Redis", func() error { return status(t, "ready") })
	})
}

// status says whether the service says that it is in this state. Every replica
// is asked in turn by the gateway, so ten answers in a row must agree.
func status(t *testing.T, want string) error {
	t.Helper()
	c := client(t)
	for range 10 {
		code, _, body := ask(t, c, http.MethodGet, "/health/ready", "", "", nil)
		var health struct{ Status string }
		if err := json.Unmarshal(body, &health); err != nil || code != http.StatusOK || health.Status != want {
			return fmt.Errorf("%d %.200s", code, body)
		}
	}
	return nil
}

// vault calls Vault as its administrator.
func vault(t *testing.T, method, path string, body any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, os.Getenv("VAULT_ADDR")+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Vault-Token", os.Getenv("VAULT_TOKEN"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		answer, _ := io.ReadAll(res.Body)
		t.Fatalf("Vault, %s %s: %s %s", method, path, res.Status, answer)
	}
}
