//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// sent counts what the gateways have sent to each version, how often again, and
// what of it failed: was answered with 5xx, by whomever.
type sent struct{ stable, canary, retries, stableFailed, canaryFailed int }

// since is what was sent after an earlier count, as far as it is known: the
// counts of a subset end with it.
func (s sent) since(earlier sent) sent {
	return sent{
		max(0, s.stable-earlier.stable), max(0, s.canary-earlier.canary), max(0, s.retries-earlier.retries),
		max(0, s.stableFailed-earlier.stableFailed), max(0, s.canaryFailed-earlier.canaryFailed),
	}
}

// share is the part of all requests that went to the canary.
func (s sent) share() (float64, error) {
	if s.stable+s.canary == 0 {
		return 0, fmt.Errorf("the gateway has counted no request")
	}
	return float64(s.canary) / float64(s.stable+s.canary), nil
}

// atGateway reads the gateways' own counts.
func atGateway(t *testing.T) sent {
	t.Helper()
	s, err := gatewayCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gatewayCounts sums the counts of every gateway. One that does not count, as its
// proxyStatsMatcher may leave these out, is an error: it would look like none.
func gatewayCounts(ctx context.Context) (sent, error) {
	out, err := command(ctx, "kubectl", "-n", "istio-system", "get", "pods", "-l", "istio=ingressgateway", "--field-selector=status.phase=Running", "-o", "jsonpath={.items[*].metadata.name}")
	if err != nil {
		return sent{}, err
	}
	gateways := strings.Fields(out)
	if len(gateways) == 0 {
		return sent{}, fmt.Errorf("no gateway runs")
	}
	var all sent
	for _, pod := range gateways {
		out, err := command(ctx, "kubectl", "-n", "istio-system", "exec", pod, "-c", "istio-proxy", "--",
			"pilot-agent", "request", "GET", "stats?filter=technical-analysis-service.*upstream_rq_(retry|total|5xx)$")
		if err != nil {
			return sent{}, err
		}
		if err := all.add(out); err != nil {
			return sent{}, fmt.Errorf("gateway %s: %w", pod, err)
		}
	}
	return all, nil
}

// add adds what Envoy printed: lines of NAME: VALUE. It has no count of 5xx
// before the first; those of errors on the way are counted with the others.
func (s *sent) add(stats string) error {
	seen := map[string]bool{}
	for line := range strings.Lines(stats) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		parts := strings.Split(name, "|") // cluster.outbound|8000|SUBSET|HOST;.upstream_rq_KIND
		kind := name[strings.LastIndex(name, ".")+1:]
		if len(parts) != 4 || strings.Contains(parts[3], "ternal.upstream_rq") {
			continue // .internal. and .external. are parts of the whole
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("its count is %q", line)
		}
		switch kind + " " + parts[2] {
		case "upstream_rq_total stable":
			s.stable += n
		case "upstream_rq_total canary":
			s.canary += n
		case "upstream_rq_5xx stable":
			s.stableFailed += n
		case "upstream_rq_5xx canary":
			s.canaryFailed += n
		case "upstream_rq_retry stable", "upstream_rq_retry canary":
			s.retries += n
		}
		seen[kind+" "+parts[2]] = true
	}
	for _, must := range []string{"upstream_rq_total stable", "upstream_rq_retry stable"} {
		if !seen[must] {
			return fmt.Errorf("it has no count %s: its proxyStatsMatcher must name upstream_rq", must)
		}
	}
	return nil
}

// Counts that are not there are an error, and no share of nothing is the right
// one.
func TestCounts(t *testing.T) {
	const cluster = "cluster.outbound|8000|%s|technical-analysis-service.tech-analysis-prod.svc.cluster.local;."
	line := func(subset, count string) string { return fmt.Sprintf(cluster, subset) + count + "\n" }
	good := line("stable", "upstream_rq_total: 80") + line("stable", "upstream_rq_retry: 1") + line("stable", "upstream_rq_5xx: 2") +
		line("canary", "upstream_rq_total: 20") + line("canary", "upstream_rq_retry: 3") + line("canary", "upstream_rq_5xx: 4") +
		line("canary", "external.upstream_rq_5xx: 4") + line("", "upstream_rq_total: 7")
	var s sent
	if err := s.add(good); err != nil || s != (sent{80, 20, 4, 2, 4}) {
		t.Errorf("%+v, %v", s, err)
	}
	if share, err := s.share(); err != nil || share != 0.2 {
		t.Errorf("the share is %v, %v", share, err)
	}
	for name, stats := range map[string]string{
		"nothing":    "",
		"no retries": line("stable", "upstream_rq_total: 80"),
		"no totals":  line("stable", "upstream_rq_retry: 0"),
		"no number":  good + line("stable", "upstream_rq_total: many"),
	} {
		if err := new(sent).add(stats); err == nil {
			t.Errorf("%s was taken for a count", name)
		}
	}
	if share, err := (sent{}).share(); err == nil {
		t.Errorf("of no requests the share is %v", share)
	}
}
