package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/rotate"
)

// newVault is what an operator does with the service's secrets.
func newVault(io streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vault",
		Short: "Set up Vault, issue tokens, rotate secrets",
		Long: "Set up Vault, issue tokens, rotate secrets. VAULT_ADDR says where Vault is, and VAULT_TOKEN or `vault login` who asks;\n" +
			"the variables of Vault's own tools that say how to reach it, such as VAULT_CACERT and VAULT_NAMESPACE, count here too.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	rotation := &cobra.Command{
		Use:   "rotate",
		Short: "Replace a secret of the running service, without a failed request",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	rotation.AddCommand(newRotateJWT(io), newRotateRedis(io))
	cmd.AddCommand(newVaultBootstrap(io), newVaultToken(io), newVaultJWKS(io), newVaultStatus(io), rotation)
	return inMesh(cmd)
}

// operator has the settings that every command of an operator shares.
type operator struct{ vault.Config }

func (o *operator) add(f *pflag.FlagSet) { addVaultServer(f, &o.Config) }

// client is Vault as the operator reaches it: with VAULT_TOKEN, or the token
// that `vault login` left in the home directory.
func (o *operator) client() (*vault.Client, error) {
	if o.Addr == "" {
		return nil, errors.New("where Vault is must be said with VAULT_ADDR or --vault-addr")
	}
	if o.Token == "" {
		if home, err := os.UserHomeDir(); err == nil {
			text, _ := os.ReadFile(filepath.Join(home, ".vault-token"))
			o.Token = strings.TrimSpace(string(text))
		}
	}
	if o.Token == "" {
		return nil, errors.New("there is no token of Vault: run vault login, or set VAULT_TOKEN")
	}
	return vault.NewClient(o.Config)
}

// newVaultStatus shows where the secrets stand, without them.
func newVaultStatus(io streams) *cobra.Command {
	var o operator
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show which keys sign and verify, and how old the secrets are",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := o.client()
			if err != nil {
				return err
			}
			k, err := rotate.ReadKeys(cmd.Context(), c)
			if err != nil {
				return failed(err)
			}
			redis, err := c.Read(cmd.Context(), bootstrap.RedisPath)
			if err != nil {
				return failed(err)
			}
			t := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', 0)
			fmt.Fprintf(t, "signs\t%s\n", k.Signing.KeyID())
			if k.Next != nil {
				fmt.Fprintf(t, "will sign\t%s\n", k.Next.KeyID())
			}
			if k.Retired != "" {
				fmt.Fprintf(t, "signed before\t%s, tokens until %s\n", k.Retired, k.Until.Format(time.RFC3339))
			}
			fmt.Fprintf(t, "verify\t%s\n", strings.Join(k.Public.KeyIDs(), " "))
			fmt.Fprintf(t, "Redis password\tversion %d of %s\n", redis.Version(), redis.Created().Format(time.RFC3339))
			return failed(t.Flush())
		},
	}
	o.add(cmd.Flags())
	asSettings(cmd.Flags())
	return cmd
}

// newVaultJWKS prints the keys that verify, for who verifies beside the service.
func newVaultJWKS(io streams) *cobra.Command {
	var o operator
	cmd := &cobra.Command{
		Use:   "jwks",
		Short: "Print the public keys that verify tokens, as a JWK Set",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := o.client()
			if err != nil {
				return err
			}
			set, _, err := bootstrap.PublicSet(cmd.Context(), c)
			if err != nil {
				return failed(err)
			}
			text, err := set.JSON()
			if err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(io.out, text)
			return failed(err)
		},
	}
	o.add(cmd.Flags())
	asSettings(cmd.Flags())
	return cmd
}
