package compute

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Receipt is all that a backtest depends on, and what came of it: who has the same
// candles and the same module runs it again, and gets the same receipt or sees what
// is not the same. A column is known by its digest.
type Receipt struct {
	Strategy string               `json:"strategy"`
	Plugin   *registry.Origin     `json:"plugin,omitempty"` // nil for a native indicator
	Engine   string               `json:"engine"`           // its version
	Params   map[string]any       `json:"params"`
	Inputs   map[string]InputRead `json:"inputs"` // of the strategy
	Bars     int                  `json:"bars"`
	Prices   map[string]string    `json:"prices"` // the columns that orders are filled and valued by
	Rules    map[string]any       `json:"rules"`
	Outputs  map[string]string    `json:"outputs"` // of the strategy
	Equity   string               `json:"equity"`
	Gas      uint64               `json:"gas,omitempty"`
}

// InputRead is what an input of a strategy read.
type InputRead struct {
	Column string `json:"column,omitempty"` // absent for an array of the caller's own
	Digest string `json:"digest"`
}

// receipt is that of a backtest of in and bars.
func (r *Request) receipt(item Item, in ta.Columns, bars backtest.Bars, b *Backtest) Receipt {
	res := b.Strategy
	to := Receipt{
		Strategy: res.Spec.Name, Plugin: res.Origin, Engine: engine.Version,
		Params: plain(res.Spec, res.Args), Rules: plain(&backtest.Spec, b.Rules),
		Inputs: map[string]InputRead{}, Prices: map[string]string{}, Outputs: map[string]string{},
		Bars: res.Bars, Equity: DigestOf(b.Run.Equity), Gas: res.Gas,
	}
	for i, input := range res.Spec.Inputs {
		src, told := item.Inputs[string(input)]
		if !told {
			src.Column = input.Column()
		}
		to.Inputs[string(input)] = InputRead{src.Column, DigestOf(in[i])}
	}
	to.Prices["open"], to.Prices["close"] = DigestOf(bars.Open), DigestOf(bars.Close)
	if bars.Time != nil {
		to.Prices[string(ta.Timestamp)] = DigestOf(bars.Time)
	}
	for i, o := range res.Spec.Outputs {
		to.Outputs[o.Name] = DigestOf(res.Outputs[i])
	}
	return to
}

// plain are arguments as they are given: numbers, and choices by name.
func plain(spec *ta.Spec, args ta.Args) map[string]any {
	all := map[string]any{}
	for i, p := range spec.Params {
		if p.Choices != nil {
			all[p.Name] = args.Choice(p.Name)
		} else {
			all[p.Name] = args.Values()[i]
		}
	}
	return all
}

// DigestOf is the SHA-256 of a column as little-endian numbers of 64 bits, oldest
// bar first, each missing value as 0x7ff8000000000001.
func DigestOf(col []float64) string {
	b := make([]byte, 0, 8*len(col))
	for _, v := range col {
		if v != v {
			v = math.NaN()
		}
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Asked is the request that the receipt is of, over candles as they were read then.
// It is an error if the caller gave a column of its own, which a receipt does not have.
func (r *Receipt) Asked() (Strategy, error) {
	s := Strategy{Item: Item{Name: r.Strategy, Params: r.Params, Inputs: map[string]Source{}}, Rules: r.Rules}
	if r.Plugin != nil {
		s.Digest = r.Plugin.Digest
	}
	for name, in := range r.Inputs {
		if in.Column == "" {
			return s, fmt.Errorf("the input %s of %s read an array of the caller's own, which is not in the receipt", name, r.Strategy)
		}
		s.Inputs[name] = Source{Column: in.Column}
	}
	return s, nil
}

// Differences names what is not the same in two receipts, in order: plugin.digest,
// outputs.signal, gas.
func (r *Receipt) Differences(other *Receipt) ([]string, error) {
	mine, err := r.leaves()
	if err != nil {
		return nil, err
	}
	theirs, err := other.leaves()
	if err != nil {
		return nil, err
	}
	both := maps.Clone(mine)
	maps.Copy(both, theirs)
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(both)) {
		if !reflect.DeepEqual(mine[name], theirs[name]) {
			differ = append(differ, name)
		}
	}
	return differ, nil
}

// leaves are all values of a receipt by their names, with dots.
func (r *Receipt) leaves() (map[string]any, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	all := map[string]any{}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		members, ok := v.(map[string]any)
		if !ok {
			all[name] = v
			return
		}
		for k, v := range members {
			walk(strings.TrimPrefix(name+"."+k, "."), v)
		}
	}
	walk("", whole)
	return all, nil
}
