//go:build e2e

package e2e

import (
	"fmt"
	"testing"
	"time"
)

// A pod that starts gets requests only when it can answer them.
func TestStart(t *testing.T) {
	least := kubectl(t, "get", "hpa", "technical-analysis-hpa", "-o", "jsonpath={.spec.minReplicas}")
	want := replicas(t) + 1
	across(t, "start", func() {
		kubectl(t, "patch", "hpa", "technical-analysis-hpa", "--type=merge", "-p", fmt.Sprintf(`{"spec":{"minReplicas":%d}}`, want))
		t.Cleanup(func() {
			kubectl(t, "patch", "hpa", "technical-analysis-hpa", "--type=merge", "-p", `{"spec":{"minReplicas":`+least+`}}`)
		})
		await(t, 2*time.Minute, "one more replica", func() error {
			if got := replicas(t); got < want {
				return fmt.Errorf("%d of %d are ready", got, want)
			}
			return nil
		})
	})
}

// replicas is how many of the stable version are ready.
func replicas(t *testing.T) int {
	t.Helper()
	return atoi(kubectl(t, "get", deployment, "-o", "jsonpath={.status.readyReplicas}"))
}

func TestRollingUpdate(t *testing.T) {
	across(t, "rolling update", func() {
		kubectl(t, "rollout", "restart", deployment)
		kubectl(t, "rollout", "status", deployment, "--timeout=240s")
	})
}

// A pod that dies in the middle of its work takes no request with it.
func TestPodKill(t *testing.T) {
	across(t, "pod killed", func() {
		kubectl(t, "delete", "pod", pods(t, "stable")[0], "--grace-period=0", "--force")
		kubectl(t, "rollout", "status", deployment, "--timeout=240s")
	})
}
