package traffic

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
)

const (
	one = "ghcr.io/gravitywavesml/gravity_techanalysis:1"
	two = "ghcr.io/gravitywavesml/gravity_techanalysis:2"
)

var plan = Plan{Image: two, Weight: 20, Policy: canary.DefaultPolicy()}

// specs are the mesh's objects as text, to be compared.
func (s *stage) specs() string {
	vs, err := s.virtualServices.Get(s.t.Context(), s.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	dr, err := s.destinationRules.Get(s.t.Context(), s.names.DestinationRule, metav1.GetOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := json.MarshalIndent([]any{&vs.Spec, &dr.Spec}, "", " ")
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// ended holds the cluster to being as it was, with the stable image.
func (s *stage) ended(before, stableImage string) {
	s.t.Helper()
	if after := s.specs(); after != before {
		s.t.Errorf("the mesh is\n%s\nand was\n%s", after, before)
	}
	if _, err := s.State(s.t.Context()); !errors.Is(err, ErrNone) {
		s.t.Errorf("the canary is still there: %v", err)
	}
	d, err := s.deployments.Get(s.t.Context(), s.names.Deployment, metav1.GetOptions{})
	if err != nil || image(d) != stableImage {
		s.t.Errorf("stable runs %s: %v", image(d), err)
	}
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	for _, moment := range s.gateway.unserved {
		s.t.Errorf("the gateway had %s", moment)
	}
}

// files are the forms that the objects may have.
var files = []string{"service.yaml", "delegate.yaml"}

// TestPromote is the whole way of a good version.
func TestPromote(t *testing.T) {
	s := newStage(t)
	before := s.specs()
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	state, err := s.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if state.Intent != Starting || state.Image != two || state.StableImage != one || state.Weight != 20 || state.Wanted != 20 ||
		state.Replicas != 1 || state.Ready != 1 || state.Since.IsZero() || time.Since(state.Since) > time.Minute || state.Policy != plan.Policy {
		t.Errorf("the state is %+v", state)
	}
	d, err := s.deployments.Get(t.Context(), s.names.canary(), metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pod := d.Spec.Template
	if d.Spec.Selector.MatchLabels["version"] != "canary" || pod.Labels["version"] != "canary" || pod.Labels["app"] != "technical-analysis" ||
		pod.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels["version"] != "canary" ||
		pod.Spec.Containers[0].Image != "other:1" || pod.Spec.Containers[1].Env[0].Value != ":8000" ||
		pod.Annotations["prometheus.io/scrape"] != "true" || pod.Annotations["kubectl.kubernetes.io/restartedAt"] != "" {
		t.Errorf("the clone is %+v", d.Spec)
	}
	if !slices.ContainsFunc(d.ManagedFields, func(f metav1.ManagedFieldsEntry) bool { return f.Manager == Manager && f.Subresource == "" }) {
		t.Errorf("the Deployment is managed by %+v", d.ManagedFields)
	}

	// Again, it does nothing; with another weight, that and a new beginning.
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if again, _ := s.State(t.Context()); again != state {
		t.Errorf("a second start made %+v of %+v", again, state)
	}
	more := plan
	more.Weight = 50
	if err := s.Start(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	if again, _ := s.State(t.Context()); again.Weight != 50 || again.Replicas != 2 || !again.Since.After(state.Since) {
		t.Errorf("half of the traffic: %+v", again)
	}

	if err := s.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ended(before, two)
	if err := s.Promote(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("there is nothing to promote, and the error is %v", err)
	}
	if err := s.Abort(t.Context(), "why not"); !errors.Is(err, ErrNone) {
		t.Errorf("there is nothing to abort, and the error is %v", err)
	}
}

// TestPromoteDelegate is that where the canary is in the mesh's objects at rest.
func TestPromoteDelegate(t *testing.T) {
	s := stageOf(t, "delegate.yaml")
	before := s.specs()
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if state, err := s.State(t.Context()); err != nil || state.Weight != 20 || state.Since.IsZero() {
		t.Errorf("%+v %v", state, err)
	}
	if err := s.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ended(before, two)
	if s.said("DestinationRule") {
		t.Error("the DestinationRule was touched, and had the subset already")
	}
}

// TestOrder: nothing is done before the gateways have what came before it.
func TestOrder(t *testing.T) {
	s := newStage(t)
	before := s.specs()
	step := func(f func() error) chan error {
		done := make(chan error, 1)
		go func() { done <- f() }()
		return done
	}
	shares := func() bool {
		vs, err := s.virtualServices.Get(t.Context(), s.names.VirtualService, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return s.names.shares(&vs.Spec)
	}
	s.gateway.hold(true)
	started := step(func() error { return s.Start(t.Context(), plan) })
	s.gateway.seen(10)
	if shares() {
		t.Error("the canary has a share before a gateway has its subset")
	}
	s.gateway.hold(false)
	if err := <-started; err != nil {
		t.Fatal(err)
	}

	s.gateway.answering(3)
	s.gateway.hold(true)
	aborted := step(func() error { return s.Abort(t.Context(), "an order of the test") })
	s.gateway.seen(10)
	if shares() {
		t.Error("the canary has its share yet")
	}
	if after := s.specs(); !strings.Contains(after, `"canary"`) {
		t.Error("the subset went while a gateway still sent there")
	}
	s.gateway.hold(false)
	s.gateway.seen(10)
	if after := s.specs(); !strings.Contains(after, `"canary"`) {
		t.Error("the subset went while requests were answered")
	}
	if err := s.available(s.names.canary(), 1); err != nil {
		t.Error("the pods went while requests were answered")
	}
	if state, err := s.State(t.Context()); err != nil || state.Intent != Aborting || state.Reason != "an order of the test" || state.Weight != 0 {
		t.Errorf("%+v %v", state, err)
	}
	s.gateway.answering(0)
	if err := <-aborted; err != nil {
		t.Fatal(err)
	}
	s.ended(before, one)
}

// TestImageAbsent: a version that cannot run is aborted with the reason, and
// nothing else was touched.
func TestImageAbsent(t *testing.T) {
	for _, reason := range []string{"ImagePullBackOff", "ErrImageNeverPull", "CrashLoopBackOff"} {
		t.Run(reason, func(t *testing.T) {
			s := newStage(t)
			before := s.specs()
			s.fails(two, reason)
			stable, _ := s.deployments.Get(t.Context(), s.names.Deployment, metav1.GetOptions{})
			err := s.Start(t.Context(), plan)
			if !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), reason+": as the test has it") {
				t.Errorf("the error is %v", err)
			}
			s.ended(before, one)
			after, _ := s.deployments.Get(t.Context(), s.names.Deployment, metav1.GetOptions{})
			if after.ResourceVersion != stable.ResourceVersion {
				t.Error("the stable Deployment was touched")
			}
			if s.said("VirtualService") || s.said("DestinationRule") {
				t.Errorf("the mesh was touched: %q", s.steps)
			}
		})
	}
}

// TestPromoteFails: where the stable pods do not come up with the new image, the
// canary stays, and an abort goes back.
func TestPromoteFails(t *testing.T) {
	s := newStage(t)
	before := s.specs()
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	s.fails(two, "CrashLoopBackOff")
	if err := s.Promote(t.Context()); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "CrashLoopBackOff") {
		t.Fatalf("the error is %v", err)
	}
	if state, err := s.State(t.Context()); err != nil || state.Intent != Promoting || state.Weight != 20 {
		t.Errorf("%+v %v", state, err)
	}
	if err := s.Start(t.Context(), plan); !errors.Is(err, ErrRefused) {
		t.Errorf("a start in the middle of a promotion: %v", err)
	}
	if err := s.Abort(t.Context(), "stable does not come up"); err != nil {
		t.Fatal(err)
	}
	s.ended(before, one)
}

// TestKilled ends the commands at every step that they say, and gives them
// again: the end is the same, and no moment is unserved.
func TestKilled(t *testing.T) {
	for _, file := range files {
		t.Run(file, func(t *testing.T) { killed(t, stageOf(t, file)) })
	}
}

func killed(t *testing.T, s *stage) {
	before := s.specs()
	say := s.say
	kill := func(name string, command func(context.Context) error) (kills int) {
		for at := 0; ; at++ {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			s.say = func(step string) {
				say(step)
				if n == at {
					cancel() // the call that is about to be made fails
				}
				n++
			}
			err := command(ctx)
			cancel()
			switch {
			case err == nil || errors.Is(err, ErrNone):
				return kills
			case ctx.Err() == nil:
				t.Fatalf("%s, ended %d times: %v", name, kills, err)
			}
			kills++
		}
	}
	end := map[string]func(context.Context) error{
		"promote": s.Promote,
		"abort":   func(ctx context.Context) error { return s.Abort(ctx, "an order of the test") },
	}
	image := one
	for _, name := range []string{"abort", "promote"} {
		if n := kill("start", func(ctx context.Context) error { return s.Start(ctx, plan) }); n < 3 {
			t.Errorf("start was ended at %d steps", n)
		}
		if n := kill(name, end[name]); n < 3 {
			t.Errorf("%s was ended at %d steps", name, n)
		}
		if name == "promote" {
			image = two
		}
		s.ended(before, image)
	}
}

// TestKilledBeforeTheGateways: an abort that was ended when the share was gone
// and a gateway did not have that yet is finished by waiting for it, even where
// nothing but the gateway tells.
func TestKilledBeforeTheGateways(t *testing.T) {
	s := stageOf(t, "delegate.yaml")
	before := s.specs()
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	s.gateway.hold(true)
	ctx, cancel := context.WithCancel(t.Context())
	say := s.say
	s.say = func(step string) {
		say(step)
		if strings.HasPrefix(step, "waiting: no gateway") {
			cancel()
		}
	}
	if err := s.Abort(ctx, "an order of the test"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s.say = say
	if after := s.specs(); after != before {
		t.Errorf("the mesh is %s", after)
	}
	done := make(chan error, 1)
	go func() { done <- s.Abort(t.Context(), "an order of the test") }()
	s.gateway.seen(10)
	if err := s.available(s.names.canary(), 1); err != nil {
		t.Errorf("a gateway sends to the canary yet: %v", err)
	}
	s.gateway.hold(false)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s.ended(before, one)
}

// TestGateways finds the pods of the gateways, by the VirtualService itself and
// by one that delegates to it.
func TestGateways(t *testing.T) {
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			s := stageOf(t, file)
			g := gateways{s.clients, s.names}
			if _, err := g.running(t.Context()); !errors.Is(err, ErrRefused) {
				t.Errorf("no gateway runs: %v", err)
			}
			for _, name := range []string{"a", "b", "pending"} {
				made, err := s.pods.Create(t.Context(), &corev1.Pod{
					ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"istio": "ingressgateway-" + s.names.Namespace}},
					Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "proxy", Image: "proxy:1"}}},
				}, metav1.CreateOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if made.Status.Phase = corev1.PodRunning; name == "pending" {
					made.Status.Phase = corev1.PodPending
				}
				if _, err := s.pods.UpdateStatus(t.Context(), made, metav1.UpdateOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			pods, err := g.running(t.Context())
			if err != nil || len(pods) != 2 || pods[0].Name != "a" || pods[1].Name != "b" {
				t.Errorf("%d pods, %v", len(pods), err)
			}
			// Here is no kubelet that could forward.
			if _, _, err := g.Open(t.Context()); err == nil || !strings.Contains(err.Error(), "reach Envoy of gateway pod "+s.names.Namespace+"/a") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestConflict: who changes an object meanwhile is not undone.
func TestConflict(t *testing.T) {
	s := newStage(t)
	say := s.say
	touch := func(ctx context.Context) {
		for _, patch := range []func() error{
			func() error {
				_, err := s.virtualServices.Patch(ctx, s.names.VirtualService, types.JSONPatchType, []byte(`[{"op":"replace","path":"/spec/http/0/directResponse/status","value":410}]`), metav1.PatchOptions{})
				return err
			},
			func() error {
				_, err := s.destinationRules.Patch(ctx, s.names.DestinationRule, types.MergePatchType, []byte(`{"metadata":{"labels":{"touched":"yes"}}}`), metav1.PatchOptions{})
				return err
			},
			func() error {
				_, err := s.deployments.Patch(ctx, s.names.Deployment, types.MergePatchType, []byte(`{"metadata":{"labels":{"touched":"yes"}},"spec":{"replicas":3}}`), metav1.PatchOptions{})
				return err
			},
		} {
			if err := patch(); err != nil {
				t.Error(err)
			}
		}
	}
	touched := 0
	s.say = func(step string) {
		say(step)
		// Between the reading and the writing of an object, once each.
		if strings.HasPrefix(step, "VirtualService:") || strings.HasPrefix(step, "DestinationRule:") || strings.HasPrefix(step, "stable") {
			if touched < 3 {
				touched++
				touch(t.Context())
			}
		}
	}
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	touched = 0
	if err := s.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := s.specs(); !strings.Contains(after, "410") || strings.Contains(after, `"canary"`) {
		t.Errorf("the mesh is %s", after)
	}
}

// TestStrangers: what was not made by this command is not touched, and what a
// stranger left half-way is cleared.
func TestStrangers(t *testing.T) {
	s := newStage(t)
	before := s.specs()
	if err := s.Start(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	other := plan
	other.Image = "ghcr.io/gravitywavesml/gravity_techanalysis:3"
	if err := s.Start(t.Context(), other); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), two) {
		t.Errorf("a second canary: %v", err)
	}
	if err := s.deployments.Delete(t.Context(), s.names.canary(), metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	s.gateway.mu.Lock()
	s.gateway.unserved = nil // the stranger's doing
	s.gateway.mu.Unlock()
	if err := s.Abort(t.Context(), "its Deployment is gone"); err != nil {
		t.Fatal(err)
	}
	s.gateway.mu.Lock()
	s.gateway.unserved = nil
	s.gateway.mu.Unlock()
	s.ended(before, one)

	stable, err := s.deployments.Get(t.Context(), s.names.Deployment, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	strange, err := s.names.clone(stable, two, 1)
	if err != nil {
		t.Fatal(err)
	}
	strange.Annotations = nil
	if _, err := s.deployments.Create(t.Context(), strange, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"start": s.Start(t.Context(), plan), "abort": s.Abort(t.Context(), ""), "promote": s.Promote(t.Context())} {
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "was not made by this command") {
			t.Errorf("%s of a stranger's Deployment: %v", name, err)
		}
	}
}

// TestRefused: what does not fit is refused before anything is made.
func TestRefused(t *testing.T) {
	s := newStage(t)
	for _, p := range []Plan{{Weight: 20, Policy: plan.Policy}, {Image: two, Policy: plan.Policy}, {Image: two, Weight: 100, Policy: plan.Policy}, {Image: two, Weight: 20, Replicas: -1, Policy: plan.Policy}} {
		if err := s.Start(t.Context(), p); !errors.Is(err, ErrRefused) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	vs, err := s.virtualServices.Get(t.Context(), s.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	vs.Spec.Http[1].Route[0].Destination.Subset = ""
	if _, err := s.virtualServices.Update(t.Context(), vs, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), plan); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "HTTP route 1") {
		t.Errorf("a route without a subset: %v", err)
	}
	if err := s.virtualServices.Delete(t.Context(), s.names.VirtualService, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), plan); !apierrors.IsNotFound(err) || !strings.Contains(err.Error(), `"technical-analysis" not found`) {
		t.Errorf("no VirtualService: %v", err)
	}
	if _, err := s.State(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("a canary was made: %v", err)
	}
}
