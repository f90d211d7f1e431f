//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

// The key that signs is replaced under load: in use within 60 s, without a
// restart, and the tokens of both keys are good all the while.
func TestRotationOfKey(t *testing.T) {
	keepAll(t)
	started := containers(t)
	finishRotation(t)
	bearer := token(t)
	old := signedBy(t, bearer)
	ofOld := requests(t)
	acrossOf(t, "rotation of the signing key", ofOld, func(l *load.Load) {
		// A token of the new key is used from the moment that there is one.
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		signed := make(chan string, 1)
		go func() {
			for ctx.Err() == nil {
				if bearer, err := command(ctx, program, "vault", "token"); err == nil && kid(bearer) != old {
					signed <- bearer
					return
				}
			}
		}()
		rotate(t, "jwt")
		select {
		case bearer := <-signed:
			for _, target := range ofOld {
				target.Header = target.Header.Clone()
				target.Header.Set("Authorization", "Bearer "+bearer)
				l.Also(target)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("the key %s still signs", old)
		}
		if err := l.Await(ctx, 800); err != nil { // half of them with the new token
			t.Error(err)
		}
	})
	unmoved(t, started)
	inUse(t, "technical-analysis/jwt")
}

// So is the password of Redis: the service writes with the new one, and the old
// one is refused.
func TestRotationOfPassword(t *testing.T) {
	keepAll(t)
	started := containers(t)
	bearer := token(t)
	targets := requests(t)
	_, fields := secret(t, "technical-analysis/redis")
	old := fields["password"]
	acrossOf(t, "rotation of Redis' password", targets, func(*load.Load) { rotate(t, "redis") })
	unmoved(t, started)
	inUse(t, "technical-analysis/redis")
	_, fields = secret(t, "technical-analysis/redis")
	if answer := redis(t, "AUTH", fields["username"], old); !strings.HasPrefix(answer, "-WRONGPASS") {
		t.Errorf("to the old password Redis says %q", answer)
	}
	if answer := redis(t, "AUTH", fields["username"], fields["password"]); answer != "+OK" {
		t.Errorf("to the new password Redis says %q", answer)
	}
	c := client(t)
	uninstall(t, c, bearer)
	upload(t, c, bearer)
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
	keys(t)
}

// keys gives the mesh the public keys that Vault has.
func keys(t *testing.T) {
	t.Helper()
	if out, err := script(context.WithoutCancel(t.Context()), "keys"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// signedBy is the id of the key that signed a token.
func signedBy(t *testing.T, token string) string {
	t.Helper()
	id := kid(token)
	if id == "" {
		t.Fatalf("%.20s… names no key", token)
	}
	return id
}

func kid(token string) string {
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	var header struct{ Kid string }
	if err != nil || json.Unmarshal(raw, &header) != nil {
		return ""
	}
	return header.Kid
}

// unmoved demands that every container that was there is there, and was not
// started again. There may be more.
func unmoved(t *testing.T, before map[string]string) {
	t.Helper()
	now := containers(t)
	for pod, which := range before {
		if now[pod] != which {
			t.Errorf("%s was %q and is %q", pod, which, now[pod])
		}
	}
}

// inUse demands that every pod has the version of a secret that Vault has. Each
// is asked itself, as Prometheus may not know all of them.
func inUse(t *testing.T, path string) {
	t.Helper()
	version, _ := secret(t, path)
	want := fmt.Sprintf("secret_version{path=%q} %d\n", path, version)
	admin := forwardAll(t, 9090)
	if len(admin) != replicas(t) {
		t.Errorf("%d pods for %d ready replicas", len(admin), replicas(t))
	}
	for pod, url := range admin {
		await(t, 20*time.Second, fmt.Sprintf("%s has version %d of %s", pod, version, path), func() error {
			res, err := http.Get(url + "/metrics")
			if err != nil {
				return err
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err == nil && !bytes.Contains(body, []byte("\n"+want)) {
				err = fmt.Errorf("it does not say %q", want)
			}
			return err
		})
	}
}

// recovery is how soon the service must be as before when what was away is back.
const recovery = 5 * time.Second

// Without Vault the service answers, says that it is degraded, and recovers by
// itself.
func TestVaultAway(t *testing.T) {
	keepAll(t)
	started := containers(t)
	targets := requests(t) // no token can be signed without Vault
	t.Cleanup(func() { unseal(t) })
	replicas := forwardAll(t, 8000)
	acrossOf(t, "Vault sealed", targets, func(*load.Load) {
		vault(t, http.MethodPut, "/v1/sys/seal", nil)
		await(t, 60*time.Second, "degraded without Vault", func() error { return all(replicas, "degraded", "vault", "sealed") })
	})
	acrossOf(t, "Vault unsealed", targets, func(*load.Load) {
		unseal(t)
		await(t, 30*time.Second, "Vault answers", func() error {
			res, err := http.Get(os.Getenv("VAULT_ADDR") + "/v1/sys/health")
			if err != nil {
				return err
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return fmt.Errorf("%s", res.Status)
			}
			return nil
		})
		took := await(t, recovery, "ready with Vault", func() error { return all(replicas, "ready", "vault", "ok") })
		events.add("  recovered from Vault's return in\t%.1f", took.Seconds())
	})
	unmoved(t, started)
}

func unseal(t *testing.T) {
	t.Helper()
	vault(t, http.MethodPut, "/v1/sys/unseal", map[string]string{"key": os.Getenv("VAULT_UNSEAL_KEY")})
}

// Redis is out of reach for a while, and has kept everything: the service
// recovers without anyone's help.
func TestRedisAway(t *testing.T) {
	keepAll(t)
	started := containers(t)
	bearer, c := token(t), client(t)
	targets := requests(t)
	replicas := forwardAll(t, 8000)
	// The Service leads nowhere, and the connections that there were are cut.
	lead := func(to string) {
		kubectl(t, "-n", "redis", "patch", "service", "redis", "--type=merge", "-p", `{"spec":{"selector":{"e2e":`+to+`}}}`)
	}
	t.Cleanup(func() { lead("null") })
	acrossOf(t, "Redis out of reach", targets, func(*load.Load) {
		lead(`"nowhere"`)
		await(t, 20*time.Second, "nothing is behind Redis' Service", func() error {
			if out := kubectl(t, "-n", "redis", "get", "endpointslices", "-l", "kubernetes.io/service-name=redis", "-o", "jsonpath={.items[*].endpoints[*].addresses}"); out != "" {
				return fmt.Errorf("%s is", out)
			}
			return nil
		})
		await(t, 60*time.Second, "degraded without Redis", func() error {
			// A proxy that has not heard yet opens new ones: they are cut, too.
			kubectl(t, "-n", "redis", "exec", "deployment/redis", "-c", "redis", "--",
				"redis-cli", "--user", "admin", "--pass", os.Getenv("REDIS_ADMIN_PASSWORD"), "--no-auth-warning", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
			return all(replicas, "degraded", "plugin_store", "away")
		})
		refused(t, c, bearer)
	})
	acrossOf(t, "Redis in reach again", targets, func(*load.Load) {
		lead("null")
		await(t, 30*time.Second, "Redis answers", func() error { return dial(t) })
		took := await(t, recovery, "ready with Redis", func() error { return all(replicas, "ready", "plugin_store", "ok") })
		events.add("  recovered from Redis' return in\t%.1f", took.Seconds())
		upload(t, c, bearer)
	})
	unmoved(t, started)
}

// Redis is lost with all that it knew, its users among it. Whoever keeps Redis
// must make the service's user again; the service brings back the rest.
func TestRedisLost(t *testing.T) {
	keepAll(t)
	started := containers(t)
	bearer, c := token(t), client(t)
	targets := requests(t)
	replicas := forwardAll(t, 8000)
	scale := func(n string) {
		kubectl(t, "-n", "redis", "scale", "deployment/redis", "--replicas="+n)
		kubectl(t, "-n", "redis", "rollout", "status", "deployment/redis", "--timeout=60s")
	}
	user := func() {
		if out, err := script(context.WithoutCancel(t.Context()), "vault"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	t.Cleanup(func() { scale("1"); user() })
	acrossOf(t, "Redis lost", targets, func(*load.Load) {
		scale("0")
		await(t, 60*time.Second, "degraded without Redis", func() error { return all(replicas, "degraded", "plugin_store", "away") })
		refused(t, c, bearer)
	})
	acrossOf(t, "Redis back, then its user", targets, func(*load.Load) {
		scale("1")
		await(t, 30*time.Second, "Redis refuses the service", func() error { return all(replicas, "degraded", "plugin_store", "refused") })
		user()
		took := await(t, recovery, "ready with Redis", func() error { return all(replicas, "ready", "plugin_store", "ok") })
		events.add("  recovered once Redis knew its user in\t%.1f", took.Seconds())
		// What the replicas had is there for those to come.
		_, fields := secret(t, "technical-analysis/redis")
		await(t, recovery, "Redis has the table of plugins", func() error {
			if answer := redis(t, "AUTH", fields["username"], fields["password"], "EXISTS", "ta:plugins"); answer != ":1" {
				return fmt.Errorf("it says %q", answer)
			}
			return nil
		})
		upload(t, c, bearer)
	})
	unmoved(t, started)
}

// refused demands that an upload is refused for now, in words.
func refused(t *testing.T, c *http.Client, bearer string) {
	t.Helper()
	code, header, body := ask(t, c, http.MethodPost, "/api/v1/plugins", bearer, "application/wasm", module(t))
	if code != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || header.Get("Content-Type") != "application/problem+json" || !bytes.Contains(body, []byte("store-unavailable")) {
		t.Errorf("an upload without Redis: %d %v %.200s", code, header, body)
	}
}

// all says whether each replica is in this state, with a check that has this word
// in it. Each is asked itself, past the gateway.
func all(replicas map[string]string, state, check, word string) error {
	for pod, url := range replicas {
		res, err := http.Get(url + "/health/ready")
		if err != nil {
			return err
		}
		var health struct {
			Status string
			Checks map[string]string
		}
		err = json.NewDecoder(res.Body).Decode(&health)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || health.Status != state || !strings.Contains(health.Checks[check], word) {
			return fmt.Errorf("%s: %s, %+v, %v", pod, res.Status, health, err)
		}
	}
	return nil
}

// redisAddr is where Redis is reached from here.
func redisAddr() string {
	if addr := os.Getenv("REDIS_ADMIN_ADDR"); addr != "" {
		return addr
	}
	return "redis.redis.svc.cluster.local:6379"
}

func dial(t *testing.T) error {
	conn, err := net.DialTimeout("tcp", redisAddr(), time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprint(conn, "PING\r\n")
	_, err = bufio.NewReader(conn).ReadString('\n') // that it wants a password is an answer
	return err
}

// redis authenticates, and gives a command if there is one: AUTH, a user, a
// password, and the command's words. It returns the last answer.
func redis(t *testing.T, words ...string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", redisAddr(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	in := bufio.NewReader(conn)
	var answer string
	for _, command := range [][]string{words[:3], words[3:]} {
		if len(command) == 0 {
			break
		}
		fmt.Fprintf(conn, "%s\r\n", strings.Join(command, " "))
		if answer, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimSpace(answer)
}

// secret is a secret's version in Vault and its fields.
func secret(t *testing.T, path string) (version int, fields map[string]string) {
	t.Helper()
	var answer struct {
		Data struct {
			Data     map[string]string
			Metadata struct{ Version int }
		}
	}
	decode(t, vault(t, http.MethodGet, "/v1/secret/data/"+path, nil), &answer)
	return answer.Data.Metadata.Version, answer.Data.Data
}

// vault calls Vault as its administrator.
func vault(t *testing.T, method, path string, body any) []byte {
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
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode/100 != 2 {
		t.Fatalf("Vault, %s %s: %s %s", method, path, res.Status, answer)
	}
	return answer
}
