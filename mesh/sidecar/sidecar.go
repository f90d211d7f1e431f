// Package sidecar talks to the Envoy sidecar of the pod that the process is in,
// and to nothing else. A service needs none of it: it starts without a network
// and finds its servers when they can be reached. A program that makes a few
// calls and ends, such as a Job, does: before the sidecar is up its calls are
// refused, and after it has ended a sidecar of the older kind keeps the pod
// running.
package sidecar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"syscall"
	"time"
)

// Proxy is a sidecar by its two ports (Istio, "Application Requirements").
type Proxy struct {
	Status string // base URL of the port that says whether it is ready
	Agent  string // base URL of the port that ends it
}

// Local is the sidecar of this pod.
var Local = Proxy{Status: "http://127.0.0.1:15021", Agent: "http://127.0.0.1:15020"}

const (
	every    = 100 * time.Millisecond // between two questions whether it is ready
	patience = 2 * time.Second        // for one answer
)

// Wait returns once the sidecar is ready. The error, when ctx ends before that,
// has what it said last.
func (p Proxy) Wait(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		status, err := call(ctx, http.MethodGet, p.Status+"/healthz/ready")
		if err == nil && status == http.StatusOK {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("it answers %d", status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the sidecar: %w", errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

// Quit ends the sidecar. It is no error that there is none: a native sidecar
// has no need of it, and a pod outside the mesh has no sidecar.
func (p Proxy) Quit(ctx context.Context) error {
	status, err := call(ctx, http.MethodPost, p.Agent+"/quitquitquit")
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return nil
	case err != nil:
		return fmt.Errorf("end the sidecar: %w", err)
	case status != http.StatusOK:
		return fmt.Errorf("end the sidecar: it answers %d", status)
	}
	return nil
}

func call(ctx context.Context, method, url string) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	return res.StatusCode, err
}
