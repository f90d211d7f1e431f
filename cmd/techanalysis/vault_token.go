package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/vault/rotate"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
)

// issuer has the settings that the verifying side has, too.
type issuer struct{ issuer, audience string }

func (i *issuer) add(f *pflag.FlagSet) {
	f.StringVar(&i.issuer, "jwt-issuer", "https://ta.local", "`ISSUER` that the service expects")
	f.StringVar(&i.audience, "jwt-audience", "technical-analysis", "`AUDIENCE` that the service expects")
}

// newVaultToken signs a token with the key that operators alone can read.
func newVaultToken(io streams) *cobra.Command {
	var (
		o       operator
		i       issuer
		scopes  string
		subject string
		life    time.Duration
	)
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a token for the service, signed with the key in Vault",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			claims := signing.Claims{Issuer: i.issuer, Audience: i.audience, Subject: subject, Scopes: strings.Fields(scopes), Life: life}
			for _, scope := range claims.Scopes {
				if !identity.AllScopes.Has(identity.Scope(scope)) {
					return fmt.Errorf("there is no scope %q; there are %s", scope, identity.AllScopes)
				}
			}
			if err := claims.Check(); err != nil {
				return err
			}
			c, err := o.client()
			if err != nil {
				return err
			}
			k, err := rotate.ReadKeys(cmd.Context(), c)
			if err != nil {
				return failed(err)
			}
			if !k.Public.Has(k.Signing.KeyID()) {
				return failed(errors.New("the key that signs is not published: run techanalysis vault bootstrap"))
			}
			token, err := k.Signing.Token(claims, time.Now())
			if err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(io.out, token)
			return failed(err)
		},
	}
	f := cmd.Flags()
	o.add(f)
	i.add(f)
	f.StringVar(&scopes, "scopes", identity.AllScopes.String(), "`SCOPES` of the token, between spaces")
	f.StringVar(&subject, "subject", "operator", "`NAME` of whom the token is for")
	f.DurationVar(&life, "life", time.Hour, fmt.Sprintf("how long the token lives, at most %s", signing.MaxLife))
	asSettings(f)
	return cmd
}
