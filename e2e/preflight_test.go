//go:build e2e

package e2e

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// said are the lines of a script that tell of a fault.
func said(out string) []string {
	var lines []string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "FAIL ") || strings.HasPrefix(line, "error:") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// TestPreflight has each fault that a cluster can have really there, and wants
// one line of `make preflight` that names it and says what to do.
func TestPreflight(t *testing.T) {
	cluster := os.Getenv("KUBECONFIG")
	context, err := command(t.Context(), "kubectl", "config", "current-context")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fault    string
		settings func(*testing.T) []string
		names    string // what is wrong
		todo     string
	}{
		{"nothing", func(*testing.T) []string { return []string{"CONTEXT=" + context} }, "", ""},
		{"no context", func(t *testing.T) []string { return []string{"KUBECONFIG=" + write(t, "empty", "")} },
			"kubectl has no context", "set KUBECONFIG"},
		{"a context that is not there", func(t *testing.T) []string {
			return []string{"KUBECONFIG=" + write(t, "config", "{apiVersion: v1, kind: Config, current-context: nowhere}")}
		}, "the context nowhere is not in KUBECONFIG", "kubectl config use-context"},
		{"another context than was said", func(*testing.T) []string { return []string{"CONTEXT=production"} },
			"the context is " + context + ", not production", "kubectl config use-context production"},
		{"production without a context", func(*testing.T) []string { return []string{"OVERLAY=prod"} },
			"overlay prod without CONTEXT", "CONTEXT=" + context},
		{"a context of an API that does not answer", func(t *testing.T) []string {
			return []string{"KUBECONFIG=" + kubeconfig(t, func(cluster, _ map[string]any) { cluster["server"] = "https://127.0.0.1:1" })}
		}, "the API server https://127.0.0.1:1 of the context changed does not answer", "check KUBECONFIG"},
		{"a cluster that serves another host", func(t *testing.T) []string {
			return []string{"KUBECONFIG=" + between(t, cluster, func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/configmaps/technical-analysis-config") {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"technical-analysis-config"},"data":{"JWT_ISSUER":"https://ta.example.org"}}`)
				return true
			})}
		}, "the context changed serves https://ta.example.org, and overlay dev is for https://ta.local", "CONTEXT=changed if you mean it"},
		{"a kind that Istio would bring", func(t *testing.T) []string {
			return []string{"KUBECONFIG=" + without(t, cluster, "telemetry.istio.io/v1", "telemetries")}
		}, "the API server does not have telemetry.istio.io/v1/Telemetry", "install Istio"},
		{"a permission", func(t *testing.T) []string {
			may := permissions(t)
			for _, p := range []permission{{namespace, "patch", "destinationrules.networking.istio.io"}, {"default", "get", "pods/log"}} {
				i := slices.Index(may, p)
				if i < 0 {
					t.Fatalf("nobody needs to %v", p)
				}
				may = slices.Delete(may, i, i+1)
			}
			return []string{"KUBECONFIG=" + account(t, "e2e-lacking", may)}
		}, "you may not patch destinationrules.networking.istio.io in " + namespace + "; get pods/log in default", "deploy/permissions"},
		{"an image", func(*testing.T) []string { return []string{"IMAGE=" + image + "-absent"} },
			image + "-absent is not on the node", "make image"},
		{"a program", func(*testing.T) []string { return []string{"TECHANALYSIS=/nowhere"} }, "the program /nowhere does not run", "make build"},
		{"Vault's address", func(*testing.T) []string { return []string{"VAULT_ADDR="} }, "VAULT_ADDR", "export VAULT_ADDR"},
		{"Vault", func(*testing.T) []string { return []string{"VAULT_ADDR=http://127.0.0.1:1"} },
			"Vault does not answer at http://127.0.0.1:1", "check VAULT_ADDR"},
		{"a token that Vault takes", func(*testing.T) []string { return []string{"VAULT_TOKEN=unknown"} },
			"vault refuses the login", "vault login"},
		{"Vault's authority", func(t *testing.T) []string {
			address, _ := encrypted(t)
			return []string{"VAULT_ADDR=" + address}
		}, "certificate signed by unknown authority", "VAULT_CACERT"},
		{"nothing, of a Vault with its own authority and a token in a file", func(t *testing.T) []string {
			address, authority := encrypted(t)
			home := filepath.Dir(write(t, ".vault-token", os.Getenv("VAULT_TOKEN")))
			return []string{"VAULT_ADDR=" + address, "VAULT_CACERT=" + authority, "VAULT_TOKEN=", "HOME=" + home}
		}, "", ""},
	} {
		t.Run(c.fault, func(t *testing.T) {
			out, err := script(t.Context(), "preflight", c.settings(t)...)
			faults := said(out)
			if c.names == "" {
				if err != nil || len(faults) > 0 {
					t.Errorf("%v\n%s", err, out)
				}
				return
			}
			if err == nil || len(faults) != 1 || !strings.Contains(faults[0], c.names) || !strings.Contains(out, c.todo) {
				t.Errorf("want one line with %q and what to do, %q; %v\n%s", c.names, c.todo, err, out)
			}
		})
	}
}

// TestPreflightSealed: and so is a Vault that is sealed.
func TestPreflightSealed(t *testing.T) {
	replicas := forwardAll(t, 8000)
	vault(t, http.MethodPut, "/v1/sys/seal", nil)
	defer func() {
		unseal(t)
		await(t, time.Minute, "ready with Vault", func() error { return all(replicas, "ready", "vault", "ok") })
	}()
	before := written(t)
	out, err := script(t.Context(), "apply")
	if faults := said(out); err == nil || len(faults) != 2 || !strings.HasPrefix(faults[0], "FAIL  Vault is sealed: vault operator unseal") || !strings.Contains(faults[1], "not ready for the service") {
		t.Errorf("%v\n%s", err, out)
	}
	if now := written(t); now != before {
		t.Errorf("something was written:\n%s\nwas\n%s", now, before)
	}
}

// without is the kubeconfig of the cluster less one kind.
func without(t *testing.T, kubeconfigOf, version, resource string) string {
	return between(t, kubeconfigOf, func(w http.ResponseWriter, r *http.Request) bool {
		switch path := strings.TrimPrefix(r.URL.Path, "/apis"); {
		case path == "" || r.URL.Path == "/api": // each version is asked for its kinds, not all at once
			r.Header.Set("Accept", "application/json")
			return false
		case path == "/"+version:
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"apiVersion":"v1","kind":"APIResourceList","groupVersion":"`+version+`","resources":[]}`)
			return true
		case strings.HasPrefix(path, "/"+version+"/") && strings.Contains(path, "/"+resource):
			http.NotFound(w, r)
			return true
		}
		return false
	})
}

// encrypted is Vault behind TLS: its address, and a file with who signed its
// certificate.
func encrypted(t *testing.T) (address, authority string) {
	t.Helper()
	to, err := url.Parse(os.Getenv("VAULT_ADDR"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(to))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // who does not trust it ends the handshake
	server.StartTLS()
	t.Cleanup(server.Close)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server.URL, write(t, "ca.pem", string(block))
}

// written is who wrote which object of the service, and when: it changes when
// anything is written but the state of an object.
func written(t *testing.T) string {
	t.Helper()
	var list struct {
		Items []struct {
			Kind     string
			Metadata struct {
				Name          string
				ManagedFields []struct{ Manager, Operation, Subresource, Time string }
			}
		}
	}
	decode(t, []byte(kubectl(t, "get", "-o", "json", "--show-managed-fields", strings.Join([]string{
		"namespaces", "resourcequotas", "limitranges", "serviceaccounts", "configmaps", "services", "deployments", "hpa", "pdb", "priorityclasses", "networkpolicies",
		"gateways.networking.istio.io", "virtualservices", "destinationrules", "sidecars", "peerauthentications", "authorizationpolicies", "requestauthentications", "telemetries",
	}, ","))), &list)
	var lines []string
	for _, o := range list.Items {
		for _, f := range o.Metadata.ManagedFields {
			if f.Subresource == "" && f.Manager != "kube-controller-manager" {
				line, err := json.Marshal([]any{o.Kind, o.Metadata.Name, f})
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, string(line))
			}
		}
	}
	if len(lines) < 20 {
		t.Fatalf("the service is not deployed: %s", lines)
	}
	return strings.Join(lines, "\n")
}
