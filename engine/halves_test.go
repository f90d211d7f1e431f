//go:build goexperiment.simd && amd64

package engine

import (
	"bufio"
	"bytes"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Between its first vector and done, a wide body has no instruction that sets a
// register the old way, with SSE's encoding: some processors take 60 ns to go over
// to it while the upper halves of the registers are in use, and as long to come
// back. The compiler makes such of what looks harmless (allWhole, in engine/roll, says of what), so
// its listing is read, along every way through each function.
func TestHalves(t *testing.T) {
	listing, err := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-S", "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing)
	}
	bodies := 0
	for _, f := range assembled(listing) {
		if !strings.Contains(f.text(), "VZEROUPPER") {
			continue
		}
		bodies++
		for _, found := range f.mixed() {
			t.Errorf("%s: %s %s", f.name, found.where, found.what)
		}
	}
	if bodies < 50 {
		t.Fatalf("only %d functions use vectors: has the listing another form?", bodies)
	}
}

// Of a listing that has one of each kind, the bad one alone is found.
func TestHalvesAreFound(t *testing.T) {
	const listing = `
	0x0000 00000 (a.go:1)	TEXT	roll.a(SB), ABIInternal, $0-0
	0x0000 00000 (a.go:1)	XORPS	X1, X1
	0x0001 00001 (a.go:2)	TESTQ	AX, AX
	0x0002 00002 (a.go:2)	JEQ	9
	0x0003 00003 (a.go:3)	VADDPD	Y1, Y2, Y3
	0x0004 00004 (a.go:4)	MOVUPS	X14, (CX)
	0x0005 00005 (a.go:5)	UCOMISD	X1, X2
	0x0006 00006 (a.go:6)	JLT	10
	0x0007 00007 (a.go:7)	VZEROUPPER
	0x0008 00008 (a.go:8)	ADDSD	X1, X0
	0x0009 00009 (a.go:9)	RET
	0x000a 00010 (a.go:10)	CVTSQ2SD	AX, X4
	0x000b 00011 (a.go:11)	JMP	7
`
	f := assembled([]byte(listing))
	if len(f) != 1 {
		t.Fatalf("%d functions", len(f))
	}
	if found := f[0].mixed(); len(found) != 1 || found[0].where != "a.go:10" {
		t.Errorf("found %v", found)
	}
}

// assembly is a function of a listing, and an operation one of its lines.
type assembly struct {
	name string
	ops  []operation
}

type operation struct {
	at          int
	where, what string
}

var (
	line   = regexp.MustCompile(`^\s+0x[0-9a-f]+ (\d+) \((.*)\)\t(\S+)\t?(.*)$`)
	vector = regexp.MustCompile(`\bY\d+\b`)
	single = regexp.MustCompile(`\bX\d+$`)
	jump   = regexp.MustCompile(`^J\S+ (\d+)$`)
)

// assembled reads a listing.
func assembled(listing []byte) (all []*assembly) {
	lines := bufio.NewScanner(bytes.NewReader(listing))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		if m[3] == "TEXT" {
			all = append(all, &assembly{name: m[4]})
		}
		if strings.HasSuffix(m[3], "DATA") || len(all) == 0 {
			continue
		}
		at, _ := strconv.Atoi(m[1])
		f := all[len(all)-1]
		f.ops = append(f.ops, operation{at, m[2], m[3] + " " + strings.ReplaceAll(m[4], "\t", " ")})
	}
	return all
}

func (f *assembly) text() string {
	var b strings.Builder
	for _, op := range f.ops {
		b.WriteString(op.what + "\n")
	}
	return b.String()
}

// mixed are the operations that set a register the old way, or may as calls of
// others do, and that some way leads to with the upper halves in use.
func (f *assembly) mixed() (found []operation) {
	index := map[int]int{}
	for i := len(f.ops) - 1; i >= 0; i-- {
		index[f.ops[i].at] = i
	}
	type state struct {
		i     int
		inUse bool
	}
	seen := map[state]bool{}
	for next := []state{{0, false}}; len(next) > 0; {
		s := next[len(next)-1]
		next = next[:len(next)-1]
		if s.i >= len(f.ops) || seen[s] {
			continue
		}
		seen[s] = true
		op := f.ops[s.i]
		switch {
		case strings.HasPrefix(op.what, "VZEROUPPER"):
			s.inUse = false
		case vector.MatchString(op.what):
			s.inUse = true
		case s.inUse && strings.HasPrefix(op.what, "CALL") && !strings.Contains(op.what, "runtime.panic"),
			s.inUse && !strings.HasPrefix(op.what, "V") && !strings.HasPrefix(op.what, "UCOMIS") && single.MatchString(op.what):
			found = append(found, op)
		}
		if m := jump.FindStringSubmatch(op.what); m != nil {
			to, _ := strconv.Atoi(m[1])
			next = append(next, state{index[to], s.inUse})
		}
		if strings.HasPrefix(op.what, "RET") || strings.HasPrefix(op.what, "JMP") || strings.Contains(op.what, "runtime.panic") {
			continue
		}
		next = append(next, state{s.i + 1, s.inUse})
	}
	return found
}
