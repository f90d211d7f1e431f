package sdk_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// What the READMEs of plugins say of their behaviour in figures, counted.

func TestRegimesOfTheSample(t *testing.T) {
	module := load(t, newSandbox(t), "..", "plugins/regime-filter-c/regime_filter.wasm")
	s, err := candle.Read(bytes.NewReader(sample.IBM), candle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	changes := func(params map[string]any) (n int) {
		regime := run(t, module, params, map[ta.Input][]float64{ta.High: s.High, ta.Low: s.Low, ta.Close: s.Close})["regime"]
		for i := 1; i < len(regime); i++ {
			if !math.IsNaN(regime[i-1]) && regime[i] != regime[i-1] {
				n++
			}
		}
		return n
	}
	want := fmt.Sprintf("changes %d times with the hysteresis, and %d times without it", changes(nil), changes(map[string]any{"hysteresis": 0.0}))
	if !strings.Contains(read(t, "../plugins/regime-filter-c/README.md"), want) {
		t.Errorf("its README does not say that the regime %s", want)
	}
}

// TestLongestProfile: in the market that costs most, in which each bar is the
// highest and the one that leaves was the lowest.
func TestLongestProfile(t *testing.T) {
	const bars = 800
	if !strings.Contains(read(t, "../plugins/volume-profile-score-zig/README.md"), fmt.Sprintf("at their largest %d", bars)) {
		t.Errorf("its README does not speak of %d bars", bars)
	}
	columns := map[ta.Input][]float64{}
	for i := range bars {
		price := 100 * math.Exp(float64(i)/1000)
		for input, v := range map[ta.Input]float64{ta.High: 1.005 * price, ta.Low: 0.995 * price, ta.Close: price, ta.Volume: 1000} {
			columns[input] = append(columns[input], v)
		}
	}
	run(t, load(t, newSandbox(t), "..", "plugins/volume-profile-score-zig/volume_profile_score.wasm"),
		map[string]any{"period": 100, "rows": 50}, columns)
}

// TestPairsOfStrangers: two walks that know nothing of each other.
func TestPairsOfStrangers(t *testing.T) {
	const bars, period = 40_000, 60
	module := load(t, newSandbox(t), "..", "plugins/pairs-spread-rust/pairs_spread.wasm")
	r := rand.New(rand.NewPCG(1, 2))
	walk := func() (prices []float64) {
		at := 0.0
		for range bars {
			at += 0.01 * r.NormFloat64()
			prices = append(prices, 100*math.Exp(at))
		}
		return prices
	}
	got := run(t, module, map[string]any{"period": period}, map[ta.Input][]float64{ta.Real0: walk(), ta.Real1: walk()})
	var lives []float64
	for _, v := range got["half_life"] {
		if !math.IsNaN(v) {
			lives = append(lives, v)
		}
	}
	slices.Sort(lives)
	if middle := lives[len(lives)/2] / period; !(0.08 < middle && middle < 0.125) {
		t.Errorf("the median half-life is %.3f of the period, and the README says about a tenth", middle)
	}
	beyond := 0
	for _, v := range got["zscore"] {
		if math.Abs(v) > 2 {
			beyond++
		}
	}
	if every := bars / float64(beyond); !(7 < every && every < 9) {
		t.Errorf("the z-score is beyond 2 on one bar in %.1f, and the README says in eight", every)
	}
}
