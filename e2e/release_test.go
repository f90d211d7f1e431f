//go:build e2e

package e2e

import (
	"fmt"
	"testing"
	"time"
)

// A pod that starts gets requests only when it can answer them.
func TestStart(t *testing.T) {
	across(t, "start", func() {
		before := len(pods(t, "stable"))
		kubectl(t, "patch", "hpa", "technical-analysis-hpa", "--type=merge", "-p", `{"spec":{"minReplicas":4}}`)
		t.Cleanup(func() {
			kubectl(t, "patch", "hpa", "technical-analysis-hpa", "--type=merge", "-p", `{"spec":{"minReplicas":3}}`)
		})
		await(t, 2*time.Minute, "one more replica", func() error {
			return ready(t, before+1)
		})
	})
}

// ready says whether at least n replicas of the stable version are.
func ready(t *testing.T, n int) error {
	t.Helper()
	got := kubectl(t, "get", deployment, "-o", "jsonpath={.status.readyReplicas}")
	if atoi(got) < n {
		return fmt.Errorf("%s of %d replicas are ready", got, n)
	}
	return nil
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
