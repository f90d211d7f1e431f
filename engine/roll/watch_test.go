package roll

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// A calculation that finds holes itself gives what it gives where they are taken
// out before, and goes on as if they had not been there.
func TestWatch(t *testing.T) {
	both := map[string]bool{"max": true, "min": true, "sum": true, "mean": true, "kama": true} // find them in either body, and from the first bar on
	const tiles = 60                                                                           // so that some tracks are full where a hole is
	r := rand.New(rand.NewPCG(11, 12))
	x := walk(tiles * ta.Tile)
	x[0] = nan
	for tile := 4; tile < tiles; tile++ {
		for range r.IntN(5) / 3 {
			x[tile*ta.Tile+r.IntN(ta.Tile)] = []float64{math.NaN(), inf, -inf}[r.IntN(3)]
		}
	}
	chunks := map[string]func() int{
		"in tiles":  func() int { return 2 * ta.Tile },
		"at random": func() int { return 1 + r.IntN(3*ta.Tile) },
	}
	run := func(k ta.Kernel, chunk func() int) (out []float64, state []byte) {
		out = make([]float64, len(x))
		for from := 0; from < len(x); {
			to := min(from+chunk(), len(x))
			k.Next(ta.Columns{x[from:to]}, ta.Columns{out[from:to]})
			from = to
		}
		return out, k.AppendState(nil)
	}
	for _, n := range windows {
		for name, make := range calculations(n) {
			if _, ok := make().(watcher); !ok {
				continue
			}
			c := make()
			want, state := run(ta.NewKernel(func(in, out ta.Columns) { c.Next(in[0], out[0]) }, c), chunks["in tiles"])
			check := func(body string) {
				for how, chunk := range chunks {
					c, found := make(), 0
					k := ta.NewKernel(func(in, out ta.Columns) { c.Next(in[0], out[0]) }, c)
					got, after := run(ta.Watchful(k, func(in, out ta.Columns) bool {
						ok := c.(watcher).Watch(in[0], out[0])
						if ok {
							found += len(in[0])
						}
						return ok
					}), chunk)
					if i, ok := equal(want, got); !ok {
						t.Errorf("%s over %d, %s, %s: value %d is %v, want %v", name, n, how, body, i, got[i], want[i])
					}
					if !bytes.Equal(state, after) {
						t.Errorf("%s over %d, %s, %s: another state", name, n, how, body)
					}
					if both[name] && found < 4*ta.Tile {
						t.Errorf("%s over %d, %s, %s: only %d values needed no second look", name, n, how, body, found)
					}
				}
			}
			check("wide")
			scalar(func() { check("scalar") })
		}
	}
}
