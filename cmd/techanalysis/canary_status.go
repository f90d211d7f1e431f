package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/traffic"
)

// canaryStatus is what `canary status --json` prints.
type canaryStatus struct {
	Canary   *traffic.State   `json:"canary"` // null where there is none
	Views    []canaryView     `json:"views,omitempty"`
	Decision *canary.Decision `json:"decision,omitempty"`
}

// canaryView is one observer's count of both versions.
type canaryView struct {
	View    string        `json:"view"`   // service or gateway
	Source  string        `json:"source"` // the metric
	Scraped time.Time     `json:"scraped,omitzero"`
	Stable  canaryNumbers `json:"stable"`
	Canary  canaryNumbers `json:"canary"`
}

// canaryNumbers are one version's; what cannot be known is absent.
type canaryNumbers struct {
	Requests float64  `json:"requests"`
	Errors   float64  `json:"errors"`
	Success  *float64 `json:"success,omitempty"`
	P95      *float64 `json:"p95_seconds,omitempty"`
}

func newCanaryStatusOf(state traffic.State, o canary.Observation, d canary.Decision) canaryStatus {
	s := canaryStatus{Canary: &state, Decision: &d}
	for _, v := range []struct {
		name string
		*canary.View
	}{{"service", o.Service}, {"gateway", o.Gateway}} {
		if v.View != nil {
			s.Views = append(s.Views, canaryView{v.name, v.Source, v.Scraped, numbersOf(v.Stable), numbersOf(v.Canary)})
		}
	}
	return s
}

func numbersOf(c canary.Counts) canaryNumbers {
	known := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	return canaryNumbers{c.Requests, c.Errors, known(c.Success()), known(c.Latency.Quantile(0.95))}
}

// write prints the status for people.
func (s canaryStatus) write(out io.Writer, now time.Time) error {
	c := s.Canary
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(t, strings.Join(cells, "\t")) }
	row("canary", c.Image)
	row("stable", c.StableImage)
	since := "none yet"
	if !c.Since.IsZero() {
		since = fmt.Sprintf("for %s, since %s", now.Sub(c.Since).Round(time.Second), c.Since.UTC().Format(time.DateTime))
	}
	row("share", fmt.Sprintf("%d %% of %d %% asked for, %s", c.Weight, c.Wanted, since))
	row("pods", fmt.Sprintf("%d of %d ready, started again %d times", c.Ready, c.Replicas, c.Restarts))
	if c.Trouble != "" {
		row("trouble", c.Trouble)
	}
	if c.Intent != traffic.Starting {
		row("under way", strings.TrimSuffix(fmt.Sprintf("%s: %s", c.Intent, c.Reason), ": "))
	}
	row("verdict", fmt.Sprintf("%s: %s", s.Decision.Verdict, join(s.Decision.Reasons)))
	if err := t.Flush(); err != nil {
		return err
	}

	fmt.Fprintln(t)
	row("view", "source", "version", "requests", "errors", "success", "p95")
	for _, v := range s.Views {
		row(append([]string{v.View, v.Source, "stable"}, v.Stable.cells()...)...)
		row(append([]string{v.View, v.Source, "canary"}, v.Canary.cells()...)...)
	}
	if err := t.Flush(); err != nil {
		return err
	}

	fmt.Fprintln(t)
	row("view", "check", "result", "why")
	for _, c := range s.Decision.Checks {
		row(c.View, c.Name, string(c.Result), c.Reason)
	}
	return t.Flush()
}

func (n canaryNumbers) cells() []string {
	success, p95 := "-", "-"
	if n.Success != nil {
		success = fmt.Sprintf("%.3f %%", 100**n.Success)
	}
	if n.P95 != nil {
		p95 = fmt.Sprintf("%.3g ms", 1000**n.P95)
	}
	return []string{fmt.Sprintf("%.0f", n.Requests), fmt.Sprintf("%.0f", n.Errors), success, p95}
}

func join(reasons []string) string { return strings.Join(reasons, "; ") }
