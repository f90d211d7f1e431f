package load_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/meshtest"
)

// BenchmarkProxies is the processor time that a request takes of two Envoys that
// have nothing to do but TLS, twice, and one route: what `make e2e-load` measures
// without all that a mesh adds to its proxies, and what is left whatever their
// configuration. The service is the program that PROGRAM names.
func BenchmarkProxies(b *testing.B) {
	envoy, program := meshtest.Program(b, "envoy"), os.Getenv("PROGRAM")
	if program == "" {
		b.Skip("PROGRAM names no program of the service")
	}
	dir := b.TempDir()
	trust := certificate(b, dir)
	ports := free(b, 4)
	start(b, exec.Command(program, "serve", "--addr", "127.0.0.1:"+ports[0], "--admin-addr", "127.0.0.1:"+ports[1], "--data-dir", filepath.Join(dir, "data")))
	proxy := func(name, port, next string) int {
		config, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
		if err != nil {
			b.Fatal(err)
		}
		filled := strings.NewReplacer("@PORT@", port, "@NEXT@", next, "@CERTIFICATE@", filepath.Join(dir, "certificate"), "@KEY@", filepath.Join(dir, "key")).Replace(string(config))
		path := filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(path, []byte(filled), 0o600); err != nil {
			b.Fatal(err)
		}
		return start(b, exec.Command(envoy, "-c", path, "--disable-hot-restart", "--concurrency", "2", "-l", "error"))
	}
	sidecar, gateway := proxy("sidecar", ports[2], ports[0]), proxy("gateway", ports[3], ports[2])

	body, err := load.Varied(load.Compute())
	if err != nil {
		b.Fatal(err)
	}
	url := "https://127.0.0.1:" + ports[3]
	compute := load.Target{Method: http.MethodPost, URL: url + "/api/v1/compute", Header: http.Header{"Content-Type": {"application/json"}}, Body: body, TLS: trust, KeptAlive: true}
	empty := load.Target{Method: http.MethodGet, URL: url + "/health/live", Header: http.Header{}, TLS: trust, KeptAlive: true}
	await(b, empty)
	const requests = 2000
	for _, way := range []struct {
		name   string
		target load.Target
		send   func(load.Target) load.Tally
	}{
		{"health/live, one by one", empty, paced(b, requests)}, {"health/live, busy", empty, flooded(b, requests)},
		{"compute, one by one", compute, paced(b, requests)}, {"compute, busy", compute, flooded(b, requests)},
	} {
		b.Run(way.name, func(b *testing.B) {
			answered, before := 0, [2]time.Duration{used(b, gateway), used(b, sidecar)}
			for b.Loop() {
				got := way.send(way.target)
				if got.Failed > 0 {
					b.Fatalf("%d failed: %s", got.Failed, got.Failures[0])
				}
				answered += got.Answered
			}
			each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(answered) }
			g, s := each(used(b, gateway)-before[0]), each(used(b, sidecar)-before[1])
			b.ReportMetric(g, "gateway-µs/request")
			b.ReportMetric(s, "sidecar-µs/request")
			b.ReportMetric(g+s, "both-µs/request")
		})
	}
}

// paced sends 100 requests a second, and flooded 8 at a time.
func paced(b *testing.B, n int) func(load.Target) load.Tally {
	return func(t load.Target) load.Tally {
		l := load.Start(50, t)
		if err := l.Await(b.Context(), n); err != nil {
			b.Error(err)
		}
		return l.Stop()
	}
}

func flooded(b *testing.B, n int) func(load.Target) load.Tally {
	return func(t load.Target) load.Tally { return load.Flood(b.Context(), 8, n, t) }
}

// used is the processor time of a process so far.
func used(b *testing.B, pid int) (sum time.Duration) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		b.Fatalf("the processor time of %d cannot be read here: %v", pid, err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		ns, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ns)
	}
	return sum
}

// start runs a program until the benchmark ends.
func start(b *testing.B, cmd *exec.Cmd) (pid int) {
	cmd.Stderr = b.Output()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

// await returns when all three answer.
func await(b *testing.B, t load.Target) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 1200 {
		got := load.Flood(b.Context(), 1, 1, t)
		if got.Failed == 0 {
			return
		}
		b.Log(got.Failures[0])
		<-tick.C
	}
	b.Fatal("no answer within a minute")
}

// free are ports that nobody listens on.
func free(b *testing.B, n int) (ports []string) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		defer l.Close()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		ports = append(ports, port)
	}
	return ports
}

// certificate makes one with its key, as Istio's authority does for a pod: RSA of
// 2,048 bits. It returns the trust in it.
func certificate(b *testing.B, dir string) *tls.Config {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "proxies"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		b.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"certificate": {Type: "CERTIFICATE", Bytes: der},
		"key":         {Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		b.Fatal(err)
	}
	pool.AddCert(cert)
	return &tls.Config{RootCAs: pool}
}
