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
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Target is what is asked, again and again.
type Target struct {
	Method string
	URL    string
	Header http.Header
	Body   func(n int) []byte // of the n-th request: what is asked twice may be answered from memory
	TLS    *tls.Config        // of an https URL, nil for the system's roots

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
	began time.Time
	stop  context.CancelFunc
	done  sync.WaitGroup

	mu       sync.Mutex
	aims     []aim
	turn     map[bool]int // of kept-alive, and of new connections
	sent     int
	tally    Tally
	latency  []time.Duration
	progress chan struct{} // closed and made anew with each answer
}

// aim is a target and how it is reached.
type aim struct {
	target      Target
	kept, fresh *http.Client
}

// Tally is what became of the requests so far.
type Tally struct {
	Answered int           // 2xx
	Failed   int           // everything else, and those without an answer
	Failures []string      // the first of them, in words
	P50, P99 time.Duration // of the answered
	Took     time.Duration // since the start

	Kept, Fresh Kind // of them, those over each kind of connection
}

// Kind is what became of the requests over one kind of connection.
type Kind struct {
	Answered, Failed int
	Connected        int // requests for which a connection was made
}

// PerSecond is how many requests were answered, or failed, in each second.
func (k Kind) PerSecond(took time.Duration) float64 {
	return float64(k.Answered+k.Failed) / took.Seconds()
}

// Start sends perSecond requests in every second over kept-alive connections and
// as many over new ones, whether or not earlier ones have been answered. Several
// targets are asked in turn.
func Start(perSecond int, targets ...Target) *Load {
	ctx, stop := context.WithCancel(context.Background())
	l := &Load{began: time.Now(), stop: stop, turn: map[bool]int{}, progress: make(chan struct{})}
	for _, t := range targets {
		l.Also(t)
	}
	for _, fresh := range []bool{false, true} {
		l.done.Go(func() { l.pace(ctx, fresh, time.Second/time.Duration(perSecond)) })
	}
	return l
}

// Flood asks n times over that many kept-alive connections, on each as soon as
// the answer before has come, and returns the count of all.
func Flood(ctx context.Context, connections, n int, t Target) Tally {
	l := &Load{began: time.Now(), progress: make(chan struct{})}
	a := aim{target: t, kept: client(t.TLS, false)}
	a.kept.Transport.(*http.Transport).MaxConnsPerHost = connections
	defer a.kept.CloseIdleConnections()
	var sent atomic.Int64
	for range connections {
		l.done.Go(func() {
			for i := sent.Add(1); i <= int64(n) && ctx.Err() == nil; i = sent.Add(1) {
				l.send(a, int(i), false)
			}
		})
	}
	l.done.Wait()
	return l.Tally()
}

// Also has a target asked in its turn from now on, beside the others.
func (l *Load) Also(t Target) {
	a := aim{target: t, kept: client(t.TLS, false), fresh: client(t.TLS, true)}
	if t.KeptAlive {
		a.fresh = a.kept
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.aims = append(l.aims, a)
}

// next is the aim whose turn it is: with one turn for all, each kind of
// connection might meet the same half of the targets.
func (l *Load) next(fresh bool) (a aim, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn[fresh]++
	l.sent++
	return l.aims[l.turn[fresh]%len(l.aims)], l.sent
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
func (l *Load) pace(ctx context.Context, fresh bool, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a, n := l.next(fresh)
			l.done.Go(func() { l.send(a, n, fresh) })
		}
	}
}

func (l *Load) send(a aim, n int, fresh bool) {
	c := a.kept
	if fresh {
		c = a.fresh
	}
	var body io.Reader
	if a.target.Body != nil {
		body = bytes.NewReader(a.target.Body(n))
	}
	connected := false
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { connected = !info.Reused },
	})
	req, err := http.NewRequestWithContext(ctx, a.target.Method, a.target.URL, body)
	if err != nil {
		l.count(fresh, connected, 0, err)
		return
	}
	req.Header = a.target.Header.Clone()
	// Without it the transport cannot send a body again on another connection
	// when the first one turns out to be closed.
	req.GetBody = nil
	began := time.Now()
	res, err := c.Do(req)
	if err != nil {
		l.count(fresh, connected, 0, err)
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %.200s", req.Method, req.URL.Path, res.Status, answer)
	}
	l.count(fresh, connected, time.Since(began), err)
}

func (l *Load) count(fresh, connected bool, took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := &l.tally.Kept
	if fresh {
		kind = &l.tally.Fresh
	}
	if connected {
		kind.Connected++
	}
	if err != nil {
		kind.Failed++
		l.tally.Failed++
		if len(l.tally.Failures) < mostFailures {
			l.tally.Failures = append(l.tally.Failures, time.Now().Format("15:04:05.000 ")+err.Error())
		}
	} else {
		kind.Answered++
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
	t.Took = time.Since(l.began)
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
	got := l.Tally() // how long it has sent
	l.done.Wait()
	for _, a := range l.aims {
		a.kept.CloseIdleConnections()
	}
	took := got.Took
	got = l.Tally()
	got.Took = took
	return got
}
