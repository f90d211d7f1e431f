package chart

import (
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/momentum"
)

// compare is an example of two highs, with an oscillator of these values at the
// first high, at the low between and at the second high.
func compare(second at, values [3]float64) Bars {
	b := drawn(at{0, 100}, at{20, 120}, at{28, 112}, second, at{second.bar + 20, second.price - 20})
	b.Oscillator = make([]float64, b.Len())
	for i := range b.Oscillator {
		b.Oscillator[i] = values[1]
	}
	b.Oscillator[20], b.Oscillator[second.bar] = values[0], values[2]
	return b
}

func TestDivergences(t *testing.T) {
	falls, rises := [3]float64{80, 40, 70}, [3]float64{70, 40, 80}
	given := map[string]any{"reversal": 1.0, "longest": 30}
	want := func(second at) []at { return []at{{20, 120}, {28, 112}, second} }
	(&example{
		pattern: BearishDivergence, opposite: BullishDivergence, given: given,
		bars: compare(at{40, 121}, falls), want: want(at{40, 121}),
		direction: Bearish, bar: 41, // one bar down is as far as its true range
		misses: []miss{
			{rule: "price", within: compare(at{40, 120.18}, falls), past: compare(at{40, 120.14}, falls)},
			{rule: "oscillator", within: compare(at{40, 121}, [3]float64{80, 40, 75.9}), past: compare(at{40, 121}, [3]float64{80, 40, 76.1})},
			{rule: "apart", within: compare(at{50, 121}, falls), past: compare(at{51, 121}, falls)},
		},
	}).try(t)
	(&example{
		pattern: HiddenBearishDivergence, opposite: HiddenBullishDivergence, given: given,
		bars: compare(at{40, 119}, rises), want: want(at{40, 119}),
		direction: Bearish, bar: 41,
		misses: []miss{
			{rule: "price", within: compare(at{40, 119.82}, rises), past: compare(at{40, 119.86}, rises)},
			{rule: "oscillator", within: compare(at{40, 119}, [3]float64{75.9, 40, 80}), past: compare(at{40, 119}, [3]float64{76.1, 40, 80})},
			{rule: "apart", within: compare(at{50, 119}, rises), past: compare(at{51, 119}, rises)},
		},
	}).try(t)
}

// Without a column of its own the price is compared with an oscillator of the
// engine: here one that a slower rise to a higher high cannot bring back to where
// it was.
func TestDivergenceOfTheEngine(t *testing.T) {
	b := drawn(at{0, 100}, at{60, 99}, at{70, 120}, at{76, 114}, at{90, 121}, at{110, 101})
	for _, name := range []string{"rsi", "macd", "macd_hist", "mom"} {
		a := argsOf(t, BearishDivergence, map[string]any{"oscillator": name, "reversal": 1.5})
		if d := foundAt(BearishDivergence.Find(b, a), 70); d == nil || d.Points[2].Bar != 90 {
			t.Errorf("%s: %+v", name, BearishDivergence.Candidates(b, a))
		}
	}
}

// Every oscillator is the engine's of that name: given as a column it is the same.
func TestOscillators(t *testing.T) {
	b := barsOf(law.Walk(1, 600))
	columns := map[string][]float64{
		"rsi": run(momentum.RSI, nil, b.Close)[0], "mom": run(momentum.Mom, nil, b.Close)[0],
		"macd": run(momentum.MACD, nil, b.Close)[0], "macd_hist": run(momentum.MACD, nil, b.Close)[2],
		"cci": run(momentum.CCI, nil, b.High, b.Low, b.Close)[0], "stoch": run(momentum.Stoch, nil, b.High, b.Low, b.Close)[0],
	}
	for _, p := range []*Pattern{BearishDivergence, BullishDivergence} {
		for _, name := range oscillatorNames() {
			got := p.Candidates(b, argsOf(t, p, map[string]any{"oscillator": name}))
			b := b
			b.Oscillator = columns[name]
			want := p.Candidates(b, argsOf(t, p, nil))
			if len(want) < 5 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s by %s: %d and %d candidates", p.Name, name, len(got), len(want))
			}
		}
	}
}
