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
// back. The compiler makes such of what looks harmless (allWhole, in engine/roll,
// says of what), so its listing is read, along every way through each function of
// the two packages that have vectors.
func TestHalves(t *testing.T) {
	listing, err := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-S", "./roll", "./ta").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing)
	}
	all := assembled(listing)
	c := calls{open: map[string]bool{}, inUse: map[string]bool{}}
	for before := -1; before < len(c.open)+len(c.inUse); {
		before = len(c.open) + len(c.inUse)
		for _, f := range all {
			if _, ends := f.follow(c); ends {
				c.open[f.name] = true
			}
		}
	}
	bodies := 0
	for _, f := range all {
		for _, op := range f.ops {
			if strings.HasPrefix(op.what, "VZEROUPPER") {
				bodies++
				break
			}
		}
		mixed, _ := f.follow(c)
		for _, found := range mixed {
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
	0x0000 00000 (b.go:1)	TEXT	roll.b(SB), ABIInternal, $0-0
	0x0000 00000 (b.go:1)	MOVSD	8(AX), X1
	0x0001 00001 (b.go:2)	VADDPD	Y1, Y2, Y3
	0x0002 00002 (b.go:3)	RET
	0x0000 00000 (c.go:1)	TEXT	roll.c(SB), ABIInternal, $0-0
	0x0000 00000 (c.go:1)	CALL	roll.b(SB)
	0x0001 00001 (c.go:2)	CALL	roll.b(SB)
	0x0002 00002 (c.go:3)	JMP	roll.a(SB)
`
	f := assembled([]byte(listing))
	if len(f) != 3 {
		t.Fatalf("%d functions", len(f))
	}
	c := calls{open: map[string]bool{}, inUse: map[string]bool{}}
	if mixed, ends := f[0].follow(c); len(mixed) != 1 || mixed[0].where != "a.go:10" || ends {
		t.Errorf("found %v, open %v", mixed, ends)
	}
	if mixed, ends := f[1].follow(c); len(mixed) != 0 || !ends {
		t.Errorf("found %v, open %v", mixed, ends)
	}
	c.open["roll.b"] = true
	if mixed, ends := f[2].follow(c); len(mixed) != 1 || mixed[0].where != "c.go:3" || !ends {
		t.Errorf("found %v, open %v", mixed, ends)
	}
	if mixed, _ := f[1].follow(c); len(mixed) != 1 || mixed[0].where != "b.go:1" {
		t.Errorf("called with the halves in use: found %v", mixed)
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
	other  = regexp.MustCompile(`^(?:CALL|JMP) (.+)\(SB\)`)
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
			name, _, _ := strings.Cut(m[4], "(SB)")
			all = append(all, &assembly{name: name})
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

// calls are the functions that end with the upper halves in use, and those of them
// that are called so.
type calls struct{ open, inUse map[string]bool }

// follow takes every way through f. With the upper halves in use, it finds what
// sets a register the old way, or may as calls of others do, and says whether f ends
// so itself.
func (f *assembly) follow(c calls) (mixed []operation, ends bool) {
	index := map[int]int{}
	for i := len(f.ops) - 1; i >= 0; i-- {
		index[f.ops[i].at] = i
	}
	type state struct {
		i     int
		inUse bool
	}
	seen := map[state]bool{}
	next := []state{{0, false}}
	if c.inUse[f.name] {
		next = append(next, state{0, true})
	}
	for len(next) > 0 {
		s := next[len(next)-1]
		next = next[:len(next)-1]
		if s.i >= len(f.ops) || seen[s] {
			continue
		}
		seen[s] = true
		op := f.ops[s.i]
		called := other.FindStringSubmatch(op.what)
		switch {
		case strings.Contains(op.what, "runtime.panic"):
			continue
		case strings.HasPrefix(op.what, "RET"):
			ends = ends || s.inUse
			continue
		case called != nil && c.open[called[1]]:
			if s.inUse {
				c.inUse[called[1]] = true
			}
			s.inUse = true
		case called != nil || strings.HasPrefix(op.what, "CALL"):
			if s.inUse && !strings.Contains(op.what, "runtime.morestack") {
				mixed = append(mixed, op)
			}
		case strings.HasPrefix(op.what, "VZEROUPPER"):
			s.inUse = false
		case vector.MatchString(op.what):
			s.inUse = true
		case s.inUse && !strings.HasPrefix(op.what, "V") && !strings.HasPrefix(op.what, "UCOMIS") && single.MatchString(op.what):
			mixed = append(mixed, op)
		}
		if m := jump.FindStringSubmatch(op.what); m != nil {
			to, _ := strconv.Atoi(m[1])
			next = append(next, state{index[to], s.inUse})
		}
		switch {
		case !strings.HasPrefix(op.what, "JMP"):
			next = append(next, state{s.i + 1, s.inUse})
		case called != nil:
			ends = ends || s.inUse
		}
	}
	return mixed, ends
}
