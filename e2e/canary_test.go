//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

// start begins a canary with a fifth of the requests. It is judged good sooner
// than in earnest, and its p95 may be five times the stable one: both versions
// are alike, one of them has just started, and the machine is shared.
func start(image string, more ...string) []string {
	return append([]string{"canary", "start", "--image", image, "--weight", "20",
		"--min-duration", "15s", "--min-requests", "300", "--slack", "5"}, more...)
}

// A canary comes, gets its share and is withdrawn; another one is judged good by
// what Prometheus has, and promoted. No request is lost at any of it.
func TestCanary(t *testing.T) {
	leaveNone(t)
	across(t, "canary started", func() { techanalysis(t, start(canaryImage)...) })

	// The share, over many requests.
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	before := atGateway(t)
	l := load.Start(2*pace, requests(t)...)
	err := l.Await(ctx, 10_000)
	got := l.Stop()
	if err != nil {
		t.Fatal(err)
	}
	share, err := atGateway(t).since(before).share()
	if err != nil {
		t.Fatal(err)
	}
	events.add("canary's share of %d requests: %.1f %%", got.Answered, 100*share)
	if got.Failed > 0 || !(math.Abs(share-0.20) <= 0.02) {
		t.Errorf("%d failed, the share is %.3f and not 0.20 ± 0.02", got.Failed, share)
	}
	seen(t)

	// Whoever asks for the canary gets it, whatever its share.
	before = atGateway(t)
	forced := requests(t)
	installed := atGateway(t).since(before)
	for _, target := range forced {
		target.Header.Set("x-canary", "always")
	}
	got = acrossOf(t, "canary by header", forced, func(*load.Load) {})
	sent := atGateway(t).since(before)
	if extra := installed.stable + installed.canary; sent.canary < got.Answered || sent.stable > extra {
		t.Errorf("of %d requests for the canary %d went to it and %d to the stable version (%d are the test's own)", got.Answered, sent.canary, sent.stable, extra)
	}

	across(t, "canary aborted", func() { techanalysis(t, "canary", "abort") })
	withdrawn(t)

	across(t, "canary started again", func() { techanalysis(t, start(canaryImage)...) })
	if _, stderr, err := output(t.Context(), program, "canary", "promote"); exit(err) != 1 || !strings.Contains(stderr, "not promoted, the verdict is wait") {
		t.Errorf("a canary that nobody has judged yet: %v, %s", err, stderr)
	}
	across(t, "canary judged good, promoted", func() {
		await(t, 3*time.Minute, "the judgement", func() error {
			_, stderr, err := output(t.Context(), program, "canary", "promote")
			if exit(err) == 1 && strings.Contains(stderr, "not promoted, the verdict is wait") {
				return errors.New(stderr)
			}
			if err != nil {
				t.Fatalf("%v, %s", err, stderr)
			}
			return nil
		})
	})
	withdrawn(t)
	if now := stableImage(t); now != canaryImage {
		t.Errorf("%s runs, not the promoted %s", now, canaryImage)
	}
	// A deployment does not take it back.
	if out, err := script(t.Context(), "apply"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if now := stableImage(t); now != canaryImage {
		t.Errorf("a deployment has brought back %s", now)
	}
	across(t, "back to the first image", func() {
		if out, err := script(t.Context(), "apply", "IMAGE="+image); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

func stableImage(t *testing.T) string {
	t.Helper()
	return kubectl(t, "get", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image}")
}

// seen demands that the status has both views of both versions, with figures.
func seen(t *testing.T) {
	t.Helper()
	type numbers struct {
		Requests, Errors float64
		P95              *float64 `json:"p95_seconds"`
	}
	type view struct {
		View, Source   string
		Stable, Canary numbers
	}
	await(t, 30*time.Second, "both views of the canary", func() error {
		var status struct {
			Canary struct {
				Image  string
				Weight int
			}
			Views    []view
			Decision struct{ Verdict string }
		}
		out := techanalysis(t, "canary", "status", "--json")
		decode(t, []byte(out), &status)
		if status.Canary.Image != canaryImage || status.Canary.Weight != 20 {
			t.Fatalf("the status is of %+v", status.Canary)
		}
		for _, name := range []string{"service", "gateway"} {
			i := slices.IndexFunc(status.Views, func(v view) bool { return v.View == name })
			if i < 0 {
				return fmt.Errorf("there is no view %s: %s", name, out)
			}
			for version, n := range map[string]numbers{"stable": status.Views[i].Stable, "canary": status.Views[i].Canary} {
				if n.Requests < 1000 || n.Errors > 0 || n.P95 == nil || !(*n.P95 > 0) {
					return fmt.Errorf("%s, %s: %s", name, version, out)
				}
			}
		}
		return nil
	})
}

// leaveNone takes a canary away, where the test did not come to it.
func leaveNone(t *testing.T) {
	t.Cleanup(func() {
		if there, err := canaryThere(context.WithoutCancel(t.Context())); there || err != nil {
			techanalysis(t, "canary", "abort")
		}
	})
}

// withdrawn demands that nothing of a canary is left.
func withdrawn(t *testing.T) {
	t.Helper()
	if out := kubectl(t, "get", "deployment,replicaset,pods", "-l", "app=technical-analysis,version=canary", "-o", "name"); out != "" {
		t.Errorf("of the canary there are left: %s", out)
	}
	if out := kubectl(t, "get", "deployment", "technical-analysis-canary", "--ignore-not-found", "-o", "name"); out != "" {
		t.Errorf("the canary's %s is left", out)
	}
	for _, kind := range []string{"virtualservice", "destinationrule"} {
		if out := kubectl(t, "get", kind, "technical-analysis", "-o", "jsonpath={.spec}"); strings.Contains(out, "canary") {
			t.Errorf("the %s knows a canary: %s", kind, out)
		}
	}
}

// template is the stable version: its image, settings and revision.
func template(t *testing.T) string {
	t.Helper()
	return kubectl(t, "get", deployment, "-o", `jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision} {.spec.template}`)
}

// exit is the code that a program ended with.
func exit(err error) int {
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// A canary whose image does not exist is withdrawn, with the reason, and the
// stable version is not touched.
func TestCanaryWithoutImage(t *testing.T) {
	keepAll(t)
	leaveNone(t)
	stable, started := template(t), containers(t)
	absent := image + "-absent"
	across(t, "canary without an image", func() {
		_, stderr, err := output(t.Context(), program, "canary", "start", "--image", absent, "--weight", "20")
		if exit(err) != 1 {
			t.Errorf("an image that does not exist: %v\n%s", err, stderr)
		}
		// The last line is the error; those before tell of each step.
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		last := lines[len(lines)-1]
		if !strings.Contains(last, "the new version does not come up") || !strings.Contains(last, "ImagePullBackOff") || !strings.Contains(last, absent) {
			t.Errorf("the reason does not name the image: %q", last)
		}
	})
	withdrawn(t)
	if now := template(t); now != stable {
		t.Errorf("the stable version was %s and is %s", stable, now)
	}
	unmoved(t, started)
}

// A canary that fails is found bad by what Prometheus has, and withdrawn by the
// command that watches it. It fails as a version with a wrong setting does: with
// a role that Vault does not know it gets no keys, so it starts, says that it is
// ready, and answers 503 to every token.
func TestCanaryJudgedBad(t *testing.T) {
	keepAll(t)
	leaveNone(t)
	stable, started := template(t), containers(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	l := load.Start(pace, requests(t)...)
	defer l.Stop()
	before := atGateway(t)
	began := time.Now()
	watch := exec.CommandContext(ctx, program, "canary", "start", "--watch", "--image", image, "--weight", "20")
	watch.Dir = root
	var said transcript
	watch.Stdout, watch.Stderr = &said, &said
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, 2*time.Minute, "the canary has its share", func() error {
		if !strings.Contains(said.String(), "  wait: ") {
			return errors.New(said.String())
		}
		return nil
	})
	if got := l.Tally(); got.Failed > 0 {
		t.Errorf("%d requests failed of a sound canary:\n%s", got.Failed, strings.Join(got.Failures, "\n"))
	}
	kubectl(t, "set", "env", "deployment/technical-analysis-canary", "VAULT_ROLE=nobody-of-e2e")
	ended := make(chan error, 1)
	go func() { ended <- watch.Wait() }()
	// The counts of the canary end with it, so they are read all the while.
	var sent sent
	for watching := true; watching; {
		select {
		case err := <-ended:
			if exit(err) != 1 {
				t.Errorf("the command that watches ended with %v", err)
			}
			watching = false
		case <-time.After(time.Second):
		}
		now := atGateway(t).since(before)
		now.canary, now.canaryFailed = max(now.canary, sent.canary), max(now.canaryFailed, sent.canaryFailed)
		sent = now
	}
	got := l.Tally()
	took := time.Since(began)

	// What it said, in order.
	text := said.String()
	steps := []string{"VirtualService: 20 % for the canary", "abort: ", "VirtualService: nothing for the canary", "the canary's last requests are answered", "Deployment technical-analysis-canary: deleted", "the canary is aborted: "}
	at := 0
	for _, step := range steps {
		i := strings.Index(text[at:], step)
		if i < 0 {
			t.Fatalf("after %d bytes there is no %q:\n%s", at, step, text)
		}
		at += i
	}
	if !strings.Contains(text[at:], "of the canary's requests succeeded, 99 % are due") {
		t.Errorf("the reason is not its failures: %s", text[at:])
	}
	withdrawn(t)
	if now := template(t); now != stable {
		t.Errorf("the stable version was %s and is %s", stable, now)
	}
	unmoved(t, started)

	// Who failed: the canary alone, and nobody once it is gone.
	events.addTally("canary judged bad, aborted", took, got, sent)
	events.add("  %d requests failed; failed attempts at the stable version: %d, at the canary: %d", got.Failed, sent.stableFailed, sent.canaryFailed)
	if sent.stableFailed > 0 || sent.canaryFailed == 0 || got.Failed == 0 {
		t.Errorf("%d requests failed, at the stable version %d, at the canary %d:\n%s", got.Failed, sent.stableFailed, sent.canaryFailed, strings.Join(got.Failures, "\n"))
	}
	for _, failure := range got.Failures {
		if !strings.Contains(failure, "keys-away") {
			t.Errorf("a request failed for another reason than the canary's: %s", failure)
		}
	}
	if err := l.Await(ctx, 500); err != nil {
		t.Error(err)
	}
	if after := l.Stop(); after.Failed != got.Failed {
		t.Errorf("%d requests failed after the abort", after.Failed-got.Failed)
	}
}

// transcript is what a program has said so far.
type transcript struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
