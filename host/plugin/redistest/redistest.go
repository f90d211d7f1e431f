// Package redistest gives tests a real Redis, as net/http/httptest gives them a
// server: the one that REDIS_ADDR names, or one of their own on loopback.
package redistest

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Addr is a Redis for a test that lets it be: that of REDIS_ADDR, which others
// may use too, where it wants no password, or one of the test's own. Take a
// prefix that nobody else has.
func Addr(t testing.TB) string {
	t.Helper()
	if addr := os.Getenv("REDIS_ADDR"); addr != "" && os.Getenv("REDIS_PASSWORD") == "" {
		return addr
	}
	return Start(t).Addr
}

// Server is a Redis of a test's own, which the test may kill.
type Server struct {
	Addr string // 127.0.0.1:PORT, the same after each start

	t       testing.TB
	dir     string
	process *exec.Cmd
}

// Start runs a redis-server from PATH on a free port of loopback until the test
// ends. Each write is on the disk before it is answered. Without such a program
// the test is skipped, or fails where CI is true.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{Addr: free(t), t: t, dir: t.TempDir()}
	t.Cleanup(s.Kill)
	s.Restart()
	return s
}

// free is an address of loopback on which nobody listens.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Restart runs a server that was killed, with what it had.
func (s *Server) Restart() {
	s.t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("CI") == "true" {
			s.t.Fatal("redis-server is not in PATH, and CI skips no test: install the package redis-server")
		}
		s.t.Skip("redis-server is not in PATH: install the package redis-server, or set REDIS_ADDR")
	}
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.process = exec.Command(program, "--bind", host, "--port", port, "--dir", s.dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning")
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	client := s.Client()
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for client.Ping(ctx).Err() != nil {
		if ctx.Err() != nil {
			s.t.Fatal("redis-server does not answer within 10 s")
		}
	}
}

// Client is a connection of the default user, for whom the server is the
// test's own.
func (s *Server) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.Addr})
}

// Kill ends the server as a crash does.
func (s *Server) Kill() {
	s.t.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Error(err)
	}
	_ = s.process.Wait() // it was killed, and says so
	s.process = nil
}

// Forget deletes what a server that was killed has on its disk.
func (s *Server) Forget() {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range files {
		if err := os.RemoveAll(f); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Do sends a command as the default user, and wants no error.
func (s *Server) Do(args ...any) string {
	s.t.Helper()
	client := s.Client()
	defer client.Close()
	answer, err := client.Do(context.Background(), args...).Text()
	if err != nil && !errors.Is(err, redis.Nil) && !strings.Contains(err.Error(), "unexpected type") {
		s.t.Fatalf("redis %v: %v", args, err)
	}
	return answer
}
