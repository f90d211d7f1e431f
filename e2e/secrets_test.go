//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// Both secrets are replaced under load: in use within 60 s, without a restart.
func TestRotation(t *testing.T) {
	started := starts(t)
	finishRotation(t)
	old := signedBy(t, token(t))
	across(t, "rotation of the signing key", func() { rotate(t, "jwt") })
	if now := signedBy(t, token(t)); now == old {
		t.Errorf("the key %s still signs", old)
	}
	across(t, "rotation of Redis' password", func() { rotate(t, "redis") })
	now := starts(t)
	for pod, when := range started {
		if now[pod] != "" && now[pod] != when {
			t.Errorf("%s was started again at %s", pod, now[pod])
		}
	}
}

func rotate(t *testing.T, what string) {
	t.Helper()
	began := time.Now()
	out, err := script(t.Context(), "rotate", what)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log("\n" + out)
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("the new %s was in use after %v, not within 60 s", what, took)
	}
}

// finishRotation ends a rotation that waits for the last token of the old key,
// as nobody here has one.
func finishRotation(t *testing.T) {
	t.Helper()
	var set struct{ Keys []json.RawMessage }
	decode(t, []byte(techanalysis(t, "vault", "jwks")), &set)
	if len(set.Keys) < 2 {
		return
	}
	techanalysis(t, "vault", "rotate", "jwt", "--leaked")
	if out, err := script(t.Context(), "keys"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// signedBy is the id of the key that signed a token.
func signedBy(t *testing.T, token string) string {
	t.Helper()
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		t.Fatal(err)
	}
	var header struct{ Kid string }
	decode(t, raw, &header)
	return header.Kid
}

// starts says when each container of the service was started.
func starts(t *testing.T) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(kubectl(t, "get", "pods", "-l", "app=technical-analysis",
		"-o", `jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[?(@.name=="technical-analysis")].state.running.startedAt}{"\n"}{end}`)) {
		if pod, when, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all[pod] = when
		}
	}
	return all
}

// Without Vault the service answers, says that it is degraded, and recovers.
func TestVaultAway(t *testing.T) {
	t.Cleanup(func() { unseal(t) })
	target := request(t) // no token can be signed without Vault
	acrossOf(t, "Vault sealed", target, func() {
		vault(t, http.MethodPut, "/v1/sys/seal", nil)
		await(t, 60*time.Second, "degraded without Vault", func() error { return status(t, "degraded") })
	})
	acrossOf(t, "Vault unsealed", target, func() {
		unseal(t)
		await(t, 60*time.Second, "ready with Vault", func() error { return status(t, "ready") })
	})
}

func unseal(t *testing.T) {
	t.Helper()
	vault(t, http.MethodPut, "/v1/sys/unseal", map[string]string{"key": os.Getenv("VAULT_UNSEAL_KEY")})
}

// Without Redis, too.
func TestRedisAway(t *testing.T) {
	redis := []string{"-n", "redis", "scale", "deployment/redis"}
	t.Cleanup(func() {
		kubectl(t, append(redis, "--replicas=1")...)
		kubectl(t, "-n", "redis", "rollout", "status", "deployment/redis", "--timeout=60s")
		if out, err := script(context.WithoutCancel(t.Context()), "vault"); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	across(t, "Redis lost", func() {
		kubectl(t, append(redis, "--replicas=0")...)
		await(t, 60*time.Second, "degraded without Redis", func() error { return status(t, "degraded") })
	})
	across(t, "Redis back", func() {
		kubectl(t, append(redis, "--replicas=1")...)
		kubectl(t, "-n", "redis", "rollout", "status", "deployment/redis", "--timeout=60s")
		// A Redis that keeps nothing has forgotten the service's user, too.
		if out, err := script(t.Context(), "vault"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
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
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, os.Getenv("VAULT_ADDR")+path, bytes.NewReader(raw))
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
