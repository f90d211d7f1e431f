//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// write puts a file into a folder of the test's own.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// kubeconfig is that of the cluster, changed: its one cluster and its one user as
// the API has them.
func kubeconfig(t *testing.T, change func(cluster, user map[string]any)) string {
	t.Helper()
	raw, err := command(t.Context(), "kubectl", "config", "view", "--minify", "--flatten", "--raw", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Clusters []struct{ Cluster map[string]any }
		Users    []struct{ User map[string]any }
	}
	decode(t, []byte(raw), &config)
	cluster, user := config.Clusters[0].Cluster, config.Users[0].User
	change(cluster, user)
	text, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "changed",
		"clusters": []any{map[string]any{"name": "changed", "cluster": cluster}},
		"users":    []any{map[string]any{"name": "changed", "user": user}},
		"contexts": []any{map[string]any{"name": "changed", "context": map[string]any{"cluster": "changed", "user": "changed"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "kubeconfig", string(text))
}

// between is the kubeconfig of an API that is the one of another, asked by whom
// that one says, but for the requests that answer answers itself.
func between(t *testing.T, kubeconfigOf string, answer func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	cmd := exec.Command("kubectl", "--kubeconfig="+kubeconfigOf, "proxy", "--port=0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "Starting to serve on ")
	if !found {
		t.Fatalf("kubectl proxy says %q: %v", line, err)
	}
	api := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: address}) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			api.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return kubeconfig(t, func(cluster, user map[string]any) {
		clear(cluster)
		clear(user)
		cluster["server"] = server.URL
	})
}

// fails answers as an API server does that cannot.
func fails(w http.ResponseWriter) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusInternalServerError)
	io.WriteString(w, `{"apiVersion":"v1","kind":"Status","status":"Failure","code":500,"reason":"InternalError","message":"the e2e test says no"}`)
	return true
}

// permission is a line of deploy/permissions.
type permission struct{ namespace, verb, resource string }

func permissions(t *testing.T) []permission {
	t.Helper()
	out, err := script(t.Context(), "permissions")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var all []permission
	for line := range strings.Lines(out) {
		var p permission
		if _, err := fmt.Sscan(line, &p.namespace, &p.verb, &p.resource); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, p)
	}
	return all
}

// account is the kubeconfig of a ServiceAccount that may do these things and no
// other.
func account(t *testing.T, name string, may []permission) string {
	t.Helper()
	kubectl(t, "-n", "default", "create", "serviceaccount", name)
	t.Cleanup(func() { kubectl(t, "-n", "default", "delete", "serviceaccount", name) })
	rules := map[string][]any{}
	for _, p := range may {
		resource, sub, _ := strings.Cut(p.resource, "/")
		resource, group, _ := strings.Cut(resource, ".")
		if sub != "" {
			resource += "/" + sub
		}
		rules[p.namespace] = append(rules[p.namespace], map[string]any{"apiGroups": []string{group}, "resources": []string{resource}, "verbs": []string{p.verb}})
	}
	var objects []any
	for namespace, rules := range rules {
		kind, meta := "Role", map[string]any{"name": name}
		if namespace == "-" {
			kind = "ClusterRole"
		} else {
			meta["namespace"] = namespace
		}
		objects = append(objects, map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": meta, "rules": rules},
			map[string]any{
				"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind + "Binding", "metadata": meta,
				"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
				"subjects": []any{map[string]any{"kind": "ServiceAccount", "namespace": "default", "name": name}},
			})
	}
	list, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": objects})
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, "roles.json", string(list))
	roles := func(args ...string) { // in many namespaces, so in none
		if _, err := command(context.WithoutCancel(t.Context()), "kubectl", append(args, "-f", file)...); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { roles("delete", "--ignore-not-found") })
	roles("create")
	token := kubectl(t, "-n", "default", "create", "token", name)
	return kubeconfig(t, func(_, user map[string]any) {
		clear(user)
		user["token"] = token
	})
}
