package candle

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// standard is v as encoding/json writes it, without encoding/json.
func standard(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if a := math.Abs(v); a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
	if n := len(dst); dst[n-3] == '-' && dst[n-2] == '0' { // e-09 is written e-9
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// TestAppendFloatRandom: any bit pattern, and any decimal of few digits, is
// written as the standard library writes it.
func TestAppendFloatRandom(t *testing.T) {
	rounds := 2_000_000
	if testing.Short() {
		rounds = 50_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	var got, want []byte
	for range rounds {
		for _, v := range [...]float64{
			math.Float64frombits(r.Uint64()),
			float64(r.Int64N(1<<53)) / float64(tenTo[r.IntN(20)]),
			(r.Float64() - 0.5) * float64(tenTo[r.IntN(20)]),
		} {
			got, want = AppendFloat(got[:0], v), standard(want[:0], v)
			if string(got) != string(want) {
				t.Fatalf("%x is %s, want %s", math.Float64bits(v), got, want)
			}
		}
	}
}

// rounded is v as strconv rounds it, without zeros at the end.
func rounded(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "null"
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// TestAppendFixed: every number of decimals, for random values of all sizes and
// for those that are halfway between two.
func TestAppendFixed(t *testing.T) {
	rounds := 100_000
	if testing.Short() {
		rounds = 5000
	}
	r := rand.New(rand.NewPCG(5, 6))
	values := append([]float64{}, edges...)
	for range rounds {
		values = append(values,
			math.Float64frombits(r.Uint64()),
			(r.Float64()-0.5)*math.Exp2(float64(r.IntN(110)-54)),
			float64(r.Int64N(1<<40)>>r.IntN(40))/math.Exp2(float64(r.IntN(20))), // ties
			float64(r.Int64N(1<<53)>>r.IntN(53))/float64(tenTo[r.IntN(16)]))
	}
	var got []byte
	for i, v := range values {
		for decimals := range 16 {
			// An edge has every number of decimals, another value two of them;
			// huge ones have none after the point, and take strconv long.
			if i >= len(edges) && decimals != i%16 && decimals != i%7 || isHuge(v) && decimals%15 != 0 {
				continue
			}
			got = AppendFixed(got[:0], v, decimals)
			if want := rounded(v, decimals); string(got) != want {
				t.Fatalf("%x with %d decimals is %s, want %s", math.Float64bits(v), decimals, got, want)
			}
		}
	}
}

// edges are where a writer of floats goes wrong if it does: powers of two and
// ten, the bounds of the notations and of the type, and their neighbours.
var edges = func() (all []float64) {
	near := func(v float64) {
		for range 3 {
			v = math.Nextafter(v, math.Inf(-1))
		}
		for range 7 {
			all = append(all, v, -v)
			v = math.Nextafter(v, math.Inf(1))
		}
	}
	for e := -1074; e <= 1023; e++ {
		near(math.Ldexp(1, e))
	}
	for e := -323; e <= 308; e++ {
		for _, d := range []string{"1", "2", "5", "9", "9.5"} {
			v, _ := strconv.ParseFloat(d+"e"+strconv.Itoa(e), 64)
			near(v)
		}
	}
	for c := range 2000 { // subnormal, whole, and with a half and a cent
		v := float64(c)
		all = append(all, v*math.SmallestNonzeroFloat64, v, -v, v+0.5, v/100, -v/1000)
	}
	near(math.MaxFloat64)
	return append(all, 0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1),
		123.45, 0.1+0.2, 9007199254740993, 2.5, 3.5, 0.125, 1.005, 1e23, 5e-324, 2.2250738585072011e-308)
}()

func TestAppendFloatEdges(t *testing.T) {
	for _, v := range edges {
		got := AppendFloat(nil, v)
		if want := standard(nil, v); string(got) != string(want) {
			t.Errorf("%x is %s, want %s", math.Float64bits(v), got, want)
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if want, err := json.Marshal(v); err != nil || string(got) != string(want) {
			t.Errorf("%x is %s, want %s as encoding/json has it (%v)", math.Float64bits(v), got, want, err)
		}
	}
}

// TestAppendColumn: a column is its values, behind what was there before, which
// stays; and nothing is written beyond its end.
func TestAppendColumn(t *testing.T) {
	for _, col := range [][]float64{nil, {}, {1}, {math.NaN()}, edges, slices.Repeat([]float64{-1.2345678901234567e-6, -math.MaxFloat64}, 100)} {
		for _, decimals := range []int{-1, 0, 15} {
			want := []byte("before[")
			for i, v := range col {
				if i > 0 {
					want = append(want, ',')
				}
				if decimals < 0 {
					want = standard(want, v)
				} else {
					want = append(want, rounded(v, decimals)...)
				}
			}
			want = append(want, ']')
			for _, room := range []int{0, 10, 10_000, 10_000_000} {
				dst := append(make([]byte, 0, len("before")+room), "before"...)
				if got := AppendColumn(dst, col, decimals); string(got) != string(want) {
					t.Errorf("%d values with %d decimals in %d bytes: %.60s, want %.60s", len(col), decimals, room, got, want)
				}
			}
		}
	}
}

func FuzzAppendFloat(f *testing.F) {
	for _, v := range []float64{0, 123.45, 1e-6, 1e21, 5e-324, math.MaxFloat64, 1 << 53, math.NaN()} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, word uint64) {
		v := math.Float64frombits(word)
		got, want := AppendFloat(nil, v), standard(nil, v)
		if string(got) != string(want) {
			t.Fatalf("%x is %s, want %s", word, got, want)
		}
	})
}

func FuzzAppendFixed(f *testing.F) {
	for _, v := range []float64{0, 123.45, 0.5, 1.5, 0.125, 1e-6, 1e21, -0.04, 1<<53 - 1, math.NaN()} {
		f.Add(math.Float64bits(v), byte(2))
	}
	f.Fuzz(func(t *testing.T, word uint64, decimals byte) {
		v := math.Float64frombits(word)
		got, want := AppendFixed(nil, v, int(decimals%16)), rounded(v, int(decimals%16))
		if string(got) != want {
			t.Fatalf("%x with %d decimals is %s, want %s", word, decimals%16, got, want)
		}
	})
}
