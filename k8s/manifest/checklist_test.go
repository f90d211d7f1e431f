package manifest

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	networkingapi "istio.io/api/networking/v1alpha3"
	securityapi "istio.io/api/security/v1beta1"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	security "istio.io/client-go/pkg/apis/security/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

var overlays = []string{"dev", "prod"}

// each renders every overlay and runs a test on it.
func each(t *testing.T, test func(*testing.T, []Object)) {
	t.Helper()
	for _, overlay := range overlays {
		t.Run(overlay, func(t *testing.T) {
			objects, err := Render("../overlays/" + overlay)
			if err != nil {
				t.Fatal(err)
			}
			test(t, objects)
		})
	}
}

func one[T Object](t *testing.T, objects []Object, name string) T {
	t.Helper()
	o, err := One[T](objects, name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestNames: the names that operators know, all in one namespace, and nothing
// left of the placeholders that the overlays replace.
func TestNames(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		one[*corev1.Namespace](t, objects, "tech-analysis-prod")
		one[*appsv1.Deployment](t, objects, "technical-analysis")
		one[*corev1.Service](t, objects, "technical-analysis-service")
		one[*corev1.ServiceAccount](t, objects, "technical-analysis-sa")
		one[*corev1.ConfigMap](t, objects, "technical-analysis-config")
		one[*autoscalingv2.HorizontalPodAutoscaler](t, objects, "technical-analysis-hpa")
		one[*networking.Gateway](t, objects, "technical-analysis-gateway")
		one[*networking.DestinationRule](t, objects, "technical-analysis")
		for _, o := range objects {
			switch o.(type) {
			case *corev1.Namespace, *schedulingv1.PriorityClass:
			default:
				if o.GetNamespace() != "tech-analysis-prod" {
					t.Errorf("%T %s is in the namespace %q", o, o.GetName(), o.GetNamespace())
				}
			}
			text, err := yaml.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if placeholder := regexp.MustCompile(`\b(HOST|ISSUER)\b`).Find(text); placeholder != nil {
				t.Errorf("%T %s still has %s", o, o.GetName(), placeholder)
			}
		}
	})
}

// TestOwnedElsewhere: what the autoscaler, the release and the canary own is not
// in the manifests, so that applying them changes none of it.
func TestOwnedElsewhere(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		d := one[*appsv1.Deployment](t, objects, "technical-analysis")
		if d.Spec.Replicas != nil {
			t.Error("the Deployment has replicas, which are the autoscaler's")
		}
		for _, c := range d.Spec.Template.Spec.Containers {
			if c.Image != "" {
				t.Errorf("the container %s has an image, which is the release's", c.Name)
			}
		}
		for _, vs := range All[*networking.VirtualService](objects) {
			for _, r := range vs.Spec.Http {
				if len(r.Route) > 0 {
					t.Errorf("VirtualService %s, route %s has destinations, whose weights are the canary's", vs.Name, r.Name)
				}
			}
		}
		if len(All[*security.RequestAuthentication](objects)) > 0 {
			t.Error("a RequestAuthentication is in the manifests, but its keys are those of Vault")
		}
		entry := one[*networking.VirtualService](t, objects, "technical-analysis-entry")
		exposed := entry.Spec.Http[len(entry.Spec.Http)-1]
		if exposed.Delegate.GetName() != "technical-analysis" || exposed.Delegate.GetNamespace() != "tech-analysis-prod" {
			t.Errorf("the entry delegates to %v", exposed.Delegate)
		}
	})
}

// TestOwned: what deploy creates, and a command owns then, fits what is in the
// manifests: one route to the stable subset of the same host.
func TestOwned(t *testing.T) {
	owned := func(file string) Object {
		text, err := os.ReadFile("../../istio/owned/" + file)
		if err != nil {
			t.Fatal(err)
		}
		o, err := Decode(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if o.GetName() != "technical-analysis" || o.GetNamespace() != "tech-analysis-prod" {
			t.Errorf("%s: %s/%s", file, o.GetNamespace(), o.GetName())
		}
		return o
	}
	vs := owned("virtualservice.yaml").(*networking.VirtualService)
	subsets := owned("destinationrule.yaml").(*networking.DestinationRule)
	if len(vs.Spec.Hosts)+len(vs.Spec.Gateways) > 0 {
		t.Error("a VirtualService with hosts or gateways is nobody's delegate")
	}
	if len(vs.Spec.Http) != 1 || len(vs.Spec.Http[0].Route) != 1 || vs.Spec.Http[0].Route[0].Destination.Subset != "stable" {
		t.Errorf("routes: %v", vs.Spec.Http)
	}
	if len(subsets.Spec.Subsets) != 1 || subsets.Spec.Subsets[0].Name != "stable" || subsets.Spec.Subsets[0].Labels["version"] != "stable" {
		t.Errorf("subsets: %v", subsets.Spec.Subsets)
	}
	each(t, func(t *testing.T, objects []Object) {
		rule := one[*networking.DestinationRule](t, objects, "technical-analysis")
		if len(rule.Spec.Subsets) > 0 {
			t.Error("the DestinationRule has subsets, which are the canary's")
		}
		if host := vs.Spec.Http[0].Route[0].Destination.Host; host != rule.Spec.Host || subsets.Spec.Host != rule.Spec.Host {
			t.Errorf("hosts %s, %s and %s", host, subsets.Spec.Host, rule.Spec.Host)
		}
	})
}

// TestOneWayIn: no Service of the namespace can be reached from outside, and
// nothing but the Gateway names an entrance.
func TestOneWayIn(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		for _, s := range All[*corev1.Service](objects) {
			if s.Spec.Type != "" && s.Spec.Type != corev1.ServiceTypeClusterIP || len(s.Spec.ExternalIPs) > 0 {
				t.Errorf("Service %s is a %s", s.Name, s.Spec.Type)
			}
			for _, p := range s.Spec.Ports {
				if p.Name != "http" || p.Port != 8000 {
					t.Errorf("Service %s has the port %s %d", s.Name, p.Name, p.Port)
				}
			}
		}
		g := one[*networking.Gateway](t, objects, "technical-analysis-gateway")
		if len(All[*networking.Gateway](objects)) != 1 || len(g.Spec.Servers) != 2 {
			t.Fatalf("want one Gateway with two servers")
		}
		for _, s := range g.Spec.Servers {
			switch s.Port.Number {
			case 80:
				if s.Tls != nil {
					t.Error("port 80 has TLS")
				}
			case 443:
				if v := s.Tls.GetMinProtocolVersion(); v != networkingapi.ServerTLSSettings_TLSV1_2 && v != networkingapi.ServerTLSSettings_TLSV1_3 {
					t.Errorf("port 443 takes %s", v)
				}
			default:
				t.Errorf("the gateway listens on %d", s.Port.Number)
			}
		}
		entry := one[*networking.VirtualService](t, objects, "technical-analysis-entry")
		if plain := entry.Spec.Http[0]; plain.Match[0].Port != 80 || plain.Redirect.GetRedirectCode() != 308 || plain.Redirect.GetScheme() != "https" {
			t.Errorf("port 80 is not redirected with 308: %v", plain)
		}
		if host := entry.Spec.Hosts[0]; g.Spec.Servers[0].Hosts[0] != host || g.Spec.Servers[1].Hosts[0] != host {
			t.Errorf("the entry is for %s, the Gateway for %v", host, g.Spec.Servers)
		}
	})
}

// TestPods: Pod Security "restricted", a root that cannot be written, no token
// but Vault's, and every probe.
func TestPods(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		ns := one[*corev1.Namespace](t, objects, "tech-analysis-prod")
		if ns.Labels["pod-security.kubernetes.io/enforce"] != "restricted" || ns.Labels["istio-injection"] != "enabled" {
			t.Errorf("labels of the namespace: %v", ns.Labels)
		}
		if sa := one[*corev1.ServiceAccount](t, objects, "technical-analysis-sa"); sa.AutomountServiceAccountToken == nil || *sa.AutomountServiceAccountToken {
			t.Error("the ServiceAccount mounts its token")
		}
		pod := one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec
		if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken || pod.HostNetwork || pod.HostPID || pod.HostIPC {
			t.Error("the pod mounts the API's token or shares a namespace of the host")
		}
		if s := pod.SecurityContext; s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || *s.RunAsUser != 65532 ||
			s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
			t.Errorf("the pod's security context: %+v", s)
		}
		if len(pod.Containers) != 1 || len(pod.InitContainers) > 0 {
			t.Fatal("want one container")
		}
		c := pod.Containers[0]
		if s := c.SecurityContext; s == nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem || s.Privileged != nil ||
			!slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(s.Capabilities.Add) > 0 {
			t.Errorf("the container's security context: %+v", s)
		}
		for name, probe := range map[string]*corev1.Probe{"startup": c.StartupProbe, "liveness": c.LivenessProbe, "readiness": c.ReadinessProbe} {
			if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Port.StrVal != "http" {
				t.Errorf("the %s probe is not on the public port: %+v", name, probe)
			}
		}
		if c.LivenessProbe.HTTPGet.Path != "/health/live" || c.ReadinessProbe.HTTPGet.Path != "/health/ready" || c.StartupProbe.HTTPGet.Path != "/health/ready" {
			t.Error("liveness may depend on this process alone, readiness says whether to send it requests, and a start ends when it is ready")
		}
		if c.Lifecycle != nil {
			t.Error("the container has a hook: it drains by itself, and the image has no shell")
		}
		if len(pod.TopologySpreadConstraints) < 2 {
			t.Error("replicas are not spread over zones and nodes")
		}
		tokens := 0
		for _, v := range pod.Volumes {
			switch {
			case v.EmptyDir != nil && v.EmptyDir.SizeLimit != nil:
			case v.Projected != nil && len(v.Projected.Sources) == 1 && v.Projected.Sources[0].ServiceAccountToken != nil:
				if token := v.Projected.Sources[0].ServiceAccountToken; token.Audience != "vault" {
					t.Errorf("a token for the audience %q", token.Audience)
				}
				tokens++
			default:
				t.Errorf("volume %s is neither bounded and empty nor Vault's token", v.Name)
			}
		}
		if tokens != 1 {
			t.Errorf("%d tokens for Vault", tokens)
		}
	})
}

// TestPriority: the pods go before work that can wait, and not before the
// system's own.
func TestPriority(t *testing.T) {
	const system = 1_000_000_000 // of user-defined classes the highest
	each(t, func(t *testing.T, objects []Object) {
		class := one[*schedulingv1.PriorityClass](t, objects, one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec.PriorityClassName)
		if class.Value <= 0 || class.Value > system/2 || class.GlobalDefault {
			t.Errorf("the priority is %d, for all pods: %v", class.Value, class.GlobalDefault)
		}
	})
}

// TestLimitRange: a container that says nothing is bounded, and what is the most
// for one is enough for ours and for the proxy.
func TestLimitRange(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		limits := one[*corev1.LimitRange](t, objects, "technical-analysis").Spec.Limits
		if len(limits) != 1 || limits[0].Type != corev1.LimitTypeContainer {
			t.Fatalf("limits: %+v", limits)
		}
		template := one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template
		for name, key := range map[corev1.ResourceName]string{corev1.ResourceCPU: "proxyCPULimit", corev1.ResourceMemory: "proxyMemoryLimit"} {
			most, byDefault, request := limits[0].Max[name], limits[0].Default[name], limits[0].DefaultRequest[name]
			if request.IsZero() || request.Cmp(byDefault) > 0 || byDefault.Cmp(most) > 0 {
				t.Errorf("%s: %s is asked for, %s the limit and %s the most", name, &request, &byDefault, &most)
			}
			ours, proxy := template.Spec.Containers[0].Resources.Limits[name], resource.MustParse(template.Annotations["sidecar.istio.io/"+key])
			if ours.Cmp(most) > 0 || proxy.Cmp(most) > 0 {
				t.Errorf("%s: the most is %s, the limits are %s and %s", name, &most, &ours, &proxy)
			}
		}
	})
}

// TestScraped: Prometheus finds the metrics where the service has them, on the
// port that no Service names.
func TestScraped(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		config := one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data
		annotations := one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Annotations
		for key, want := range map[string]string{"scrape": "true", "path": "/metrics", "port": strings.TrimPrefix(config["ADMIN_ADDR"], ":")} {
			if got := annotations["prometheus.io/"+key]; got != want || want == "" {
				t.Errorf("prometheus.io/%s is %q, not %q", key, got, want)
			}
		}
	})
}

// TestKinds: what deploy/ looks for, to ask for permissions and to take away what
// the manifests no longer have, is every kind that they may have.
func TestKinds(t *testing.T) {
	script, err := os.ReadFile("../../deploy/cluster.bash")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)\nkinds=\((.*?)\)`).FindSubmatch(script)
	if list == nil {
		t.Fatal("deploy/cluster.bash has no list of kinds")
	}
	got := strings.Fields(string(list[1]))
	want := slices.DeleteFunc(slices.Collect(maps.Keys(kinds)), func(k string) bool { return k == "v1/Secret" }) // TestNoSecret
	if got[0] != "v1/Namespace" {
		t.Errorf("%s is first, where the one is that is never taken away", got[0])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("deploy/cluster.bash has %v\nthe manifests may have %v", got, want)
	}
}

// TestNoSecret: no Secret, no setting that is one, nothing from a Secret.
func TestNoSecret(t *testing.T) {
	secret := regexp.MustCompile(`(?i)password|secret|token$|private|credential`)
	each(t, func(t *testing.T, objects []Object) {
		if s := All[*corev1.Secret](objects); len(s) > 0 {
			t.Errorf("Secret %s is in the manifests", s[0].Name)
		}
		for key := range one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data {
			if secret.MatchString(key) {
				t.Errorf("the ConfigMap has %s", key)
			}
		}
		for _, c := range one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec.Containers {
			for _, e := range c.Env {
				if secret.MatchString(e.Name) || e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil {
					t.Errorf("the container has %s in its environment", e.Name)
				}
			}
			for _, e := range c.EnvFrom {
				if e.SecretRef != nil {
					t.Errorf("the container takes its environment from the Secret %s", e.SecretRef.Name)
				}
			}
		}
	})
}

// TestNoRole: the service asks nothing of the API server, so a kind that grants
// anything is none that these manifests can have.
func TestNoRole(t *testing.T) {
	for _, kind := range []string{"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"} {
		_, err := Decode([]byte("apiVersion: rbac.authorization.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: any}\n"))
		if err == nil || !strings.Contains(err.Error(), "no kind of these manifests") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestDenyFirst: mutual TLS everywhere, and in both layers a policy that allows
// nothing under those that name what passes.
func TestDenyFirst(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		if p := one[*security.PeerAuthentication](t, objects, "default"); p.Spec.Selector != nil || p.Spec.Mtls.GetMode() != securityapi.PeerAuthentication_MutualTLS_STRICT {
			t.Error("the namespace takes plain text")
		}
		if p := one[*security.AuthorizationPolicy](t, objects, "deny-all"); p.Spec.Selector != nil || len(p.Spec.Rules) > 0 || p.Spec.Action != securityapi.AuthorizationPolicy_ALLOW {
			t.Errorf("deny-all allows: %v", &p.Spec)
		}
		for _, p := range All[*security.AuthorizationPolicy](objects) {
			for _, r := range p.Spec.Rules {
				for _, f := range r.From {
					if len(f.Source.Principals) == 0 || slices.ContainsFunc(f.Source.Principals, func(s string) bool { return strings.Contains(s, "*") }) {
						t.Errorf("AuthorizationPolicy %s lets in %v", p.Name, f.Source)
					}
				}
				for _, o := range r.To {
					if len(o.Operation.Methods) == 0 || len(o.Operation.Paths) == 0 || len(o.Operation.Ports) == 0 {
						t.Errorf("AuthorizationPolicy %s lets do %v", p.Name, o.Operation)
					}
				}
				if len(r.From) == 0 || len(r.To) == 0 {
					t.Errorf("AuthorizationPolicy %s has a rule without from or to", p.Name)
				}
			}
		}
		deny := one[*networkingv1.NetworkPolicy](t, objects, "default-deny")
		if len(deny.Spec.PodSelector.MatchLabels)+len(deny.Spec.Ingress)+len(deny.Spec.Egress) > 0 || len(deny.Spec.PolicyTypes) != 2 {
			t.Errorf("default-deny allows: %+v", deny.Spec)
		}
		for _, p := range All[*networkingv1.NetworkPolicy](objects) {
			var peers [][]networkingv1.NetworkPolicyPeer
			for _, r := range p.Spec.Ingress {
				peers = append(peers, r.From)
				if len(r.Ports) == 0 {
					t.Errorf("NetworkPolicy %s opens every port", p.Name)
				}
			}
			for _, r := range p.Spec.Egress {
				peers = append(peers, r.To)
				if len(r.Ports) == 0 {
					t.Errorf("NetworkPolicy %s opens every port", p.Name)
				}
			}
			for _, rule := range peers {
				for _, peer := range rule {
					if peer.PodSelector == nil || peer.NamespaceSelector == nil || len(peer.PodSelector.MatchLabels) == 0 || len(peer.NamespaceSelector.MatchLabels) == 0 {
						t.Errorf("NetworkPolicy %s has a peer that is not exact: %+v", p.Name, peer)
					}
				}
				if len(rule) == 0 {
					t.Errorf("NetworkPolicy %s has no peers, which is everyone", p.Name)
				}
			}
		}
	})
}

// TestTokensOfOneIssuer: the policy demands the issuer that the service demands.
func TestTokensOfOneIssuer(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		issuer := one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data["JWT_ISSUER"]
		found := 0
		for _, r := range one[*security.AuthorizationPolicy](t, objects, "technical-analysis").Spec.Rules {
			tokens := r.From[0].Source.RequestPrincipals
			if len(tokens) == 0 {
				if slices.ContainsFunc(r.To[0].Operation.Paths, func(p string) bool { return strings.HasPrefix(p, "/api/v1") }) {
					t.Errorf("without a token: %v", r.To[0].Operation)
				}
				continue
			}
			found++
			if !slices.Equal(tokens, []string{issuer + "/*"}) {
				t.Errorf("tokens of %v, the service takes those of %s", tokens, issuer)
			}
		}
		if found != 1 || !strings.HasPrefix(issuer, "https://") {
			t.Errorf("%d rules demand a token, of %q", found, issuer)
		}
	})
}

// TestGrace: the service has drained, and the proxy after it, before the pod is
// killed.
func TestGrace(t *testing.T) {
	const closing, proxy = 2 * time.Second, 5 * time.Second
	each(t, func(t *testing.T, objects []Object) {
		config := one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data
		need := closing + proxy
		for _, key := range []string{"DRAIN_DELAY", "DRAIN_TIMEOUT"} {
			d, err := time.ParseDuration(config[key])
			if err != nil {
				t.Fatal(err)
			}
			need += d
		}
		grace := time.Duration(*one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec.TerminationGracePeriodSeconds) * time.Second
		if grace < need {
			t.Errorf("the pod has %s to end, and needs %s", grace, need)
		}
	})
}

// TestMemory: the heap, the worker that compiles a plugin, and native code fit
// into the limit together.
func TestMemory(t *testing.T) {
	const mebi = 1 << 20
	const worker, rest = 768 * mebi, 256 * mebi
	each(t, func(t *testing.T, objects []Object) {
		c := one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec.Containers[0]
		i := slices.IndexFunc(c.Env, func(e corev1.EnvVar) bool { return e.Name == "GOMEMLIMIT" })
		heap, err := strconv.Atoi(strings.TrimSuffix(c.Env[i].Value, "MiB"))
		if err != nil {
			t.Fatal(err)
		}
		if limit := c.Resources.Limits.Memory().Value(); int64(heap)*mebi+worker+rest > limit {
			t.Errorf("%d MiB of heap, the worker and the rest do not fit into %d MiB", heap, limit/mebi)
		}
	})
}

// TestDisk: where the service keeps its plugins and their native code is a
// volume that outlives the container, on the disk and large enough; and all
// volumes fit into what the pod may take of the node's disk.
func TestDisk(t *testing.T) {
	const mebi = 1 << 20
	const modules, native = 512 * mebi, 256 * mebi
	each(t, func(t *testing.T, objects []Object) {
		dir := one[*corev1.ConfigMap](t, objects, "technical-analysis-config").Data["DATA_DIR"]
		pod := one[*appsv1.Deployment](t, objects, "technical-analysis").Spec.Template.Spec
		c := pod.Containers[0]
		i := slices.IndexFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == dir && !m.ReadOnly && m.SubPath == "" })
		if i < 0 {
			t.Fatalf("no volume is mounted at %s", dir)
		}
		var all int64
		for _, v := range pod.Volumes {
			if v.EmptyDir == nil {
				continue
			}
			all += v.EmptyDir.SizeLimit.Value()
			if v.Name == c.VolumeMounts[i].Name && (v.EmptyDir.Medium != corev1.StorageMediumDefault || v.EmptyDir.SizeLimit.Value() < modules+native) {
				t.Errorf("%s is in %+v, want at least %d MiB on the disk", dir, v.EmptyDir, (modules+native)/mebi)
			}
		}
		if limit := c.Resources.Limits.StorageEphemeral().Value(); all > limit {
			t.Errorf("the volumes may have %d MiB, and the pod %d", all/mebi, limit/mebi)
		}
	})
}

// TestQuota: the autoscaler's most replicas, one more of a rolling update and
// five of a canary fit into the quota, each with its proxy.
func TestQuota(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		hard := one[*corev1.ResourceQuota](t, objects, "technical-analysis").Spec.Hard
		d := one[*appsv1.Deployment](t, objects, "technical-analysis")
		hpa := one[*autoscalingv2.HorizontalPodAutoscaler](t, objects, "technical-analysis-hpa")
		pods := float64(hpa.Spec.MaxReplicas + d.Spec.Strategy.RollingUpdate.MaxSurge.IntVal + 5)
		c := d.Spec.Template.Spec.Containers[0]
		proxy := func(key string) float64 {
			q := resource.MustParse(d.Spec.Template.Annotations["sidecar.istio.io/"+key])
			return q.AsApproximateFloat64()
		}
		for name, need := range map[corev1.ResourceName]float64{
			"pods":            pods,
			"requests.cpu":    pods * (c.Resources.Requests.Cpu().AsApproximateFloat64() + proxy("proxyCPU")),
			"requests.memory": pods * (c.Resources.Requests.Memory().AsApproximateFloat64() + proxy("proxyMemory")),
			"limits.cpu":      pods * (c.Resources.Limits.Cpu().AsApproximateFloat64() + proxy("proxyCPULimit")),
			"limits.memory":   pods * (c.Resources.Limits.Memory().AsApproximateFloat64() + proxy("proxyMemoryLimit")),
		} {
			have := hard[name]
			if h := have.AsApproximateFloat64(); h < need || math.IsNaN(need) {
				t.Errorf("%s: the quota has %g, %g pods need %g", name, h, pods, need)
			}
		}
	})
}

// TestReplicas: the bounds and the measures of the autoscaler, the container
// that it measures, and a budget that lets a node drain.
func TestReplicas(t *testing.T) {
	for overlay, most := range map[string]int32{"dev": 5, "prod": 20} {
		objects, err := Render("../overlays/" + overlay)
		if err != nil {
			t.Fatal(err)
		}
		hpa := one[*autoscalingv2.HorizontalPodAutoscaler](t, objects, "technical-analysis-hpa")
		if *hpa.Spec.MinReplicas != 3 || hpa.Spec.MaxReplicas != most {
			t.Errorf("%s: %d to %d replicas", overlay, *hpa.Spec.MinReplicas, hpa.Spec.MaxReplicas)
		}
		var measures []string
		for _, m := range hpa.Spec.Metrics {
			switch {
			case m.ContainerResource != nil && m.ContainerResource.Container == "technical-analysis":
				measures = append(measures, string(m.ContainerResource.Name))
			case m.Pods != nil:
				measures = append(measures, m.Pods.Metric.Name)
			default:
				t.Errorf("%s: a measure of %s", overlay, m.Type)
			}
		}
		if !slices.Equal(measures, []string{"cpu", "memory", "http_requests_per_second"}) {
			t.Errorf("%s: measures %v", overlay, measures)
		}
		if b := one[*policyv1.PodDisruptionBudget](t, objects, "technical-analysis").Spec; b.MinAvailable != nil || b.MaxUnavailable == nil || b.MaxUnavailable.IntVal != 1 {
			t.Errorf("%s: the budget is not one replica at a time, of how many there are: %v, %v", overlay, b.MinAvailable, b.MaxUnavailable)
		}
	}
}

// TestSelectors: the Service finds both versions, the Deployment its own alone.
func TestSelectors(t *testing.T) {
	each(t, func(t *testing.T, objects []Object) {
		d := one[*appsv1.Deployment](t, objects, "technical-analysis")
		labels := d.Spec.Template.Labels
		if labels["app"] != "technical-analysis" || labels["version"] != "stable" || d.Spec.Selector.MatchLabels["version"] != "stable" {
			t.Errorf("the Deployment selects %v and labels %v", d.Spec.Selector.MatchLabels, labels)
		}
		if s := one[*corev1.Service](t, objects, "technical-analysis-service").Spec.Selector; len(s) != 1 || s["app"] != labels["app"] {
			t.Errorf("the Service selects %v", s)
		}
		if d.Spec.Template.Spec.ServiceAccountName != "technical-analysis-sa" {
			t.Errorf("the pods are %s", d.Spec.Template.Spec.ServiceAccountName)
		}
	})
}

// TestListed: every file of manifests is in a kustomization; one that is not
// would be read by people and applied by nobody.
func TestListed(t *testing.T) {
	for _, folder := range []string{"../base", "../../istio", "../overlays/dev", "../overlays/prod"} {
		list, err := os.ReadFile(filepath.Join(folder, "kustomization.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if name := filepath.Base(file); name != "kustomization.yaml" && !strings.Contains(string(list), name) {
				t.Errorf("%s is not in the kustomization", file)
			}
		}
	}
}
