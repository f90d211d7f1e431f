package engine_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

var update = flag.Bool("update", false, "write testdata/bits.txt anew; engine.Version must change with it")

// The bits of every output are those of testdata/bits.txt, built with SIMD and
// without: what was cached, logged or compared by one build holds for the other.
func TestBits(t *testing.T) {
	const file = "testdata/bits.txt"
	var got bytes.Buffer
	fmt.Fprintf(&got, "engine %s\n", engine.Version)
	for _, ind := range engine.Indicators() {
		for _, a := range trials(t, ind) {
			fmt.Fprintf(&got, "%016x %s %s\n", digest(ind, a), ind.Name, describe(a))
		}
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w, g := bytes.Split(want, []byte("\n")), bytes.Split(got.Bytes(), []byte("\n"))
	for i := range max(len(w), len(g)) {
		switch {
		case i >= len(g):
			t.Errorf("missing: %s", w[i])
		case i >= len(w):
			t.Errorf("new: %s", g[i])
		case !bytes.Equal(w[i], g[i]):
			t.Errorf("%s\nis now %s", w[i], g[i])
		default:
			continue
		}
		break
	}
}

// digest is the FNV-1a of all outputs over all kinds of series.
func digest(ind *ta.Indicator, a ta.Args) uint64 {
	h := fnv.New64a()
	var b []byte
	for _, s := range law.All(1, bars) {
		for _, col := range ind.Run(a, s.Columns(ind.Inputs)) {
			b = b[:0]
			for _, v := range col {
				if v != v {
					v = math.NaN() // one of many
				}
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			}
			h.Write(b)
		}
	}
	return h.Sum64()
}
