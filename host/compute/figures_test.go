package compute

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestMaxFigures: an answer has the newest figures, and says how many there were.
func TestMaxFigures(t *testing.T) {
	const n = 5000 // a double top every four bars, which the next bar breaks
	prices := make([]string, n)
	for i := range prices {
		prices[i] = fmt.Sprint([]int{100, 110, 105, 110}[i%4])
	}
	col := "[" + strings.Join(prices, ",") + "]"
	e, _ := newEngine(t, 0)
	r := e.Request(series(t, `{"high":`+col+`,"low":`+col+`,"close":`+col+`}`))
	item := Item{Name: "double_top", Params: map[string]any{"unit": "percent", "reversal": 2.0, "apart": 1.0}}
	all, err := r.Figures(item, 0)
	if err != nil {
		t.Fatal(err)
	}
	if all.Found != n/4-1 || len(all.Figures) != MaxFigures || all.Bars != n {
		t.Fatalf("%d found, %d in the answer", all.Found, len(all.Figures))
	}
	if newest := all.Figures[MaxFigures-1].Bar; newest < n-10 {
		t.Errorf("the newest is at bar %d", newest)
	}
	few, err := r.Figures(item, 100)
	if err != nil || few.Found != 25 || few.Figures[0].Bar < n-100 || few.Figures[0].Timestamp != "" {
		t.Errorf("%v: of the last 100 bars %d, from %+v", err, few.Found, few.Figures[0])
	}
	b, err := few.AppendJSON([]byte("x"))
	if err != nil || !bytes.HasPrefix(b, []byte(`x{"name":"double_top","params":{"reversal":2,"unit":"percent",`)) {
		t.Errorf("%v: %.100s", err, b)
	}
}

// TestUnknownPattern: a pattern is no indicator.
func TestUnknownPattern(t *testing.T) {
	for name, want := range map[string]string{"double_tops": "double_top", "head_and_shoulders": "head_shoulders", "wedge": "rising_wedge"} {
		_, err := Pattern(name)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.What != WhatPattern || len(unknown.Suggestions) == 0 || unknown.Suggestions[0] != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}
