package slo

import (
	"fmt"
	"regexp"
	"strings"
)

// podMetrics are the service's own (host/telemetry). The probes of the kubelet
// are not requests of anyone.
func podMetrics(t Target) metrics {
	of := fmt.Sprintf(`{namespace=%q, app=%q, version=~%q, route!~"/health.*"}`, t.Namespace, t.App, either(t))
	return metrics{
		source:   "http_requests_total",
		requests: "http_requests_total" + of,
		status:   "status",
		latency:  "http_request_duration_seconds_bucket" + of,
		unit:     1,
		version:  "version",
		of:       t.version,
	}
}

// istioMetrics are Istio's standard ones, as the caller's proxy counts them.
// https://istio.io/latest/docs/reference/config/metrics/
func istioMetrics(t Target) metrics {
	of := fmt.Sprintf(`{reporter="source", destination_service_name=%q, destination_service_namespace=%q, destination_version=~%q}`, t.Service, t.Namespace, either(t))
	return metrics{
		source:   "istio_requests_total",
		requests: "istio_requests_total" + of,
		status:   "response_code",
		latency:  "istio_request_duration_milliseconds_bucket" + of,
		unit:     1000,
		version:  "destination_version",
		of:       t.version,
	}
}

// envoyMetrics are those of Envoy's upstream clusters, one for each subset:
// outbound|8000|canary|SERVICE.NAMESPACE.svc.cluster.local. Envoy charges the
// cluster with the 503 of a request for which it found no pod, too, and with
// each answer where it tried again after one, but with nothing for a connection
// that failed. By Istio's rules the counter has
// each request twice, once by its code and once by the code's class.
func envoyMetrics(t Target) metrics {
	name := regexp.QuoteMeta("|" + t.Service + "." + t.Namespace + ".svc.")
	clusters := fmt.Sprintf(`cluster_name=~%q`, `outbound\|[0-9]+\|(`+either(t)+`)`+name+`.+`)
	return metrics{
		source:   "envoy_cluster_upstream_rq",
		requests: `envoy_cluster_upstream_rq{` + clusters + `, response_code!=""}`,
		status:   "response_code",
		latency:  `envoy_cluster_upstream_rq_time_bucket{` + clusters + `}`,
		unit:     1000,
		version:  "cluster_name",
		of: func(cluster string) string {
			parts := strings.Split(cluster, "|")
			if len(parts) != 4 {
				return ""
			}
			return t.version(parts[2])
		},
	}
}

// either is a pattern for both versions.
func either(t Target) string {
	return regexp.QuoteMeta(t.Stable) + "|" + regexp.QuoteMeta(t.Canary)
}

// version is the value of a label, where it is one of the two.
func (t Target) version(value string) string {
	if value == t.Stable || value == t.Canary {
		return value
	}
	return ""
}
