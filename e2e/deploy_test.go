//go:build e2e

package e2e

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestRefused: an object that the API server, istiod or Pod Security refuses is
// named, and nothing was written.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ by, patch, names, because string }{
		{"the API server", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: technical-analysis-hpa}, spec: {maxReplicas: 2}}",
			"HorizontalPodAutoscaler technical-analysis-hpa is refused", "must be greater than or equal to `minReplicas`"},
		{"istiod", "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: default}, spec: {egress: [{hosts: [nowhere]}]}}",
			"Sidecar default is refused", `admission webhook "`},
		{"Pod Security", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: technical-analysis}, spec: {template: {spec: {hostNetwork: true}}}}",
			"Deployment technical-analysis is refused by Pod Security", "host namespaces"},
	} {
		t.Run(c.by, func(t *testing.T) {
			apply := patched(t, c.patch)
			before := written(t)
			out, err := script(t.Context(), apply, "TECHANALYSIS="+filepath.Join(root, "bin", "techanalysis"))
			if faults := said(out); err == nil || len(faults) != 1 || !strings.Contains(faults[0], c.names) || !strings.Contains(out, c.because) {
				t.Errorf("want one line with %q, and %q; %v\n%s", c.names, c.because, err, out)
			}
			if now := written(t); now != before {
				t.Errorf("something was written:\n%s\nwas\n%s", now, before)
			}
		})
	}
}

// patched is deploy/apply of a checkout whose overlay dev has one patch more, as
// script takes it.
func patched(t *testing.T, patch string) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"deploy", "k8s/base", "k8s/overlays", "istio"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.OpenFile(filepath.Join(dir, "k8s/overlays/dev/kustomization.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	if _, err := fmt.Fprintf(list, "- patch: |-\n    %s\n", patch); err != nil { // patches are its last list
		t.Fatal(err)
	}
	apply, err := filepath.Rel(filepath.Join(root, "deploy"), filepath.Join(dir, "deploy", "apply"))
	if err != nil {
		t.Fatal(err)
	}
	return apply
}

const deploymentPath = "/apis/apps/v1/namespaces/" + namespace + "/deployments/technical-analysis"

// TestReadFails: a Deployment that cannot be read is not one that is not there:
// nothing is written over it.
func TestReadFails(t *testing.T) {
	api := between(t, os.Getenv("KUBECONFIG"), func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodGet && r.URL.Path == deploymentPath && fails(w)
	})
	before := written(t)
	for _, name := range []string{"apply", "status"} {
		out, err := script(t.Context(), name, "KUBECONFIG="+api, "IMAGE="+canaryImage)
		if err == nil || !strings.Contains(out, "technical-analysis cannot be read") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	if now := written(t); now != before {
		t.Errorf("something was written:\n%s\nwas\n%s", now, before)
	}
}

// TestHalfWritten: a deployment that fails between its two writes of the
// Deployment leaves no rollout paused.
func TestHalfWritten(t *testing.T) {
	var paused atomic.Bool
	api := between(t, os.Getenv("KUBECONFIG"), func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || r.URL.Path != deploymentPath || r.URL.Query().Get("fieldManager") != "techanalysis-release" {
			return false
		}
		paused.Store(kubectl(t, "get", deployment, "-o", "jsonpath={.spec.paused}") == "true")
		return fails(w)
	})
	if out, err := script(t.Context(), "apply", "KUBECONFIG="+api); err == nil || !strings.Contains(out, "Deployment technical-analysis refused its image") {
		t.Fatalf("%v\n%s", err, out)
	}
	if !paused.Load() {
		t.Error("the rollout was not paused between the two writes")
	}
	if now := kubectl(t, "get", deployment, "-o", "jsonpath={.spec.paused}"); now != "" {
		t.Errorf("paused: %s", now)
	}
}

// TestFirstDeploy: undeploy leaves nothing but what it says; a first deployment
// that ends after the Deployment was created is gone on with by the next one; and
// an account that may do what deploy/permissions lists can do all of it.
func TestFirstDeploy(t *testing.T) {
	key := techanalysis(t, "vault", "jwks")
	defer func() {
		if !t.Failed() {
			return
		}
		for _, name := range []string{"undeploy", "apply"} { // whatever state it is in
			if out, err := script(t.Context(), name, "IMAGE="+image); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		}
	}()
	if out, err := script(t.Context(), "undeploy"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for what, args := range map[string][]string{
		"the namespace":                  {"get", "namespace", namespace, "--ignore-not-found", "-o", "name"},
		"the priority":                   {"get", "priorityclass", "technical-analysis", "--ignore-not-found", "-o", "name"},
		"the certificate":                {"-n", "istio-system", "get", "secret", "technical-analysis-tls", "--ignore-not-found", "-o", "name"},
		"something in another namespace": {"get", "all,configmaps,secrets,serviceaccounts,networkpolicies,virtualservices,gateways.networking.istio.io", "-A", "-l", "app.kubernetes.io/part-of=technical-analysis", "-o", "name"},
		"what tried the image":           {"-n", "default", "get", "pods", "-l", "app=techanalysis-preflight", "-o", "name"},
	} {
		if left := kubectl(t, args...); left != "" {
			t.Errorf("%s is left: %s", what, left)
		}
	}
	if now := techanalysis(t, "vault", "jwks"); now != key {
		t.Errorf("the keys in Vault were %s and are %s", key, now)
	}

	kubectl(t, "create", "namespace", namespace) // where it may do so little
	deployer := account(t, "e2e-deployer", permissions(t))
	var writes atomic.Int32
	api := between(t, deployer, func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPatch && r.URL.Path == deploymentPath && !r.URL.Query().Has("dryRun") && writes.Add(1) > 1 && fails(w)
	})
	if out, err := script(t.Context(), "apply", "KUBECONFIG="+api, "IMAGE="+image); err == nil || writes.Load() < 2 || !strings.Contains(out, "refused Deployment") {
		t.Fatalf("after %d writes of the Deployment: %v\n%s", writes.Load(), err, out)
	}
	if now := kubectl(t, "get", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image}"); now != image {
		t.Fatalf("the Deployment was not created with %s, but with %q", image, now)
	}
	if out, err := script(t.Context(), "apply", "KUBECONFIG="+deployer); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := script(t.Context(), "status", "KUBECONFIG="+deployer); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// The image is the releaser's alone, or the next deployment would take it away.
	if out, err := script(t.Context(), "apply", "KUBECONFIG="+deployer); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestFormerManifests: an object that was deployed and is in the manifests no
// longer is shown by status and taken away by deploy; another's is left alone.
func TestFormerManifests(t *testing.T) {
	for name, manager := range map[string]string{"former": "techanalysis-deploy", "anothers": "another"} {
		file := write(t, "policy.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "+name+
			", labels: {app.kubernetes.io/part-of: technical-analysis}}\nspec: {podSelector: {matchLabels: {app: none}}, policyTypes: [Ingress]}\n")
		kubectl(t, "apply", "--server-side", "--field-manager="+manager, "-f", file)
		t.Cleanup(func() { kubectl(t, "delete", "-f", file, "--ignore-not-found") })
	}
	out, err := script(t.Context(), "status")
	if faults := said(out); err == nil || len(faults) != 1 || !strings.HasPrefix(faults[0], "FAIL  NetworkPolicy former is left") {
		t.Errorf("status: %v\n%s", err, out)
	}
	if out, err = script(t.Context(), "apply"); err != nil || !strings.Contains(out, "taken away, as the manifests no longer have it: NetworkPolicy former\n") {
		t.Errorf("apply: %v\n%s", err, out)
	}
	if left := kubectl(t, "get", "networkpolicies", "former", "anothers", "--ignore-not-found", "-o", "name"); left != "networkpolicy.networking.k8s.io/anothers" {
		t.Errorf("there is %q", left)
	}
	if out, err := script(t.Context(), "status"); err != nil {
		t.Errorf("status: %v\n%s", err, out)
	}
}

// TestSmoke: a token that is refused, and a gateway that fails, are not taken for
// answers of the service.
func TestSmoke(t *testing.T) {
	out, err := script(t.Context(), "smoke", "TOKEN=no.good.token")
	if faults := said(out); err == nil || regexp.MustCompile(`(?m)^ok .* 401,`).MatchString(out) ||
		!slices.ContainsFunc(faults, func(l string) bool { return strings.Contains(l, "GET /api/v1/indicators with a token") }) {
		t.Errorf("with a bad token: %v\n%s", err, out)
	}
	c := client(t)
	answers := func(want int) func() error {
		return func() error {
			for range 10 {
				if code, _, body := ask(t, c, http.MethodGet, "/health", "", "", nil); code != want {
					return fmt.Errorf("%d %.200s", code, body)
				}
			}
			return nil
		}
	}
	kubectl(t, "patch", "virtualservice", "technical-analysis", "--type=json", "-p",
		`[{"op":"add","path":"/spec/http/0/fault","value":{"abort":{"httpStatus":500,"percentage":{"value":100}}}}]`)
	defer func() {
		kubectl(t, "patch", "virtualservice", "technical-analysis", "--type=json", "-p", `[{"op":"remove","path":"/spec/http/0/fault"}]`)
		await(t, 30*time.Second, "the fault has gone", answers(http.StatusOK))
	}()
	await(t, 30*time.Second, "the gateway fails", answers(http.StatusInternalServerError))
	out, err = script(t.Context(), "smoke", "TOKEN="+token(t))
	if err == nil || regexp.MustCompile(`(?m)^ok .* 500,`).MatchString(out) || strings.Count(out, " 500, nobody, not service") < 5 {
		t.Errorf("with a gateway that fails: %v\n%s", err, out)
	}
}

// TestCertificate: one that signed itself is renewed a week before its end, or
// when it is another host's; any other is left alone.
func TestCertificate(t *testing.T) {
	secret := []string{"-n", "istio-system", "get", "secret", "technical-analysis-tls"}
	saved := write(t, "secret.json", kubectl(t, append(secret, "-o", "json")...))
	t.Cleanup(func() {
		kubectl(t, "-n", "istio-system", "delete", "secret", "technical-analysis-tls", "--ignore-not-found")
		kubectl(t, "-n", "istio-system", "create", "-f", saved)
	})
	live := func() *x509.Certificate {
		text, err := base64.StdEncoding.DecodeString(kubectl(t, append(secret, "-o", `jsonpath={.data.tls\.crt}`)...))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	for _, c := range []struct {
		name, host, days, label string
		renewed                 bool
	}{
		{"that ends in six days", host, "6", "true", true},
		{"of another host", "elsewhere.local", "90", "true", true},
		{"that is good", host, "8", "true", false},
		{"of an authority", "elsewhere.local", "1", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
			if _, err := command(t.Context(), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
				"-days", c.days, "-subj", "/CN="+c.host, "-addext", "subjectAltName=DNS:"+c.host, "-keyout", key, "-out", cert); err != nil {
				t.Fatal(err)
			}
			kubectl(t, "-n", "istio-system", "delete", "secret", "technical-analysis-tls")
			kubectl(t, "-n", "istio-system", "create", "secret", "tls", "technical-analysis-tls", "--cert="+cert, "--key="+key)
			if c.label != "" {
				kubectl(t, "-n", "istio-system", "label", "secret", "technical-analysis-tls", "technical-analysis/self-signed="+c.label)
			}
			before := live()
			if out, err := script(t.Context(), "certificate", host); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			now := live()
			if renewed := !now.Equal(before); renewed != c.renewed {
				t.Errorf("renewed: %v", renewed)
			}
			if c.renewed && (now.VerifyHostname(host) != nil || time.Until(now.NotAfter) < 80*24*time.Hour) {
				t.Errorf("for %v, until %v", now.DNSNames, now.NotAfter)
			}
		})
	}
}

// TestRotateTwice: a second rotation of the signing key, while tokens of the
// first key live, replaces nothing and does not say that it did.
func TestRotateTwice(t *testing.T) {
	finishRotation(t)
	rotate(t, "jwt")
	defer finishRotation(t)
	signs := signedBy(t, token(t))
	if out, err := script(t.Context(), "rotate", "jwt"); err == nil || !strings.Contains(out, "no key was replaced") {
		t.Errorf("%v\n%s", err, out)
	}
	if now := signedBy(t, token(t)); now != signs {
		t.Errorf("%s signed, now %s", signs, now)
	}
}

// TestDeployBesideCanary: a deployment leaves a running canary as it is, and
// does not bring another version beside it.
func TestDeployBesideCanary(t *testing.T) {
	techanalysis(t, "canary", "start", "--image", canaryImage, "--weight", "20")
	defer techanalysis(t, "canary", "abort")
	state := func() string {
		return kubectl(t, "get", "virtualservice/technical-analysis", "destinationrule/technical-analysis", "deployment/technical-analysis", "deployment/technical-analysis-canary",
			"-o", `jsonpath={range .items[*]}{.kind} {.metadata.name} {.spec.http} {.spec.subsets} {.spec.template.spec.containers[*].image}{"\n"}{end}`)
	}
	before := state()
	if !strings.Contains(before, `"weight":20`) || !strings.Contains(before, canaryImage) {
		t.Fatalf("no canary with 20 %%:\n%s", before)
	}
	if out, err := script(t.Context(), "apply"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := script(t.Context(), "apply", "IMAGE="+canaryImage); err == nil || !strings.Contains(out, "a canary runs beside "+image) {
		t.Errorf("another version was deployed beside the canary: %v\n%s", err, out)
	}
	if now := state(); now != before {
		t.Errorf("it was\n%sand is\n%s", before, now)
	}
	if out, err := script(t.Context(), "status"); err != nil || !strings.Contains(out, "canary 20 %") {
		t.Errorf("status: %v\n%s", err, out)
	}
}

const customMetrics = "v1beta1.custom.metrics.k8s.io"

// TestMeasures: requests per second are measured for each pod; without them
// status fails, but where nothing serves them it only says so.
func TestMeasures(t *testing.T) {
	await(t, time.Minute, "requests per second of every pod", func() error {
		var list struct {
			Items []struct {
				DescribedObject struct{ Name string }
				Value           string
			}
		}
		decode(t, []byte(kubectl(t, "get", "--raw", "/apis/custom.metrics.k8s.io/v1beta1/namespaces/"+namespace+"/pods/*/http_requests_per_second")), &list)
		known := map[string]string{}
		for _, i := range list.Items {
			known[i.DescribedObject.Name] = i.Value
		}
		for _, pod := range pods(t, "stable") {
			if !regexp.MustCompile(`^[0-9]+m?$`).MatchString(known[pod]) || known[pod] == "0" { // its probes are requests
				return fmt.Errorf("%s: %q", pod, known[pod])
			}
		}
		return nil
	})
	wants := func(fault, line string) {
		t.Helper()
		await(t, 4*time.Minute, "status says "+line, func() error { // pods are new for two minutes
			out, err := script(t.Context(), "status")
			if faults := said(out); !strings.Contains(out, line) || (err != nil) != (fault != "") || fault != "" && (len(faults) != 1 || !strings.Contains(faults[0], fault)) {
				return fmt.Errorf("%v\n%s", err, out)
			}
			return nil
		})
	}
	wants("", "ok    autoscaler: ")
	var service map[string]any
	decode(t, []byte(kubectl(t, "get", "apiservice", customMetrics, "-o", "json")), &service)
	delete(service, "status")
	meta := service["metadata"].(map[string]any)
	service["metadata"] = map[string]any{"name": meta["name"], "labels": meta["labels"], "annotations": meta["annotations"]}
	text, err := json.Marshal(service)
	if err != nil {
		t.Fatal(err)
	}
	saved := write(t, "apiservice.json", string(text))
	t.Cleanup(func() {
		kubectl(t, "delete", "apiservice", customMetrics, "--ignore-not-found")
		kubectl(t, "create", "-f", saved)
		kubectl(t, "wait", "apiservice", customMetrics, "--for=condition=Available", "--timeout=60s")
	})
	kubectl(t, "patch", "apiservice", customMetrics, "--type=merge", "-p", `{"spec":{"service":{"name":"absent"}}}`)
	wants("without http_requests_per_second", "FAIL  autoscaler: ")
	kubectl(t, "delete", "apiservice", customMetrics)
	wants("", "warn  autoscaler: http_requests_per_second is not measured, as nothing here serves "+customMetrics)
}

// TestTenCommands does what docs/deploy.md says, from where there is a cluster
// with the platform in it, and with this Vault's token.
func TestTenCommands(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "deploy.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "\n```\n")
	block, _, _ = strings.Cut(block, "```")
	var here []string
	n := 0
	for line := range strings.Lines(strings.ReplaceAll(block, "\\\n", "")) {
		n++
		line, number, _ := strings.Cut(strings.TrimSpace(line), "# ")
		if number != fmt.Sprint(n) {
			t.Fatalf("line %d is number %q", n, number)
		}
		switch program := strings.Fields(line)[0]; {
		case program == "kind", program == "istioctl", strings.Contains(line, "make image"), strings.Contains(line, "k8s/platform/dev.yaml"): // are there
		default:
			here = append(here, strings.ReplaceAll(line, "VAULT_TOKEN=root", `VAULT_TOKEN="$VAULT_TOKEN"`))
		}
	}
	if n != 10 || len(here) < 5 {
		t.Fatalf("%d commands, of which %d are tried here", n, len(here))
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-ec", "trap 'kill $(jobs -p)' EXIT\n"+strings.Join(here, "\n"))
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"nothing differs from k8s/overlays/dev", "ok    GET /api/v1/indicators with a token", "ok    rsi of the sample ends with"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no line says %q:\n%s", want, out)
		}
	}
}
