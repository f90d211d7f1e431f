package tck

import (
	"context"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
)

// Longest is how many bars a call may have at args, if most is what there is
// room for. why is what a call of one bar more ends with, nil where most is the
// answer. The error is ctx's.
func Longest(ctx context.Context, r registry.Runner, args ta.Args, most int) (bars int, why, err error) {
	in := law.Walk(1, most).Columns(r.Spec().Inputs)
	run := func(n int) error {
		head := make(ta.Columns, len(in))
		for i := range in {
			head[i] = in[i][:n]
		}
		_, err := r.Run(ctx, args, head)
		return err
	}
	if why = run(most); why != nil {
		fails := most
		for bars+1 < fails && ctx.Err() == nil {
			middle := (bars + fails) / 2
			if failure := run(middle); failure != nil {
				fails, why = middle, failure
			} else {
				bars = middle
			}
		}
		return bars, why, ctx.Err()
	}
	return most, nil, ctx.Err()
}
