package traffic

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/meshtest"
)

// server is the API server that the tests of this package share.
var server struct {
	once       sync.Once
	kubeconfig string
	stop       []func()
	dir        string
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range server.stop {
		stop()
	}
	if server.dir != "" {
		_ = os.RemoveAll(server.dir)
	}
	os.Exit(code)
}

// apiServer is the kubeconfig of a real API server with Istio's kinds and
// nothing else: no node and no controller, whose parts the tests play. It is
// started from kube-apiserver and etcd in PATH, on loopback.
func apiServer(t *testing.T) string {
	t.Helper()
	etcd, apiserver := meshtest.Program(t, "etcd"), meshtest.Program(t, "kube-apiserver")
	server.once.Do(func() { server.kubeconfig = startServer(t, etcd, apiserver) })
	return server.kubeconfig
}

func startServer(t *testing.T, etcd, apiserver string) (kubeconfig string) {
	dir, err := os.MkdirTemp("", "apiserver")
	if err != nil {
		t.Fatal(err)
	}
	server.dir = dir
	key := filepath.Join(dir, "sa.key")
	run(t, "openssl", "genrsa", "-out", key, "2048")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tokens := write("tokens.csv", "secret,admin,admin,system:masters\n")
	client, peer, port := free(t), free(t), free(t)
	start(t, dir, etcd, "--data-dir", filepath.Join(dir, "etcd"), "--unsafe-no-fsync", "--log-level", "error",
		"--listen-client-urls", "http://"+client, "--advertise-client-urls", "http://"+client,
		"--listen-peer-urls", "http://"+peer, "--initial-advertise-peer-urls", "http://"+peer, "--initial-cluster", "default=http://"+peer)
	_, number, _ := net.SplitHostPort(port)
	start(t, dir, apiserver, "--etcd-servers", "http://"+client, "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", number,
		"--cert-dir", filepath.Join(dir, "certs"), "--token-auth-file", tokens, "--authorization-mode", "RBAC",
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--disable-admission-plugins", "ServiceAccount", "--endpoint-reconciler-type", "none", "--service-cluster-ip-range", "10.96.0.0/16")
	kubeconfig = write("kubeconfig", fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://%s", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: secret}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
`, port))
	eventually(t, time.Minute, func() error {
		_, err := get(t, kubeconfig, "/readyz")
		return err
	})
	crds(t, kubeconfig)
	return kubeconfig
}

// crds applies Istio's definitions, from the module that this one requires.
func crds(t *testing.T, kubeconfig string) {
	module := strings.TrimSpace(run(t, "go", "list", "-m", "-f", "{{.Dir}}", "istio.io/api"))
	text, err := os.ReadFile(filepath.Join(module, "kubernetes", "customresourcedefinitions.gen.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range strings.Split(string(text), "\n---\n") {
		if strings.Contains(doc, "group: networking.istio.io") {
			post(t, kubeconfig, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", doc)
		}
	}
	for _, kind := range []string{"virtualservices", "destinationrules", "gateways"} {
		eventually(t, 30*time.Second, func() error {
			_, err := get(t, kubeconfig, "/apis/networking.istio.io/v1/"+kind)
			return err
		})
	}
}

// get reads a path of the API.
func get(t *testing.T, kubeconfig, path string) ([]byte, error) {
	t.Helper()
	client, host := httpClient(t, kubeconfig)
	res, err := client.Get(host + path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, res.Status)
	}
	return text, err
}

func httpClient(t *testing.T, kubeconfig string) (*http.Client, string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return client, config.Host
}

// post creates an object of YAML.
func post(t *testing.T, kubeconfig, path, doc string) {
	t.Helper()
	client, host := httpClient(t, kubeconfig)
	res, err := client.Post(host+path, "application/yaml", strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusCreated {
		answer := new(bytes.Buffer)
		_, _ = answer.ReadFrom(res.Body)
		t.Fatalf("create in %s: %s\n%s", path, answer, doc)
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// start runs a program until the tests are over.
func start(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, filepath.Base(program)+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	server.stop = append([]func(){func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
	}}, server.stop...)
}

// free is a loopback address that nothing listened on just now.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func eventually(t *testing.T, limit time.Duration, ask func() error) {
	t.Helper()
	deadline := time.After(limit)
	for {
		err := ask()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal(err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
