package reach

import (
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A verdict is what one layer says, and which of its objects said it: those that
// allow, or those that stand in the way.
type verdict struct {
	allowed bool
	by      []string
}

func selects(s *metav1.LabelSelector, set map[string]string) (bool, error) {
	parsed, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return false, err
	}
	return parsed.Matches(labels.Set(set)), nil
}

// names a peer of a rule: whether it is this pod.
func isPeer(p networkingv1.NetworkPolicyPeer, policy string, pod Pod) (bool, error) {
	if p.IPBlock != nil {
		return false, fmt.Errorf("peer by ipBlock is not evaluated")
	}
	if pod.Namespace == "" {
		return false, nil // outside the cluster: an ipBlock's alone
	}
	if p.NamespaceSelector == nil {
		if pod.Namespace != policy {
			return false, nil
		}
	} else if ok, err := selects(p.NamespaceSelector, map[string]string{"kubernetes.io/metadata.name": pod.Namespace}); !ok || err != nil {
		return false, err
	}
	if p.PodSelector == nil {
		return true, nil
	}
	return selects(p.PodSelector, pod.Labels)
}

// matches says whether one rule of a policy lets the far pod's traffic pass. No
// peers are all peers, no ports all ports.
func matches(peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, policy string, far Pod, port Port) (bool, error) {
	open := len(ports) == 0
	for _, p := range ports {
		if p.Port == nil || p.Port.Type != intstr.Int || p.EndPort != nil {
			return false, fmt.Errorf("a port that is no single number is not evaluated")
		}
		protocol := "TCP"
		if p.Protocol != nil {
			protocol = string(*p.Protocol)
		}
		open = open || p.Port.IntVal == port.Number && protocol == port.Protocol
	}
	if !open {
		return false, nil
	}
	known := len(peers) == 0
	for _, p := range peers {
		ok, err := isPeer(p, policy, far)
		if err != nil {
			return false, err
		}
		known = known || ok
	}
	return known, nil
}

// network is what the policies say of a connection: it passes if the source is
// isolated by none, or let out by one, and the destination likewise.
func network(policies []*networkingv1.NetworkPolicy, from, to Pod, port Port) (verdict, error) {
	direction := func(d networkingv1.PolicyType, near, far Pod) (allowing, isolating []string, err error) {
		for _, p := range policies {
			if p.Namespace != near.Namespace || !slices.Contains(p.Spec.PolicyTypes, d) {
				continue
			}
			on, err := selects(&p.Spec.PodSelector, near.Labels)
			if err != nil || !on {
				if err != nil {
					return nil, nil, fmt.Errorf("NetworkPolicy %s: %w", p.Name, err)
				}
				continue
			}
			isolating = append(isolating, p.Name)
			ok := false
			if d == networkingv1.PolicyTypeIngress {
				for _, r := range p.Spec.Ingress {
					m, e := matches(r.From, r.Ports, p.Namespace, far, port)
					ok, err = ok || m, first(err, e)
				}
			} else {
				for _, r := range p.Spec.Egress {
					m, e := matches(r.To, r.Ports, p.Namespace, far, port)
					ok, err = ok || m, first(err, e)
				}
			}
			if err != nil {
				return nil, nil, fmt.Errorf("NetworkPolicy %s: %w", p.Name, err)
			}
			if ok {
				allowing = append(allowing, p.Name)
			}
		}
		return allowing, isolating, nil
	}
	v := verdict{allowed: true}
	var denied []string
	for _, side := range []struct {
		d         networkingv1.PolicyType
		near, far Pod
	}{{networkingv1.PolicyTypeEgress, from, to}, {networkingv1.PolicyTypeIngress, to, from}} {
		allowing, isolating, err := direction(side.d, side.near, side.far)
		if err != nil {
			return verdict{}, err
		}
		switch {
		case len(isolating) == 0:
		case len(allowing) > 0:
			v.by = append(v.by, allowing...)
		default:
			// The policy that isolates every pod, the others name what passes.
			v.allowed = false
			denied = append(denied, isolating[0])
		}
	}
	if !v.allowed {
		v.by = slices.Compact(denied)
	}
	return v, nil
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
