package canary

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Policy is what a canary is held to.
type Policy struct {
	MinSuccess  float64 `json:"min_success"`  // share of requests that must succeed, such as 0.99
	ErrorMargin float64 `json:"error_margin"` // by how much its share of errors may exceed the stable one's, such as 0.005
	Slack       float64 `json:"slack"`        // how many times the stable version's p95 its p95 may be, such as 1.2

	MinRequests float64 `json:"min_requests"` // of each version, in each view, before it can be good

	MinDuration time.Duration `json:"min_duration"` // before it can be good
	MaxDuration time.Duration `json:"max_duration"` // until which it must have been found good
	Stale       time.Duration `json:"stale"`        // age of metrics that count as none
}

// DefaultPolicy is the runbook's: half an hour, 99 % of success, a p95 at most
// a fifth above the stable version's.
func DefaultPolicy() Policy {
	return Policy{
		MinSuccess:  0.99,
		ErrorMargin: 0.005,
		Slack:       1.2,
		MinRequests: 500,
		MinDuration: 30 * time.Minute,
		MaxDuration: 2 * time.Hour,
		Stale:       time.Minute, // four scrapes of 15 s, Prometheus' usual interval
	}
}

// Check says what is wrong with a policy.
func (p Policy) Check() error {
	switch {
	case !(p.MinSuccess > 0 && p.MinSuccess < 1):
		return fmt.Errorf("the least share of success must be between 0 and 1, not %v", p.MinSuccess)
	case !(p.ErrorMargin > 0 && p.ErrorMargin < 1):
		return fmt.Errorf("the margin of errors must be between 0 and 1, not %v", p.ErrorMargin)
	case !(p.Slack >= 1) || math.IsInf(p.Slack, 1):
		return fmt.Errorf("the slack of the latency must be 1 or more, not %v", p.Slack)
	case !(p.MinRequests >= 1) || math.IsInf(p.MinRequests, 1):
		return fmt.Errorf("the least number of requests must be 1 or more, not %v", p.MinRequests)
	case p.MinDuration < 0 || p.MaxDuration < p.MinDuration || p.MaxDuration == 0:
		return fmt.Errorf("the least time, %s, must not be negative or exceed the most, %s", p.MinDuration, p.MaxDuration)
	case p.Stale <= 0:
		return errors.New("the age of stale metrics must be positive")
	}
	return nil
}

// quantile is the latency that is compared.
const quantile = 0.95

// How sure a judgement must be. A canary is looked at again and again, and one
// look that finds it bad ends it: so each must be sure to 99.9 %. It is found
// good once.
const (
	chanceBad = 0.001  // that a canary which keeps the policy looks as this one does
	zGood     = 1.6449 // standard deviations of a bound that holds with 95 %
)

// Verdict is what to do with a canary.
type Verdict string

// The verdicts, the worst first.
const (
	Abort   Verdict = "abort"
	Wait    Verdict = "wait"
	Promote Verdict = "promote"
)

// Result is the outcome of one check.
type Result string

// The results, the worst first.
const (
	Bad     Result = "bad"     // shown to break the policy
	Unknown Result = "unknown" // not enough is known
	Good    Result = "good"    // shown to keep the policy
)

// Check is one thing that was looked at.
type Check struct {
	View   string `json:"view,omitempty"` // service, gateway, or empty
	Name   string `json:"name"`
	Result Result `json:"result"`
	Reason string `json:"reason"`
}

// Decision is a verdict and what it rests on.
type Decision struct {
	Verdict Verdict  `json:"verdict"`
	Reasons []string `json:"reasons"`
	Checks  []Check  `json:"checks"`
}

// Decide judges a canary.
//
// One check that is shown to be bad aborts, at any time: the counts only grow,
// so that old metrics convict as well as fresh ones. It promotes when every
// check is good, in both views, after MinDuration. What is missing, stale or
// too little is never good and never bad: it waits, and aborts at MaxDuration,
// as a canary that cannot be judged must not stay for ever.
func Decide(o Observation, p Policy, now time.Time) Decision {
	checks := []Check{restarts(o.Restarts)}
	checks = append(checks, view("service", o.Service, p, now)...)
	checks = append(checks, view("gateway", o.Gateway, p, now)...)
	d := Decision{Checks: checks}

	if d.Reasons = reasons(checks, Bad); d.Reasons != nil {
		d.Verdict = Abort
		return d
	}
	elapsed := now.Sub(o.Since)
	unknown := append(reasons(checks, Unknown), o.Missing...)
	switch {
	case o.Since.IsZero():
		d.Verdict, d.Reasons = Wait, []string{"the canary has no share of the traffic yet"}
	case elapsed >= p.MinDuration && reasons(checks, Unknown) == nil:
		d.Verdict, d.Reasons = Promote, []string{fmt.Sprintf("every check is good after %s", elapsed.Round(time.Second))}
	case elapsed >= p.MaxDuration:
		d.Verdict, d.Reasons = Abort, append([]string{fmt.Sprintf("not found good within %s", p.MaxDuration)}, unknown...)
	default:
		d.Verdict, d.Reasons = Wait, unknown
		if elapsed < p.MinDuration {
			d.Reasons = append(d.Reasons, fmt.Sprintf("%s of %s have passed", max(0, elapsed).Round(time.Second), p.MinDuration))
		}
	}
	return d
}

// reasons are those of the checks with this result; nil when there is none.
func reasons(checks []Check, with Result) (found []string) {
	for _, c := range checks {
		if c.Result == with {
			found = append(found, strings.TrimPrefix(c.View+": ", ": ")+c.Reason)
		}
	}
	return found
}

func restarts(n int) Check {
	if n > 0 {
		return Check{Name: "restarts", Result: Bad, Reason: fmt.Sprintf("containers of the canary were started again %d times", n)}
	}
	return Check{Name: "restarts", Result: Good, Reason: "no container was started again"}
}

// view are the checks of one view.
func view(name string, v *View, p Policy, now time.Time) []Check {
	if v == nil {
		return []Check{{View: name, Name: "metrics", Result: Unknown, Reason: "there are no metrics"}}
	}
	if !v.Stable.sound() || !v.Canary.sound() {
		return []Check{{View: name, Name: "metrics", Result: Unknown, Reason: "the metrics make no sense"}}
	}
	checks := []Check{fresh(v, p, now), enough(v, p), success(v, p), errorsBeside(v, p)}
	if name == "service" || v.Stable.Latency != nil || v.Canary.Latency != nil {
		checks = append(checks, latency(v, p))
	}
	for i := range checks {
		checks[i].View = name
	}
	return checks
}

func fresh(v *View, p Policy, now time.Time) Check {
	if v.Scraped.IsZero() {
		return Check{Name: "fresh", Result: Unknown, Reason: "the metrics of a version are not read any more"}
	}
	age := now.Sub(v.Scraped).Round(time.Second)
	if now.Sub(v.Scraped) > p.Stale {
		return Check{Name: "fresh", Result: Unknown, Reason: fmt.Sprintf("the metrics are %s old", age)}
	}
	return Check{Name: "fresh", Result: Good, Reason: fmt.Sprintf("read %s ago", max(0, age))}
}

func enough(v *View, p Policy) Check {
	c := Check{Name: "requests", Result: Good, Reason: fmt.Sprintf("%.0f of the canary, %.0f of the stable version", v.Canary.Requests, v.Stable.Requests)}
	for _, of := range []struct {
		name   string
		counts Counts
	}{{"the canary", v.Canary}, {"the stable version", v.Stable}} {
		switch {
		case of.counts.Requests == 0:
			return Check{Name: "requests", Result: Unknown, Reason: of.name + " has had no request"}
		case of.counts.Requests < p.MinRequests:
			c.Result, c.Reason = Unknown, fmt.Sprintf("%s has had %.0f of %.0f requests", of.name, of.counts.Requests, p.MinRequests)
			return c
		}
	}
	return c
}

// success holds the canary to the least share of success. Where the stable
// version breaks it too, the fault is likely one that they share, and the
// canary is neither blamed for it nor let through.
func success(v *View, p Policy) Check {
	bad := func(c Counts) bool { return tail(c.Errors, c.Requests, 1-p.MinSuccess) < chanceBad }
	if v.Canary.Requests == 0 {
		return Check{Name: "success", Result: Unknown, Reason: "no request, no share of success"}
	}
	c := Check{Name: "success", Result: Unknown, Reason: fmt.Sprintf("%s of the canary's requests succeeded, %s are due", percent(v.Canary.Success()), percent(p.MinSuccess))}
	_, upper := wilson(v.Canary.Errors, v.Canary.Requests, zGood)
	switch {
	case bad(v.Canary) && bad(v.Stable):
		c.Reason += fmt.Sprintf("; the stable version is bad too, with %s", percent(v.Stable.Success()))
	case bad(v.Canary):
		c.Result = Bad
	case upper <= 1-p.MinSuccess:
		c.Result = Good
	default:
		c.Reason += ": not sure yet"
	}
	return c
}

// errorsBeside compares the canary's share of errors with the stable one's, the
// margin allowed. To be bad it must fail more often than the stable version may
// be thought to.
func errorsBeside(v *View, p Policy) Check {
	if v.Canary.Requests == 0 || v.Stable.Requests == 0 {
		return Check{Name: "errors", Result: Unknown, Reason: "no requests to compare"}
	}
	c := Check{Name: "errors", Result: Unknown, Reason: fmt.Sprintf("%s of the canary's requests failed, %s of the stable version's",
		percent(1-v.Canary.Success()), percent(1-v.Stable.Success()))}
	_, stable := wilson(v.Stable.Errors, v.Stable.Requests, zGood)
	_, upper := difference(v.Canary.Errors, v.Canary.Requests, v.Stable.Errors, v.Stable.Requests, zGood)
	switch {
	case tail(v.Canary.Errors, v.Canary.Requests, stable+p.ErrorMargin) < chanceBad:
		c.Result = Bad
	case upper <= p.ErrorMargin:
		c.Result = Good
	default:
		c.Reason += ": not sure yet"
	}
	return c
}

// latency holds the canary's p95 to Slack times the stable one's. A p95 has no
// plain distribution, but the number of requests that are slower than a limit
// has: the p95 is over the limit exactly when they are over 5 %.
func latency(v *View, p Policy) Check {
	limit := p.Slack * v.Stable.Latency.Quantile(quantile)
	n := v.Canary.Latency.Total()
	switch {
	case math.IsNaN(limit) || n == 0:
		return Check{Name: "p95", Result: Unknown, Reason: "a version has no latencies"}
	case math.IsInf(limit, 1):
		return Check{Name: "p95", Result: Unknown, Reason: "the stable version's p95 is beyond the last bucket"}
	}
	slow, known := v.Canary.Latency.Above(limit)
	slow = min(n, max(0, slow))
	c := Check{Name: "p95", Result: Unknown, Reason: fmt.Sprintf("the canary's p95 is %s, the stable version's %s; %s of the canary's requests took longer than %s, %s may",
		seconds(v.Canary.Latency.Quantile(quantile)), seconds(limit/p.Slack), percent(slow/n), seconds(limit), percent(1-quantile))}
	switch {
	case known && tail(slow, n, 1-quantile) < chanceBad:
		c.Result = Bad
	case slow <= (1-quantile)*n:
		c.Result = Good
	default:
		c.Reason += ": not sure yet"
	}
	return c
}

func percent(share float64) string {
	return fmt.Sprintf("%.4g %%", 100*share)
}

func seconds(s float64) string {
	return fmt.Sprintf("%.3g ms", 1000*s)
}
