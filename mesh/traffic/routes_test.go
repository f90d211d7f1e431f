package traffic

import (
	"encoding/json"
	"errors"
	"testing"

	istio "istio.io/api/networking/v1alpha3"
)

// routes parses the spec of a VirtualService.
func routes(t *testing.T, text string) *istio.VirtualService {
	t.Helper()
	vs := new(istio.VirtualService)
	if err := vs.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return vs
}

func text(t *testing.T, vs *istio.VirtualService) string {
	t.Helper()
	b, err := json.Marshal(vs)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestShare: shared and unshared again, a VirtualService is what it was, bit by
// bit; sharing twice is sharing once.
func TestShare(t *testing.T) {
	n := DefaultNames("tech-analysis-prod")
	const stable = `{"destination": {"host": "technical-analysis-service", "subset": "stable"}}`
	for name, vs := range map[string]string{
		"plain":          `{"http": [{"route": [` + stable + `]}]}`,
		"with a weight":  `{"http": [{"route": [{"weight": 100, "destination": {"host": "technical-analysis-service.tech-analysis-prod.svc.cluster.local", "subset": "stable"}}]}]}`,
		"named, matched": `{"http": [{"name": "api", "match": [{"uri": {"prefix": "/api"}}, {"headers": {"a": {"exact": "b"}}}], "timeout": "3s", "route": [` + stable + `]}]}`,
		"the canary at rest": `{"http": [{"name": "split", "route": [{"weight": 100, "destination": {"host": "technical-analysis-service", "subset": "stable"}},
			{"weight": 0, "destination": {"host": "technical-analysis-service", "subset": "canary"}}]}]}`,
		"among others": `{"http": [{"redirect": {"uri": "/x"}}, {"route": [` + stable + `]}, {"route": [{"destination": {"host": "other"}}, {"destination": {"host": "another"}}]},
			{"route": [{"weight": 100, "destination": {"host": "technical-analysis-service", "subset": "stable"}}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			v := routes(t, vs)
			before := text(t, v)
			if err := n.share(v, 20); err != nil {
				t.Fatal(err)
			}
			once := text(t, v)
			if n.weight(v) != 20 || !n.shares(v) {
				t.Errorf("shared as %s", once)
			}
			if err := n.share(v, 20); err != nil || text(t, v) != once {
				t.Errorf("shared twice %v as %s", err, text(t, v))
			}
			if err := n.share(v, 35); err != nil || n.weight(v) != 35 {
				t.Errorf("shared anew %v as %s", err, text(t, v))
			}
			for _, r := range v.Http {
				sum := int32(0)
				for _, d := range r.Route {
					sum += d.Weight
				}
				if len(r.Route) == 2 && n.ours(r.Route[1].Destination, Canary) && sum != 100 {
					t.Errorf("the weights are %d together", sum)
				}
			}
			n.unshare(v)
			if after := text(t, v); after != before || n.shares(v) {
				t.Errorf("after it %s, before it %s", after, before)
			}
		})
	}

	v := routes(t, `{"http": [{"name": "api", "match": [{"uri": {"prefix": "/api"}}, {"headers": {"a": {"exact": "b"}}}], "route": [`+stable+`]}]}`)
	if err := n.share(v, 20); err != nil {
		t.Fatal(err)
	}
	f := v.Http[0]
	if len(v.Http) != 2 || f.Name != "api-canary" || len(f.Match) != 2 || f.Match[0].Headers[Header].GetExact() != Always || f.Match[0].Uri.GetPrefix() != "/api" ||
		f.Match[1].Headers[Header].GetExact() != Always || f.Match[1].Headers["a"].GetExact() != "b" || f.Route[0].Destination.Subset != Canary {
		t.Errorf("the forced route is %s", text(t, v))
	}
	if v.Http[1].Match[0].Headers != nil {
		t.Errorf("the ordinary route asks for the header: %s", text(t, v))
	}

	for name, vs := range map[string]string{
		"no route":        `{"http": [{"redirect": {"uri": "/x"}}]}`,
		"another service": `{"http": [{"route": [{"destination": {"host": "other", "subset": "stable"}}]}]}`,
		"no subset":       `{"http": [{"route": [{"destination": {"host": "technical-analysis-service"}}]}]}`,
		"another subset":  `{"http": [{"route": [{"destination": {"host": "technical-analysis-service", "subset": "v1"}}]}]}`,
		"two already":     `{"http": [{"route": [{"weight": 50, "destination": {"host": "technical-analysis-service", "subset": "stable"}}, {"weight": 50, "destination": {"host": "other"}}]}]}`,
	} {
		if err := n.share(routes(t, vs), 20); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
