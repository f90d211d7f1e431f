// Package load sends requests at a steady rate and counts what becomes of each,
// while something happens to those who answer.
package load

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Target is what is asked, again and again.
type Target struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	TLS    *tls.Config // of an https URL, nil for the system's roots

	// KeptAlive has no request go over a connection of its own: what connecting
	// costs is then no part of what a request costs.
	KeptAlive bool
}

// Timeout is how long an answer may take before the request has failed.
const Timeout = 10 * time.Second

// mostFailures is how many failures are kept in words.
const mostFailures = 20

// Load is a running load. Half of its requests go over kept-alive connections,
// half over new ones. It never sends a request twice: what fails has failed.
type Load struct {
	target Target
	kept   *http.Client
	fresh  *http.Client
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu       sync.Mutex
	tally    Tally
	latency  []time.Duration
	progress chan struct{} // closed and made anew with each answer
}

// Tally is what became of the requests so far.
type Tally struct {
	Answered int           // 2xx
	Failed   int           // everything else, and those without an answer
	Failures []string      // the first of them, in words
	P50, P99 time.Duration // of the answered
}

// Start sends perSecond requests in every second over kept-alive connections and
// as many over new ones, whether or not earlier ones have been answered.
func Start(t Target, perSecond int) *Load {
	ctx, stop := context.WithCancel(context.Background())
	l := &Load{
		target: t, stop: stop, progress: make(chan struct{}),
		kept:  client(t.TLS, false),
		fresh: client(t.TLS, true),
	}
	clients := []*http.Client{l.kept, l.fresh}
	if t.KeptAlive {
		clients[1] = l.kept
	}
	for _, c := range clients {
		l.done.Go(func() { l.pace(ctx, c, time.Second/time.Duration(perSecond)) })
	}
	return l
}

func client(conf *tls.Config, fresh bool) *http.Client {
	return &http.Client{
		Timeout: Timeout,
		Transport: &http.Transport{
			TLSClientConfig: conf, DisableKeepAlives: fresh, MaxIdleConnsPerHost: 64,
			// HTTP/2 would put all requests on one connection.
			TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// pace sends a request at every tick.
func (l *Load) pace(ctx context.Context, c *http.Client, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.done.Go(func() { l.send(c) })
		}
	}
}

func (l *Load) send(c *http.Client) {
	req, err := http.NewRequest(l.target.Method, l.target.URL, bytes.NewReader(l.target.Body))
	if err != nil {
		l.count(0, err)
		return
	}
	req.Header = l.target.Header.Clone()
	// Without it the transport cannot send a body again on another connection
	// when the first one turns out to be closed.
	req.GetBody = nil
	began := time.Now()
	res, err := c.Do(req)
	if err != nil {
		l.count(0, err)
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %.200s", res.Status, body)
	}
	l.count(time.Since(began), err)
}

func (l *Load) count(took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.tally.Failed++
		if len(l.tally.Failures) < mostFailures {
			l.tally.Failures = append(l.tally.Failures, time.Now().Format("15:04:05.000 ")+err.Error())
		}
	} else {
		l.tally.Answered++
		l.latency = append(l.latency, took)
	}
	close(l.progress)
	l.progress = make(chan struct{})
}

// Tally is what became of the requests so far.
func (l *Load) Tally() Tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tally
	t.Failures = slices.Clone(t.Failures)
	if n := len(l.latency); n > 0 {
		sorted := slices.Sorted(slices.Values(l.latency))
		t.P50, t.P99 = sorted[n/2], sorted[n*99/100]
	}
	return t
}

// Await returns when n more requests than now have been answered or have failed.
func (l *Load) Await(ctx context.Context, n int) error {
	l.mu.Lock()
	want := l.tally.Answered + l.tally.Failed + n
	for l.tally.Answered+l.tally.Failed < want {
		more := l.progress
		l.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return errors.Join(errors.New("the load came to a halt"), ctx.Err())
		}
		l.mu.Lock()
	}
	l.mu.Unlock()
	return nil
}

// Stop sends nothing more, waits for the answers and returns the count of all.
func (l *Load) Stop() Tally {
	l.stop()
	l.done.Wait()
	l.kept.CloseIdleConnections()
	return l.Tally()
}
