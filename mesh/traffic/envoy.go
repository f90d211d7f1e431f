package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// envoy is what a proxy's administration tells: its clusters, and its routes.
// https://www.envoyproxy.io/docs/envoy/latest/operations/admin
type envoy struct {
	clusters []cluster
	routes   []route
}

// cluster is an element of /clusters?format=json.
type cluster struct {
	Name  string `json:"name"`
	Hosts []struct {
		Stats []struct {
			Name  string      `json:"name"`
			Value json.Number `json:"value"`
		} `json:"stats"`
		Health struct {
			EDS    string `json:"eds_health_status"`
			Active bool   `json:"failed_active_health_check"`
			Eject  bool   `json:"failed_outlier_check"`
		} `json:"health_status"`
	} `json:"host_statuses"`
}

// healthy is how many hosts take requests.
func (c cluster) healthy() (n int) {
	for _, h := range c.Hosts {
		if h.Health.EDS == "HEALTHY" && !h.Health.Active && !h.Health.Eject {
			n++
		}
	}
	return n
}

// active is how many requests are being answered.
func (c cluster) active() (n int64) {
	for _, h := range c.Hosts {
		for _, s := range h.Stats {
			if s.Name == "rq_active" {
				v, _ := s.Value.Int64() // absent is 0
				n += v
			}
		}
	}
	return n
}

// route is a route of a virtual host in /config_dump.
type route struct {
	Route struct {
		Cluster  string `json:"cluster"`
		Weighted struct {
			Clusters []struct {
				Name   string `json:"name"`
				Weight int32  `json:"weight"`
			} `json:"clusters"`
		} `json:"weighted_clusters"`
	} `json:"route"`
}

// mostAdmin is how much of an answer is read: the configuration of a gateway
// with many services takes some megabytes.
const mostAdmin = 256 << 20

// ask reads a proxy's administration.
func ask(ctx context.Context, admin string) (envoy, error) {
	var e envoy
	var clusters struct {
		Statuses []cluster `json:"cluster_statuses"`
	}
	if err := fetch(ctx, admin+"/clusters?format=json", &clusters); err != nil {
		return e, err
	}
	e.clusters = clusters.Statuses
	var dump struct {
		Configs []struct {
			Config struct {
				Hosts []struct {
					Routes []route `json:"routes"`
				} `json:"virtual_hosts"`
			} `json:"route_config"`
		} `json:"configs"`
	}
	if err := fetch(ctx, admin+"/config_dump?resource=dynamic_route_configs", &dump); err != nil {
		return e, err
	}
	for _, c := range dump.Configs {
		for _, h := range c.Config.Hosts {
			e.routes = append(e.routes, h.Routes...)
		}
	}
	return e, nil
}

func fetch(ctx context.Context, address string, into any) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, res.Body) // or the connection is reset, which a forwarded port complains of
		_ = res.Body.Close()
	}()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: Envoy answered %s", req.URL.RequestURI(), res.Status)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, mostAdmin)).Decode(into); err != nil {
		return fmt.Errorf("%s: read the answer of Envoy: %w", req.URL.RequestURI(), err)
	}
	return nil
}

// isCanary says whether a cluster of Envoy is the canary's subset:
// outbound|8000|canary|SERVICE.NAMESPACE.svc.cluster.local.
func (n Names) isCanary(cluster string) bool {
	parts := strings.Split(cluster, "|")
	return len(parts) == 4 && parts[0] == "outbound" && parts[2] == Canary &&
		strings.HasPrefix(parts[3], n.Service+"."+n.Namespace+".svc.")
}

// has says whether the proxy has the canary's subset, with count healthy hosts.
func (n Names) has(e envoy, count int) (bool, string) {
	i := slices.IndexFunc(e.clusters, func(c cluster) bool { return n.isCanary(c.Name) })
	if i < 0 {
		return false, "it does not have the subset"
	}
	healthy := e.clusters[i].healthy()
	return healthy >= count, fmt.Sprintf("it has %d of the canary's %d pods", healthy, count)
}

// part is the percent of a route's requests that the canary gets.
func (n Names) part(r route) int32 {
	if n.isCanary(r.Route.Cluster) {
		return 100
	}
	var own, all int32
	for _, c := range r.Route.Weighted.Clusters {
		all += c.Weight
		if n.isCanary(c.Name) {
			own += c.Weight
		}
	}
	if own == 0 {
		return 0
	}
	return 100 * own / all
}

// gives says whether the proxy gives the canary weight percent in every route
// that it shares, and all in those that force it.
func (n Names) gives(e envoy, weight int32) (bool, string) {
	shared, forced := 0, 0
	for _, r := range e.routes {
		switch p := n.part(r); p {
		case 0:
		case 100:
			forced++
		case weight:
			shared++
		default:
			return false, fmt.Sprintf("a route gives the canary %d %%", p)
		}
	}
	return shared > 0 && forced > 0, fmt.Sprintf("%d routes share with the canary, %d force it", shared, forced)
}

// sends says whether the proxy has a route to the canary.
func (n Names) sends(e envoy) bool {
	return slices.ContainsFunc(e.routes, func(r route) bool { return n.part(r) > 0 })
}

// active is how many requests of the proxy the canary is answering.
func (n Names) active(e envoy) (count int64) {
	for _, c := range e.clusters {
		if n.isCanary(c.Name) {
			count += c.active()
		}
	}
	return count
}

// everywhere waits until every gateway's Envoy is as wanted, looks times in a
// row. One that cannot be asked is not: it may be starting, or be gone when next
// looked for.
func (t *Traffic) everywhere(ctx context.Context, what string, limit time.Duration, looks int, wanted func(envoy) (bool, string)) error {
	var (
		admins map[string]string
		shut   = func() {}
	)
	defer func() { shut() }()
	row := 0
	return t.until(ctx, what, limit, func() (bool, string, error) {
		if admins == nil {
			opened, c, err := t.proxies.Open(ctx)
			if err != nil {
				return false, err.Error(), ctx.Err()
			}
			admins, shut = opened, c
		}
		for pod, admin := range admins {
			e, err := ask(ctx, admin)
			if err != nil {
				shut()
				admins, shut, row = nil, func() {}, 0
				return false, fmt.Sprintf("gateway %s: %s", pod, err), ctx.Err()
			}
			if ok, seen := wanted(e); !ok {
				row = 0
				return false, fmt.Sprintf("gateway %s: %s", pod, seen), nil
			}
		}
		row++
		return row >= looks, "it is so for a moment only", nil
	})
}
