package main

import (
	"fmt"
	"slices"
	"strings"

	talib "github.com/markcheno/go-talib"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// contest is one indicator, with the same parameters for all who compute it:
// TA-Lib's defaults as of 0.8.
type contest struct {
	name   string
	params map[string]any
	peer   func(c sample.Columns) [][]float64 // go-talib
	older  string                             // how go-talib's formula is older than that of TA-Lib 0.8; "" where it is the same
}

// entrant is a contest with our side of it.
type entrant struct {
	contest
	indicator *ta.Indicator
	args      ta.Args
}

// entrants finds our indicator for each contest, or for those that are named.
func entrants(only ...string) ([]entrant, error) {
	ours := map[string]*ta.Indicator{}
	for _, ind := range engine.Indicators() {
		ours[ind.Name] = ind
	}
	var all []entrant
	for _, c := range contests {
		if len(only) > 0 && !slices.Contains(only, c.name) {
			continue
		}
		ind, ok := ours[c.name]
		if !ok {
			return nil, fmt.Errorf("the engine has no indicator %s", c.name)
		}
		args, err := ind.Args(c.params)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		all = append(all, entrant{c, ind, args})
	}
	if len(only) > 0 && len(all) < len(only) {
		return nil, fmt.Errorf("of %s, only %d are measured", strings.Join(only, " "), len(all))
	}
	return all, nil
}

// inputs are the columns that our indicator reads, the close for any series.
func (e *entrant) inputs(c sample.Columns) ta.Columns {
	in := make(ta.Columns, len(e.indicator.Inputs))
	for i, input := range e.indicator.Inputs {
		in[i] = c.Named(input.Column())
	}
	return in
}

type params = map[string]any

func one(a []float64) [][]float64         { return [][]float64{a} }
func two(a, b []float64) [][]float64      { return [][]float64{a, b} }
func three(a, b, c []float64) [][]float64 { return [][]float64{a, b, c} }
func period(n int) params                 { return params{"period": n} }

// contests are the indicators that are measured.
var contests = []contest{
	{name: "sma", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Sma(c.Close, 30)) }},
	{name: "ema", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Ema(c.Close, 30)) }},
	{name: "wma", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Wma(c.Close, 30)) }},
	{name: "dema", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Dema(c.Close, 30)) }},
	{name: "tema", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Tema(c.Close, 30)) }},
	{name: "trima", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Trima(c.Close, 30)) }},
	{name: "kama", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Kama(c.Close, 30)) }},
	{name: "t3", params: params{"period": 5, "vfactor": 0.7}, peer: func(c sample.Columns) [][]float64 { return one(talib.T3(c.Close, 5, 0.7)) }},
	{name: "macd", params: params{"fast_period": 12, "slow_period": 26, "signal_period": 9}, peer: func(c sample.Columns) [][]float64 {
		return three(talib.Macd(c.Close, 12, 26, 9))
	}},
	{name: "rsi", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.Rsi(c.Close, 14)) }},
	{name: "stoch", params: params{"fast_k_period": 5, "slow_k_period": 3, "slow_k_ma_type": "sma", "slow_d_period": 3, "slow_d_ma_type": "sma"}, peer: func(c sample.Columns) [][]float64 {
		return two(talib.Stoch(c.High, c.Low, c.Close, 5, 3, talib.SMA, 3, talib.SMA))
	}},
	{name: "stochf", params: params{"fast_k_period": 5, "fast_d_period": 3, "fast_d_ma_type": "sma"}, peer: func(c sample.Columns) [][]float64 {
		return two(talib.StochF(c.High, c.Low, c.Close, 5, 3, talib.SMA))
	}},
	{name: "willr", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.WillR(c.High, c.Low, c.Close, 14)) }},
	{name: "cci", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.Cci(c.High, c.Low, c.Close, 14)) }},
	{name: "mfi", params: period(14), older: "where two typical prices are equal but for rounding, it counts the money as flowing in or out", peer: func(c sample.Columns) [][]float64 {
		return one(talib.Mfi(c.High, c.Low, c.Close, c.Volume, 14))
	}},
	{name: "roc", params: period(10), peer: func(c sample.Columns) [][]float64 { return one(talib.Roc(c.Close, 10)) }},
	{name: "mom", params: period(10), peer: func(c sample.Columns) [][]float64 { return one(talib.Mom(c.Close, 10)) }},
	{name: "adx", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.Adx(c.High, c.Low, c.Close, 14)) }},
	{name: "plus_di", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.PlusDI(c.High, c.Low, c.Close, 14)) }},
	{name: "minus_di", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.MinusDI(c.High, c.Low, c.Close, 14)) }},
	{name: "aroon", params: period(14), peer: func(c sample.Columns) [][]float64 { return two(talib.Aroon(c.High, c.Low, 14)) }},
	{name: "atr", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.Atr(c.High, c.Low, c.Close, 14)) }},
	{name: "natr", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.Natr(c.High, c.Low, c.Close, 14)) }},
	{name: "bbands", params: params{"period": 20, "nb_dev_up": 2, "nb_dev_dn": 2, "ma_type": "sma"}, peer: func(c sample.Columns) [][]float64 {
		return three(talib.BBands(c.Close, 20, 2, 2, talib.SMA))
	}},
	{name: "obv", peer: func(c sample.Columns) [][]float64 { return one(talib.Obv(c.Close, c.Volume)) }},
	{name: "ad", peer: func(c sample.Columns) [][]float64 { return one(talib.Ad(c.High, c.Low, c.Close, c.Volume)) }},
	{name: "adosc", params: params{"fast_period": 3, "slow_period": 10}, peer: func(c sample.Columns) [][]float64 {
		return one(talib.AdOsc(c.High, c.Low, c.Close, c.Volume, 3, 10))
	}},
	{name: "trix", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Trix(c.Close, 30)) }},
	{name: "ultosc", params: params{"period1": 7, "period2": 14, "period3": 28}, peer: func(c sample.Columns) [][]float64 {
		return one(talib.UltOsc(c.High, c.Low, c.Close, 7, 14, 28))
	}},
	{name: "sar", params: params{"acceleration": 0.02, "maximum": 0.2}, peer: func(c sample.Columns) [][]float64 {
		return one(talib.Sar(c.High, c.Low, 0.02, 0.2))
	}},
	{name: "ht_trendline", peer: func(c sample.Columns) [][]float64 { return one(talib.HtTrendline(c.Close)) }},
	{name: "linearreg", params: period(14), peer: func(c sample.Columns) [][]float64 { return one(talib.LinearReg(c.Close, 14)) }},
	{name: "stddev", params: params{"period": 5, "nb_dev": 1}, peer: func(c sample.Columns) [][]float64 { return one(talib.StdDev(c.Close, 5, 1)) }},
	{name: "max", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Max(c.Close, 30)) }},
	{name: "min", params: period(30), peer: func(c sample.Columns) [][]float64 { return one(talib.Min(c.Close, 30)) }},
}
