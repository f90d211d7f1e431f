package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/slo"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/traffic"
)

// watchInterval is the time between two looks at a canary: two scrapes of the
// fastest Prometheus that is usual.
const watchInterval = 10 * time.Second

// newCanary groups what an operator does with a new version.
func newCanary(io streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "canary",
		Short: "Try a new version of the service on a share of its traffic",
		Long: "Try a new version of the service, on Kubernetes under Istio, on a share of its traffic; see docs/canary.md.\n" +
			"Every command that was ended half-way is finished by giving it again.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCanaryStart(io), newCanaryStatus(io), newCanaryPromote(io), newCanaryAbort(io))
	return inMesh(cmd)
}

// mesh is where a canary is, and who knows how it does.
type mesh struct {
	namespace, kubeconfig, prometheus string

	traffic *traffic.Traffic
	slo     *slo.Prometheus // nil where none is named
}

func (m *mesh) flags(f *pflag.FlagSet) {
	f.StringVar(&m.namespace, "namespace", "tech-analysis-prod", "`NAMESPACE` of the service")
	f.StringVar(&m.kubeconfig, "kubeconfig", "", "`FILE` that names the cluster; the usual one, or the pod's own, if there is none")
	f.StringVar(&m.prometheus, "prometheus", "", "`URL` of the Prometheus that scrapes the service and the gateway")
	asSetting(f.Lookup("kubeconfig"), "KUBECONFIG")
	asSetting(f.Lookup("prometheus"), "PROMETHEUS_URL")
}

// open connects to what the flags name. Its errors are wrong settings: nothing
// is called yet.
func (m *mesh) open(say func(step string)) (err error) {
	if m.prometheus != "" {
		m.slo, err = slo.New(m.prometheus, slo.Target{
			Namespace: m.namespace, App: "technical-analysis", Service: traffic.DefaultNames(m.namespace).Service,
			Stable: traffic.Stable, Canary: traffic.Canary,
		})
		if err != nil {
			return err
		}
	}
	m.traffic, err = traffic.New(m.kubeconfig, traffic.DefaultNames(m.namespace), say)
	return err
}

// Observe makes mesh a canary.Observer.
func (m *mesh) Observe(ctx context.Context) (canary.Observation, error) {
	state, err := m.traffic.State(ctx)
	if err != nil {
		return canary.Observation{}, err
	}
	return m.observe(ctx, state), nil
}

// observe asks Prometheus about a canary. That it cannot is part of what is
// seen, not an error.
func (m *mesh) observe(ctx context.Context, state traffic.State) canary.Observation {
	o := canary.Observation{Since: state.Since, Restarts: state.Restarts}
	switch {
	case m.slo == nil:
		o.Missing = []string{"no Prometheus is named (--prometheus or PROMETHEUS_URL)"}
	case !state.Since.IsZero():
		var err error
		if o.Service, o.Gateway, o.Missing, err = m.slo.Views(ctx, state.Since, time.Now()); err != nil {
			o.Missing = []string{err.Error()}
		}
	}
	return o
}

// steps prints each step on the error stream, which leaves the other for the
// answer.
func steps(io streams) func(string) {
	return func(step string) { fmt.Fprintf(io.err, "  %s\n", step) }
}

func newCanaryStart(io streams) *cobra.Command {
	var (
		m     mesh
		plan  = traffic.Plan{Policy: canary.DefaultPolicy()}
		watch bool
		out   statusPage
	)
	cmd := &cobra.Command{
		Use:   "start --image IMAGE --weight PERCENT",
		Short: "Start pods of a new version and give them a share of the requests",
		Long: "Start pods of a new version and give them a share of the requests. A version that does not come up is taken away again, with the reason.\n" +
			"With --watch it is judged until it is found good or bad, and promoted or aborted.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if err := plan.Check(); err != nil {
				return err
			}
			if watch && m.prometheus == "" {
				return errors.New("--watch needs a Prometheus: --prometheus or PROMETHEUS_URL")
			}
			if err := m.open(steps(io)); err != nil {
				return err
			}
			if err := m.traffic.Start(ctx, plan); err != nil {
				return failed(err)
			}
			if watch {
				return failed(watchCanary(ctx, io, &m, plan.Policy))
			}
			_, err := out.print(ctx, io, &m)
			return failed(err)
		},
	}
	f := cmd.Flags()
	f.StringVar(&plan.Image, "image", "", "`IMAGE` of the new version")
	f.Int32Var(&plan.Weight, "weight", 0, "`PERCENT` of the requests, 1 to 99")
	f.Int32Var(&plan.Replicas, "replicas", 0, "`NUMBER` of its pods; 0: as many as the share asks for")
	f.BoolVar(&watch, "watch", false, "judge it, and promote or abort it")
	f.Float64Var(&plan.Policy.MinSuccess, "min-success", plan.Policy.MinSuccess, "`SHARE` of its requests that must succeed")
	f.Float64Var(&plan.Policy.ErrorMargin, "error-margin", plan.Policy.ErrorMargin, "by what `SHARE` its errors may exceed the stable version's")
	f.Float64Var(&plan.Policy.Slack, "slack", plan.Policy.Slack, "how many `TIMES` the stable version's p95 its p95 may be")
	f.Float64Var(&plan.Policy.MinRequests, "min-requests", plan.Policy.MinRequests, "`NUMBER` of requests of each version before it can be good")
	f.DurationVar(&plan.Policy.MinDuration, "min-duration", plan.Policy.MinDuration, "`TIME` before it can be good")
	f.DurationVar(&plan.Policy.MaxDuration, "max-duration", plan.Policy.MaxDuration, "`TIME` after which it is bad if it was not found good")
	m.flags(f)
	out.flags(f)
	return cmd
}

// watchCanary judges a canary until it is promoted or aborted. Aborted is a
// failure that says why.
func watchCanary(ctx context.Context, io streams, m *mesh, p canary.Policy) error {
	d, err := canary.Watch(ctx, m, p, watchInterval, func(d canary.Decision) {
		fmt.Fprintf(io.err, "  %s: %s\n", d.Verdict, join(d.Reasons))
	})
	if err != nil {
		return err
	}
	if d.Verdict == canary.Promote {
		if err := m.traffic.Promote(ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintln(io.out, "promoted:", join(d.Reasons))
		return err
	}
	return errors.Join(fmt.Errorf("the canary is aborted: %s", join(d.Reasons)), m.traffic.Abort(ctx, join(d.Reasons)))
}

func newCanaryStatus(io streams) *cobra.Command {
	var (
		m   mesh
		out statusPage
	)
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the canary beside the stable version, and how it is judged",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := m.open(steps(io)); err != nil {
				return err
			}
			verdict, err := out.print(cmd.Context(), io, &m)
			if err == nil && verdict == canary.Abort {
				err = errors.New("the canary is judged bad")
			}
			return failed(err)
		},
	}
	m.flags(cmd.Flags())
	out.flags(cmd.Flags())
	return cmd
}

func newCanaryPromote(io streams) *cobra.Command {
	var (
		m     mesh
		force bool
	)
	cmd := &cobra.Command{
		Use:   "promote",
		Short: "Make the canary's image the stable one, where it is judged good",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if err := m.open(steps(io)); err != nil {
				return err
			}
			state, err := m.traffic.State(ctx)
			if err != nil {
				return failed(err)
			}
			// A promotion that has begun was judged then.
			if !force && state.Intent != traffic.Promoting {
				if d := canary.Decide(m.observe(ctx, state), state.Policy, time.Now()); d.Verdict != canary.Promote {
					return failed(fmt.Errorf("not promoted, the verdict is %s (--force does it all the same): %s", d.Verdict, join(d.Reasons)))
				}
			}
			if err := m.traffic.Promote(ctx); err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(io.out, "promoted:", state.Image)
			return failed(err)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "whatever the judgement says")
	m.flags(cmd.Flags())
	return cmd
}

func newCanaryAbort(io streams) *cobra.Command {
	var (
		m      mesh
		reason string
	)
	cmd := &cobra.Command{
		Use:   "abort",
		Short: "Take the canary away, after its last request",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := m.open(steps(io)); err != nil {
				return err
			}
			if err := m.traffic.Abort(cmd.Context(), reason); err != nil {
				return failed(err)
			}
			_, err := fmt.Fprintln(io.out, "aborted:", reason)
			return failed(err)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "an operator's order", "`TEXT` that is shown until it is gone")
	m.flags(cmd.Flags())
	return cmd
}

// statusPage prints the status, as a table or as JSON.
type statusPage struct{ asJSON bool }

func (a *statusPage) flags(f *pflag.FlagSet) { f.BoolVar(&a.asJSON, "json", false, "print JSON") }

// print prints the status and returns the verdict, empty where there is no
// canary.
func (a *statusPage) print(ctx context.Context, io streams, m *mesh) (canary.Verdict, error) {
	state, err := m.traffic.State(ctx)
	if errors.Is(err, traffic.ErrNone) {
		if a.asJSON {
			return "", json.NewEncoder(io.out).Encode(canaryStatus{})
		}
		_, err := fmt.Fprintln(io.out, err)
		return "", err
	}
	if err != nil {
		return "", err
	}
	o := m.observe(ctx, state)
	now := time.Now()
	s := newCanaryStatusOf(state, o, canary.Decide(o, state.Policy, now))
	if a.asJSON {
		return s.Decision.Verdict, json.NewEncoder(io.out).Encode(s)
	}
	return s.Decision.Verdict, s.write(io.out, now)
}
