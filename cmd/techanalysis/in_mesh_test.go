package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/sidecar"
)

// TestBeside: the work begins when the sidecar is ready, and the sidecar ends
// after it, however it ended.
func TestBeside(t *testing.T) {
	for name, result := range map[string]error{"done": nil, "failed": errors.New("no")} {
		t.Run(name, func(t *testing.T) {
			var did []string
			asked := 0
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					if asked++; asked < 3 {
						w.WriteHeader(http.StatusServiceUnavailable)
						return
					}
				}
				did = append(did, r.Method+" "+r.URL.Path)
			}))
			defer proxy.Close()
			err := beside(t.Context(), sidecar.Proxy{Status: proxy.URL, Agent: proxy.URL}, func() error {
				did = append(did, "work")
				return result
			})
			if !errors.Is(err, result) {
				t.Errorf("%v, want %v", err, result)
			}
			if got := strings.Join(did, ", "); got != "GET /healthz/ready, work, POST /quitquitquit" {
				t.Errorf("it did: %s", got)
			}
		})
	}
}

// TestBesideNothing: without its sidecar the work is not begun.
func TestBesideNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := beside(ctx, sidecar.Proxy{Status: "http://127.0.0.1:1", Agent: "http://127.0.0.1:1"}, func() error {
		t.Error("it was begun")
		return nil
	})
	if !errors.As(err, new(failure)) || !strings.Contains(err.Error(), "sidecar") {
		t.Errorf("%v", err)
	}
}

// TestInMesh: every command of operators has the setting.
func TestInMesh(t *testing.T) {
	for _, command := range []string{"vault status", "vault rotate jwt", "canary status"} {
		if code, out, _ := runs(nil, append(strings.Fields(command), "--help")...); code != exitDone || !strings.Contains(out, "[IN_MESH]") {
			t.Errorf("%s --help does not list IN_MESH", command)
		}
	}
}
