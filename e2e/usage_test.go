//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// usage is processor time.
type usage struct{ service, proxy, gateway time.Duration }

// less is u without so many times other.
func (u usage) less(other usage, times float64) usage {
	sub := func(a, b time.Duration) time.Duration { return a - time.Duration(times*float64(b)) }
	return usage{sub(u.service, other.service), sub(u.proxy, other.proxy), sub(u.gateway, other.gateway)}
}

// each is the part of u that one of n has.
func (u usage) each(n int) usage {
	part := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
	return usage{part(u.service), part(u.proxy), part(u.gateway)}
}

// measure is what the pods use between two looks of the kubelets, while do is
// done, and how long that is. The pods stay the same ones: a proxy that starts,
// or one that ends with what it had used, would count as well.
func measure(t *testing.T, do func()) (usage, time.Duration) {
	t.Helper()
	there := func() string {
		return kubectl(t, "get", "pods", "-l", "app=technical-analysis", "-o", `jsonpath={range .items[*]}{.metadata.uid} {.status.phase} {end}`) +
			kubectl(t, "-n", "istio-system", "get", "pods", "-l", "istio=ingressgateway", "-o", "jsonpath={.items[*].metadata.uid}")
	}
	for range 3 {
		pods := there()
		before := processor(t, time.Now())
		began := time.Now()
		do()
		after := processor(t, time.Now())
		if took := time.Since(began); there() == pods {
			return after.less(before, 1), took
		}
		t.Log("the pods have changed: once more")
	}
	t.Fatal("the pods changed in each of three measurements")
	return usage{}, 0
}

// processor is what the containers of the service and of the gateway have used
// up to at.
func processor(t *testing.T, at time.Time) (u usage) {
	t.Helper()
	for _, c := range kubelets(t, at) {
		used := time.Duration(c.CPU.UsageCoreNanoSeconds)
		switch {
		case c.gateway:
			u.gateway += used
		case c.Name == "istio-proxy":
			u.proxy += used
		default:
			u.service += used
		}
	}
	return u
}

// memory is what the service has in each of its pods, which it could not do
// without: pages that the kernel may take away are not counted.
func memory(t *testing.T, at time.Time) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	for _, c := range kubelets(t, at) {
		if !c.gateway && c.Name == "technical-analysis" {
			all[c.pod] = c.Memory.WorkingSetBytes
		}
	}
	return all
}

// container is one of a pod of the service or of the gateway, as its kubelet
// sees it.
type container struct {
	pod     string
	gateway bool

	Name string
	CPU  struct {
		Time                 time.Time
		UsageCoreNanoSeconds int64
	}
	Memory struct{ WorkingSetBytes int64 }
}

// kubelets asks each node for its containers, until all were looked at after at.
func kubelets(t *testing.T, at time.Time) (all []container) {
	t.Helper()
	await(t, time.Minute, "the kubelets' figures", func() error {
		all = nil
		for node := range strings.FieldsSeq(kubectl(t, "get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")) {
			var summary struct {
				Pods []struct {
					PodRef     struct{ Name, Namespace string }
					Containers []container
				}
			}
			if err := json.Unmarshal([]byte(kubectl(t, "get", "--raw", "/api/v1/nodes/"+node+"/proxy/stats/summary")), &summary); err != nil {
				return err
			}
			for _, pod := range summary.Pods {
				ours := pod.PodRef.Namespace == namespace && strings.HasPrefix(pod.PodRef.Name, "technical-analysis-")
				gateway := pod.PodRef.Namespace == "istio-system" && strings.HasPrefix(pod.PodRef.Name, "istio-ingressgateway")
				for _, c := range pod.Containers {
					switch {
					case !ours && !gateway || strings.HasPrefix(c.Name, "e2e-"):
						continue
					case c.CPU.Time.Before(at):
						return fmt.Errorf("those of %s are of %v", pod.PodRef.Name, c.CPU.Time)
					}
					c.pod, c.gateway = pod.PodRef.Name, gateway
					all = append(all, c)
				}
			}
		}
		return nil
	})
	return all
}
