package rest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// apartEnv makes BenchmarkApart the service, in a process that has nothing else to
// do: what its callers do, in theirs, is not its time.
const apartEnv = "REST_TEST_APART"

// BenchmarkApart serves for listenApart until there is no more to read. File 3 has its
// address, and a line for each time that it has collected its garbage.
func BenchmarkApart(b *testing.B) {
	if os.Getenv(apartEnv) == "" {
		b.Skip("it is the service for other benchmarks")
	}
	l := listen(b)
	told := os.NewFile(3, "address")
	if _, err := io.WriteString(told, l.url+"\n"); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		runtime.GC()
		if _, err := io.WriteString(told, "collected\n"); err != nil {
			b.Fatal(err)
		}
	}
}

// listenApart is listen in a process of its own, and what has that collect its garbage.
func listenApart(b *testing.B) (l live, collect func()) {
	b.Helper()
	address, told, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	service := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkApart$", "-test.benchtime=1x")
	service.Env = append(os.Environ(), apartEnv+"=1")
	service.ExtraFiles = []*os.File{told}
	var said strings.Builder
	service.Stdout, service.Stderr = &said, &said
	more, err := service.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := service.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		more.Close()
		address.Close()
		if err := service.Wait(); err != nil {
			b.Errorf("the service: %v\n%s", err, &said)
		}
	})
	told.Close()
	lines := bufio.NewReader(address)
	line := func() string {
		said, err := lines.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		return strings.TrimSpace(said)
	}
	return live{line()}, func() {
		if _, err := io.WriteString(more, "collect\n"); err != nil {
			b.Fatal(err)
		}
		line()
	}
}
