package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// checkIdentity says whether the settings that say who may call fit together.
func (c Config) checkIdentity() error {
	switch {
	case c.Issuer == "" && c.JWKSFile != "":
		return fmt.Errorf("%w: jwks-file has keys, and jwt-issuer does not say whose tokens they verify", ErrConfig)
	case c.Issuer != "" && c.Audience == "":
		return fmt.Errorf("%w: jwt-audience must say what the tokens of jwt-issuer are for", ErrConfig)
	case c.Issuer != "" && c.JWKSFile == "" && c.Keys == nil:
		return fmt.Errorf("%w: jwt-issuer is set, and nothing gives the keys of its tokens: set jwks-file or vault-addr", ErrConfig)
	case c.JWKSFile != "" && c.Keys != nil:
		return fmt.Errorf("%w: jwks-file is set, and the keys come from elsewhere too: leave it out", ErrConfig)
	}
	return nil
}

// keysEvery is how often the file of keys is read. Kubernetes itself takes up
// to a minute to change a mounted file.
const keysEvery = 2 * time.Second

// keysWait is how long a fresh process waits for its first keys before it takes
// requests, which it must refuse until it has them.
const keysWait = 10 * time.Second

// openIdentity makes the verifier of tokens, where there is an issuer.
func (h *Host) openIdentity() error {
	c := h.config
	if c.Issuer == "" {
		return nil
	}
	h.keys = c.Keys
	if h.keys == nil {
		h.keys = new(identity.Keyring)
		h.keyFile = &identity.File{Path: c.JWKSFile, Every: keysEvery, Keys: h.keys, Log: h.log}
		if err := h.keyFile.Load(); err != nil {
			return fmt.Errorf("%w: jwks-file: %w", ErrConfig, err)
		}
	}
	var err error
	h.tokens, err = identity.NewVerifier(identity.Rules{Issuer: c.Issuer, Audience: c.Audience}, h.keys)
	return err
}

// awaitKeys returns once there are keys, or after a while without them.
func (h *Host) awaitKeys(ctx context.Context, wait time.Duration) {
	if h.keys == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	select {
	case <-h.keys.Filled():
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			h.log.Warn("no verification keys yet, tokens are refused until they come", "waited", wait.String())
		}
	}
}

// checkKeys adds what there is to say of the keys to a Readiness.
func (h *Host) checkKeys(r *rest.Readiness) {
	if h.keys == nil {
		return
	}
	say := "ok"
	switch {
	case len(h.keys.KeyIDs()) == 0:
		say = "there are no keys to verify tokens with yet"
	case h.keys.Refused() != nil:
		say = "the last set of keys was not taken, the log says why; the old ones are in use"
	}
	r.Say("identity", say)
}
