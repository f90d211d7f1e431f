package reach

import (
	"fmt"
	"strings"

	networking "istio.io/client-go/pkg/apis/networking/v1"
)

// normalise is what Envoy does to a path before it looks for a route, as the
// mesh's default (BASE) has it: a backslash is a slash, dot segments are
// resolved, also where the dot is written %2e. Slashes are not merged and %2f
// stays as it is: no policy here relies on the mesh-wide setting that would.
func normalise(path string) string {
	path = strings.NewReplacer("\\", "/", "%2e", ".", "%2E", ".").Replace(path)
	var kept []string
	parts := strings.Split(path, "/")
	for i, part := range parts {
		last := i == len(parts)-1
		switch {
		case part == "." || part == "..":
			if part == ".." && len(kept) > 1 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "/")
}

// route says which of the gateway's routes takes a path on 443: its name, or ""
// for the gateway's own 404.
func route(entry *networking.VirtualService, path string) (string, error) {
	for _, r := range entry.Spec.Http {
		for _, m := range r.Match {
			if err := only(m, "uri", "port"); err != nil {
				return "", fmt.Errorf("VirtualService %s: %w", entry.Name, err)
			}
			if m.Port != 0 && m.Port != 443 {
				continue
			}
			exact, prefix := m.Uri.GetExact(), m.Uri.GetPrefix()
			if exact == "" && prefix == "" {
				return "", fmt.Errorf("VirtualService %s, route %s: a match without exact or prefix is not evaluated", entry.Name, r.Name)
			}
			if exact != "" && path == exact || prefix != "" && strings.HasPrefix(path, prefix) {
				return r.Name, nil
			}
		}
	}
	return "", nil
}
