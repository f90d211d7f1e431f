package roll

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// A place is that of the newest extreme of the window, and the mean deviation
// what its definition says.
func TestWindowsOfBars(t *testing.T) {
	x := walk(1400)
	for i := range x {
		x[i] = math.Round(x[i]) // so that many are equal
	}
	for _, n := range windows {
		largest, smallest := feed(t, NewPlaceOfMax(n), x, whole), feed(t, NewPlaceOfMin(n), x, whole)
		deviation := feed(t, &second{two: NewMeanDeviation(n)}, x, whole)
		for i := n - 1; i < len(x); i++ {
			w := x[i+1-n : i+1]
			high, low := 0, 0
			for k, v := range w {
				if v >= w[high] {
					high = k
				}
				if v <= w[low] {
					low = k
				}
			}
			if largest[i] != float64(high) || smallest[i] != float64(low) {
				t.Fatalf("over %d, bar %d: places %v and %v, want %d and %d", n, i, largest[i], smallest[i], high, low)
			}
			mean, want := sum(w)/float64(n), 0.0
			for _, v := range w {
				want += math.Abs(v-mean) / float64(n)
			}
			if !(math.Abs(deviation[i]-want) <= 1e-12*want+1e-13) {
				t.Fatalf("over %d, bar %d: mean deviation %v, want %v", n, i, deviation[i], want)
			}
		}
	}
}

// The bits of windows do not depend on chunks, body or a restore either.
func TestSameBitsOfWindows(t *testing.T) {
	x := walk(2200)
	for i := range x {
		x[i] = math.Round(x[i])
	}
	r := rand.New(rand.NewPCG(9, 10))
	for _, n := range windows {
		for name, make := range map[string]func() one{
			"place of the largest":  func() one { return NewPlaceOfMax(n) },
			"place of the smallest": func() one { return NewPlaceOfMin(n) },
			"mean deviation":        func() one { return &second{two: NewMeanDeviation(n)} },
		} {
			want := feed(t, make(), x, whole)
			check := func(how string, got []float64) {
				t.Helper()
				if i, ok := equal(want[len(want)-len(got):], got); !ok {
					t.Errorf("%s over %d, %s: value %d differs", name, n, how, i)
				}
			}
			check("bar by bar", feed(t, make(), x, func() int { return 1 }))
			check("at random", feed(t, make(), x, func() int { return 1 + r.IntN(ta.Tile) }))
			scalar(func() { check("scalar", feed(t, make(), x, whole)) })
			before, after := make(), make()
			feed(t, before, x[:777], whole)
			if rest, err := after.Restore(before.AppendState(nil)); err != nil || len(rest) != 0 {
				t.Fatalf("%s over %d: restore: %v, rest %v", name, n, err, rest)
			}
			check("restored", feed(t, after, x[777:], whole))
		}
	}
}

// constant is n times v.
func constant(v float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// An unchanging series has the slope 0, exactly, and a line its own: at any
// level.
func TestTrendOfALine(t *testing.T) {
	for _, n := range []int{2, 3, 14, 64, 100, 513} {
		trend := NewTrend(n)
		middle, slope := make([]float64, 700), make([]float64, 700)
		for i := 0; i < 700; i += 350 {
			trend.Next(constant(97.13, 350), middle[i:i+350], slope[i:i+350])
		}
		for i := n - 1; i < 700; i++ {
			if slope[i] != 0 || middle[i] != 0 {
				t.Fatalf("over %d, bar %d: %v + %v", n, i, middle[i], slope[i])
			}
		}
		line := make([]float64, 512)
		for i := range line {
			line[i] = 1e9 + 0.25*float64(i)
		}
		trend = NewTrend(n)
		trend.Next(line, middle[:512], slope[:512])
		for i := n - 1; i < 512; i++ {
			if want := -0.25 * float64(n-1) / 2; math.Abs(slope[i]-0.25) > 1e-8/float64(n) || math.Abs(middle[i]-want) > 1e-6 {
				t.Fatalf("over %d, bar %d: %v, slope %v", n, i, middle[i], slope[i])
			}
		}
	}
}

// Whole ticks have exact slopes: 0 where the line is level, at any price and over
// any window.
func TestTrendOfTicks(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	x := make([]float64, ta.Tile)
	for i := range x {
		x[i] = 1e4 * float64(9000+r.IntN(5))
	}
	middle, slope := make([]float64, len(x)), make([]float64, len(x))
	level := 0
	for _, n := range []int{3, 5, 7, 11, 14, 21, 31} {
		NewTrend(n).Next(x, middle, slope)
		for i := n - 1; i < len(x); i++ {
			tilt := 0 // in half ticks
			for k := range n {
				tilt += (2*k - (n - 1)) * int(x[i+1-n+k]/1e4)
			}
			want := 1e4 * float64(tilt) / 2 / (float64(n*(n*n-1)) / 12)
			if tilt == 0 {
				level++
			}
			if !(math.Abs(slope[i]-want) <= 1e-15*math.Abs(want)) {
				t.Fatalf("over %d, bar %d: slope %v, want %v", n, i, slope[i], want)
			}
		}
	}
	if level < 20 {
		t.Errorf("%d windows were level", level)
	}
}

// The sums of two series are those of their definitions; a series that does not
// move has none, exactly, and one that moves as the other has the other's.
func TestJoint(t *testing.T) {
	const bars = ta.Tile
	x, y := walk(2 * bars)[:bars], walk(2 * bars)[bars:]
	for _, n := range []int{1, 2, 5, 8, 30, 100, 257} {
		xx, yy, xy := make([]float64, bars), make([]float64, bars), make([]float64, bars)
		r := make([]float64, bars)
		NewJoint(n).Next(x, y, xx, yy, xy)
		for i := n - 1; i < bars; i++ {
			var wantXX, wantYY, wantXY float64
			meanX, meanY := sum(x[i+1-n:i+1])/float64(n), sum(y[i+1-n:i+1])/float64(n)
			for k := i + 1 - n; k <= i; k++ {
				dx, dy := x[k]-meanX, y[k]-meanY
				wantXX, wantYY, wantXY = wantXX+dx*dx, wantYY+dy*dy, wantXY+dx*dy
			}
			for _, c := range [][2]float64{{xx[i], wantXX}, {yy[i], wantYY}, {xy[i], wantXY}} {
				if !(math.Abs(c[0]-c[1]) <= 1e-12*math.Sqrt(wantXX*wantYY)+1e-12*math.Abs(c[1])+1e-18) {
					t.Fatalf("over %d, bar %d: %v, want %v", n, i, c[0], c[1])
				}
			}
		}
		NewJoint(n).Next(x, constant(0.1, bars), xx, yy, xy)
		Correlation(r[n-1:], xx[n-1:], yy[n-1:], xy[n-1:])
		for i := n - 1; i < bars; i++ {
			if yy[i] != 0 || xy[i] != 0 || r[i] != 0 {
				t.Fatalf("over %d, bar %d: %v and %v of a series that does not move", n, i, yy[i], xy[i])
			}
		}
		for _, way := range []float64{1, -1} {
			Scale(y, x, way)
			NewJoint(n).Next(x, y, xx, yy, xy)
			Correlation(r[n-1:], xx[n-1:], yy[n-1:], xy[n-1:])
			for i := n - 1; i < bars; i++ {
				if n > 1 && r[i] != way || n == 1 && r[i] != 0 {
					t.Fatalf("over %d, bar %d: correlation %v", n, i, r[i])
				}
			}
		}
		y = walk(2 * bars)[bars:]
	}
}

// An order is that of its window with many equal values, in one block and in
// many, and after a restore.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for _, n := range []int{1, 2, 7, 100, 3 * orderBlock, 5000} {
		o := newOrder(n)
		var all []float64
		for i := range 3*n + 500 {
			v := math.Round(100 * r.NormFloat64())
			oldest := o.past.push([]float64{v})[0]
			o.push(v, oldest)
			all = append(all, v)
			if i%97 != 0 && n > 100 {
				continue
			}
			window := slices.Sorted(slices.Values(all[max(0, len(all)-n):]))
			k := r.IntN(len(window))
			if got := o.at(k); got != window[k] {
				t.Fatalf("of %d, value %d: the %d-th is %v, want %v", n, i, k, got, window[k])
			}
			if want, _ := slices.BinarySearch(window, window[k]); o.below(window[k]) != want {
				t.Fatalf("of %d, value %d: %d are below %v, want %d", n, i, o.below(window[k]), window[k], want)
			}
			if i%31 == 0 {
				again := newOrder(n)
				if _, err := again.Restore(o.AppendState(nil)); err != nil {
					t.Fatal(err)
				}
				o = again
			}
		}
	}
}

// Few values are ranked in another way than many, with the same result.
func TestRanksAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	x := make([]float64, 1500)
	for i := range x {
		x[i] = math.Round(20 * r.NormFloat64())
	}
	for _, n := range []int{1, 14, 600} {
		if i, ok := equal(feed(t, NewRank(n), x, whole), feed(t, &sorted{newOrder(n)}, x, whole)); !ok {
			t.Errorf("over %d: value %d differs", n, i)
		}
	}
	if _, ok := NewRank(countable + 1).(*sorted); !ok {
		t.Error("many values are counted")
	}
}

// Of equal values the newest counts, and the oldest that is left when the one
// that counted leaves the window: as a search does that looks at the new value
// and starts anew, from the window's beginning, only when it must.
func TestIndexTies(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	x := make([]float64, 4000)
	for i := range x {
		x[i] = float64(r.IntN(5))
	}
	for _, n := range []int{1, 2, 3, 14, 30, 600} {
		got := feed(t, NewIndexOfMax(n), x, func() int { return 1 + r.IntN(ta.Tile) })
		at := -1
		for i := n - 1; i < len(x); i++ {
			first := i + 1 - n
			switch {
			case at < first:
				at = first
				for k := first; k <= i; k++ {
					if x[k] > x[at] {
						at = k
					}
				}
			case x[i] >= x[at]:
				at = i
			}
			if got[i] != float64(at) {
				t.Fatalf("over %d, bar %d: %v, want %d", n, i, got[i], at)
			}
		}
	}
	same := feed(t, NewIndexOfMin(3), []float64{5, 2, 2, 7, 9, 2, 2, 1}, whole)
	for i, want := range []float64{1, 1, 2, 5, 6, 7} {
		if same[i+2] != want {
			t.Errorf("the smallest of bar %d is %v, want %v", i+2, same[i+2], want)
		}
	}
}
