package compute

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Strategy asks for a backtest: an indicator that has an output called signal, over
// the candles of the request, by rules.
type Strategy struct {
	Item
	Rules  map[string]any // as BacktestRules has them
	Digest string         // of the module that is to be the strategy; "" for the active one
}

// signal is the output that makes an indicator a strategy.
const signal = "signal"

// MaxTrades is how many trades an answer has at most, the newest.
const MaxTrades = 10_000

// Backtest is what came of a strategy.
type Backtest struct {
	Strategy *Result
	Rules    ta.Args
	Run      *backtest.Result // by its signal
	Hold     *backtest.Result // of the same money in the same bars, bought and kept
	Receipt  Receipt
	times    func(bar int) string
}

// BacktestRules are the rules of a backtest, with what each may be and what it is
// unless told.
func BacktestRules() *ta.Spec { return &backtest.Spec }

// StrategyError says that an indicator is no strategy.
type StrategyError struct {
	Name    string
	Outputs []string
}

func (e *StrategyError) Error() string {
	return fmt.Sprintf("%s is no strategy: a strategy has an output called %s, and %s has %s", e.Name, signal, e.Name, strings.Join(e.Outputs, ", "))
}

// DigestError says that the strategy is not the module that was asked for.
type DigestError struct {
	Name   string
	Want   string
	Active string // "" for a native indicator
}

func (e *DigestError) Error() string {
	if e.Active == "" {
		return fmt.Sprintf("%s is a native indicator, which has no digest; the version of the engine says which it is", e.Name)
	}
	return fmt.Sprintf("%s has no version %.80q: GET /api/v1/plugins/%s lists those there are, of which %s is active", e.Name, e.Want, e.Name, e.Active)
}

// RuleError says which rule of a backtest is wrong and what it takes.
type RuleError struct{ *ta.ParamError }

func (e *RuleError) Unwrap() error { return e.ParamError }

// Backtest runs a strategy as Run does, and trades what it says. It is never given
// to a candidate's share: who wants to know another version than the active one
// names its digest. Errors are
// those of Run and Bound, a *StrategyError, a *DigestError or a *RuleError.
func (r *Request) Backtest(ctx context.Context, s Strategy) (*Backtest, error) {
	rules, err := backtest.Spec.Args(s.Rules)
	if err != nil {
		return nil, &RuleError{err.(*ta.ParamError)}
	}
	run, err := r.engine.strategy(ctx, s.Name, s.Digest)
	if err != nil {
		return nil, err
	}
	if err := r.admitBacktest(run); err != nil {
		return nil, err
	}
	q, err := r.ask(run, s.Item)
	if err != nil {
		return nil, err
	}
	bars, err := r.tradable()
	if err != nil {
		return nil, err
	}
	got, err := r.answer(ctx, q)
	if err != nil {
		return nil, err
	}
	b := &Backtest{Strategy: got, Rules: rules, times: r.timestamp}
	b.Run = backtest.Run(bars, got.Outputs[target(got.Spec)], backtest.RulesOf(rules))
	b.Hold = backtest.Hold(bars, backtest.RulesOf(rules))
	b.Receipt = r.receipt(s.Item, q.in, bars, b)
	return b, nil
}

// version finds the runner of that name, which is the active version or, of that
// digest, the candidate or one that is stored.
func (e *Engine) version(ctx context.Context, name, digest string) (registry.Runner, error) {
	run, err := e.Find(name)
	if trial, tried := run.(*registry.Trial); tried {
		run = trial.Runner
		if digest == trial.Candidate.Origin().Digest {
			run = trial.Candidate
		}
	}
	if digest == "" || err == nil && (run.Origin() == nil || run.Origin().Digest == digest) {
		return run, err
	}
	if stored, fault := e.stored(ctx, name, digest); fault != nil || stored != nil {
		return stored, fault
	}
	return run, err
}

// strategy is version of what has a signal. It is of that digest, or the error is a
// *DigestError.
func (e *Engine) strategy(ctx context.Context, name, digest string) (registry.Runner, error) {
	run, err := e.version(ctx, name, digest)
	if err != nil {
		return nil, err
	}
	if spec := run.Spec(); target(spec) < 0 {
		no := &StrategyError{Name: spec.Name}
		for _, o := range spec.Outputs {
			no.Outputs = append(no.Outputs, o.Name)
		}
		return nil, no
	}
	switch o := run.Origin(); {
	case digest == "" || o != nil && o.Digest == digest:
		return run, nil
	case o == nil:
		return nil, &DigestError{name, digest, ""}
	default:
		return nil, &DigestError{name, digest, o.Digest}
	}
}

// target is which output is the signal, -1 if none is.
func target(spec *ta.Spec) int {
	return slices.IndexFunc(spec.Outputs, func(o ta.Output) bool { return o.Name == signal })
}

// tradable are the columns that orders are filled and positions valued by.
func (r *Request) tradable() (b backtest.Bars, err error) {
	const who = "a backtest"
	if b.Open, err = r.source(who, "open", Source{Column: "open"}); err != nil {
		return b, err
	}
	if b.Close, err = r.source(who, "close", Source{Column: "close"}); err != nil {
		return b, err
	}
	b.Time, _ = r.candles.Column(string(ta.Timestamp))
	return b, nil
}

// trade is a trade as the API shows it.
type trade struct {
	backtest.Trade
	Bars      int    `json:"bars"`
	EntryTime string `json:"entry_time,omitempty"`
	ExitTime  string `json:"exit_time,omitempty"`
}

// AppendJSON appends b as the API shows it, with a picture of it where there is one:
//
//	{"strategy": as an indicator's, "rules", "summary", "trades", "equity", "drawdown",
//	 "hold": {"summary", "equity"}, "receipt", "plot"}
func (b *Backtest) AppendJSON(to []byte, f Format, picture []byte) ([]byte, error) {
	to, err := b.Strategy.AppendJSON(append(to, `{"strategy":`...), f)
	if err != nil {
		return nil, err
	}
	rules, err := json.Marshal(b.Rules)
	if err != nil {
		return nil, err
	}
	receipt, err := json.Marshal(b.Receipt)
	if err != nil {
		return nil, err
	}
	to = append(append(to, `,"rules":`...), rules...)
	to = appendFields(append(to, `,"summary":`...), b.Run.Summary)
	to = append(to, `,"trades":[`...)
	all := b.Run.Trades
	for i, t := range all[max(0, len(all)-MaxTrades):] {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendFields(to, trade{t, t.Bars(), b.times(t.Entry), b.times(t.Exit)})
	}
	to = candle.AppendColumn(append(to, `],"equity":`...), f.cut(b.Run.Equity), f.Decimals)
	to = candle.AppendColumn(append(to, `,"drawdown":`...), f.cut(b.Run.Drawdown), f.Decimals)
	to = appendFields(append(to, `,"hold":{"summary":`...), b.Hold.Summary)
	to = candle.AppendColumn(append(to, `,"equity":`...), f.cut(b.Hold.Equity), f.Decimals)
	to = append(append(to, `},"receipt":`...), receipt...)
	if picture != nil {
		text, err := json.Marshal(string(picture))
		if err != nil {
			return nil, err
		}
		to = append(append(to, `,"plot":`...), text...)
	}
	return append(to, '}'), nil
}
