package vault_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/vaulttest"
)

// pod is a service's pod beside a Vault that bootstrap has set up.
type pod struct {
	*vaulttest.Vault
	cluster *vaulttest.Cluster
	config  vault.Config
}

// deployed sets up Vault and a pod. The configuration's Addr may be changed.
func deployed(t *testing.T, v *vaulttest.Vault) *pod {
	t.Helper()
	p := &pod{Vault: v, cluster: vaulttest.NewCluster(t)}
	err := bootstrap.Run(t.Context(), v.Root, bootstrap.Plan{
		AuthMount: v.Auth, Role: "technical-analysis", Audience: "vault",
		ServiceAccount: "technical-analysis-sa", Namespace: "tech-analysis-prod", RedisUsername: "technical-analysis",
		KubernetesHost: p.cluster.URL, KubernetesCA: p.cluster.CA,
		ReviewerToken: p.cluster.Token(t, "vault", "vault", "https://kubernetes.default.svc"),
	}, func(string, bool) {})
	if err != nil {
		t.Fatal(err)
	}
	p.config = vault.Config{
		Addr: v.Addr, Mount: v.Mount, AuthMount: v.Auth, Role: "technical-analysis",
		TokenFile: filepath.Join(t.TempDir(), "token"),
	}
	p.project(t, p.cluster.Token(t, "tech-analysis-prod", "technical-analysis-sa", "vault"))
	return p
}

// project writes the projected token, as the kubelet does.
func (p *pod) project(t *testing.T, token string) {
	t.Helper()
	if err := os.WriteFile(p.config.TokenFile, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *pod) client(t *testing.T) *vault.Client {
	t.Helper()
	c, err := vault.NewClient(p.config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLogin: a pod reads the service's secrets, and nothing else.
func TestLogin(t *testing.T) {
	p := deployed(t, vaulttest.Open(t))
	c := p.client(t)
	defer c.Close(context.Background())
	s, err := c.Read(t.Context(), bootstrap.JWTPath)
	if err != nil {
		t.Fatal(err)
	}
	jwks, err := s.Get("jwks")
	if err != nil || s.Version() != 1 || s.Path() != bootstrap.JWTPath || s.Created().IsZero() || !strings.Contains(jwks, `"keys"`) {
		t.Errorf("read %v of %s, %v: %s", s, s.Created(), err, jwks)
	}
	_, err = c.Read(t.Context(), bootstrap.OperatorsJWTPath)
	if !errors.Is(err, vault.ErrDenied) {
		t.Errorf("the service reads the key that signs: %v", err)
	}
	for _, want := range []string{p.Mount + "/data/" + bootstrap.OperatorsJWTPath, "default, technical-analysis", `capabilities = ["read"]`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %s: %v", want, err)
		}
	}
	if _, err := c.Write(t.Context(), bootstrap.JWTPath, s.Fields(), s.Version()); !errors.Is(err, vault.ErrDenied) {
		t.Errorf("the service writes a secret: %v", err)
	}
}

// TestLoginRefused: whoever is not the service gets no token, and is told why.
func TestLoginRefused(t *testing.T) {
	p := deployed(t, vaulttest.Open(t))
	good := p.cluster.Token(t, "tech-analysis-prod", "technical-analysis-sa", "vault")
	for name, c := range map[string]struct{ token, role, mount, want string }{
		"another account":   {p.cluster.Token(t, "tech-analysis-prod", "default", "vault"), "technical-analysis", p.Auth, "service account name"},
		"another namespace": {p.cluster.Token(t, "default", "technical-analysis-sa", "vault"), "technical-analysis", p.Auth, "namespace"},
		"another audience":  {p.cluster.Token(t, "tech-analysis-prod", "technical-analysis-sa", "others"), "technical-analysis", p.Auth, "audience"},
		"another cluster":   {vaulttest.NewCluster(t).Token(t, "tech-analysis-prod", "technical-analysis-sa", "vault"), "technical-analysis", p.Auth, "permission denied"},
		"another role":      {good, "technical-analyst", p.Auth, `role "technical-analyst"`},
		"another mount":     {good, "technical-analysis", "nowhere", "auth/nowhere/login"},
		"no token":          {"", "technical-analysis", p.Auth, p.config.TokenFile},
	} {
		p.project(t, c.token)
		p.config.Role, p.config.AuthMount = c.role, c.mount
		_, err := p.client(t).Read(t.Context(), bootstrap.JWTPath)
		if !errors.Is(err, vault.ErrLogin) || !strings.Contains(err.Error(), c.want) || c.token != "" && strings.Contains(err.Error(), c.token) {
			t.Errorf("%s: %v; want one with %q", name, err, c.want)
		}
	}
	os.Remove(p.config.TokenFile)
	if _, err := p.client(t).Read(t.Context(), bootstrap.JWTPath); !errors.Is(err, vault.ErrLogin) || !strings.Contains(err.Error(), p.config.TokenFile) {
		t.Errorf("without a token file: %v", err)
	}
}

// TestLoginAgain: a token of Vault that was revoked is replaced, with the
// projected token that is in the file by then.
func TestLoginAgain(t *testing.T) {
	p := deployed(t, vaulttest.Open(t))
	c := p.client(t)
	defer c.Close(context.Background())
	if _, err := c.Read(t.Context(), bootstrap.JWTPath); err != nil {
		t.Fatal(err)
	}
	p.revoke(t)
	p.project(t, "not a token any more")
	if _, err := c.Read(t.Context(), bootstrap.JWTPath); !errors.Is(err, vault.ErrLogin) {
		t.Errorf("with a bad projected token: %v", err)
	}
	p.project(t, p.cluster.Token(t, "tech-analysis-prod", "technical-analysis-sa", "vault"))
	if _, err := c.Read(t.Context(), bootstrap.JWTPath); err != nil {
		t.Errorf("with a new projected token: %v", err)
	}
	p.revoke(t)
	if _, err := c.Read(t.Context(), bootstrap.JWTPath); err != nil {
		t.Errorf("after the second revocation: %v", err)
	}
}

// revoke ends every token that was got by a login.
func (p *pod) revoke(t *testing.T) {
	t.Helper()
	if err := p.Root.WriteConfig(t.Context(), "sys/leases/revoke-prefix/auth/"+p.Auth, map[string]any{"sync": true}); err != nil {
		t.Fatal(err)
	}
}

// TestMissing: the error of a path that was never written, or was deleted, names
// it.
func TestMissing(t *testing.T) {
	v := vaulttest.Open(t)
	v.Engine(t)
	for name, prepare := range map[string]func(path string){
		"never": func(string) {},
		"deleted": func(path string) {
			v.Put(t, path, 0, map[string]string{"a": "b"})
			if err := v.Root.WriteConfig(t.Context(), v.Mount+"/delete/"+path, map[string]any{"versions": []int{1}}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		prepare(name)
		if _, err := v.Root.Read(t.Context(), name); !errors.Is(err, vault.ErrMissing) || !strings.Contains(err.Error(), v.Mount+"/data/"+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWrite: whoever writes after a version that is not the newest any more
// writes nothing.
func TestWrite(t *testing.T) {
	v := vaulttest.Open(t)
	v.Engine(t)
	for want := 1; want <= 2; want++ {
		if got, err := v.Root.Write(t.Context(), "a", map[string]string{"n": "1"}, want-1); got != want || err != nil {
			t.Errorf("wrote version %d, %v; want %d", got, err, want)
		}
	}
	if _, err := v.Root.Write(t.Context(), "a", map[string]string{"n": "2"}, 1); !errors.Is(err, vault.ErrConflict) {
		t.Errorf("written after an old version: %v", err)
	}
}

// TestNotVault: addresses that lead nowhere, or elsewhere, are Vault away.
func TestNotVault(t *testing.T) {
	for _, addr := range []string{"http://127.0.0.1:1", "http://vault.invalid:8200"} {
		c, err := vault.NewClient(vault.Config{Addr: addr, Token: "hvs.secret-token", Mount: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(t.Context(), "a"); !errors.Is(err, vault.ErrAway) || strings.Contains(err.Error(), "hvs.") {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if _, err := vault.NewClient(vault.Config{Addr: "http://[::1"}); err == nil {
		t.Error("a bad address was taken")
	}
}
