package traffic

import (
	"fmt"
	"slices"
	"strings"

	istio "istio.io/api/networking/v1alpha3"
)

// host is the whole name of a Service as the mesh knows it.
func (n Names) host(short string) string {
	if strings.Contains(short, ".") {
		return short
	}
	return short + "." + n.Namespace + ".svc.cluster.local"
}

// ours says whether a destination is a subset of the service.
func (n Names) ours(d *istio.Destination, subset string) bool {
	return d.GetSubset() == subset && n.host(d.GetHost()) == n.host(n.Service)
}

// forced says whether a route is the one of those who ask for the canary.
func forced(r *istio.HTTPRoute) bool {
	return len(r.Match) > 0 && !slices.ContainsFunc(r.Match, func(m *istio.HTTPMatchRequest) bool { return m.Headers[Header].GetExact() != Always })
}

// find is the index of a destination that is a subset of the service, or -1.
func (n Names) find(r *istio.HTTPRoute, subset string) int {
	return slices.IndexFunc(r.Route, func(d *istio.HTTPRouteDestination) bool { return n.ours(d.Destination, subset) })
}

// share gives the canary weight percent of every HTTP route that goes to the
// stable version, and all of its requests that ask for the canary by the header.
// At rest such a route has the stable version alone, or the canary beside it
// with the weight 0.
func (n Names) share(vs *istio.VirtualService, weight int32) error {
	n.unshare(vs)
	var routes []*istio.HTTPRoute
	shared := false
	for i, r := range vs.Http {
		if !slices.ContainsFunc(r.Route, func(d *istio.HTTPRouteDestination) bool {
			return n.host(d.Destination.GetHost()) == n.host(n.Service)
		}) {
			routes = append(routes, r)
			continue
		}
		stable, resting := n.find(r, Stable), n.find(r, Canary)
		if stable < 0 || len(r.Route) > 2 || len(r.Route) == 2 && resting < 0 {
			return fmt.Errorf("%w: HTTP route %d of VirtualService %s must go to the subset %s of %s alone: without a subset a canary's pods get requests at once",
				ErrRefused, i, n.VirtualService, Stable, n.Service)
		}
		// The forced route is the ordinary one but for its header and its versions,
		// which are the other way round. So it keeps what the ordinary one is at rest.
		f := r.DeepCopy()
		if f.Name != "" {
			f.Name += "-" + Canary
		}
		if len(f.Match) == 0 {
			f.Match = []*istio.HTTPMatchRequest{{}}
		}
		for _, m := range f.Match {
			if m.Headers == nil {
				m.Headers = map[string]*istio.StringMatch{}
			}
			m.Headers[Header] = &istio.StringMatch{MatchType: &istio.StringMatch_Exact{Exact: Always}}
		}
		f.Route[stable].Destination.Subset = Canary
		if resting >= 0 {
			f.Route[resting].Destination.Subset = Stable
		} else {
			c := r.Route[stable].DeepCopy()
			c.Destination.Subset = Canary
			r.Route = append(r.Route, c)
			resting = 1
		}
		r.Route[stable].Weight, r.Route[resting].Weight = 100-weight, weight
		routes = append(routes, f, r)
		shared = true
	}
	if !shared {
		return fmt.Errorf("%w: VirtualService %s has no HTTP route to %s", ErrRefused, n.VirtualService, n.Service)
	}
	vs.Http = routes
	return nil
}

// unshare undoes share: the VirtualService is as it was before, whatever else
// was changed in it since.
func (n Names) unshare(vs *istio.VirtualService) {
	var (
		routes []*istio.HTTPRoute
		before *istio.HTTPRoute // the forced route of the next one
	)
	for _, r := range vs.Http {
		if forced(r) && n.find(r, Canary) >= 0 {
			before = r
			continue
		}
		stable, c := n.find(r, Stable), n.find(r, Canary)
		switch {
		case c < 0 || stable < 0:
		case before != nil && len(before.Route) == 1:
			r.Route[stable].Weight = before.Route[0].Weight
			r.Route = slices.Delete(r.Route, c, c+1)
		default:
			r.Route[stable].Weight, r.Route[c].Weight = 100, 0
		}
		routes, before = append(routes, r), nil
	}
	vs.Http = routes
}

// shares says whether the canary gets requests by any route.
func (n Names) shares(vs *istio.VirtualService) bool {
	return slices.ContainsFunc(vs.Http, func(r *istio.HTTPRoute) bool {
		c := n.find(r, Canary)
		return c >= 0 && (forced(r) || r.Route[c].Weight > 0)
	})
}

// weight is the greatest share of the canary in an ordinary route.
func (n Names) weight(vs *istio.VirtualService) (most int32) {
	for _, r := range vs.Http {
		if c := n.find(r, Canary); c >= 0 && !forced(r) {
			most = max(most, r.Route[c].Weight)
		}
	}
	return most
}

// subset adds the canary's subset, with what the stable one has of its own. One
// that is there already is kept.
func (n Names) subset(dr *istio.DestinationRule) error {
	if n.host(dr.Host) != n.host(n.Service) {
		return fmt.Errorf("%w: DestinationRule %s is of %s, not of %s", ErrRefused, n.DestinationRule, dr.Host, n.Service)
	}
	i := slices.IndexFunc(dr.Subsets, func(s *istio.Subset) bool { return s.Name == Stable && s.Labels[VersionLabel] == Stable })
	if i < 0 {
		return fmt.Errorf("%w: DestinationRule %s has no subset %s with the label %s=%s", ErrRefused, n.DestinationRule, Stable, VersionLabel, Stable)
	}
	if c := slices.IndexFunc(dr.Subsets, func(s *istio.Subset) bool { return s.Name == Canary }); c >= 0 {
		if dr.Subsets[c].Labels[VersionLabel] != Canary {
			return fmt.Errorf("%w: the subset %s of DestinationRule %s has not the label %s=%s", ErrRefused, Canary, n.DestinationRule, VersionLabel, Canary)
		}
		return nil
	}
	s := dr.Subsets[i].DeepCopy()
	s.Name, s.Labels[VersionLabel] = Canary, Canary
	dr.Subsets = append(dr.Subsets, s)
	return nil
}
