package law

import (
	"math"
	"math/rand/v2"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Series are bars that laws are tried on: Low <= Open, Close <= High.
type Series struct {
	Name                           string
	Open, High, Low, Close, Volume []float64
}

// Columns are the columns for the inputs of an indicator: real0 is the close
// and real1 the open, periods run from 2 to 30, and bars begin at Times.
func (s *Series) Columns(inputs []ta.Input) ta.Columns {
	in := make(ta.Columns, len(inputs))
	for i, input := range inputs {
		switch input {
		case ta.Open, ta.Real1:
			in[i] = s.Open
		case ta.High:
			in[i] = s.High
		case ta.Low:
			in[i] = s.Low
		case ta.Volume:
			in[i] = s.Volume
		case ta.Timestamp:
			in[i] = Times(len(s.Close))
		case ta.Periods:
			for bar := range s.Close {
				in[i] = append(in[i], float64(2+bar*7%29))
			}
		default:
			in[i] = s.Close
		}
	}
	return in
}

// Times are the Unix seconds of n bars of half an hour in sessions of 20 bars, which
// begin at 17:00 and go on past midnight, UTC, from Monday, 1 January 2024: nothing is
// between sessions, nor at weekends, and every seventh session ends after 5 bars.
func Times(n int) []float64 {
	const monday, half, opens, day = 1_704_067_200, 1800, 17 * 3600, 86_400
	t := make([]float64, 0, n)
	for session := 0; len(t) < n; session++ {
		length := 20
		if session%7 == 6 {
			length = 5
		}
		begin := monday + (session/5*7+session%5)*day + opens
		for bar := range min(length, n-len(t)) {
			t = append(t, float64(begin+bar*half))
		}
	}
	return t
}

// Walk is a random walk of n bars from 100, in ticks of 1/100: the same for the
// same seed, for ever.
func Walk(seed uint64, n int) *Series { return walk("walk", seed, n, 0.01, 200) }

// All are a series of each kind, of n bars: a walk; ticks so coarse that prices
// repeat; unchanging prices; gaps and halts without volume; prices around 1e-8;
// around 1e12; and a walk with bars missing.
func All(seed uint64, n int) []*Series {
	return []*Series{
		Walk(seed, n),
		walk("coarse", seed+1, n, 0.5, 3),
		flat(n),
		gapped(seed+2, n),
		walk("tiny", seed+3, n, 1e-12, 200),
		walk("huge", seed+4, n, 1e8, 200),
		holed(seed+5, n),
	}
}

// walk moves in whole ticks, up to step of them in a bar, from 10,000 ticks and
// never below one.
func walk(name string, seed uint64, n int, tick float64, step int) *Series {
	s := &Series{Name: name}
	r := rand.New(rand.NewPCG(seed, 0))
	last := 10_000
	for range n {
		open := last
		last = max(1, open+r.IntN(2*step+1)-step)
		high := max(open, last) + r.IntN(step)
		low := max(1, min(open, last)-r.IntN(step))
		s.add(float64(open)*tick, float64(high)*tick, float64(low)*tick, float64(last)*tick, float64(1000+r.IntN(100_000)))
	}
	return s
}

func flat(n int) *Series {
	s := &Series{Name: "flat"}
	for range n {
		s.add(97.13, 97.13, 97.13, 97.13, 5000)
	}
	return s
}

// Still is n bars from a price of start ticks that moves by a tick or two, never
// below one, and now and then stands for 20 to 80 bars, half of them without volume:
// the same for the same seed, for ever. It is not one of All.
func Still(seed uint64, n int, tick float64, start int) *Series {
	s := &Series{Name: "still"}
	r := rand.New(rand.NewPCG(seed, 0))
	last, stands := start, 0
	for range n {
		if stands == 0 && r.IntN(60) == 0 {
			stands = 20 + r.IntN(61)
		}
		open, high, low, volume := last, last, last, r.IntN(2)*1000
		if stands > 0 {
			stands--
		} else {
			last = max(1, open+r.IntN(5)-2)
			high = max(open, last) + r.IntN(2)
			low = max(1, min(open, last)-r.IntN(2))
			volume = 1000 + r.IntN(100_000)
		}
		s.add(float64(open)*tick, float64(high)*tick, float64(low)*tick, float64(last)*tick, float64(volume))
	}
	return s
}

// gapped halves or doubles now and then, with a halt before: bars of one price
// and no volume.
func gapped(seed uint64, n int) *Series {
	s := walk("gapped", seed, n, 0.01, 50)
	r := rand.New(rand.NewPCG(seed, 1))
	scale := 1.0
	for i := range n {
		if i%40 >= 32 {
			p := s.Close[max(i/40*40+31, 0)] * scale
			s.Open[i], s.High[i], s.Low[i], s.Close[i], s.Volume[i] = p, p, p, p, 0
			if i%40 == 39 {
				scale = [...]float64{0.5, 1, 2}[r.IntN(3)]
			}
			continue
		}
		for _, col := range [...][]float64{s.Open, s.High, s.Low, s.Close} {
			col[i] *= scale
		}
	}
	return s
}

// holed has no close, or nothing at all, on one bar in ten.
func holed(seed uint64, n int) *Series {
	s := walk("holed", seed, n, 0.01, 200)
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range n {
		switch r.IntN(20) {
		case 0:
			s.Close[i] = math.NaN()
		case 1:
			for _, col := range [...][]float64{s.Open, s.High, s.Low, s.Close, s.Volume} {
				col[i] = math.NaN()
			}
		}
	}
	return s
}

func (s *Series) add(open, high, low, close, volume float64) {
	s.Open, s.High, s.Low = append(s.Open, open), append(s.High, high), append(s.Low, low)
	s.Close, s.Volume = append(s.Close, close), append(s.Volume, volume)
}
