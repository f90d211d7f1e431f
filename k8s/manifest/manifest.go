// Package manifest renders the overlays of this module, as `kubectl kustomize`
// does, and reads what comes out with the types of the API: a field that no type
// has is an error. It asks no cluster.
package manifest

import (
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	security "istio.io/client-go/pkg/apis/security/v1"
	telemetry "istio.io/client-go/pkg/apis/telemetry/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// An Object is one object of a rendered overlay: its type is that of the API,
// *appsv1.Deployment for example.
type Object = metav1.Object

// A kind makes an empty object, and of Istio's also gives its spec.
type kind struct {
	empty func() Object
	spec  func(Object) proto.Message // nil for Kubernetes' own
}

var kinds = map[string]kind{
	"v1/Namespace":                             {func() Object { return &corev1.Namespace{} }, nil},
	"v1/ResourceQuota":                         {func() Object { return &corev1.ResourceQuota{} }, nil},
	"v1/LimitRange":                            {func() Object { return &corev1.LimitRange{} }, nil},
	"v1/ServiceAccount":                        {func() Object { return &corev1.ServiceAccount{} }, nil},
	"v1/ConfigMap":                             {func() Object { return &corev1.ConfigMap{} }, nil},
	"v1/Secret":                                {func() Object { return &corev1.Secret{} }, nil},
	"v1/Service":                               {func() Object { return &corev1.Service{} }, nil},
	"apps/v1/Deployment":                       {func() Object { return &appsv1.Deployment{} }, nil},
	"autoscaling/v2/HorizontalPodAutoscaler":   {func() Object { return &autoscalingv2.HorizontalPodAutoscaler{} }, nil},
	"policy/v1/PodDisruptionBudget":            {func() Object { return &policyv1.PodDisruptionBudget{} }, nil},
	"scheduling.k8s.io/v1/PriorityClass":       {func() Object { return &schedulingv1.PriorityClass{} }, nil},
	"networking.k8s.io/v1/NetworkPolicy":       {func() Object { return &networkingv1.NetworkPolicy{} }, nil},
	"networking.istio.io/v1/Gateway":           {func() Object { return &networking.Gateway{} }, func(o Object) proto.Message { return &o.(*networking.Gateway).Spec }},
	"networking.istio.io/v1/VirtualService":    {func() Object { return &networking.VirtualService{} }, func(o Object) proto.Message { return &o.(*networking.VirtualService).Spec }},
	"networking.istio.io/v1/DestinationRule":   {func() Object { return &networking.DestinationRule{} }, func(o Object) proto.Message { return &o.(*networking.DestinationRule).Spec }},
	"networking.istio.io/v1/Sidecar":           {func() Object { return &networking.Sidecar{} }, func(o Object) proto.Message { return &o.(*networking.Sidecar).Spec }},
	"security.istio.io/v1/PeerAuthentication":  {func() Object { return &security.PeerAuthentication{} }, func(o Object) proto.Message { return &o.(*security.PeerAuthentication).Spec }},
	"security.istio.io/v1/AuthorizationPolicy": {func() Object { return &security.AuthorizationPolicy{} }, func(o Object) proto.Message { return &o.(*security.AuthorizationPolicy).Spec }},
	"telemetry.istio.io/v1/Telemetry":          {func() Object { return &telemetry.Telemetry{} }, func(o Object) proto.Message { return &o.(*telemetry.Telemetry).Spec }},
}

// Render renders the kustomization in a folder, in the order of its output.
func Render(dir string) ([]Object, error) {
	rendered, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", dir, err)
	}
	objects := make([]Object, 0, rendered.Size())
	for _, r := range rendered.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			return nil, fmt.Errorf("render %s: %s: %w", dir, r.CurId(), err)
		}
		o, err := Decode(text)
		if err != nil {
			return nil, fmt.Errorf("render %s: %s: %w", dir, r.CurId(), err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// Decode reads one object and refuses a kind that these manifests do not have, a
// field that the kind does not have, and a key given twice.
func Decode(text []byte) (Object, error) {
	var meta metav1.TypeMeta
	if err := yaml.Unmarshal(text, &meta); err != nil {
		return nil, err
	}
	k, ok := kinds[meta.APIVersion+"/"+meta.Kind]
	if !ok {
		return nil, fmt.Errorf("%s of %s is no kind of these manifests", meta.Kind, meta.APIVersion)
	}
	inJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	o := k.empty()
	unknown, err := kjson.UnmarshalStrict(inJSON, o)
	if err := errors.Join(append(unknown, err)...); err != nil {
		return nil, err
	}
	if k.spec == nil {
		return o, nil
	}
	// Istio's types read their own JSON and ignore what they do not know.
	var parts struct{ Spec json.RawMessage }
	if err := json.Unmarshal(inJSON, &parts); err != nil {
		return nil, err
	}
	strict := k.spec(o).ProtoReflect().New().Interface()
	if err := protojson.Unmarshal(parts.Spec, strict); err != nil {
		return nil, err
	}
	return o, nil
}

// All gives the objects of one type, in their order.
func All[T Object](objects []Object) []T {
	var found []T
	for _, o := range objects {
		if t, ok := o.(T); ok {
			found = append(found, t)
		}
	}
	return found
}

// One gives the object of one type and name, or an error that names it.
func One[T Object](objects []Object, name string) (T, error) {
	for _, o := range All[T](objects) {
		if o.GetName() == name {
			return o, nil
		}
	}
	var none T
	return none, fmt.Errorf("the manifests have no %T %s", none, name)
}
