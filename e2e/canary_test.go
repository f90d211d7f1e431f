//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

// A canary comes, gets its share and is withdrawn; another one is promoted. No
// request is lost at any of it.
func TestCanary(t *testing.T) {
	run := func(args ...string) func() {
		return func() { techanalysis(t, append([]string{"canary"}, args...)...) }
	}
	across(t, "canary started", run("start", "--image", canaryImage, "--weight", "20"))

	// The share, over many requests.
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	before := atGateway(t)
	l := load.Start(request(t), 2*rate)
	err := l.Await(ctx, 10_000)
	got := l.Stop()
	if err != nil {
		t.Fatal(err)
	}
	share := atGateway(t).since(before).share()
	events.add("canary's share of %d requests: %.1f %%", got.Answered, 100*share)
	if got.Failed > 0 || math.Abs(share-0.20) > 0.02 {
		t.Errorf("%d failed, the share is %.3f and not 0.20 ± 0.02", got.Failed, share)
	}
	if out := techanalysis(t, "canary", "status", "--json"); !json.Valid([]byte(out)) {
		t.Errorf("status --json: %s", out)
	}

	across(t, "canary aborted", run("abort"))
	if p := pods(t, "canary"); len(p) > 0 {
		t.Errorf("pods of the canary are left: %v", p)
	}

	across(t, "canary started again", run("start", "--image", canaryImage, "--weight", "20"))
	across(t, "canary promoted", run("promote", "--force"))
	if now := kubectl(t, "get", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image}"); now != canaryImage {
		t.Errorf("%s runs, not the promoted %s", now, canaryImage)
	}
	// A deployment does not take it back.
	if out, err := script(t.Context(), "apply"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if now := kubectl(t, "get", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image}"); now != canaryImage {
		t.Errorf("a deployment has brought back %s", now)
	}
	across(t, "back to the first image", func() {
		if out, err := script(t.Context(), "apply", "IMAGE="+image); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

// A canary whose image does not exist is withdrawn, with the reason, and the
// stable version is not touched.
func TestCanaryWithoutImage(t *testing.T) {
	template := func() string {
		return kubectl(t, "get", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image} of revision {.metadata.annotations['deployment\\.kubernetes\\.io/revision']}")
	}
	before := template()
	across(t, "canary without an image", func() {
		out, err := command(t.Context(), filepath.Join(root, "bin", "techanalysis"), "canary", "start", "--image", image+"-absent", "--weight", "20")
		if err == nil {
			t.Errorf("an image that does not exist was taken:\n%s", out)
		} else if !strings.Contains(err.Error(), "absent") {
			t.Errorf("the reason does not name the image: %v", err)
		}
	})
	if now := template(); now != before {
		t.Errorf("the stable version was %s and is %s", before, now)
	}
}
