//go:build e2e

package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// A request that its caller traces is found in Jaeger by that trace, as it was
// asked and answered: no proxy loses the trace, and the span finds its way.
func TestTraces(t *testing.T) {
	var id [16]byte
	rand.Read(id[:])
	trace := hex.EncodeToString(id[:])
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/api/v1/indicators/rsi", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t))
	req.Header.Set("traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: trust(t)}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	took := await(t, time.Minute, "the trace in Jaeger", func() error {
		raw, err := command(t.Context(), "kubectl", "get", "--raw", "/api/v1/namespaces/tracing/services/jaeger:16686/proxy/api/traces/"+trace)
		if err != nil {
			return err
		}
		var found struct {
			Data []struct {
				Spans []struct {
					OperationName string
					ProcessID     string
					References    []struct{ SpanID string }
				}
				Processes map[string]struct{ ServiceName string }
			}
		}
		if err := json.Unmarshal([]byte(raw), &found); err != nil {
			return err
		}
		for _, d := range found.Data {
			for _, s := range d.Spans {
				if d.Processes[s.ProcessID].ServiceName == "technical-analysis" && s.OperationName == "GET /api/v1/indicators/:name" &&
					len(s.References) == 1 {
					return nil
				}
			}
		}
		return fmt.Errorf("not among %.500s", raw)
	})
	t.Logf("in Jaeger %v after the answer", took.Round(10*time.Millisecond))
}
