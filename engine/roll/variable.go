package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Variable is a moving average over a number of values that each bar chooses. It
// runs an average for each number that was ever chosen, all of them seeded so
// that they have their first values where the longest has.
//
// An average is made when its number is first chosen, and fed with all values
// before; so those are kept, until every number has been chosen.
type Variable struct {
	kind              string
	shortest, longest int
	count
	seen    []float64 // all values so far, none once every number was chosen
	running map[int]*choice
	order   []int // the numbers of running, as they were chosen
}

// choice is the average over one number of values.
type choice struct {
	average Average
	wait    *Skip
	out     [ta.Tile]float64
}

// NewVariable is of a kind as NewAverage makes it, over shortest to longest
// values.
func NewVariable(kind string, shortest, longest int) *Variable {
	return &Variable{
		kind: kind, shortest: shortest, longest: longest,
		count: count{AverageLead(kind, longest)}, running: map[int]*choice{},
	}
}

// Next sets out to the averages over the numbers of values in periods, which lose
// their fraction and are brought within the bounds.
func (v *Variable) Next(x, periods, out []float64) int {
	for _, p := range periods {
		if n := v.number(p); v.running[n] == nil {
			c := v.start(n)
			for i := 0; i < len(v.seen); i += ta.Tile {
				c.next(v.seen[i:min(i+ta.Tile, len(v.seen))])
			}
		}
	}
	if len(v.order) <= v.longest-v.shortest {
		v.seen = append(v.seen, x...)
	} else {
		v.seen = nil
	}
	for _, n := range v.order {
		v.running[n].next(x)
	}
	for i, p := range periods {
		out[i] = v.running[v.number(p)].out[i]
	}
	lead := v.lead(len(x))
	Blank(lead, out)
	return lead
}

func (v *Variable) number(period float64) int {
	return int(max(float64(v.shortest), min(period, float64(v.longest))))
}

func (v *Variable) start(n int) *choice {
	lead := AverageLead(v.kind, v.longest) - AverageLead(v.kind, n)
	c := &choice{average: NewAverage(v.kind, n), wait: NewSkip(lead)}
	v.running[n], v.order = c, append(v.order, n)
	return c
}

func (c *choice) next(x []float64) {
	lead := c.wait.Next(len(x))
	if lead < len(x) {
		c.average.Next(x[lead:], c.out[lead:len(x)])
	}
}

// AppendState implements ta.State.
func (v *Variable) AppendState(b []byte) []byte {
	b = ta.AppendFloats(v.count.AppendState(b), float64(len(v.seen)), float64(len(v.order)))
	b = ta.AppendFloats(b, v.seen...)
	for _, n := range v.order {
		b = appendStates(ta.AppendFloats(b, float64(n)), v.running[n].wait, v.running[n].average)
	}
	return b
}

// Restore implements ta.State.
func (v *Variable) Restore(state []byte) ([]byte, error) {
	rest, err := v.count.Restore(state)
	var sizes [2]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, sizes[:])
	}
	// Every value and every average has eight bytes at least.
	if err != nil || !(sizes[0] >= 0 && sizes[1] >= 0 && sizes[0]+sizes[1] <= float64(len(rest)/8)) {
		return nil, ta.ErrState
	}
	v.seen, v.order = make([]float64, int(sizes[0])), nil
	clear(v.running)
	if rest, err = ta.RestoreFloats(rest, v.seen); err != nil {
		return nil, err
	}
	for range int(sizes[1]) {
		var n [1]float64
		if rest, err = ta.RestoreFloats(rest, n[:]); err != nil {
			return nil, err
		}
		if number := v.number(n[0]); float64(number) != n[0] || v.running[number] != nil {
			return nil, ta.ErrState
		}
		c := v.start(int(n[0]))
		if rest, err = restoreStates(rest, c.wait, c.average); err != nil {
			return nil, err
		}
	}
	return rest, nil
}
