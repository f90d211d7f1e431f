package reach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	networkingapi "istio.io/api/networking/v1alpha3"
	securityapi "istio.io/api/security/v1beta1"
	typeapi "istio.io/api/type/v1beta1"
	networking "istio.io/client-go/pkg/apis/networking/v1"
	security "istio.io/client-go/pkg/apis/security/v1"
)

// only refuses a message that says more than the named fields: what is not
// evaluated here must not be in the manifests unseen.
func only(m proto.Message, fields ...string) error {
	var err error
	m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if !slices.Contains(fields, string(f.Name())) {
			err = fmt.Errorf("%s.%s is not evaluated", m.ProtoReflect().Descriptor().Name(), f.Name())
		}
		return err == nil
	})
	return err
}

// A request is what an AuthorizationPolicy judges.
type request struct {
	principal string // of the client's certificate
	token     string // ISSUER/SUBJECT of a token that was verified; "" came without
	port      int32
	method    string
	path      string // as Envoy has normalised it
}

// anyRequest leaves method, path and token open: could some request pass?
func anyRequest(principal string, port int32) request {
	return request{principal: principal, token: "*", port: port, method: "*", path: "*"}
}

// fits compares a value with a policy's list: exact, prefix*, *suffix or *. An
// empty list demands nothing; the value "*" is any value.
func fits(list []string, value string) bool {
	if len(list) == 0 || value == "*" {
		return true
	}
	return slices.ContainsFunc(list, func(p string) bool {
		if prefix, ok := strings.CutSuffix(p, "*"); ok {
			return value != "" && strings.HasPrefix(value, prefix)
		}
		if suffix, ok := strings.CutPrefix(p, "*"); ok {
			return value != "" && strings.HasSuffix(value, suffix)
		}
		return p == value
	})
}

func applies(s *typeapi.WorkloadSelector, pod Pod) bool {
	for key, value := range s.GetMatchLabels() {
		if pod.Labels[key] != value {
			return false
		}
	}
	return true
}

func allows(rule *securityapi.Rule, r request) (bool, error) {
	if err := only(rule, "from", "to"); err != nil {
		return false, err
	}
	source := len(rule.From) == 0
	for _, f := range rule.From {
		if err := only(f.Source, "principals", "request_principals"); err != nil {
			return false, err
		}
		source = source || fits(f.Source.Principals, r.principal) && fits(f.Source.RequestPrincipals, r.token)
	}
	operation := len(rule.To) == 0
	for _, t := range rule.To {
		if err := only(t.Operation, "ports", "methods", "paths"); err != nil {
			return false, err
		}
		operation = operation || fits(t.Operation.Ports, strconv.Itoa(int(r.port))) &&
			fits(t.Operation.Methods, r.method) && fits(t.Operation.Paths, r.path)
	}
	return source && operation, nil
}

// authorize is what the policies of ALLOW say of a request to a pod: with none
// that selects it everything passes, otherwise one of them must name it.
func authorize(policies []*security.AuthorizationPolicy, to Pod, r request) (verdict, error) {
	var selecting, allowing []string
	for _, p := range policies {
		if p.Namespace != to.Namespace || !applies(p.Spec.Selector, to) {
			continue
		}
		if err := only(&p.Spec, "selector", "rules"); err != nil { // the default action is ALLOW
			return verdict{}, fmt.Errorf("AuthorizationPolicy %s: %w", p.Name, err)
		}
		selecting = append(selecting, p.Name)
		for _, rule := range p.Spec.Rules {
			ok, err := allows(rule, r)
			if err != nil {
				return verdict{}, fmt.Errorf("AuthorizationPolicy %s: %w", p.Name, err)
			}
			if ok {
				allowing = append(allowing, p.Name)
				break
			}
		}
	}
	if len(selecting) == 0 {
		return verdict{allowed: true}, nil
	}
	if len(allowing) == 0 {
		return verdict{by: selecting[:1]}, nil
	}
	return verdict{allowed: true, by: allowing}, nil
}

// strict says whether the pods of the namespace refuse plain text.
func strict(policies []*security.PeerAuthentication) (string, error) {
	name := ""
	for _, p := range policies {
		if err := only(&p.Spec, "mtls"); err != nil {
			return "", fmt.Errorf("PeerAuthentication %s: %w", p.Name, err)
		}
		if p.Spec.Mtls.GetMode() == securityapi.PeerAuthentication_MutualTLS_STRICT {
			name = p.Name
		}
	}
	return name, nil
}

// outward is what the Sidecar of the namespace lets its pods' programs reach
// through their proxy: what a Service names.
func outward(sidecars []*networking.Sidecar, to Pod, port Port) (verdict, error) {
	if len(sidecars) != 1 {
		return verdict{}, fmt.Errorf("%d Sidecars: want one for the namespace", len(sidecars))
	}
	s := sidecars[0]
	if err := only(&s.Spec, "egress", "outbound_traffic_policy", "inbound_connection_pool"); err != nil {
		return verdict{}, fmt.Errorf("Sidecar %s: %w", s.Name, err)
	}
	if s.Spec.OutboundTrafficPolicy.GetMode() != networkingapi.OutboundTrafficPolicy_REGISTRY_ONLY {
		return verdict{allowed: true}, nil
	}
	for _, e := range s.Spec.Egress {
		if err := only(e, "hosts"); err != nil {
			return verdict{}, fmt.Errorf("Sidecar %s: %w", s.Name, err)
		}
		if slices.Contains(e.Hosts, to.Host) || to.Namespace == Namespace && port.Number == servicePort && slices.Contains(e.Hosts, "./*") {
			return verdict{allowed: true, by: []string{s.Name}}, nil
		}
	}
	return verdict{by: []string{s.Name}}, nil
}
