//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	namespace  = "tech-analysis-prod"
	deployment = "deployment/technical-analysis"
	host       = "ta.local"
)

// root is the checkout, whose scripts deploy and whose program signs tokens. The
// test binary is run from there.
var root = func() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for !exists(filepath.Join(dir, "deploy", "apply")) {
		parent := filepath.Dir(dir)
		if parent == dir {
			panic("run it from the checkout: there is no deploy/apply above the working directory")
		}
		dir = parent
	}
	return dir
}()

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// image and canaryImage are two builds that are on the nodes.
var (
	image       = os.Getenv("IMAGE")
	canaryImage = os.Getenv("CANARY_IMAGE")
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run deploys, tests, and leaves the cluster as it was.
func run(m *testing.M) int {
	for _, name := range []string{"KUBECONFIG", "IMAGE", "CANARY_IMAGE", "PROMETHEUS_URL", "REDIS_ADMIN_PASSWORD", "VAULT_ADDR", "VAULT_TOKEN", "VAULT_UNSEAL_KEY"} {
		if os.Getenv(name) == "" {
			fmt.Fprintf(os.Stderr, "e2e: %s is not set; docs/e2e.md says what is needed\n", name)
			return 2
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := tidy(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "e2e: what an earlier run left: %v\n", err)
		return 1
	}
	if there, err := canaryThere(ctx); there || err != nil {
		fmt.Fprintf(os.Stderr, "e2e: a canary is there, which is somebody's: promote or abort it first (%v)\n", err)
		return 1
	}
	before, err := command(ctx, "kubectl", "-n", namespace, "get", deployment, "--ignore-not-found", "-o", "jsonpath={.spec.template.spec.containers[0].image}")
	if err != nil {
		fmt.Fprintf(os.Stderr, "e2e: %v\n", err)
		return 1
	}
	if out, err := script(ctx, "apply", "IMAGE="+image); err != nil {
		fmt.Fprintf(os.Stderr, "e2e: deploying: %v\n%s", err, out)
		return 1
	}
	code := m.Run()
	fmt.Print(events.String())
	restore, done := context.WithTimeout(context.Background(), 5*time.Minute)
	defer done()
	err = tidy(restore)
	if there, _ := canaryThere(restore); there { // of a test that failed
		_, more := command(restore, program, "canary", "abort")
		err = errors.Join(err, more)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "e2e: the cluster is not as it was found: %v\n", err)
		code = 1
	}
	var out string
	if before == "" {
		out, err = script(restore, "undeploy")
	} else {
		out, err = script(restore, "apply", "IMAGE="+before)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "e2e: the cluster is not as it was found: %v\n%s", err, out)
		return 1
	}
	return code
}

// tidy takes away what tests add and could not take away themselves.
func tidy(ctx context.Context) error {
	_, err := command(ctx, "kubectl", "delete", "namespace", strangers, "--ignore-not-found", "--wait")
	_, more := command(ctx, "kubectl", "-n", namespace, "delete", "networkpolicy,job,service,pod", "-l", ours, "--ignore-not-found", "--wait")
	return errors.Join(err, more)
}

func canaryThere(ctx context.Context) (bool, error) {
	out, err := command(ctx, "kubectl", "-n", namespace, "get", "deployment", "technical-analysis-canary", "--ignore-not-found", "-o", "name")
	return out != "", err
}

// output runs a program in the checkout and returns what it printed.
func output(ctx context.Context, name string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = root
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// command is output, trimmed, with an error that says everything.
func command(ctx context.Context, name string, args ...string) (string, error) {
	stdout, stderr, err := output(ctx, name, args...)
	if err != nil {
		return stdout, fmt.Errorf("%s %s: %w: %s%s", name, strings.Join(args, " "), err, tail(stdout), tail(stderr))
	}
	return strings.TrimSpace(stdout), nil
}

// number reads a number that kubectl printed.
func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%q is no number", s)
	}
	return n
}

func tail(s string) string {
	if len(s) > 1500 {
		s = "…" + s[len(s)-1500:]
	}
	return s
}

// script runs one of deploy/, with settings NAME=VALUE.
func script(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "deploy", name))
	cmd.Dir = root
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "IMAGE=") { // the scripts' own, only when it is given
			cmd.Env = append(cmd.Env, setting)
		}
	}
	for _, a := range args {
		if strings.Contains(a, "=") {
			cmd.Env = append(cmd.Env, a)
		} else {
			cmd.Args = append(cmd.Args, a)
		}
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// kubectl runs kubectl in the namespace and fails the test when it fails. It may
// be used when the test ends, too.
func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := command(context.WithoutCancel(t.Context()), "kubectl", append([]string{"-n", namespace}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// program is the one that is deployed, for who operates it.
var program = filepath.Join(root, "bin", "techanalysis")

// techanalysis runs the program. It may be used when the test ends, too.
func techanalysis(t *testing.T, args ...string) string {
	t.Helper()
	out, err := command(context.WithoutCancel(t.Context()), program, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pods are the names of the pods of a version that are ready and not ending.
func pods(t *testing.T, version string) []string {
	t.Helper()
	var names []string
	for line := range strings.Lines(kubectl(t, "get", "pods", "-l", "app=technical-analysis,version="+version, "-o",
		`jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {.metadata.deletionTimestamp}{"\n"}{end}`)) {
		if f := strings.Fields(line); len(f) == 2 && f[1] == "True" {
			names = append(names, f[0])
		}
	}
	return names
}

// await waits until what ask says is so, asking several times a second: for
// states that nothing can be watched for.
func await(t *testing.T, patience time.Duration, what string, ask func() error) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	began := time.Now()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ask()
		if err == nil {
			return time.Since(began)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not within %v: %v", what, patience, err)
		}
	}
}

// trust is the certificate of the gateway, which signed itself.
func trust(t *testing.T) *tls.Config {
	t.Helper()
	out, err := command(t.Context(), "kubectl", "-n", "istio-system", "get", "secret", "technical-analysis-tls", "-o", `jsonpath={.data.tls\.crt}`)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := base64.StdEncoding.DecodeString(out)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the Secret technical-analysis-tls has no certificate")
	}
	return &tls.Config{RootCAs: pool}
}

// token signs one with all scopes.
func token(t *testing.T) string {
	t.Helper()
	return techanalysis(t, "vault", "token")
}

// ask makes one request through the gateway.
func ask(t *testing.T, client *http.Client, method, path, bearer, contentType string, body []byte) (int, http.Header, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, "https://"+host+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, buf.Bytes()
}

func client(t *testing.T) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: trust(t)}}
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%v: %.300s", err, body)
	}
}
