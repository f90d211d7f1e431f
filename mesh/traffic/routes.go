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
func (n Names) forced(r *istio.HTTPRoute) bool {
	return len(r.Route) == 1 && n.ours(r.Route[0].Destination, Canary)
}

// share gives the canary weight percent of every HTTP route that goes to the
// stable version, and all of its requests that ask for the canary by the header.
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
		if len(r.Route) != 1 || !n.ours(r.Route[0].Destination, Stable) {
			return fmt.Errorf("%w: HTTP route %d of VirtualService %s must go to the subset %s of %s alone: without a subset a canary's pods get requests at once",
				ErrRefused, i, n.VirtualService, Stable, n.Service)
		}
		// The forced route is the ordinary one but for its header and subset; the
		// weight that it keeps is what the ordinary one gets back at the end.
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
		f.Route[0].Destination.Subset = Canary

		c := r.Route[0].DeepCopy()
		c.Destination.Subset = Canary
		r.Route[0].Weight, c.Weight = 100-weight, weight
		r.Route = append(r.Route, c)
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
		weight int32 // that the next route had
	)
	for _, r := range vs.Http {
		if n.forced(r) {
			weight = r.Route[0].Weight
			continue
		}
		all := len(r.Route)
		r.Route = slices.DeleteFunc(r.Route, func(d *istio.HTTPRouteDestination) bool { return n.ours(d.Destination, Canary) })
		if len(r.Route) == 1 && all == 2 {
			r.Route[0].Weight = weight
		}
		routes = append(routes, r)
		weight = 0
	}
	vs.Http = routes
}

// shares says whether the canary is in any route.
func (n Names) shares(vs *istio.VirtualService) bool {
	return slices.ContainsFunc(vs.Http, func(r *istio.HTTPRoute) bool {
		return slices.ContainsFunc(r.Route, func(d *istio.HTTPRouteDestination) bool { return n.ours(d.Destination, Canary) })
	})
}

// weight is the greatest share of the canary in an ordinary route.
func (n Names) weight(vs *istio.VirtualService) (most int32) {
	for _, r := range vs.Http {
		if n.forced(r) {
			continue
		}
		for _, d := range r.Route {
			if n.ours(d.Destination, Canary) {
				most = max(most, d.Weight)
			}
		}
	}
	return most
}

// subset adds the canary's subset, with what the stable one has of its own.
func (n Names) subset(dr *istio.DestinationRule) error {
	if n.host(dr.Host) != n.host(n.Service) {
		return fmt.Errorf("%w: DestinationRule %s is of %s, not of %s", ErrRefused, n.DestinationRule, dr.Host, n.Service)
	}
	n.unsubset(dr)
	i := slices.IndexFunc(dr.Subsets, func(s *istio.Subset) bool { return s.Name == Stable && s.Labels[VersionLabel] == Stable })
	if i < 0 {
		return fmt.Errorf("%w: DestinationRule %s has no subset %s with the label %s=%s", ErrRefused, n.DestinationRule, Stable, VersionLabel, Stable)
	}
	s := dr.Subsets[i].DeepCopy()
	s.Name, s.Labels[VersionLabel] = Canary, Canary
	dr.Subsets = append(dr.Subsets, s)
	return nil
}

// unsubset removes the canary's subset.
func (n Names) unsubset(dr *istio.DestinationRule) {
	dr.Subsets = slices.DeleteFunc(dr.Subsets, func(s *istio.Subset) bool { return s.Name == Canary })
}

// subsetted says whether the canary's subset is there.
func subsetted(dr *istio.DestinationRule) bool {
	return slices.ContainsFunc(dr.Subsets, func(s *istio.Subset) bool { return s.Name == Canary })
}
