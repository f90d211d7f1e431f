package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Joint is how two series move together over the last n values: the sums of the
// squared distances of each from its mean, and of the products of both
// distances, by pairwise merging as in Variance.
type Joint struct {
	twos
	meanX, meanY [ta.Tile]float64
}

// NewJoint looks at n values of each series, 1 or more.
func NewJoint(n int) *Joint { return &Joint{twos: newTwos(n, 5, mergeJoint)} }

// Next sets xx and yy to the sums of squares and xy to those of products.
func (j *Joint) Next(x, y, xx, yy, xy []float64) int {
	m := len(x)
	copy(j.room(0, m), x)
	copy(j.room(1, m), y)
	for c := 2; c < 5; c++ {
		clear(j.room(c, m))
	}
	return j.next(j.meanX[:m], j.meanY[:m], xx, yy, xy)
}

// mergeJoint merges two means, and three sums about them.
func mergeJoint(dst, newer, older [][]float64, a, b int) {
	wm, wq := weights(a, b)
	mx, my, xx, yy, xy := dst[0], dst[1], dst[2], dst[3], dst[4]
	for i := mergeJointWide(dst, newer, older, wm, wq); i < len(mx); i++ {
		x, y := newer[0][i], newer[1][i]
		dx, dy := older[0][i]-x, older[1][i]-y
		mx[i], my[i] = math.FMA(dx, wm, x), math.FMA(dy, wm, y)
		wx, wy := dx*wq, dy*wq
		xx[i] = math.FMA(wx, dx, newer[2][i]+older[2][i])
		yy[i] = math.FMA(wy, dy, newer[3][i]+older[3][i])
		xy[i] = math.FMA(wx, dy, newer[4][i]+older[4][i])
	}
}

// Correlation sets dst to xy / √(xx · yy), from −1 to 1, and 0 where a series
// does not move. dst may be any of the others.
func Correlation(dst, xx, yy, xy []float64) {
	for i := correlationWide(dst, xx, yy, xy); i < len(dst); i++ {
		s := xx[i] * yy[i]
		q := xy[i] / math.Sqrt(s)
		if s == 0 {
			q = 0
		}
		q = larger(q, -1)
		if !(q < 1) {
			q = 1
		}
		dst[i] = q
	}
}
