package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	istio "istio.io/api/networking/v1alpha3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// stage is a namespace of its own in a real API server, in which the test plays
// what is not there: the controllers and the kubelet, and a gateway.
type stage struct {
	*Traffic
	t       *testing.T
	gateway *playedGateway

	mu     sync.Mutex
	images map[string]string // why an image does not run, by image
	steps  []string
}

func newStage(t *testing.T) *stage { return stageOf(t, "service.yaml") }

// stageOf is a stage with the objects of a file of testdata.
func stageOf(t *testing.T, file string) *stage {
	t.Helper()
	kubeconfig := apiServer(t)
	// A namespace cannot be removed without its controller: each test has another.
	namespace := fmt.Sprintf("test-%s-%d", strings.ToLower(strings.NewReplacer("/", "-", "_", "-", ".", "-").Replace(t.Name())), time.Now().UnixNano()%1e9)
	post(t, kubeconfig, "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: "+namespace+"}}")
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range strings.Split(strings.ReplaceAll(string(text), "@NAMESPACE@", namespace), "\n---\n") {
		kind := strings.ToLower(field(doc, "kind: ")) + "s"
		post(t, kubeconfig, "/apis/"+field(doc, "apiVersion: ")+"/namespaces/"+namespace+"/"+kind, doc)
	}
	s := &stage{t: t, images: map[string]string{}}
	s.Traffic = s.command(kubeconfig, namespace)
	s.gateway = newGateway(s)
	s.Traffic.proxies = s.gateway
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			s.control(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	eventually(t, 20*time.Second, func() error { return s.available(s.names.Deployment, 3) })
	return s
}

func field(doc, key string) string {
	_, rest, _ := strings.Cut("\n"+doc, "\n"+key)
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

// command is what a new process has: clients of its own.
func (s *stage) command(kubeconfig, namespace string) *Traffic {
	c, err := New(kubeconfig, DefaultNames(namespace), func(step string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.steps = append(s.steps, step)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	c.poll, c.settle, c.drain, c.rollout = 20*time.Millisecond, 20*time.Second, 20*time.Second, 20*time.Second
	return c
}

func (s *stage) said(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, step := range s.steps {
		if strings.Contains(step, what) {
			return true
		}
	}
	return false
}

// fails has pods of an image wait for a reason for ever.
func (s *stage) fails(image, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.images[image] = reason
}

func (s *stage) available(name string, n int32) error {
	d, err := s.deployments.Get(context.Background(), name, metav1.GetOptions{})
	if err == nil && (d.Status.AvailableReplicas != n || d.Status.ObservedGeneration != d.Generation) {
		err = fmt.Errorf("%s has %d pods available", name, d.Status.AvailableReplicas)
	}
	return err
}

// control plays the controllers and the kubelet once: each Deployment has its
// pods, all at once, and a status.
func (s *stage) control(ctx context.Context) {
	list, err := s.deployments.List(ctx, metav1.ListOptions{})
	if err != nil {
		return
	}
	pods, err := s.pods.List(ctx, metav1.ListOptions{})
	if err != nil {
		return
	}
	wanted := map[string]bool{}
	for _, d := range list.Items {
		ready := int32(0)
		for i := range replicas(&d) {
			name := fmt.Sprintf("%s-%s-%d", d.Name, tag(image(&d)), i)
			wanted[name] = true
			if s.pod(ctx, &d, name, pods.Items) {
				ready++
			}
		}
		was := d.Status
		d.Status = appsv1.DeploymentStatus{
			ObservedGeneration: d.Generation, Replicas: replicas(&d), UpdatedReplicas: replicas(&d),
			ReadyReplicas: ready, AvailableReplicas: ready, UnavailableReplicas: replicas(&d) - ready,
		}
		if was.ObservedGeneration != d.Generation || was.AvailableReplicas != ready || was.Replicas != replicas(&d) {
			_, _ = s.deployments.UpdateStatus(ctx, &d, metav1.UpdateOptions{})
		}
	}
	none := int64(0)
	for _, p := range pods.Items {
		if !wanted[p.Name] && p.Labels["app"] == "technical-analysis" {
			_ = s.pods.Delete(ctx, p.Name, metav1.DeleteOptions{GracePeriodSeconds: &none})
		}
	}
}

func tag(image string) string { return image[strings.LastIndexByte(image, ':')+1:] }

// pod makes a pod of a Deployment, and says whether it is ready.
func (s *stage) pod(ctx context.Context, d *appsv1.Deployment, name string, have []corev1.Pod) bool {
	s.mu.Lock()
	reason := s.images[image(d)]
	s.mu.Unlock()
	for _, p := range have {
		if p.Name == name && len(p.Status.ContainerStatuses) > 0 {
			return p.Status.ContainerStatuses[0].Ready
		}
	}
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: d.Spec.Template.Labels}, Spec: d.Spec.Template.Spec}
	made, err := s.pods.Create(ctx, p, metav1.CreateOptions{})
	if err != nil {
		if made, err = s.pods.Get(ctx, name, metav1.GetOptions{}); err != nil {
			return false
		}
	}
	c := corev1.ContainerStatus{Name: "technical-analysis", Image: image(d), Ready: reason == ""}
	if reason != "" {
		c.State.Waiting = &corev1.ContainerStateWaiting{Reason: reason, Message: "as the test has it"}
	}
	made.Status.Phase = corev1.PodRunning
	made.Status.ContainerStatuses = []corev1.ContainerStatus{c}
	_, err = s.pods.UpdateStatus(ctx, made, metav1.UpdateOptions{})
	return err == nil && reason == ""
}

// playedGateway answers for Envoy from what is in the API server, when it is
// let; what it answers has the form of a real one (TestEnvoy).
type playedGateway struct {
	s      *stage
	served *httptest.Server

	mu       sync.Mutex
	held     bool // keeps what it has
	active   int  // requests that the canary is answering
	looks    int
	has      bool // the subset
	routes   []*istio.HTTPRoute
	unserved []string // moments at which it had a route to a subset that it did not have, or without pods
}

func newGateway(s *stage) *playedGateway {
	g := &playedGateway{s: s}
	g.served = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.looks++
		if err := g.sync(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if r.URL.Path == "/clusters" {
			_ = json.NewEncoder(w).Encode(g.clusters(r.Context()))
			return
		}
		_ = json.NewEncoder(w).Encode(g.dump())
	}))
	s.t.Cleanup(g.served.Close)
	return g
}

func (g *playedGateway) Open(context.Context) (map[string]string, func(), error) {
	return map[string]string{"played": g.served.URL}, func() {}, nil
}

func (g *playedGateway) hold(held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = held
}

func (g *playedGateway) answering(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active = n
}

// seen waits until it has been looked at so many times more.
func (g *playedGateway) seen(n int) {
	g.mu.Lock()
	until := g.looks + n
	g.mu.Unlock()
	eventually(g.s.t, 20*time.Second, func() error {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.looks < until {
			return fmt.Errorf("the gateway was looked at %d of %d times", g.looks, until)
		}
		return nil
	})
}

// sync takes what the API server has, the routes before the clusters as no
// istiod would: the worst that can be.
func (g *playedGateway) sync(ctx context.Context) error {
	if g.held {
		return nil
	}
	vs, err := g.s.virtualServices.Get(ctx, g.s.names.VirtualService, metav1.GetOptions{})
	if err != nil {
		return err
	}
	g.routes = vs.Spec.Http
	dr, err := g.s.destinationRules.Get(ctx, g.s.names.DestinationRule, metav1.GetOptions{})
	if err != nil {
		return err
	}
	had := g.has
	g.has = slices.ContainsFunc(dr.Spec.Subsets, func(s *istio.Subset) bool { return s.Name == Canary })
	if g.s.names.shares(&vs.Spec) && !had {
		g.unserved = append(g.unserved, "a route without a subset")
	}
	if g.s.names.shares(&vs.Spec) {
		if d, err := g.s.deployments.Get(ctx, g.s.names.canary(), metav1.GetOptions{}); err != nil || d.Status.AvailableReplicas == 0 {
			g.unserved = append(g.unserved, "a route without pods")
		}
	}
	if had && !g.has && g.active > 0 {
		g.unserved = append(g.unserved, "no subset while requests are answered")
	}
	return nil
}

func (g *playedGateway) name() string {
	return "outbound|8000|canary|technical-analysis-service." + g.s.names.Namespace + ".svc.cluster.local"
}

func (g *playedGateway) clusters(ctx context.Context) any {
	type object = map[string]any
	statuses := []object{{"name": strings.Replace(g.name(), "canary", "stable", 1)}}
	if g.has {
		hosts := []object{}
		if d, err := g.s.deployments.Get(ctx, g.s.names.canary(), metav1.GetOptions{}); err == nil {
			for range d.Status.AvailableReplicas {
				hosts = append(hosts, object{"stats": []object{{"name": "rq_active", "type": "GAUGE", "value": fmt.Sprint(g.active)}}, "health_status": object{"eds_health_status": "HEALTHY"}})
			}
		}
		statuses = append(statuses, object{"name": g.name(), "host_statuses": hosts})
	}
	return object{"cluster_statuses": statuses}
}

func (g *playedGateway) dump() any {
	type object = map[string]any
	routes := []object{}
	for _, r := range g.routes {
		cluster := func(d *istio.HTTPRouteDestination) string {
			return strings.Replace(g.name(), "|canary|", "|"+d.Destination.Subset+"|", 1)
		}
		switch len(r.Route) {
		case 0:
			routes = append(routes, object{"direct_response": object{"status": 404}})
		case 1:
			routes = append(routes, object{"route": object{"cluster": cluster(r.Route[0])}})
		default:
			var weighted []object
			for _, d := range r.Route {
				if d.Weight == 0 {
					continue // as istiod has it
				}
				weighted = append(weighted, object{"name": cluster(d), "weight": d.Weight})
			}
			routes = append(routes, object{"route": object{"weighted_clusters": object{"clusters": weighted}}})
		}
	}
	return object{"configs": []object{{"route_config": object{"virtual_hosts": []object{{"routes": routes}}}}}}
}
