package traffic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	istio "istio.io/api/networking/v1alpha3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
)

// adminPort is Envoy's administration, which listens on a pod's loopback alone.
const adminPort = "15000"

// Proxies are the gateways' Envoys.
type Proxies interface {
	// Open makes the administration of every Envoy reachable, as URLs by the
	// names of the pods, until close is called.
	Open(ctx context.Context) (admins map[string]string, close func(), err error)
}

// gateways are the pods that the VirtualService's Gateways select, reached as
// kubectl port-forward does: it needs the right to create pods/portforward in
// their namespace, and no network path to them.
type gateways struct {
	*clients
	names Names
}

func (g gateways) Open(ctx context.Context) (admins map[string]string, close func(), err error) {
	pods, err := g.running(ctx)
	if err != nil {
		return nil, nil, err
	}
	admins = map[string]string{}
	stop := make(chan struct{})
	defer func() {
		if err != nil {
			closeOnce(stop)
		}
	}()
	for _, p := range pods {
		if admins[p.Name], err = g.forward(ctx, p, stop); err != nil {
			return nil, nil, fmt.Errorf("reach Envoy of gateway pod %s/%s: %w", p.Namespace, p.Name, err)
		}
	}
	return admins, func() { closeOnce(stop) }, nil
}

func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// running are the gateways' pods that take traffic.
func (g gateways) running(ctx context.Context) ([]corev1.Pod, error) {
	names, err := g.bound(ctx)
	if err != nil {
		return nil, err
	}
	var found []corev1.Pod
	for _, name := range names {
		gw, err := g.mesh.Gateways(name.Namespace).Get(ctx, name.Name, metav1.GetOptions{})
		if err != nil {
			return nil, fmt.Errorf("read the Gateway: %w", err)
		}
		selector := metav1.FormatLabelSelector(&metav1.LabelSelector{MatchLabels: gw.Spec.Selector})
		list, err := g.podsIn(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: selector})
		if err != nil {
			return nil, fmt.Errorf("list the pods of Gateway %s: %w", name, err)
		}
		for _, p := range list.Items {
			if p.Status.Phase == corev1.PodRunning && p.DeletionTimestamp == nil {
				found = append(found, p)
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: no gateway pod is running for VirtualService %s", ErrRefused, g.names.VirtualService)
	}
	return found, nil
}

// bound are the Gateways to which the VirtualService is bound, by itself or by
// those that delegate to it.
func (g gateways) bound(ctx context.Context) (found []types.NamespacedName, err error) {
	list, err := g.mesh.VirtualServices(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list the VirtualServices: %w", err)
	}
	for _, vs := range list.Items {
		if vs.Namespace != g.names.Namespace || vs.Name != g.names.VirtualService {
			if !slices.ContainsFunc(vs.Spec.Http, func(r *istio.HTTPRoute) bool {
				return r.Delegate.GetName() == g.names.VirtualService && cmp.Or(r.Delegate.GetNamespace(), vs.Namespace) == g.names.Namespace
			}) {
				continue
			}
		}
		for _, name := range vs.Spec.Gateways {
			if name == "mesh" {
				continue
			}
			namespace, base, other := strings.Cut(name, "/")
			if !other {
				namespace, base = vs.Namespace, name
			}
			if n := (types.NamespacedName{Namespace: namespace, Name: base}); !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	return found, nil
}

// forward opens a loopback port here for the administration of a pod's Envoy.
func (g gateways) forward(ctx context.Context, p corev1.Pod, stop chan struct{}) (string, error) {
	transport, upgrader, err := spdy.RoundTripperFor(g.config)
	if err != nil {
		return "", err
	}
	to := g.core.Post().Resource("pods").Namespace(p.Namespace).Name(p.Name).SubResource("portforward").URL()
	ready, failed := make(chan struct{}), make(chan error, 1)
	f, err := portforward.NewOnAddresses(spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, to),
		[]string{"127.0.0.1"}, []string{"0:" + adminPort}, stop, ready, io.Discard, io.Discard)
	if err != nil {
		return "", err
	}
	go func() { failed <- f.ForwardPorts() }()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case err := <-failed:
		if err == nil {
			err = errors.New("the connection was closed")
		}
		return "", err
	case <-ready:
	}
	ports, err := f.GetPorts()
	if err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", ports[0].Local)}).String(), nil
}
