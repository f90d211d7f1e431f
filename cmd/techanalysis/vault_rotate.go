package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/vault"
	"github.com/gravitywavesml/gravity_techanalysis/vault/bootstrap"
	"github.com/gravitywavesml/gravity_techanalysis/vault/rotate"
	"github.com/gravitywavesml/gravity_techanalysis/vault/signing"
)

// proof is how a rotation knows that everyone goes along.
type proof struct {
	prometheus, selector string
	patience             time.Duration
}

func (p *proof) add(f *pflag.FlagSet) {
	f.StringVar(&p.prometheus, "prometheus", "", "`URL` of Prometheus, which is asked whether every replica has the new version")
	f.StringVar(&p.selector, "selector", `namespace="tech-analysis-prod",app="technical-analysis"`, "`LABELS` of the service's pods there")
	f.DurationVar(&p.patience, "patience", 2*time.Minute, "how long to wait for that")
}

// until asks again every second until all say yes, or patience ends with what
// the last one said.
func (p *proof) until(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not within %s: %w", p.patience, err)
		case <-time.After(time.Second):
		}
	}
}

// replicas asks Prometheus whether every replica uses a version of a secret, or
// a later one. A replica that Prometheus knows, and that does not say what it
// uses, may use an old one: the oldest version of those that speak is not enough.
func (p *proof) replicas(ctx context.Context, path string, version int) error {
	said := fmt.Sprintf("secret_version{path=%q,%s}", path, p.selector)
	oldest, known, err := p.ask(ctx, "min("+said+")")
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("no replica is known to Prometheus: %s is empty", said)
	}
	if int(oldest) < version {
		return fmt.Errorf("a replica has version %d of %s, not %d", int(oldest), path, version)
	}
	silent, some, err := p.ask(ctx, fmt.Sprintf("count(up{%s} unless on (instance) %s)", p.selector, said))
	if err == nil && some {
		err = fmt.Errorf("%.0f of the pods that Prometheus knows do not say which version of %s they have", silent, path)
	}
	return err
}

// ask asks Prometheus for one number; known is false where there is none.
func (p *proof) ask(ctx context.Context, query string) (n float64, known bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(p.prometheus, "/")+"/api/v1/query?query="+url.QueryEscape(query), nil)
	if err != nil {
		return 0, false, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, false, err
	}
	defer res.Body.Close()
	var answer struct {
		Error string `json:"error"`
		Data  struct {
			Result []struct {
				Value [2]json.RawMessage `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		return 0, false, fmt.Errorf("the answer of Prometheus is %s %s", res.Status, answer.Error)
	}
	if len(answer.Data.Result) != 1 {
		return 0, false, nil
	}
	var text string
	if err := json.Unmarshal(answer.Data.Result[0].Value[1], &text); err != nil {
		return 0, false, fmt.Errorf("the answer of Prometheus is %s", answer.Data.Result[0].Value[1])
	}
	if n, err = strconv.ParseFloat(text, 64); err != nil {
		return 0, false, fmt.Errorf("the answer of Prometheus is %q", text)
	}
	return n, true, nil
}

// newRotateJWT rotates the key that signs tokens.
func newRotateJWT(io streams) *cobra.Command {
	var (
		o operator
		i issuer
		p proof

		probe, accepted string
		leaked          bool
	)
	cmd := &cobra.Command{
		Use:   "jwt",
		Short: "Replace the key that signs tokens",
		Long: "Replace the key that signs tokens, in steps: make a key, publish it beside the old one, sign with it when every verifier accepts it,\n" +
			"drop the old one when its last token has ended. Each run does what can be done and says what is left; run it again to go on.\n" +
			"The service reads the published keys by itself; RequestAuthentication gets them with make deploy, or from techanalysis vault jwks.\n" +
			"That both accept the new key is shown by --prometheus and --probe together, or said with --accepted.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (p.prometheus == "") != (probe == "") {
				return errors.New("--prometheus shows that the replicas accept the key, --probe that the gateway does: both are needed")
			}
			c, err := o.client()
			if err != nil {
				return err
			}
			r := rotate.JWT{Client: c, Now: time.Now, Leaked: leaked, Did: did(io)}
			switch {
			case accepted != "":
				r.Accepted = func(_ context.Context, k rotate.Keys) error {
					if k.Next.KeyID() != accepted {
						return fmt.Errorf("the next key is %s, not %s", k.Next.KeyID(), accepted)
					}
					return nil
				}
			case probe != "":
				r.Accepted = func(ctx context.Context, k rotate.Keys) error {
					return p.until(ctx, func(ctx context.Context) error {
						if err := p.replicas(ctx, bootstrap.JWTPath, k.PublicVersion()); err != nil {
							return err
						}
						return accepts(ctx, probe, i, *k.Next)
					})
				}
			}
			left, k, err := r.Run(cmd.Context())
			if err != nil {
				return failed(err)
			}
			tellJWT(io, left, k)
			return nil
		},
	}
	f := cmd.Flags()
	o.add(f)
	i.add(f)
	p.add(f)
	f.StringVar(&accepted, "accepted", "", "`KID` of the new key, when you have seen that the service and RequestAuthentication both accept it")
	f.StringVar(&probe, "probe", "", "`URL` of the service through the gateway that needs the scope analyze, such as https://ta.local/api/v1/indicators")
	f.BoolVar(&leaked, "leaked", false, "the old key is in wrong hands: drop it as soon as the new one signs, and with it the tokens that it signed")
	asSettings(f)
	return cmd
}

// did tells of each step.
func did(io streams) func(rotate.Step) {
	return func(s rotate.Step) { fmt.Fprintf(io.out, "did: %s\n", s) }
}

func tellJWT(io streams, left rotate.Step, k rotate.Keys) {
	switch left {
	case rotate.Accept:
		fmt.Fprintf(io.out, "left: %s, %s\n", left, k.Next.KeyID())
	case rotate.Outlive:
		fmt.Fprintf(io.out, "left: %s, at %s; then run this again\n", left, k.Until.Format(time.RFC3339))
	default:
		fmt.Fprintf(io.out, "done: %s signs\n", k.Signing.KeyID())
	}
}

// Connections that must take the new key, one after the other: each may meet
// another proxy and another replica.
const probes = 30

// accepts sends a token of a key through the gateway.
func accepts(ctx context.Context, probe string, i issuer, key signing.Key) error {
	token, err := key.Token(signing.Claims{Issuer: i.issuer, Audience: i.audience, Subject: "rotation", Scopes: []string{"analyze"}, Life: time.Minute}, time.Now())
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	for n := range probes {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, probe, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("probe: %w", err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %s to the new key, at probe %d of %d", probe, res.Status, n+1, probes)
		}
	}
	return nil
}

// newRotateRedis rotates the password of the service at Redis.
func newRotateRedis(io streams) *cobra.Command {
	var (
		o operator
		p proof
		r redisAdministrator

		used int
	)
	cmd := &cobra.Command{
		Use:   "redis",
		Short: "Replace the password of the service at Redis",
		Long: "Replace the password of the service at Redis, in steps: add a new one there and write it to Vault, wait until every replica uses it,\n" +
			"remove the old one. Each run does what can be done and says what is left; run it again to go on.\n" +
			"That every replica uses it is shown by --prometheus, or said with --used.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if r.addr == "" {
				return errors.New("where Redis is must be said with REDIS_ADDR or --redis-addr")
			}
			c, err := o.client()
			if err != nil {
				return err
			}
			acl := r.acl()
			defer acl.Close()
			work := rotate.Redis{Client: c, Passwords: acl, Did: did(io)}
			switch {
			case used != 0:
				work.Used = func(_ context.Context, s vault.Secret) error {
					if s.Version() != used {
						return fmt.Errorf("the new password is version %d, not %d", s.Version(), used)
					}
					return nil
				}
			case p.prometheus != "":
				work.Used = func(ctx context.Context, s vault.Secret) error {
					return p.until(ctx, func(ctx context.Context) error { return p.replicas(ctx, bootstrap.RedisPath, s.Version()) })
				}
			}
			left, s, err := work.Run(cmd.Context())
			if err != nil {
				return failed(err)
			}
			tellRedis(io, left, s)
			return nil
		},
	}
	f := cmd.Flags()
	o.add(f)
	r.add(f)
	p.add(f)
	f.IntVar(&used, "used", 0, "`VERSION` of the new password in Vault, when you have seen that every replica uses it")
	asSettings(f)
	return cmd
}

func tellRedis(io streams, left rotate.Step, s vault.Secret) {
	if left == rotate.Use {
		fmt.Fprintf(io.out, "left: %s, version %d of %s\n", left, s.Version(), s.Created().Format(time.RFC3339))
		return
	}
	fmt.Fprintf(io.out, "done: the password of version %d, of %s, is the only one\n", s.Version(), s.Created().Format(time.RFC3339))
}
