//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// TestCost measures the processor time of one /compute request of 1,000 candles
// and ten indicators: of the service asked directly, and through the mesh, where
// both proxies take part. It is `make e2e-load`.
func TestCost(t *testing.T) {
	keepAll(t)
	bearer := token(t)
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + bearer}}
	direct := load.Target{Method: http.MethodPost, Header: header, Body: varied(t, computeBody(t)), KeptAlive: true}
	for _, url := range forwardAll(t, 8000) {
		direct.URL = url + "/api/v1/compute"
		break
	}
	meshed := direct
	meshed.URL, meshed.TLS = "https://"+host+"/api/v1/compute", trust(t)

	const requests = 4000
	run := func(target load.Target) usage {
		return unchanged(t, func() usage {
			before := processor(t, time.Now())
			l := load.Start(rate, target)
			if err := l.Await(t.Context(), requests); err != nil {
				t.Error(err)
			}
			got := l.Stop()
			if got.Failed > 0 {
				t.Fatalf("%d failed:\n%s", got.Failed, strings.Join(got.Failures, "\n"))
			}
			return processor(t, time.Now()).since(before).per(got.Answered)
		})
	}
	idle := unchanged(t, func() usage { // what the pods use without a request, in the same time
		before := processor(t, time.Now())
		began := time.Now()
		timer := time.NewTimer(20 * time.Second)
		defer timer.Stop()
		<-timer.C
		u := processor(t, time.Now()).since(before)
		return u.per(int(time.Since(began).Seconds() * 2 * rate))
	})
	a, b := run(direct).since(idle), run(meshed).since(idle)
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "processor time of one request\tservice\tits proxy\tthe gateway\tof the mesh")
	for _, row := range []struct {
		name string
		u    usage
	}{{"asked directly", a}, {"through the mesh", b}} {
		fmt.Fprintf(w, "%s\t%v\t%v\t%v\t%v\n", row.name, row.u.service, row.u.proxy, row.u.gateway, row.u.proxy+row.u.gateway)
	}
	w.Flush()
	t.Log("\n" + out.String())
	if added := b.proxy + b.gateway; added > 1500*time.Microsecond {
		t.Errorf("the mesh adds %v to a request, more than 1.5 ms", added)
	}
}

func computeBody(t *testing.T) []byte {
	t.Helper()
	walk := sample.Walk(1000)
	type item struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	var items []item
	for _, name := range []string{"sma", "ema", "rsi", "macd", "bbands", "atr", "stoch", "adx", "obv", "cci"} {
		items = append(items, item{name, name})
	}
	body, err := json.Marshal(map[string]any{
		"candles":    map[string]any{"open": walk.Open, "high": walk.High, "low": walk.Low, "close": walk.Close, "volume": walk.Volume},
		"indicators": items,
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// usage is processor time.
type usage struct{ service, proxy, gateway time.Duration }

func (u usage) since(earlier usage) usage {
	return usage{u.service - earlier.service, u.proxy - earlier.proxy, u.gateway - earlier.gateway}
}

func (u usage) per(requests int) usage {
	n := time.Duration(requests)
	return usage{u.service / n, u.proxy / n, u.gateway / n}
}

// unchanged measures while the pods stay the same ones: a proxy that starts, or
// one that ends with what it had used, would count as the requests' cost.
func unchanged(t *testing.T, measure func() usage) usage {
	t.Helper()
	there := func() string {
		return kubectl(t, "get", "pods", "-l", "app=technical-analysis", "-o", `jsonpath={range .items[*]}{.metadata.uid} {.status.phase} {end}`) +
			kubectl(t, "-n", "istio-system", "get", "pods", "-l", "istio=ingressgateway", "-o", "jsonpath={.items[*].metadata.uid}")
	}
	for range 3 {
		before := there()
		u := measure()
		if there() == before {
			return u
		}
		t.Log("the pods have changed: once more")
	}
	t.Fatal("the pods changed in each of three measurements")
	return usage{}
}

// processor is what the containers of the service and of the gateway have used
// up to at, as the kubelet of each node says once it has looked at them again.
func processor(t *testing.T, at time.Time) usage {
	t.Helper()
	var u usage
	await(t, time.Minute, "the kubelets' figures", func() error {
		u = usage{}
		for node := range strings.FieldsSeq(kubectl(t, "get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")) {
			if err := u.add(kubectl(t, "get", "--raw", "/api/v1/nodes/"+node+"/proxy/stats/summary"), at); err != nil {
				return err
			}
		}
		return nil
	})
	return u
}

// add adds what a kubelet's summary says.
func (u *usage) add(text string, at time.Time) error {
	var summary struct {
		Pods []struct {
			PodRef     struct{ Name, Namespace string }
			Containers []struct {
				Name string
				CPU  struct {
					Time                 time.Time
					UsageCoreNanoSeconds int64
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &summary); err != nil {
		return err
	}
	for _, pod := range summary.Pods {
		ours := pod.PodRef.Namespace == namespace && strings.HasPrefix(pod.PodRef.Name, "technical-analysis-")
		gateway := pod.PodRef.Namespace == "istio-system" && strings.HasPrefix(pod.PodRef.Name, "istio-ingressgateway")
		for _, c := range pod.Containers {
			used := time.Duration(c.CPU.UsageCoreNanoSeconds)
			switch {
			case !ours && !gateway || strings.HasPrefix(c.Name, "e2e-"):
				continue
			case c.CPU.Time.Before(at):
				return fmt.Errorf("those of %s are of %v", pod.PodRef.Name, c.CPU.Time)
			case gateway:
				u.gateway += used
			case c.Name == "istio-proxy":
				u.proxy += used
			default:
				u.service += used
			}
		}
	}
	return nil
}
