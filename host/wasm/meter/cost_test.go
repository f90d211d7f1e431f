package meter

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
)

// TestABIHasTheCosts: for each instruction that there is, what sdk/ABI.md says it
// costs is what it costs.
func TestABIHasTheCosts(t *testing.T) {
	page, err := os.ReadFile("../../../sdk/ABI.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "## What instructions cost")
	if !found {
		t.Fatal("sdk/ABI.md has no section for it")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	said := map[bytecode.Opcode]uint32{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+)[^|]*\|[^|]*\| ([^|]*) \|$`).FindAllStringSubmatch(section, -1) {
		units, _ := strconv.ParseUint(row[1], 10, 32)
		for _, code := range regexp.MustCompile("`([0-9a-f]{2})(?: ([0-9a-f]{2}))?`(?: to `(?:[0-9a-f]{2} )?([0-9a-f]{2})`)?").FindAllStringSubmatch(row[2], -1) {
			first := number(t, code[1])
			if code[2] != "" {
				first = first<<8 | number(t, code[2])
			}
			last := first
			if code[3] != "" {
				last = first&^0xff | number(t, code[3])
			}
			for op := first; op <= last; op++ {
				if _, twice := said[op]; twice {
					t.Errorf("%#x is said twice", op)
				}
				said[op] = uint32(units)
			}
		}
	}
	if len(said) < 20 {
		t.Fatalf("%d instructions are said", len(said))
	}
	for _, prefix := range []bytecode.Opcode{0, 0xfc00, 0xfd00} {
		for op := prefix; op <= prefix+0xff; op++ {
			want, ok := said[op]
			if !ok {
				want = costPlain
			}
			if got := cost(op); got != want {
				t.Errorf("%#x costs %d, and sdk/ABI.md says %d", op, got, want)
			}
		}
	}
}

// number is of hexadecimal digits.
func number(t *testing.T, s string) bytecode.Opcode {
	t.Helper()
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	return bytecode.Opcode(n)
}
