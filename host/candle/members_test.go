package candle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

func TestMembers(t *testing.T) {
	var got []string
	add := func(name string, value []byte) error {
		got = append(got, name+"="+string(value))
		return nil
	}
	err := candle.Members([]byte(" { \"a\" : [1, {\"b\":2}] ,\"\\u0061\":\"x\" }\n"), add)
	if want := []string{`a=[1, {"b":2}]`, `a="x"`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	got = nil
	err = candle.Elements([]byte(`[1 ,"]",[]]`), func(value []byte) error { return add("", value) })
	if want := []string{`=1`, `="]"`, `=[]`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}

	mine := errors.New("mine")
	if err := candle.Members([]byte(`{"a":1,"b"`), func(string, []byte) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("got %v, want the member's error", err)
	}
	none := func(string, []byte) error { return nil }
	if err := candle.Members([]byte(`{}`), none); err != nil {
		t.Error(err)
	}
	for _, value := range []string{``, `[]`, `{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1`, `{"a":1]`, `{"a":1}}`, `{a:1}`, "{\"\xff\":1}"} {
		if err := candle.Members([]byte(value), none); !errors.Is(err, candle.ErrSyntax) {
			t.Errorf("%q: got %v, want a SyntaxError", value, err)
		}
	}
	for _, value := range []string{``, `{}`, `[`, `[1`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `[1]]`} {
		if err := candle.Elements([]byte(value), func([]byte) error { return nil }); !errors.Is(err, candle.ErrSyntax) {
			t.Errorf("%q: got %v, want a SyntaxError", value, err)
		}
	}
}
