//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A pod that starts gets requests only when it can answer them.
func TestStart(t *testing.T) {
	most := number(t, autoscaler(t, "{.spec.maxReplicas}"))
	// The load of other tests may have brought all that there can be, and a full
	// memory of results keeps them: new replicas have none.
	if replicas(t) >= most {
		restartAll(t)
	}
	// None comes of itself any more.
	await(t, 3*time.Minute, "room for one more replica", func() error {
		asked, there := number(t, kubectl(t, "get", deployment, "-o", "jsonpath={.spec.replicas}")), replicas(t)
		if asked >= most || there != asked {
			return fmt.Errorf("%d are ready, %d are asked for, of %d", there, asked, most)
		}
		return nil
	})
	want := replicas(t) + 1
	fresh := watchFresh(t)
	across(t, "start", func() {
		keep(t, want)
		await(t, 2*time.Minute, "one more replica", func() error {
			if got := replicas(t); got < want {
				return fmt.Errorf("%d of %d are ready", got, want)
			}
			return nil
		})
	})
	fresh.atLeast(t, 1)
}

// keep has the autoscaler keep as many replicas at least, for as long as the
// test.
func keep(t *testing.T, n int) {
	t.Helper()
	setAutoscaler(t, "minReplicas", n)
}

// setAutoscaler sets a number of its spec, for as long as the test.
func setAutoscaler(t *testing.T, field string, n int) {
	t.Helper()
	before := autoscaler(t, "{.spec."+field+"}")
	set := func(n string) {
		kubectl(t, "patch", "hpa", "technical-analysis-hpa", "--type=merge", "-p", `{"spec":{"`+field+`":`+n+`}}`)
	}
	t.Cleanup(func() { set(before) })
	set(fmt.Sprint(n))
}

// keepAll has the autoscaler take no replica away, for as long as the test: one
// that is missing then was taken by what is tested.
func keepAll(t *testing.T) {
	t.Helper()
	keep(t, wanted(t))
}

// hold has it add none either.
func hold(t *testing.T) {
	t.Helper()
	keepAll(t)
	setAutoscaler(t, "maxReplicas", wanted(t))
}

// wanted is how many replicas the stable version is to have.
func wanted(t *testing.T) int {
	t.Helper()
	return number(t, kubectl(t, "get", deployment, "-o", "jsonpath={.spec.replicas}"))
}

func autoscaler(t *testing.T, path string) string {
	t.Helper()
	return kubectl(t, "get", "hpa", "technical-analysis-hpa", "-o", "jsonpath="+path)
}

// replicas is how many of the stable version are ready.
func replicas(t *testing.T) int {
	t.Helper()
	return number(t, kubectl(t, "get", deployment, "-o", "jsonpath={.status.readyReplicas}"))
}

// Every replica is replaced, and the plugin outlives all that had it.
func TestRollingUpdate(t *testing.T) {
	keepAll(t)
	before := containers(t)
	fresh := watchFresh(t)
	across(t, "rolling update", func() { restartAll(t) })
	fresh.atLeast(t, len(before))
	for pod := range containers(t) {
		if before[pod] != "" {
			t.Errorf("%s is not a new one", pod)
		}
	}
}

func restartAll(t *testing.T) {
	t.Helper()
	kubectl(t, "rollout", "restart", deployment)
	kubectl(t, "rollout", "status", deployment, "--timeout=240s")
}

// A pod that is deleted by force in the middle of its work takes no request with
// it, and the one in its place has the plugin before it is ready.
func TestPodKill(t *testing.T) {
	keepAll(t)
	victim := pods(t, "stable")[0]
	fresh := watchFresh(t)
	across(t, "pod killed", func() {
		kubectl(t, "delete", "pod", victim, "--grace-period=0", "--force")
		kubectl(t, "rollout", "status", deployment, "--timeout=240s")
	})
	fresh.atLeast(t, 1)
}

// A program that crashes, whose pod stays: nobody was told, and its port is shut.
func TestCrash(t *testing.T) {
	keepAll(t)
	victim := pods(t, "stable")[0]
	crash := crashing(t, victim)
	across(t, "program crashed", func() {
		crash()
		kubectl(t, "wait", "pod/"+victim, "--for=condition=Ready", "--timeout=60s")
	})
	last := kubectl(t, "get", "pod", victim, "-o", `jsonpath={.status.containerStatuses[?(@.name=="technical-analysis")].lastState.terminated.exitCode}`)
	if last != "2" {
		t.Errorf("it ended with %s, and not with the 2 of a Go program that crashed", last)
	}
}

// crashing returns what has the program in a pod crash, and returns when its
// container has been started again.
func crashing(t *testing.T, pod string) func() {
	t.Helper()
	before := containers(t)
	shell := join(t, namespace, pod, "--target=technical-analysis")
	return func() {
		t.Helper()
		// The first process of a container ignores SIGKILL from within; the Go
		// runtime ends at SIGQUIT, with the stacks and without a goodbye.
		if said, err := shell.run(t.Context(), "kill -QUIT 1 && echo sent"); err != nil || said != "sent" {
			t.Fatalf("%q, %v", said, err)
		}
		await(t, 30*time.Second, "it was started again", func() error {
			now := containers(t)[pod]
			if len(strings.Fields(now)) != 3 || now == before[pod] {
				return fmt.Errorf("it is %q", now)
			}
			return nil
		})
	}
}

// containers are the service's, one in each pod of the stable version that is not
// ending: which it is, how often it was started again, and when.
func containers(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	out := kubectl(t, "get", "pods", "-l", "app=technical-analysis,version=stable", "-o",
		`jsonpath={range .items[*]}{.metadata.name} ending:{.metadata.deletionTimestamp} {.metadata.uid} {range .status.containerStatuses[?(@.name=="technical-analysis")]}{.restartCount} {.state.running.startedAt}{end}{"\n"}{end}`)
	for line := range strings.Lines(out) {
		if pod, which, there := strings.Cut(strings.TrimSuffix(line, "\n"), " ending: "); there {
			all[pod] = which
		}
	}
	if len(all) == 0 {
		t.Fatal("there is no pod of the stable version")
	}
	return all
}
