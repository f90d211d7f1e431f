//go:build !(goexperiment.simd && amd64)

package roll

// Without SIMD the wide bodies do nothing, and the scalar loops do it all. They
// are in the order of the files that have them.

func (a *AverageRange) nextWide(high, low, close, out []float64) int { return 0 }

func typicalWide(dst, high, low, close []float64) int         { return 0 }
func powerWide(dst, open, high, low, close []float64) int     { return 0 }
func accumulationWide(dst, high, low, close, v []float64) int { return 0 }
func accelerateWide(upper, lower, high, low []float64) int    { return 0 }

func addWide(dst, a, b []float64) int                         { return 0 }
func subWide(dst, a, b []float64) int                         { return 0 }
func mulWide(dst, a, b []float64) int                         { return 0 }
func scaleWide(dst, a []float64, c float64) int               { return 0 }
func mulAddWide(dst, a []float64, c float64, b []float64) int { return 0 }
func divideWide(dst, a []float64, d, inv float64) int         { return 0 }
func middleWide(dst, a, b []float64) int                      { return 0 }
func magnitudeWide(dst, a []float64) int                      { return 0 }
func apartWide(dst, a, b []float64) int                       { return 0 }
func greaterWide(dst, a, b []float64) int                     { return 0 }
func lesserWide(dst, a, b []float64) int                      { return 0 }

func aboveWide(x, y []float64) (uint64, int) { return 0, 0 }

func factorsWide(price, volume, out []float64, sign float64) int { return 1 }

func directionWide(high, low, more, plus, minus []float64) (int, float64) { return 1, 0 }

func extremeFootWide(x, dst []float64, size int, smallest bool) (int, float64) { return 0, 0 }

func fadeWide(out, keep, add []float64, y *[lanes]float64) int { return 0 }

func flowWide(price, volume, in, out []float64) (int, float64) { return 1, 0 }
func signedWide(x, volume, out []float64) int                  { return 1 }
func gatheredWide(high, low, close, from []float64) int        { return 1 }

func (g *Gaps) nextWide(x, apart, slow []float64) int { return 0 }

func quarterWide(dst, x []float64) int { return 0 }
func smooth4Wide(dst, x []float64) int { return 0 }
func lag4Wide(dst, x []float64) int    { return 0 }

func mergeJointWide(dst, newer, older [][]float64, wm, wq float64) int { return 0 }
func correlationWide(dst, xx, yy, xy []float64) int                    { return 0 }

func adaptWide(keep, add, x, past, noise []float64) int { return 0 }

func distancesWide(w, x, mean, dst []float64, n int) int { return 0 }

func meansWide(dst, x []float64, n int, d, inv float64) int { return 0 }

func (p *Parabolic) rideWide(high, low, out []float64, i int) int { return i }

func (p *phasor) turnWide(f, d, q, period []float64, room *doubled) int { return 0 }

func (w *wave) componentWide(level, behind []float64, sum *[2]float64) bool { return false }

func newestFootWide(x, rest, value, age []float64, sign float64, r int) (int, float64) { return 0, 0 }
func newestEightWide(value, age []float64, v, a *octet, size float64) int              { return 0 }
func placeWide(out []float64, parts []placed, last float64) int                        { return 0 }

func withinWide(dst, x, end, low, high []float64) (int, float64) { return 0, 0 }

func countBelowWide(w, x, out []float64, n int) int { return 0 }

func ratioWide(dst, a, b []float64, none float64) int { return 0 }
func percentWide(dst, a, b []float64) int             { return 0 }
func growthWide(dst, x, before []float64) int         { return 0 }
func changeWide(dst, x, before []float64) int         { return 0 }
func shareWide(dst, a, b []float64, none float64) int { return 0 }
func balanceWide(dst, a, b []float64) int             { return 0 }
func imbalanceWide(dst, a, b []float64) (int, bool)   { return 0, false }
func efficiencyWide(dst, x, past, gone []float64) int { return 0 }
func surpriseWide(dst, x, ahead []float64) int        { return 0 }

func trueRangeWide(high, low, close, out []float64) int                      { return 1 }
func pressureWide(high, low, close, bought, ranges []float64) (int, float64) { return 1, 0 }

func (r *Recurrence) lessWide(x, y, dst []float64) int { return 0 }

func (r *Recurrence) aheadWide(x, y []float64) int { return 0 }

func stepsWide(x, out []float64, last float64) (int, float64) { return 0, 0 }
func splitWide(up, down, from, to []float64) int              { return 0 }

func (s *Strength) nextWide(x, out []float64) int { return 0 }

func addFewWide(x, out []float64, r int, d, inv float64) (int, float64) { return 0, 0 }
func addFootWide(x, rest, eight []float64, r int) (int, float64)        { return 0, 0 }
func addEightWide(dst []float64, o *octet) int                          { return 0 }
func gatherWide(out []float64, parts [][]float64, d, inv float64) int   { return 0 }

func addFeetWide(x, two, four, eight []float64) int { return 0 }

func swingWide(dst, x, before, after []float64) int { return 0 }
func dipWide(dst, x, before, after []float64) int   { return 0 }

func mergeTiltsWide(mean, tilt []float64, a, b *tilted, w float64) int { return 0 }
func gatherTiltsWide(sum, tilt []float64, b *tilted, x, level []float64, size, weight float64) int {
	return 0
}

func (t *Trix) nextWide(x, out []float64) int { return 0 }

func ultimateWide(dst []float64, bought, ranges [][][]float64) int        { return 0 }
func ultimateDoubledWide(dst []float64, bought, ranges *[4][]float64) int { return 0 }

func mergeEightWide(mean, ssd []float64, m, q *octet, size float64) int          { return 0 }
func varyFewWide(x, mean, ssd []float64, n int, d float64) (int, float64)        { return 0, 0 }
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) (int, float64) { return 0, 0 }
func mergeAllWide(mean, ssd []float64, parts []sampled, d float64) int           { return 0 }

func weighEightWide(sum, weighted []float64, s, w *octet, size float64) int            { return 0 }
func weighFootWide(x, rest, s8, w8 []float64, r int, counts [2]float64) (int, float64) { return 0, 0 }
func combineWide(out []float64, c [][]float64, w []repeated, d, inv float64) int       { return 0 }

// doubled is room that the wide body of a phasor needs, and this one does not.
type doubled struct{}

func beyondWide(dst, high, low, close []float64) (int, float64)         { return 0, 0 }
func spansWide(close, extra, dst []float64, n int) int                  { return 0 }
func channelWide(close, extra, dst []float64, n int, by *channeled) int { return 0 }

func weighNearWide(dst, x, steps []float64, weights []repeated) int { return 0 }
