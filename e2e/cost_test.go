//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

// busy is how many requests are under way at a time when the processors are to be
// busy: what a request costs matters when they are.
const busy = 8

// TestCost measures the processor time of one /compute request of 1,000 candles
// and ten indicators: of the service asked directly, and through the mesh, where
// both proxies take part. It is `make e2e-load`.
//
// Between requests that come one by one a proxy has lost what it had in the
// processor's caches, and waking up costs it more than the work: the table has
// both, and both are held.
func TestCost(t *testing.T) {
	keepAll(t)
	bearer := token(t)
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + bearer}}
	direct := load.Target{Method: http.MethodPost, Header: header, Body: varied(t, load.Compute()), KeptAlive: true}
	for _, url := range forwardAll(t, 8000) {
		direct.URL = url + "/api/v1/compute"
		break
	}
	meshed := direct
	meshed.URL, meshed.TLS = "https://"+host+"/api/v1/compute", trust(t)
	empty := load.Target{Method: http.MethodGet, URL: "https://" + host + "/health/live", Header: http.Header{}, TLS: meshed.TLS, KeptAlive: true}

	idle, pause := measure(t, func() { // what the pods use without a request
		timer := time.NewTimer(20 * time.Second)
		defer timer.Stop()
		<-timer.C
	})
	const requests = 4000
	paced := func(target load.Target) func() load.Tally {
		return func() load.Tally {
			l := load.Start(rate, target)
			if err := l.Await(t.Context(), requests); err != nil {
				t.Error(err)
			}
			return l.Stop()
		}
	}
	flood := func(target load.Target) func() load.Tally {
		return func() load.Tally { return load.Flood(t.Context(), busy, requests, target) }
	}
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "processor time of one request\ta second\tservice\tits proxy\tthe gateway\tof the mesh\t")
	run := func(name string, send func() load.Tally) time.Duration {
		var got load.Tally
		u, took := measure(t, func() {
			if got = send(); got.Failed > 0 {
				t.Fatalf("%d failed:\n%s", got.Failed, strings.Join(got.Failures, "\n"))
			}
		})
		u = u.less(idle, took.Seconds()/pause.Seconds()).each(got.Answered)
		fmt.Fprintf(w, "%s\t%.0f\t%v\t%v\t%v\t%v\t\n", name, float64(got.Answered)/got.Took.Seconds(), u.service, u.proxy, u.gateway, u.proxy+u.gateway)
		return u.proxy + u.gateway
	}
	run("/compute, asked directly", paced(direct))
	run("/health/live, through the mesh, one by one", paced(empty))
	run("/health/live, through the mesh, busy", flood(empty))
	alone := run("/compute, through the mesh, one by one", paced(meshed))
	full := run("/compute, through the mesh, busy", flood(meshed))
	w.Flush()
	t.Log("\n" + out.String())
	for how, added := range map[string]time.Duration{"one by one": alone, "busy": full} {
		if most := 1500 * time.Microsecond; added > most {
			t.Errorf("%s, the mesh adds %v to a request, more than %v", how, added, most)
		}
	}
}
