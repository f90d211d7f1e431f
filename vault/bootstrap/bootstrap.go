// Package bootstrap sets up a Vault for the service: the KV engine, who may log
// in and read what, the key pair that signs tokens, the password of the Redis
// user. Each step reads first and writes what differs, so that a second run
// changes nothing and an interrupted one goes on.
package bootstrap

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/policy"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
)

// The paths of the KV engine, and their fields.
const (
	JWTPath   = "technical-analysis/jwt"   // jwks: the public JWK Set
	RedisPath = "technical-analysis/redis" // username, password

	// OperatorsJWTPath has kid and jwk, the private key that signs; while it is
	// rotated next_kid and next_jwk, then retired_kid and retired_until.
	OperatorsJWTPath = "technical-analysis-operators/jwt"
)

// Plan is what to set up.
type Plan struct {
	AuthMount      string // of the Kubernetes auth method
	Role           string
	Audience       string // of the projected token
	ServiceAccount string
	Namespace      string
	RedisUsername  string

	// Where Vault asks whether a pod's token is good. Vault in the same cluster
	// needs the host alone, and has the rest from its own pod. A configuration
	// that is there already is kept unless KubernetesHost is set.
	KubernetesHost string
	KubernetesCA   string // PEM; empty: Vault's own pod has it
	ReviewerToken  string // empty: Vault's own pod has one
}

// InCluster is the API server as a pod of the same cluster reaches it.
const InCluster = "https://kubernetes.default.svc"

// Steps of a bootstrap, in their order.
type step struct {
	name string
	do   func(context.Context, *vault.Client, Plan) (changed bool, err error)
}

var steps = []step{
	{"KV engine", engine},
	{"policy " + policy.Service, writePolicy(policy.Service)},
	{"policy " + policy.Operators, writePolicy(policy.Operators)},
	{"Kubernetes auth", auth},
	{"configuration of the Kubernetes auth", authConfig},
	{"role", role},
	{OperatorsJWTPath, signingKey},
	{JWTPath, publicSet},
	{RedisPath, redisPassword},
}

// Run does every step, with a token that may administer Vault, and tells done
// about each.
func Run(ctx context.Context, c *vault.Client, p Plan, done func(step string, changed bool)) error {
	for _, s := range steps {
		changed, err := s.do(ctx, c, p)
		if err != nil {
			return fmt.Errorf("set up the %s: %w", s.name, err)
		}
		done(s.name, changed)
	}
	return nil
}

func engine(ctx context.Context, c *vault.Client, _ Plan) (bool, error) {
	mounts, err := c.ReadConfig(ctx, "sys/mounts")
	if err != nil {
		return false, err
	}
	if there, ok := mounts[c.Mount()+"/"].(map[string]any); ok {
		options, _ := there["options"].(map[string]any)
		if there["type"] != "kv" || options["version"] != "2" {
			return false, fmt.Errorf("%s is mounted already, and is not a KV engine of version 2: choose another with --vault-mount", c.Mount())
		}
		return false, nil
	}
	err = c.WriteConfig(ctx, "sys/mounts/"+c.Mount(), map[string]any{
		"type": "kv", "options": map[string]any{"version": "2"},
		"description": "Secrets of Gravity Technical Analysis",
	})
	if err != nil {
		return false, err
	}
	return true, prepared(ctx, c)
}

// prepared returns when the engine just mounted takes requests: it prepares
// itself for an instant first.
func prepared(ctx context.Context, c *vault.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		_, err := c.Read(ctx, JWTPath)
		if !errors.Is(err, vault.ErrAway) {
			return nil // the steps after this one say what else is wrong
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func writePolicy(name string) func(context.Context, *vault.Client, Plan) (bool, error) {
	return func(ctx context.Context, c *vault.Client, _ Plan) (bool, error) {
		return ensure(ctx, c, "sys/policies/acl/"+name, map[string]any{"policy": policy.Text(name, c.Mount())})
	}
}

func auth(ctx context.Context, c *vault.Client, p Plan) (bool, error) {
	mounts, err := c.ReadConfig(ctx, "sys/auth")
	if err != nil {
		return false, err
	}
	if there, ok := mounts[p.AuthMount+"/"].(map[string]any); ok {
		if there["type"] != "kubernetes" {
			return false, fmt.Errorf("auth/%s is there already, and is of the type %v: choose another with --vault-auth-mount", p.AuthMount, there["type"])
		}
		return false, nil
	}
	return true, c.WriteConfig(ctx, "sys/auth/"+p.AuthMount, map[string]any{"type": "kubernetes"})
}

func authConfig(ctx context.Context, c *vault.Client, p Plan) (bool, error) {
	path := "auth/" + p.AuthMount + "/config"
	there, err := c.ReadConfig(ctx, path)
	if err != nil {
		return false, err
	}
	host, _ := there["kubernetes_host"].(string)
	if p.KubernetesHost == "" && host != "" {
		return false, nil
	}
	want := map[string]any{"kubernetes_host": p.KubernetesHost}
	if p.KubernetesHost == "" {
		want["kubernetes_host"] = InCluster
	}
	if p.KubernetesCA != "" {
		want["kubernetes_ca_cert"] = p.KubernetesCA
	}
	reviewerSet, _ := there["token_reviewer_jwt_set"].(bool)
	if agrees(there, want) && reviewerSet == (p.ReviewerToken != "") {
		return false, nil
	}
	if p.ReviewerToken != "" {
		want["token_reviewer_jwt"] = p.ReviewerToken
	}
	return true, c.WriteConfig(ctx, path, want)
}

// The life of the service's token of Vault: one that leaks ends soon, and one
// that is renewed is seldom replaced.
const (
	tokenLife    = 60 * 60
	tokenMaxLife = 24 * 60 * 60
)

func role(ctx context.Context, c *vault.Client, p Plan) (bool, error) {
	return ensure(ctx, c, "auth/"+p.AuthMount+"/role/"+p.Role, map[string]any{
		"bound_service_account_names":      []string{p.ServiceAccount},
		"bound_service_account_namespaces": []string{p.Namespace},
		"audience":                         p.Audience,
		"token_policies":                   []string{policy.Service},
		"token_ttl":                        tokenLife,
		"token_max_ttl":                    tokenMaxLife,
	})
}

// signingKey makes the key that signs, once.
func signingKey(ctx context.Context, c *vault.Client, _ Plan) (bool, error) {
	_, err := c.Read(ctx, OperatorsJWTPath)
	if !errors.Is(err, vault.ErrMissing) {
		return false, err
	}
	key, err := signing.NewKey()
	if err != nil {
		return false, err
	}
	text, err := key.JSON()
	if err != nil {
		return false, err
	}
	_, err = c.Write(ctx, OperatorsJWTPath, map[string]string{"kid": key.KeyID(), "jwk": text}, 0)
	return err == nil, err
}

// publicSet publishes the key that signs, when there is no set or it lacks it.
func publicSet(ctx context.Context, c *vault.Client, _ Plan) (bool, error) {
	private, err := c.Read(ctx, OperatorsJWTPath)
	if err != nil {
		return false, err
	}
	text, err := private.Get("jwk")
	if err != nil {
		return false, err
	}
	key, err := signing.ParseKey(text)
	if err != nil {
		return false, err
	}
	return Publish(ctx, c, key)
}

// Publish puts the public half of a key into the set, and says whether it was
// not there.
func Publish(ctx context.Context, c *vault.Client, key signing.Key) (bool, error) {
	set, version, err := PublicSet(ctx, c)
	if err != nil && !errors.Is(err, vault.ErrMissing) {
		return false, err
	}
	if set.Has(key.KeyID()) {
		return false, nil
	}
	if set, err = set.With(key); err != nil {
		return false, err
	}
	return true, WritePublicSet(ctx, c, set, version)
}

// PublicSet reads the set and the version it is of; without one it is
// vault.ErrMissing.
func PublicSet(ctx context.Context, c *vault.Client) (signing.Set, int, error) {
	public, err := c.Read(ctx, JWTPath)
	if err != nil {
		return signing.Set{}, 0, err
	}
	text, err := public.Get("jwks")
	if err != nil {
		return signing.Set{}, 0, err
	}
	set, err := signing.ParseSet(text)
	return set, public.Version(), err
}

// WritePublicSet writes the set when its newest version is still the one given.
func WritePublicSet(ctx context.Context, c *vault.Client, set signing.Set, version int) error {
	text, err := set.JSON()
	if err != nil {
		return err
	}
	_, err = c.Write(ctx, JWTPath, map[string]string{"jwks": text}, version)
	return err
}

func redisPassword(ctx context.Context, c *vault.Client, p Plan) (bool, error) {
	_, err := c.Read(ctx, RedisPath)
	if !errors.Is(err, vault.ErrMissing) {
		return false, err
	}
	_, err = c.Write(ctx, RedisPath, map[string]string{"username": p.RedisUsername, "password": NewPassword()}, 0)
	return err == nil, err
}

// NewPassword is 256 random bits as text.
func NewPassword() string {
	bits := make([]byte, 256/8)
	rand.Read(bits) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(bits)
}

// ensure writes a path of Vault's API when what is there differs from want.
func ensure(ctx context.Context, c *vault.Client, path string, want map[string]any) (bool, error) {
	there, err := c.ReadConfig(ctx, path)
	if err != nil {
		return false, err
	}
	if agrees(there, want) {
		return false, nil
	}
	return true, c.WriteConfig(ctx, path, want)
}

// agrees says whether what Vault answers has all that is wanted; it may have
// more. Lists have no order there.
func agrees(there, want map[string]any) bool {
	for name, value := range want {
		if !slices.Equal(words(there[name]), words(value)) {
			return false
		}
	}
	return true
}

func words(value any) []string {
	var list []string
	switch value := value.(type) {
	case nil:
	case []string:
		list = slices.Clone(value)
	case []any:
		for _, item := range value {
			list = append(list, fmt.Sprint(item))
		}
	default:
		list = []string{fmt.Sprint(value)}
	}
	slices.Sort(list)
	return list
}
