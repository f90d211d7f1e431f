// Package vaulttest gives tests a real Vault: VAULT_ADDR and a root VAULT_TOKEN
// name it, and VAULT_UNSEAL_KEY lets a test seal it. Each test has mounts of its
// own. The Kubernetes around it is a fake of the one call that Vault makes to an
// API server, TokenReview.
package vaulttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
)

// A Vault is a real one, with mounts for one test.
type Vault struct {
	Addr, Token string
	Mount       string // a KV engine of version 2, if Engine was called
	Auth        string // a Kubernetes auth method, if bootstrap was run
	Root        *vault.Client
	unseal      string
}

// Open returns the Vault that the environment names, or skips the test. One test
// uses it at a time, whatever process it is of: policies have no mount, and a
// sealed Vault is sealed to all.
func Open(t testing.TB) *Vault {
	t.Helper()
	v := &Vault{Addr: os.Getenv("VAULT_ADDR"), Token: os.Getenv("VAULT_TOKEN")}
	if v.Addr == "" || v.Token == "" {
		without(t, "VAULT_ADDR and VAULT_TOKEN are not set: no real Vault to test with")
	}
	lock(t, v.Addr)
	name := fnv.New32()
	fmt.Fprint(name, t.Name(), os.Getpid())
	v.Mount, v.Auth = fmt.Sprintf("kv-%x", name.Sum32()), fmt.Sprintf("k8s-%x", name.Sum32())
	var err error
	if v.Root, err = vault.NewClient(vault.Config{Addr: v.Addr, Token: v.Token, Mount: v.Mount}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, path := range []string{"sys/mounts/" + v.Mount, "sys/auth/" + v.Auth} {
			v.call(t, http.MethodDelete, path, "")
		}
	})
	return v
}

// lock holds a lock of that Vault until the test ends.
func lock(t testing.TB, addr string) {
	t.Helper()
	name := fnv.New32()
	io.WriteString(name, addr)
	f, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("vaulttest-%x.lock", name.Sum32())), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
}

// call is a request to Vault's API that must succeed.
func (v *Vault) call(t testing.TB, method, path, body string) {
	t.Helper()
	if code, said := v.try(t, method, path, body); code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, code, said)
	}
}

// try is a request to Vault's API.
func (v *Vault) try(t testing.TB, method, path, body string) (code int, said []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, v.Addr+"/v1/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Vault-Token", v.Token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if said, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, said
}

// Engine mounts the KV engine.
func (v *Vault) Engine(t testing.TB) {
	t.Helper()
	v.call(t, http.MethodPost, "sys/mounts/"+v.Mount, `{"type":"kv","options":{"version":"2"}}`)
	// The engine prepares itself for an instant, in which it takes no requests.
	for {
		_, err := v.Root.Write(t.Context(), "is/ready", map[string]string{"yes": "1"}, 0)
		if err == nil {
			return
		}
		if !errors.Is(err, vault.ErrAway) {
			t.Fatal(err)
		}
	}
}

// without skips a test that lacks something, or fails it where CI is true.
func without(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Seal seals Vault; it is unsealed when the test ends, at the latest. Without
// VAULT_UNSEAL_KEY it skips the test instead.
func (v *Vault) Seal(t testing.TB) {
	t.Helper()
	if v.unseal = os.Getenv("VAULT_UNSEAL_KEY"); v.unseal == "" {
		without(t, "VAULT_UNSEAL_KEY is not set: Vault is not sealed")
	}
	t.Cleanup(func() { v.Unseal(t) })
	v.call(t, http.MethodPut, "sys/seal", "")
}

// Unseal opens Vault again.
func (v *Vault) Unseal(t testing.TB) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"key": v.unseal})
	if err != nil {
		t.Fatal(err)
	}
	v.call(t, http.MethodPut, "sys/unseal", string(body))
}

// Put writes a secret after the version given.
func (v *Vault) Put(t testing.TB, path string, version int, fields map[string]string) {
	t.Helper()
	if _, err := v.Root.Write(t.Context(), path, fields, version); err != nil {
		t.Fatal(err)
	}
}

// Delete deletes a secret with its history.
func (v *Vault) Delete(t testing.TB, path string) {
	t.Helper()
	v.call(t, http.MethodDelete, v.Mount+"/metadata/"+path, "")
}

// A Token is one that a login got.
type Token struct {
	Accessor string
	Renewed  bool
}

// Tokens are those that logins at the test's auth method got, and that live.
func (v *Vault) Tokens(t testing.TB) []Token {
	t.Helper()
	var list struct{ Data struct{ Keys []string } }
	if code, said := v.try(t, "LIST", "auth/token/accessors", ""); code != http.StatusOK || json.Unmarshal(said, &list) != nil {
		t.Fatalf("list the accessors: %d %s", code, said)
	}
	var tokens []Token
	for _, accessor := range list.Data.Keys {
		var about struct {
			Data struct {
				Path    string
				Renewed int64 `json:"last_renewal_time"`
			}
		}
		code, said := v.try(t, http.MethodPost, "auth/token/lookup-accessor", `{"accessor":"`+accessor+`"}`)
		if code != http.StatusOK {
			continue // it has ended meanwhile
		}
		if err := json.Unmarshal(said, &about); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(about.Data.Path, "auth/"+v.Auth+"/") {
			tokens = append(tokens, Token{accessor, about.Data.Renewed > 0})
		}
	}
	return tokens
}

// A Road leads to Vault and can be cut.
type Road struct {
	URL    string
	target string
	mu     sync.Mutex
	cut    bool
	open   map[net.Conn]struct{}
}

// NewRoad opens a road to Vault.
func (v *Vault) NewRoad(t testing.TB) *Road {
	t.Helper()
	target, err := url.Parse(v.Addr)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r := &Road{URL: "http://" + l.Addr().String(), target: target.Host, open: map[net.Conn]struct{}{}}
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go r.carry(from)
		}
	}()
	return r
}

// Cut ends every connection and refuses new ones.
func (r *Road) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	for c := range r.open {
		c.Close()
	}
}

// Mend opens the road again.
func (r *Road) Mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = false
}

func (r *Road) carry(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", r.target)
	if err != nil {
		return
	}
	defer to.Close()
	r.mu.Lock()
	cut := r.cut
	r.open[from] = struct{}{}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.open, from)
	}()
	if cut {
		return
	}
	go func() {
		io.Copy(to, from)
		to.Close()
	}()
	io.Copy(from, to)
}

// As is a client with a token of its own that has one policy.
func (v *Vault) As(t testing.TB, policy string) *vault.Client {
	t.Helper()
	code, said := v.try(t, http.MethodPost, "auth/token/create", `{"policies":["`+policy+`"],"ttl":"10m"}`)
	var made struct {
		Auth struct {
			Token string `json:"client_token"`
		}
	}
	if code != http.StatusOK || json.Unmarshal(said, &made) != nil {
		t.Fatalf("make a token: %d", code)
	}
	c, err := vault.NewClient(vault.Config{Addr: v.Addr, Token: made.Auth.Token, Mount: v.Mount})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
