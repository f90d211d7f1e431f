package traffic

import (
	"context"
	"errors"
	"fmt"
	"slices"

	istio "istio.io/api/networking/v1alpha3"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Promote makes the canary's image the stable one, and takes the canary away
// when the stable pods have it. Where they do not come up, the canary stays and
// the error wraps ErrFailed: Abort then gives the stable Deployment its old
// image back.
func (t *Traffic) Promote(ctx context.Context) error {
	d, r, err := t.canary(ctx)
	if err != nil {
		return err
	}
	if r.Intent == Aborting {
		return fmt.Errorf("%w: the canary is being aborted", ErrRefused)
	}
	if r.Since.IsZero() {
		return fmt.Errorf("%w: the canary has no share of the traffic yet", ErrRefused)
	}
	if err := t.keep(ctx, func(r *record) { r.Intent, r.Promoted = Promoting, true }); err != nil {
		return err
	}
	if err := t.setImage(ctx, image(d)); err != nil {
		return err
	}
	if err := t.rolledOut(ctx, t.names.Deployment); err != nil {
		return err
	}
	if err := t.drained(ctx); err != nil {
		return err
	}
	return t.removed(ctx)
}

// Abort takes the canary away, and gives the stable Deployment its image back
// where a promotion had changed it. It also ends what is left of a canary whose
// Deployment is gone. Reason is kept until the end.
func (t *Traffic) Abort(ctx context.Context, reason string) error {
	_, r, err := t.canary(ctx)
	gone := errors.Is(err, ErrNone)
	if err != nil && !gone {
		return err
	}
	if gone {
		if r.Shared, err = t.left(ctx); err != nil {
			return err
		}
		if !r.Shared {
			return ErrNone
		}
	} else if err := t.keep(ctx, func(r *record) { r.Intent, r.Reason = Aborting, reason }); err != nil {
		return err
	}
	if r.Shared {
		if err := t.drained(ctx); err != nil {
			return err
		}
	}
	if r.Promoted {
		if err := t.setImage(ctx, r.StableImage); err != nil {
			return err
		}
		if err := t.rolledOut(ctx, t.names.Deployment); err != nil {
			return err
		}
	}
	return t.removed(ctx)
}

// left says whether there is anything of a canary in the mesh's configuration.
func (t *Traffic) left(ctx context.Context) (bool, error) {
	dr, err := t.destinationRules.Get(ctx, t.names.DestinationRule, metav1.GetOptions{})
	if err != nil {
		return false, fmt.Errorf("read the DestinationRule: %w", err)
	}
	vs, err := t.virtualServices.Get(ctx, t.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		return false, fmt.Errorf("read the VirtualService: %w", err)
	}
	return added(dr) || t.names.shares(&vs.Spec), nil
}

// drained takes the canary out of the traffic: no share, then no request, then
// no subset, if it was added. The gateways are asked whatever the objects say:
// an earlier command may have changed them, and not have waited.
func (t *Traffic) drained(ctx context.Context) error {
	err := t.setRoutes(ctx, "VirtualService: nothing for the canary", func(vs *istio.VirtualService) error {
		t.names.unshare(vs)
		return nil
	})
	if err != nil {
		return err
	}
	err = t.everywhere(ctx, "no gateway sends to the canary", t.settle, 1, func(e envoy) (bool, string) {
		return !t.names.sends(e), "it has a route to the canary"
	})
	if err != nil {
		return err
	}
	// A request that is tried again is for a moment nowhere: it keeps the route
	// that it had, so quiet must last.
	err = t.everywhere(ctx, "the canary's last requests are answered", t.drain, quietLooks, func(e envoy) (bool, string) {
		n := t.names.active(e)
		return n == 0, fmt.Sprintf("%d requests are being answered", n)
	})
	if err != nil {
		return err
	}
	return t.setSubsets(ctx, "DestinationRule: no subset "+Canary, func(dr *networking.DestinationRule) error {
		if added(dr) {
			dr.Spec.Subsets = slices.DeleteFunc(dr.Spec.Subsets, func(s *istio.Subset) bool { return s.Name == Canary })
		}
		return nil
	})
}

// quietLooks is how often in a row the gateways must be found without a request
// to the canary: together longer than the quarter of a second at most that Envoy
// waits before it tries a request again.
const quietLooks = 3

// removed deletes the canary's Deployment, which has no traffic any more, and
// waits for the end of its pods.
func (t *Traffic) removed(ctx context.Context) error {
	d, _, err := t.canary(ctx)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	t.say("Deployment " + d.Name + ": deleted")
	background := metav1.DeletePropagationBackground
	err = t.deployments.Delete(ctx, d.Name, metav1.DeleteOptions{PropagationPolicy: &background, Preconditions: &metav1.Preconditions{UID: &d.UID}})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete Deployment %s: %w", d.Name, err)
	}
	return t.until(ctx, "its pods have ended", t.drain, func() (bool, string, error) {
		pods, err := t.podsOf(ctx, d)
		return len(pods) == 0, fmt.Sprintf("%d pods are left", len(pods)), err
	})
}
