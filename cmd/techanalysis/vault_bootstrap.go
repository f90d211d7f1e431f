package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/rotate"
)

// redisRules is what the service may do at Redis: with its own keys and
// channels, the commands of the plugin store and its audit log, and those with
// which its library opens a connection.
const redisRules = "~ta:* &ta:* +get +set +exists +hget +hmget +hset +lrange +rpush +watch +unwatch +multi +exec +discard +publish +subscribe +unsubscribe " +
	"+ping +auth +hello +select"

// redisAdministrator is who makes users at Redis and gives them passwords.
type redisAdministrator struct{ addr, username, password string }

func (r *redisAdministrator) add(f *pflag.FlagSet) {
	f.StringVar(&r.addr, "redis-addr", "", "`HOST:PORT` of Redis")
	f.StringVar(&r.username, "redis-admin-username", "admin", "`USER` of Redis who makes users")
	f.StringVar(&r.password, "redis-admin-password", "", "`PASSWORD` of that user; set it by the environment, where no list of processes shows it")
}

func (r *redisAdministrator) acl() *rotate.ACL {
	return rotate.NewACL(r.addr, r.username, r.password)
}

// newVaultBootstrap sets up Vault for the service.
func newVaultBootstrap(io streams) *cobra.Command {
	var (
		o                    operator
		p                    bootstrap.Plan
		r                    redisAdministrator
		caFile, reviewerFile string
		rules                string
	)
	cmd := &cobra.Command{
		Use:   "bootstrap",
		Short: "Set up a Vault for the service, and its user at Redis; the second time nothing changes",
		Long: "Set up a Vault for the service: the KV engine, the policies, the Kubernetes auth method and role, the key that signs tokens\n" +
			"and the set that verifies them, the password of Redis; with --redis-addr also the user at Redis.\n" +
			"What is there and right is left alone, so the second run changes nothing. It needs a token that may administer Vault.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.AuthMount, p.Role = o.AuthMount, o.Role
			for _, f := range []struct {
				name string
				text *string
			}{{caFile, &p.KubernetesCA}, {reviewerFile, &p.ReviewerToken}} {
				if f.name == "" {
					continue
				}
				text, err := os.ReadFile(f.name)
				if err != nil {
					return err
				}
				*f.text = string(text)
			}
			c, err := o.client()
			if err != nil {
				return err
			}
			report := func(step string, changed bool) {
				state := "as it was"
				if changed {
					state = "set up"
				}
				fmt.Fprintf(io.out, "%-40s %s\n", step, state)
			}
			if err := bootstrap.Run(cmd.Context(), c, p, report); err != nil {
				return failed(err)
			}
			if r.addr == "" {
				return nil
			}
			changed, err := ensureRedisUser(cmd.Context(), c, r, rules)
			if err != nil {
				return failed(fmt.Errorf("set up the user at Redis: %w", err))
			}
			report("user at Redis", changed)
			return nil
		},
	}
	f := cmd.Flags()
	o.add(f)
	f.StringVar(&p.Audience, "vault-audience", "vault", "`AUDIENCE` of the pod's projected token")
	f.StringVar(&p.Namespace, "namespace", "tech-analysis-prod", "`NAMESPACE` of the service")
	f.StringVar(&p.ServiceAccount, "service-account", "technical-analysis-sa", "`NAME` of its service account")
	f.StringVar(&p.KubernetesHost, "kubernetes-host", "", "`URL` at which Vault asks about tokens; none: what is set up already, else "+bootstrap.InCluster)
	f.StringVar(&caFile, "kubernetes-ca-file", "", "PEM `FILE` of the authority there, for a Vault outside the cluster")
	f.StringVar(&reviewerFile, "reviewer-token-file", "", "`FILE` with the token that may ask there, for a Vault outside the cluster")
	f.StringVar(&p.RedisUsername, "redis-service-username", "technical-analysis", "`USER` of the service at Redis")
	f.StringVar(&rules, "redis-acl", redisRules, "`RULES` of that user")
	r.add(f)
	asSettings(f)
	return cmd
}

// ensureRedisUser makes the user that Vault has the password of.
func ensureRedisUser(ctx context.Context, c *vault.Client, r redisAdministrator, rules string) (bool, error) {
	s, err := c.Read(ctx, bootstrap.RedisPath)
	if err != nil {
		return false, err
	}
	username, err := s.Get("username")
	if err != nil {
		return false, err
	}
	password, err := s.Get("password")
	if err != nil {
		return false, err
	}
	acl := r.acl()
	defer acl.Close()
	return acl.Ensure(ctx, username, password, rules)
}
