package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	istio "istio.io/api/networking/v1alpha3"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
)

// setRoutes changes the HTTP routes of the VirtualService. What it does not
// change it does not write: fields that a newer Istio has elsewhere are kept.
func (t *Traffic) setRoutes(ctx context.Context, step string, change func(*istio.VirtualService) error) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		vs, err := t.virtualServices.Get(ctx, t.names.VirtualService, metav1.GetOptions{})
		if err != nil {
			return err
		}
		wanted := vs.Spec.DeepCopy()
		if err := change(wanted); err != nil || proto.Equal(&vs.Spec, wanted) {
			return err
		}
		t.say(step)
		patch, err := fieldPatch(vs.ResourceVersion, "http", wanted.Http)
		if err != nil {
			return err
		}
		_, err = t.virtualServices.Patch(ctx, vs.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: Manager})
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: VirtualService %s: %w", step, t.names.VirtualService, err)
	}
	return nil
}

// setSubsets changes the subsets of the DestinationRule.
func (t *Traffic) setSubsets(ctx context.Context, step string, change func(*networking.DestinationRule) error) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		dr, err := t.destinationRules.Get(ctx, t.names.DestinationRule, metav1.GetOptions{})
		if err != nil {
			return err
		}
		wanted := dr.DeepCopy()
		if err := change(wanted); err != nil || proto.Equal(&dr.Spec, &wanted.Spec) {
			return err
		}
		t.say(step)
		patch, err := fieldPatch(dr.ResourceVersion, "subsets", wanted.Spec.Subsets)
		if err != nil {
			return err
		}
		_, err = t.destinationRules.Patch(ctx, dr.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: Manager})
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: DestinationRule %s: %w", step, t.names.DestinationRule, err)
	}
	return nil
}

// added says whether the DestinationRule has a subset for the canary that came by
// setSubsets, and not with the manifests.
func added(dr *networking.DestinationRule) bool {
	return slices.ContainsFunc(dr.Spec.Subsets, func(s *istio.Subset) bool { return s.Name == Canary }) &&
		slices.ContainsFunc(dr.ManagedFields, func(f metav1.ManagedFieldsEntry) bool {
			return f.Manager == Manager && f.FieldsV1 != nil && strings.Contains(string(f.FieldsV1.Raw), `"f:subsets"`)
		})
}

// fieldPatch is a merge patch of one field of the spec, which is refused as a
// conflict when the object has changed since it was read.
func fieldPatch(resourceVersion, field string, value any) ([]byte, error) {
	return json.Marshal(map[string]any{
		"metadata": map[string]any{"resourceVersion": resourceVersion},
		"spec":     map[string]any{field: value},
	})
}
