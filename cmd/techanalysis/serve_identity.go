package main

import (
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host"
)

// identityFlags are the settings that say who may call.
func identityFlags(f *pflag.FlagSet, c *host.Config) {
	f.StringVar(&c.Issuer, "jwt-issuer", "", "`ISSUER` of the tokens that callers need, as in their claim iss; without it nobody is asked for a token")
	f.StringVar(&c.Audience, "jwt-audience", "technical-analysis", "`AUDIENCE` that the tokens must be for, as in their claim aud")
	f.StringVar(&c.JWKSFile, "jwks-file", "", "`FILE` with the public keys of the issuer, a JWK Set; it is read again when it changes")
}
