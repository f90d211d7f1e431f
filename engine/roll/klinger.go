package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Klinger is Klinger's volume force: the volume with the sign of the trend, more
// of it the less the bar's range is what the ranges since the trend began lead
// one to expect.
type Klinger struct {
	sum    last    // high + low + close
	reach  float64 // high − low of the bar before
	trend  float64 // 1 or −1
	turned float64 // 1 once there has been a move
	ranges float64 // their sum since the trend began
}

// NewKlinger has its first result at the second bar.
func NewKlinger() *Klinger { return &Klinger{sum: newLast(), trend: 1} }

// Next sets out to the forces.
func (k *Klinger) Next(high, low, close, volume, out []float64) int {
	lead := k.sum.lead(len(out))
	for i := range out {
		sum, reach := high[i]+low[i]+close[i], high[i]-low[i]
		if i >= lead {
			trend := k.trend
			switch {
			case sum > k.sum.value:
				trend = 1
			case sum < k.sum.value:
				trend = -1
			}
			if sum != k.sum.value && (k.turned == 0 || trend != k.trend) {
				k.turned, k.trend, k.ranges = 1, trend, k.reach
			}
			k.ranges += reach
			part := 0.0
			if k.ranges != 0 {
				part = reach / k.ranges
			}
			out[i] = k.trend * (100 * (volume[i] * math.Abs(float64(2*part)-1)))
		}
		k.sum.value, k.reach = sum, reach
	}
	Blank(lead, out)
	return lead
}

// AppendState implements ta.State.
func (k *Klinger) AppendState(b []byte) []byte {
	return ta.AppendFloats(k.sum.AppendState(b), k.reach, k.trend, k.turned, k.ranges)
}

// Restore implements ta.State.
func (k *Klinger) Restore(state []byte) ([]byte, error) {
	rest, err := k.sum.Restore(state)
	var v [4]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	k.reach, k.trend, k.turned, k.ranges = v[0], v[1], v[2], v[3]
	return rest, err
}
