package backtest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// scenario is a market, what a strategy said of it, and the rules.
type scenario struct {
	bars   Bars
	signal []float64
	rules  Rules
}

func (s scenario) run() *Result { return Run(s.bars, s.signal, s.rules) }

// imagine makes a scenario of n bars: a walk with gaps and holes, signals that keep,
// repeat, turn and exceed, and rules of all kinds.
func imagine(seed uint64, n int) scenario {
	r := rand.New(rand.NewPCG(seed, 1))
	s := scenario{rules: Rules{
		Cash: 1000 * math.Exp2(float64(r.IntN(40)-20)), Sides: Sides(r.IntN(3)),
	}}
	if r.IntN(3) > 0 {
		s.rules.Fee, s.rules.Slippage = 0.05*r.Float64(), 0.02*r.Float64()
		s.rules.FeeFixed = s.rules.Cash * 0.001 * r.Float64()
	}
	holes, wild := r.IntN(2) == 0, 0.02+0.2*float64(r.IntN(2))
	price, now := 100.0, 1e9
	for range n {
		open := price * math.Exp(wild*r.NormFloat64()/2)
		price = open * math.Exp(wild*r.NormFloat64())
		end := price
		if holes && r.IntN(10) == 0 {
			open = [...]float64{nan, 0, inf, -1}[r.IntN(4)]
		}
		if holes && r.IntN(10) == 0 {
			end = [...]float64{nan, inf, -1}[r.IntN(3)]
		}
		now += 60 * float64(1+r.IntN(3))
		s.bars.Open, s.bars.Close, s.bars.Time = append(s.bars.Open, open), append(s.bars.Close, end), append(s.bars.Time, now)
		v := 2.4*r.Float64() - 1.2
		switch r.IntN(8) {
		case 0:
			v = 0
		case 1:
			v = math.Copysign(1, v)
		case 2, 3, 4:
			v = nan
		}
		s.signal = append(s.signal, v)
	}
	return s
}

// each tries a law on many scenarios, some of them short.
func each(t *testing.T, law func(s scenario) error) {
	t.Helper()
	for seed := range uint64(400) {
		if err := law(imagine(seed, 1+int(seed*7%300))); err != nil {
			t.Fatalf("scenario %d: %v", seed, err)
		}
	}
}

// near is how far two sums of money may be apart that were added up in another order.
const near = 1e-9

// accounts holds a run to double entry: what there is at the end is what there was,
// and what each trade made. Money that came and went leaves its rounding, so the
// measure is the most there ever was.
func accounts(s scenario, r *Result) error {
	sum, most := s.rules.Cash, s.rules.Cash
	for i := range r.Trades {
		sum += r.Trades[i].Profit
	}
	for _, e := range r.Equity {
		most = max(most, math.Abs(e))
	}
	if got := r.Equity[len(r.Equity)-1]; !(math.Abs(sum-got) <= near*most) {
		return fmt.Errorf("the equity is %v; the cash and the profits are %v", got, sum)
	}
	return nil
}

func TestMoneyIsAccountedFor(t *testing.T) {
	orders, ruins, open := 0, 0, 0
	each(t, func(s scenario) error {
		r := s.run()
		fees := 0.0
		for i, trade := range r.Trades {
			fees += trade.Fees
			orders += trade.Orders
			switch trade.End {
			case Ruined:
				ruins++
			case StillOpen:
				open++
			}
			if last := i == len(r.Trades)-1; trade.End != BySignal && !last || trade.Exit < trade.Entry || trade.Entry < 1 || !(trade.Units > 0) ||
				i > 0 && trade.Entry < r.Trades[i-1].Exit {
				return fmt.Errorf("trade %d is %+v", i, trade)
			}
		}
		if math.Abs(fees-r.Summary.Fees) > near*fees {
			return fmt.Errorf("trades have fees of %v, the summary of %v", fees, r.Summary.Fees)
		}
		return accounts(s, r)
	})
	if orders < 1000 || ruins < 5 || open < 100 {
		t.Errorf("%d orders, %d ruins and %d open trades: the scenarios are too tame", orders, ruins, open)
	}
}

// TestNoLookAhead: bars that come later change nothing of what was, whatever they are.
func TestNoLookAhead(t *testing.T) {
	each(t, func(s scenario) error {
		whole := s.run()
		for _, cut := range []int{1, len(s.signal) / 3, len(s.signal) - 1} {
			if cut < 1 {
				continue
			}
			short := scenario{Bars{s.bars.Open[:cut], s.bars.Close[:cut], s.bars.Time[:cut]}, s.signal[:cut], s.rules}.run()
			for i, e := range short.Equity {
				if e != whole.Equity[i] || short.Drawdown[i] != whole.Drawdown[i] {
					return fmt.Errorf("the equity at bar %d is %v, and %v without the bars from %d on", i, whole.Equity[i], e, cut)
				}
			}
			for i, trade := range short.Trades {
				if trade.End != StillOpen && trade != whole.Trades[i] {
					return fmt.Errorf("trade %d is %+v, and %+v without the bars from %d on", i, whole.Trades[i], trade, cut)
				}
			}
		}
		return nil
	})
}

// TestNextBar: a signal moves no money at its own bar, nor at the open of the next.
func TestNextBar(t *testing.T) {
	each(t, func(s scenario) error {
		s.rules.Fee, s.rules.FeeFixed, s.rules.Slippage = 0, 0, 0
		at := len(s.signal) / 2
		if at+1 >= len(s.signal) || !(s.bars.Open[at+1] > 0) || math.IsInf(s.bars.Open[at+1], 0) {
			return nil
		}
		s.bars.Close[at+1] = s.bars.Open[at+1]
		before := s.run()
		s.signal[at] = -s.signal[at] + 0.5
		after := s.run()
		for i := range at + 2 {
			if math.Abs(after.Equity[i]-before.Equity[i]) > near*math.Abs(before.Equity[i]) {
				return fmt.Errorf("another signal at bar %d makes the equity at bar %d %v instead of %v", at, i, after.Equity[i], before.Equity[i])
			}
		}
		return nil
	})
}

// TestHold: without costs, to want all of it always is to buy at the second open and
// to keep; and Hold is that with the costs of the rules.
func TestHold(t *testing.T) {
	each(t, func(s scenario) error {
		held := Hold(s.bars, s.rules)
		s.rules.Sides = Both // who holds is long, whatever a strategy may be
		for i := range s.signal {
			s.signal[i] = 1
		}
		if got, want := held, s.run(); !reflect.DeepEqual(got.Equity, want.Equity) {
			return fmt.Errorf("Hold has %v, want %v", got.Equity, want.Equity)
		}
		s.rules = Rules{Cash: s.rules.Cash}
		bought := 0.0
		newest := 0.0
		for i, e := range s.run().Equity {
			if open := s.bars.Open[i]; open > 0 && known(open) {
				newest = open
				if bought == 0 && i > 0 {
					bought = open
				}
			}
			if end := s.bars.Close[i]; known(end) {
				newest = end
			}
			want := s.rules.Cash
			if bought > 0 {
				want *= newest / bought
			}
			if !(math.Abs(e-want) <= near*want) {
				return fmt.Errorf("the equity at bar %d is %v, want %v", i, e, want)
			}
		}
		return nil
	})
}

// TestMirror: without costs, who does the opposite trades at the same bars, and loses
// of each what the other gains.
func TestMirror(t *testing.T) {
	each(t, func(s scenario) error {
		s.rules = Rules{Cash: s.rules.Cash}
		for i, v := range s.signal {
			s.signal[i] = math.Round(v) // all or nothing, so that no order depends on the equity
		}
		one := s.run()
		for i := range s.signal {
			s.signal[i] = -s.signal[i]
		}
		other := s.run()
		for i := range min(len(one.Trades), len(other.Trades)) {
			a, b := one.Trades[i], other.Trades[i]
			if a.End == Ruined || b.End == Ruined {
				return nil // for one of them it ends
			}
			if a.Side == b.Side || a.Entry != b.Entry || a.Exit != b.Exit || !(math.Abs(a.Return+b.Return) <= near*(1+math.Abs(a.Return))) {
				return fmt.Errorf("trade %d is %+v, the other's %+v", i, a, b)
			}
		}
		if len(one.Trades) != len(other.Trades) && !one.Summary.Ruined && !other.Summary.Ruined {
			return fmt.Errorf("%d trades, the other has %d", len(one.Trades), len(other.Trades))
		}
		return nil
	})
}

// TestScale: in another money, or with a split of all prices, everything is the same
// bit for bit, but for the money.
func TestScale(t *testing.T) {
	each(t, func(s scenario) error {
		want := s.run()
		for _, by := range []float64{0.25, 1024} {
			money := s
			money.bars.Open, money.bars.Close = times(s.bars.Open, by), times(s.bars.Close, by)
			money.rules.Cash, money.rules.FeeFixed = s.rules.Cash*by, s.rules.FeeFixed*by
			split := s
			split.bars.Open, split.bars.Close = money.bars.Open, money.bars.Close
			for _, c := range []struct {
				name  string
				run   scenario
				money float64
				units float64
			}{{"money", money, by, 1}, {"split", split, 1, 1 / by}} {
				got := c.run.run()
				for i := range want.Equity {
					if got.Equity[i] != want.Equity[i]*c.money || got.Drawdown[i] != want.Drawdown[i] {
						return fmt.Errorf("%s times %v: the equity at bar %d is %v, want %v", c.name, by, i, got.Equity[i], want.Equity[i]*c.money)
					}
				}
				for i, trade := range want.Trades {
					trade.Units *= c.units
					trade.EntryPrice *= by
					trade.ExitPrice *= by
					trade.Fees *= c.money
					trade.Profit *= c.money
					if got.Trades[i] != trade {
						return fmt.Errorf("%s times %v: trade %d is %+v, want %+v", c.name, by, i, got.Trades[i], trade)
					}
				}
				if a, b := got.Summary, want.Summary; bits(a.Sharpe) != bits(b.Sharpe) || bits(a.Sortino) != bits(b.Sortino) || a.Turnover != b.Turnover || bits(a.CAGR) != bits(b.CAGR) {
					return fmt.Errorf("%s times %v: %+v, want %+v", c.name, by, a, b)
				}
			}
		}
		return nil
	})
}

// TestNoCredit: after an order, no more than the equity is in the position.
func TestNoCredit(t *testing.T) {
	most := 0.0
	each(t, func(s scenario) error {
		for i := range s.signal {
			if v := s.signal[i]; v == v {
				s.signal[i] = math.Copysign(1, v)
			}
		}
		a := account{rules: s.rules, cash: s.rules.Cash}
		a.follow(1, 50, s.rules.allow(s.signal[0]))
		if a.units == 0 {
			return nil
		}
		share := math.Abs(a.units*50) / a.worth(50)
		most = max(most, share)
		if share > 1+1e-12 {
			return fmt.Errorf("%v of the equity is in the position", share)
		}
		return nil
	})
	if most < 1-1e-12 {
		t.Errorf("at most %v of the equity is in the position: all of it was asked for", most)
	}
}

func times(col []float64, by float64) []float64 {
	out := make([]float64, len(col))
	for i, v := range col {
		out[i] = v * by
	}
	return out
}

// bits tell numbers apart, and no two NaN.
func bits(v float64) uint64 {
	if v != v {
		return 1
	}
	return math.Float64bits(v)
}

// TestBits: the figures have the same bits on every machine, with and without fused
// instructions. The digest is of a build for amd64 of level v1.
func TestBits(t *testing.T) {
	const want = "2fd0afec6a4487394db3d2b5e487ca85"
	h := sha256.New()
	write := func(values ...float64) {
		for _, v := range values {
			h.Write(binary.LittleEndian.AppendUint64(nil, bits(v)))
		}
	}
	for seed := range uint64(20) {
		r := market(seed, 500).run()
		write(r.Equity...)
		write(r.Drawdown...)
		for _, trade := range r.Trades {
			write(trade.Units, trade.EntryPrice, trade.ExitPrice, trade.Fees, trade.Profit, trade.Return)
		}
		s := r.Summary
		write(s.CAGR, s.Volatility, s.Sharpe, s.Sortino, s.WinRate, s.ProfitFactor, s.Turnover, s.Fees, s.Slippage)
	}
	if got := hex.EncodeToString(h.Sum(nil)[:16]); got != want {
		t.Errorf("the digest is %s, want %s", got, want)
	}
}

// market is a scenario of additions and divisions by powers of two alone, which are
// the same bits wherever this test runs.
func market(seed uint64, n int) scenario {
	r := rand.New(rand.NewPCG(seed, 2))
	s := scenario{rules: Rules{Cash: 12_345, Fee: 0.001, FeeFixed: 1, Slippage: 0.0005}}
	price := 4096
	for i := range n {
		step := func() float64 { price = max(64, price+r.IntN(201)-100); return float64(price) / 64 }
		s.bars.Open, s.bars.Close = append(s.bars.Open, step()), append(s.bars.Close, step())
		s.bars.Time = append(s.bars.Time, float64(i*3600))
		s.signal = append(s.signal, float64(r.IntN(9)-4)/4)
	}
	return s
}

func TestRules(t *testing.T) {
	args, err := Spec.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := RulesOf(args), (Rules{Cash: 10_000}); got != want {
		t.Errorf("the rules are %+v unless told, want %+v", got, want)
	}
	args, err = Spec.Args(map[string]any{"cash": 5.0, "fee": 0.1, "fee_fixed": 2.0, "slippage": 0.05, "sides": "short", "periods_per_year": 12.0})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := RulesOf(args), (Rules{5, 0.1, 2, 0.05, ShortOnly, 12}); got != want {
		t.Errorf("the rules are %+v, want %+v", got, want)
	}
	for name, v := range map[string]any{"cash": 0.0, "fee": 0.2, "slippage": -0.1, "sides": "up", "leverage": 2.0} {
		if _, err := Spec.Args(map[string]any{name: v}); err == nil {
			t.Errorf("%s of %v is allowed", name, v)
		} else if p, ok := err.(*ta.ParamError); !ok || p.Param != name {
			t.Errorf("%s of %v: %v", name, v, err)
		}
	}
}

// FuzzRun: whatever the numbers are, nothing panics, and the money is accounted for
// where it can be counted.
func FuzzRun(f *testing.F) {
	word := func(values ...float64) (b []byte) {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	f.Add(word(10, 10, 1, 10, 20, -1, 25, 5, nan, 5, 5, 0), 1000.0, 0.001, 1.0, 0.01, uint8(0))
	f.Add(word(5e-324, 1e308, 1, 1e308, 5e-324, -1, 5e-324, 0, 1), 1e15, 0.1, 0.0, 0.1, uint8(1))
	f.Add(word(inf, nan, inf, -1, 0, -inf), 1.0, 0.0, 1e12, 0.0, uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, cash, fee, fixed, slippage float64, sides uint8) {
		args, err := Spec.Args(map[string]any{"cash": cash, "fee": fee, "fee_fixed": fixed, "slippage": slippage, "sides": float64(sides % 3)})
		if err != nil {
			return
		}
		s := scenario{rules: RulesOf(args)}
		for len(data) >= 24 {
			value := func() float64 {
				v := math.Float64frombits(binary.LittleEndian.Uint64(data))
				data = data[8:]
				return v
			}
			s.bars.Open, s.bars.Close, s.signal = append(s.bars.Open, value()), append(s.bars.Close, value()), append(s.signal, value())
		}
		r := s.run()
		if len(s.signal) == 0 {
			return
		}
		for i := range r.Equity {
			// Beyond this, what came and went leaves more rounding than there is.
			if e := r.Equity[i]; !(math.Abs(e) < 1e12*cash) {
				return
			}
		}
		for _, trade := range r.Trades {
			if !(trade.Units*trade.EntryPrice < 1e6*cash) || !(trade.Units*trade.ExitPrice < 1e6*cash) {
				return
			}
		}
		if err := accounts(s, r); err != nil {
			t.Fatal(err)
		}
	})
}
