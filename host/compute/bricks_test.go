package compute

import (
	"strings"
	"testing"
)

// TestMaxBricks: an answer has the newest bricks, and says how many there were.
func TestMaxBricks(t *testing.T) {
	const n = 6001
	prices := make([]string, n)
	for i := range prices {
		prices[i] = []string{"100", "102"}[i%2]
	}
	col := "[" + strings.Join(prices, ",") + "]"
	e, _ := newEngine(t, 0)
	r := e.Request(series(t, `{"high":`+col+`,"low":`+col+`,"close":`+col+`}`))
	// Four bricks up at first; then each bar turns, from the second level on.
	b, err := r.Bricks(Item{Name: "renko", Params: map[string]any{"brick": 0.5}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.Laid != 4+3*(n-2) || len(b.Bricks) != MaxBricks || b.Bars != n || b.Bricks[MaxBricks-1].Bar != n-1 {
		t.Errorf("%d laid, %d in the answer, the newest at bar %d", b.Laid, len(b.Bricks), b.Bricks[len(b.Bricks)-1].Bar)
	}
}
