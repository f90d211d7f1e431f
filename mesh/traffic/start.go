package traffic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	istio "istio.io/api/networking/v1alpha3"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
)

// Plan is a canary to be.
type Plan struct {
	Image    string
	Weight   int32 // percent of the requests, 1 to 99
	Replicas int32 // 0: as many as carry the weight
	Policy   canary.Policy
}

// Check says what is wrong with a plan.
func (p Plan) Check() error {
	switch {
	case p.Image == "":
		return fmt.Errorf("%w: a canary needs an image", ErrRefused)
	case p.Weight < 1 || p.Weight > 99:
		return fmt.Errorf("%w: the weight of a canary must be from 1 to 99 percent, not %d", ErrRefused, p.Weight)
	case p.Replicas < 0:
		return fmt.Errorf("%w: %d replicas", ErrRefused, p.Replicas)
	}
	return p.Policy.Check()
}

// Start gives a new version its share of the traffic, or goes on with that; with
// another weight it changes the share. A version that does not come up is
// aborted, before it had a request, and the error wraps ErrFailed.
func (t *Traffic) Start(ctx context.Context, p Plan) error {
	if err := p.Check(); err != nil {
		return err
	}
	if err := t.fits(ctx); err != nil {
		return err
	}
	if err := t.created(ctx, p); err != nil {
		return err
	}
	if err := t.rolledOut(ctx, t.names.canary()); err != nil {
		if errors.Is(err, ErrFailed) {
			return errors.Join(fmt.Errorf("aborted: %w", err), t.Abort(ctx, err.Error()))
		}
		return err
	}
	d, r, err := t.canary(ctx)
	if err != nil {
		return err
	}
	if err := t.keep(ctx, func(r *record) { r.Shared = true }); err != nil {
		return err
	}
	err = t.setSubsets(ctx, "DestinationRule: subset "+Canary, func(dr *networking.DestinationRule) error { return t.names.subset(&dr.Spec) })
	if err != nil {
		return err
	}
	err = t.everywhere(ctx, "every gateway has the canary's pods", t.settle, 1, func(e envoy) (bool, string) { return t.names.has(e, int(replicas(d))) })
	if err != nil {
		return err
	}
	weight := r.Weight
	err = t.setRoutes(ctx, fmt.Sprintf("VirtualService: %d %% for the canary", weight), func(vs *istio.VirtualService) error { return t.names.share(vs, weight) })
	if err != nil {
		return err
	}
	err = t.everywhere(ctx, fmt.Sprintf("every gateway gives the canary %d %%", weight), t.settle, 1, func(e envoy) (bool, string) { return t.names.gives(e, weight) })
	if err != nil {
		return err
	}
	return t.keep(ctx, func(r *record) {
		if r.Since.IsZero() {
			r.Since = time.Now().UTC().Truncate(time.Millisecond)
		}
	})
}

// fits looks at what is to be changed before anything is.
func (t *Traffic) fits(ctx context.Context) error {
	vs, err := t.virtualServices.Get(ctx, t.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("read the VirtualService: %w", err)
	}
	if err := t.names.share(vs.Spec.DeepCopy(), 1); err != nil {
		return err
	}
	dr, err := t.destinationRules.Get(ctx, t.names.DestinationRule, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("read the DestinationRule: %w", err)
	}
	return t.names.subset(dr.Spec.DeepCopy())
}

// created makes the canary's Deployment, or takes the one that is there.
func (t *Traffic) created(ctx context.Context, p Plan) error {
	stable, err := t.deployments.Get(ctx, t.names.Deployment, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("read the stable Deployment: %w", err)
	}
	count := p.Replicas
	if count == 0 {
		count = fit(stable, p.Weight)
	}
	switch d, r, err := t.canary(ctx); {
	case err == nil && r.Intent != Starting:
		return fmt.Errorf("%w: the canary of %s is being ended; give the command %s again to finish that", ErrRefused, image(d), r.Intent)
	case err == nil && image(d) != p.Image:
		return fmt.Errorf("%w: there is a canary of %s already; promote or abort it first", ErrRefused, image(d))
	case err == nil:
		return t.again(ctx, d, p, count)
	case !errors.Is(err, ErrNone):
		return err
	}
	d, err := t.names.clone(stable, p.Image, count)
	if err != nil {
		return err
	}
	text, err := json.Marshal(record{Intent: Starting, Weight: p.Weight, StableImage: image(stable), Policy: p.Policy})
	if err != nil {
		return err
	}
	d.Annotations[Annotation] = string(text)
	t.say(fmt.Sprintf("Deployment %s: %d pods of %s", d.Name, count, p.Image))
	if _, err := t.deployments.Create(ctx, d, metav1.CreateOptions{FieldManager: Manager}); err != nil {
		return fmt.Errorf("create Deployment %s: %w", d.Name, err)
	}
	return nil
}

// again fits a canary that is there to a plan. With another weight it is judged
// anew: what was counted under the old one is not comparable.
func (t *Traffic) again(ctx context.Context, d *appsv1.Deployment, p Plan, count int32) error {
	if count > replicas(d) {
		t.say(fmt.Sprintf("Deployment %s: %d pods", d.Name, count))
		patch := map[string]any{"metadata": map[string]any{"resourceVersion": d.ResourceVersion}, "spec": map[string]any{"replicas": count}}
		if err := t.patchDeployment(ctx, d.Name, patch); err != nil {
			return fmt.Errorf("scale Deployment %s: %w", d.Name, err)
		}
	}
	return t.keep(ctx, func(r *record) {
		if r.Weight != p.Weight {
			r.Weight, r.Since = p.Weight, time.Time{}
		}
		r.Policy = p.Policy
	})
}
