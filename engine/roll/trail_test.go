package roll

import "testing"

// A band holds until it is improved on or the price has closed beyond it, and the
// trend turns on a close beyond the band of the bar itself.
func TestTrailByHand(t *testing.T) {
	upper := []float64{12, 13, 11, 14, 15, 9}
	lower := []float64{8, 7, 9, 10, 6, 5}
	close := []float64{10, 10, 10, 9.5, 12, 4}
	stop, trend := make([]float64, 6), make([]float64, 6)
	NewTrail().Next(upper, lower, close, stop, trend)
	wantStop := []float64{8, 8, 9, 11, 6, 9}
	wantTrend := []float64{1, 1, 1, -1, 1, -1}
	for i := range stop {
		if stop[i] != wantStop[i] || trend[i] != wantTrend[i] {
			t.Errorf("bar %d is %v in trend %v, want %v in %v", i, stop[i], trend[i], wantStop[i], wantTrend[i])
		}
	}
}
