package host

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serveEnv makes the test binary the service, in a process of its own, so that
// the service's processor time is told apart from its caller's.
const serveEnv = "HOST_TEST_SERVE"

// delayEnv is that service's drain delay.
const delayEnv = "HOST_TEST_DRAIN_DELAY"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveEnv); dir != "" {
		os.Exit(serveAlone(dir))
	}
	os.Exit(m.Run())
}

// serveAlone prints the addresses of its two ports, each on a line.
func serveAlone(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	delay, _ := time.ParseDuration(os.Getenv(delayEnv))
	h, err := New(ctx, Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DataDir: dir, DrainDelay: delay, DrainTimeout: time.Minute, PluginTimeout: time.Minute,
		CacheBytes: 0, MaxCandles: 100_000, MaxBody: 32 << 20, MaxIndicators: 100, MaxValues: 10_000_000,
	}, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("%s\n%s\n", h.Addr(), h.AdminAddr())
	if err := h.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

type benchRequest struct {
	Candles    map[string][]float64 `json:"candles"`
	Indicators []map[string]string  `json:"indicators"`
}

// BenchmarkCompute is one request of 1,000 candles for ten indicators, whole
// outputs, JSON both ways, nothing cached, through HTTP on loopback. It reports
// the service's processor time for a request, and beside it the time that
// encoding/json alone takes to read such a request and write such an answer.
func BenchmarkCompute(b *testing.B) {
	const bars = 1000
	names := []string{"sma", "ema", "rsi", "macd", "bbands", "atr", "stoch", "adx", "obv", "cci"}
	bodies := make([][]byte, 64)
	for i := range bodies {
		bodies[i] = benchBody(b, uint64(i), bars, names)
	}

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+b.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	}()
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + strings.TrimSpace(addr) + "/api/v1/compute"

	post := func(i int) []byte {
		res, err := http.Post(url, "application/json", bytes.NewReader(bodies[i%len(bodies)]))
		if err != nil {
			b.Fatal(err)
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("X-Cache") != "MISS" {
			b.Fatalf("%d, X-Cache %s, %v: %.300s", res.StatusCode, res.Header.Get("X-Cache"), err, answer)
		}
		return answer
	}
	answer := post(0)
	for i := range 200 { // warm the pools
		post(i)
	}
	before, i := cpu(b, cmd.Process.Pid), 0
	for b.Loop() {
		post(i)
		i++
	}
	server := (cpu(b, cmd.Process.Pid) - before).Seconds() * 1e6 / float64(i)
	b.ReportMetric(server, "server-cpu-µs/op")

	start := time.Now()
	const rounds = 50
	for i := range rounds {
		var req benchRequest
		if err := json.Unmarshal(bodies[i], &req); err != nil {
			b.Fatal(err)
		}
	}
	reading := time.Since(start)
	var decoded struct {
		Results map[string]struct{ Outputs map[string][]*float64 }
	}
	if err := json.Unmarshal(answer, &decoded); err != nil {
		b.Fatal(err)
	}
	start = time.Now()
	for range rounds {
		if _, err := json.Marshal(decoded); err != nil {
			b.Fatal(err)
		}
	}
	peer := (reading + time.Since(start)).Seconds() * 1e6 / rounds
	b.ReportMetric(peer, "encoding/json-µs/op")
	b.ReportMetric(peer/server, "json/server")
}

func benchBody(b *testing.B, seed uint64, bars int, names []string) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	req := benchRequest{Candles: map[string][]float64{}}
	price := 100.0
	cents := func(v float64) float64 {
		c, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 2, 64), 64)
		return c
	}
	for i := range bars {
		open := price
		price *= 1 + 0.01*r.NormFloat64()
		high, low := max(open, price)*1.004, min(open, price)*0.996
		for name, v := range map[string]float64{"open": cents(open), "high": cents(high) + 0.01, "low": cents(low) - 0.01, "close": cents(price), "volume": float64(1000 + r.IntN(100000))} {
			req.Candles[name] = append(req.Candles[name], v)
		}
		req.Candles["timestamp"] = append(req.Candles["timestamp"], float64(1717200000+3600*i))
	}
	for _, n := range names {
		req.Indicators = append(req.Indicators, map[string]string{"id": n, "name": n})
	}
	body, err := json.Marshal(req)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// cpu is the processor time that a process has used, user and system.
func cpu(b *testing.B, pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("processor time is read from /proc, which is not here: %v", err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const tick = time.Second / 100 // USER_HZ, the same on every Linux architecture Go runs on
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}
