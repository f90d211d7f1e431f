package bootstrap_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/policy"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
	"github.com/gravitywavesml/gravity_techanalysis/vault/vaulttest"
)

// plan is for a Vault outside the cluster, as the tests' is: inside, it would
// have the authority of the API server from its own pod.
func plan(t *testing.T, v *vaulttest.Vault) bootstrap.Plan {
	return bootstrap.Plan{
		KubernetesCA: vaulttest.NewCluster(t).CA,

		AuthMount: v.Auth, Role: "technical-analysis", Audience: "vault",
		ServiceAccount: "technical-analysis-sa", Namespace: "tech-analysis-prod", RedisUsername: "technical-analysis",
	}
}

// bootstraps runs it and returns the steps that changed something.
func bootstraps(t *testing.T, v *vaulttest.Vault, p bootstrap.Plan) (changed []string) {
	t.Helper()
	err := bootstrap.Run(t.Context(), v.Root, p, func(step string, did bool) {
		if did {
			changed = append(changed, step)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// everything is all that bootstrap writes, as Vault has it, with the version of
// each secret.
func everything(t *testing.T, v *vaulttest.Vault) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, path := range []string{
		"sys/mounts/" + v.Mount, "sys/policies/acl/" + policy.Service, "sys/policies/acl/" + policy.Operators,
		"sys/auth/" + v.Auth, "auth/" + v.Auth + "/config", "auth/" + v.Auth + "/role/technical-analysis",
		v.Mount + "/metadata/" + bootstrap.JWTPath, v.Mount + "/metadata/" + bootstrap.RedisPath, v.Mount + "/metadata/" + bootstrap.OperatorsJWTPath,
	} {
		found, err := v.Root.ReadConfig(t.Context(), path)
		if err != nil || found == nil {
			t.Fatalf("%s: %v, %v", path, found, err)
		}
		all[path] = fmt.Sprint(found)
	}
	return all
}

// TestTwice: the second run writes nothing, neither after a whole first run nor
// after one that was interrupted anywhere.
func TestTwice(t *testing.T) {
	v := vaulttest.Open(t)
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	err := bootstrap.Run(ctx, v.Root, plan(t, v), func(step string, _ bool) {
		if step == "role" {
			cancel(interrupted)
		}
	})
	if err == nil {
		t.Fatal("the interrupted run did not fail")
	}
	changed := bootstraps(t, v, plan(t, v))
	if want := []string{bootstrap.OperatorsJWTPath, bootstrap.JWTPath, bootstrap.RedisPath}; !slices.Equal(changed, want) {
		t.Errorf("the run after the interrupted one changed %v, want %v", changed, want)
	}
	first := everything(t, v)
	if changed := bootstraps(t, v, plan(t, v)); len(changed) != 0 {
		t.Errorf("the second run changed %v", changed)
	}
	if second := everything(t, v); !maps.Equal(first, second) {
		t.Errorf("after the second run there is\n%v\nwhere there was\n%v", second, first)
	}
}

// TestDrift: what another changed is set right, and nothing else is written.
func TestDrift(t *testing.T) {
	v := vaulttest.Open(t)
	bootstraps(t, v, plan(t, v))
	role := "auth/" + v.Auth + "/role/technical-analysis"
	if err := v.Root.WriteConfig(t.Context(), role, map[string]any{"bound_service_account_names": "*"}); err != nil {
		t.Fatal(err)
	}
	if changed := bootstraps(t, v, plan(t, v)); !slices.Equal(changed, []string{"role"}) {
		t.Errorf("changed %v", changed)
	}
	found, err := v.Root.ReadConfig(t.Context(), role)
	if err != nil || fmt.Sprint(found["bound_service_account_names"]) != "[technical-analysis-sa]" {
		t.Errorf("the role is %v, %v", found, err)
	}
	v.Delete(t, bootstrap.JWTPath)
	if changed := bootstraps(t, v, plan(t, v)); !slices.Equal(changed, []string{bootstrap.JWTPath}) {
		t.Errorf("without the public set, changed %v", changed)
	}
}

// TestKeepsConfiguration: how Vault asks Kubernetes is not changed unless one
// says so, as others may log in there.
func TestKeepsConfiguration(t *testing.T) {
	v := vaulttest.Open(t)
	bootstraps(t, v, plan(t, v))
	config := "auth/" + v.Auth + "/config"
	if err := v.Root.WriteConfig(t.Context(), config, map[string]any{"kubernetes_host": "https://elsewhere", "kubernetes_ca_cert": plan(t, v).KubernetesCA}); err != nil {
		t.Fatal(err)
	}
	if changed := bootstraps(t, v, plan(t, v)); len(changed) != 0 {
		t.Errorf("changed %v", changed)
	}
	p := plan(t, v)
	p.KubernetesHost = "https://here"
	for _, want := range []int{1, 0} {
		if changed := bootstraps(t, v, p); len(changed) != want {
			t.Errorf("changed %v", changed)
		}
	}
}

// TestKeys: the public set verifies with the key that operators have, and has
// nothing private; the password is long.
func TestKeys(t *testing.T) {
	v := vaulttest.Open(t)
	bootstraps(t, v, plan(t, v))
	private, err := v.Root.Read(t.Context(), bootstrap.OperatorsJWTPath)
	if err != nil {
		t.Fatal(err)
	}
	text, err := private.Get("jwk")
	if err != nil {
		t.Fatal(err)
	}
	key, err := signing.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if kid, err := private.Get("kid"); err != nil || kid != key.KeyID() {
		t.Errorf("the field kid is %q, %v; the key's is %s", kid, err, key.KeyID())
	}
	public, err := v.Root.Read(t.Context(), bootstrap.JWTPath)
	if err != nil {
		t.Fatal(err)
	}
	jwks, err := public.Get("jwks")
	if err != nil || strings.Contains(jwks, `"d"`) || !strings.Contains(jwks, key.KeyID()) {
		t.Errorf("the public set is %s, %v", jwks, err)
	}
	redis, err := v.Root.Read(t.Context(), bootstrap.RedisPath)
	if err != nil {
		t.Fatal(err)
	}
	if password, err := redis.Get("password"); err != nil || len(password) < 43 {
		t.Errorf("the password has %d characters, %v", len(password), err)
	}
}

// TestOperators: the operators' policy is enough to sign and to rotate, and no
// more.
func TestOperators(t *testing.T) {
	v := vaulttest.Open(t)
	bootstraps(t, v, plan(t, v))
	operator := v.As(t, policy.Operators)
	for _, path := range []string{bootstrap.JWTPath, bootstrap.RedisPath, bootstrap.OperatorsJWTPath} {
		s, err := operator.Read(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := operator.Write(t.Context(), path, s.Fields(), s.Version()); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{"technical-analysis/other", "technical-analysis-operators/other", "technical-analysis"} {
		if _, err := operator.Read(t.Context(), path); !errors.Is(err, vault.ErrDenied) {
			t.Errorf("an operator reads %s: %v", path, err)
		}
	}
	err := bootstrap.Run(t.Context(), operator, plan(t, v), func(string, bool) {})
	if !errors.Is(err, vault.ErrDenied) || !strings.Contains(err.Error(), "sys/mounts") {
		t.Errorf("an operator sets Vault up: %v", err)
	}
}

// TestTaken: what others mounted at the same place is named and left alone.
func TestTaken(t *testing.T) {
	v := vaulttest.Open(t)
	if err := v.Root.WriteConfig(t.Context(), "sys/mounts/"+v.Mount, map[string]any{"type": "transit"}); err != nil {
		t.Fatal(err)
	}
	err := bootstrap.Run(t.Context(), v.Root, plan(t, v), func(string, bool) {})
	if err == nil || !strings.Contains(err.Error(), v.Mount) || !strings.Contains(err.Error(), "--vault-mount") {
		t.Errorf("another engine at the mount: %v", err)
	}
}
