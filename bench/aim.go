package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// What is aimed at, beside TA-Lib's C library at 100,000 bars: the geometric
// mean of the ratios of the indicators in aims, and the least ratio of each.
const (
	aimedBars    = 100_000
	aimedGeomean = 3.0
)

var aims = []struct {
	name  string
	least float64
}{
	{"sma", 2}, {"ema", 7}, {"wma", 1.1}, {"rsi", 3}, {"macd", 2.3}, {"bbands", 1.1}, {"atr", 3.5}, {"adx", 1.1},
	{"stoch", 5}, {"cci", 1.1}, {"mfi", 1.1}, {"obv", 1.1}, {"aroon", 1.1}, {"max", 2.5}, {"min", 1.1},
	{"linearreg", 1.1}, {"trix", 1.1}, {"ultosc", 1.1}, {"sar", 1.1}, {"ht_trendline", 1.1}, {"kama", 1.1},
	{"stddev", 3},
}

// aimed is how the ratios compare with what is aimed at.
type aimed struct {
	Indicators        int      `json:"indicators"`
	Geomean           float64  `json:"geomean"`
	GeomeanAllocating float64  `json:"geomean_allocating"`
	Missed            []string `json:"missed"`
}

// aim judges the rows; it is nil where one that is aimed at is not among them.
func aim(rows []row) *aimed {
	byName := map[string]row{}
	for _, r := range rows {
		byName[r.Name] = r
	}
	a := &aimed{Indicators: len(aims), Missed: []string{}}
	var picked []row
	for _, t := range aims {
		r, ok := byName[t.name]
		if !ok {
			return nil
		}
		picked = append(picked, r)
		if r.RatioTALib < t.least {
			missed := fmt.Sprintf("%s %.2f of %v", t.name, r.RatioTALib, t.least)
			if r.RatioFloor > 0 && r.RatioFloor < t.least {
				missed += fmt.Sprintf(" (its columns alone have %.2f)", r.RatioFloor)
			}
			a.Missed = append(a.Missed, missed)
		}
	}
	a.Geomean, _, _ = overall(picked, func(r row) float64 { return r.RatioTALib })
	a.GeomeanAllocating, _, _ = overall(picked, func(r row) float64 { return r.RatioAllocating })
	if a.Geomean < aimedGeomean {
		a.Missed = append(a.Missed, fmt.Sprintf("geometric mean %.2f of %v", a.Geomean, aimedGeomean))
	}
	return a
}

func (a *aimed) print(w io.Writer) {
	if a == nil {
		return
	}
	missed := "all aims are met"
	if len(a.Missed) > 0 {
		missed = "missed: " + strings.Join(a.Missed, ", ")
	}
	fmt.Fprintf(w, "geometric mean of the %d ratios to TA-Lib that are aimed at %.2f, and %.2f where ours allocate and TA-Lib does not; %s\n",
		a.Indicators, a.Geomean, a.GeomeanAllocating, missed)
}

// err is what is missed.
func (a *aimed) err() error {
	switch {
	case a == nil:
		return errors.New("the aims need TA-Lib's library, all of their indicators, and 100,000 bars")
	case len(a.Missed) > 0:
		return fmt.Errorf("missed at 100,000 bars: %s", strings.Join(a.Missed, ", "))
	}
	return nil
}
