package cache

import (
	"errors"
	"testing"
)

func TestDo(t *testing.T) {
	var looks []bool
	c, err := New(1<<20, func(s string) int { return len(s) }, func(hit bool) { looks = append(looks, hit) })
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	get := func(key byte, fail error) (string, bool, error) {
		return c.Do(Key{key}, func() (string, error) { runs++; return "value", fail })
	}
	broken := errors.New("broken")
	if _, hit, err := get(1, broken); hit || err != broken {
		t.Fatalf("a failing run gives hit %v, error %v", hit, err)
	}
	for i, wantHit := range []bool{false, true, true} {
		if v, hit, err := get(1, nil); v != "value" || hit != wantHit || err != nil {
			t.Fatalf("look %d: %q, hit %v, %v; want hit %v", i, v, hit, err, wantHit)
		}
	}
	if _, hit, _ := get(2, nil); hit {
		t.Fatal("another key hits")
	}
	if runs != 3 || len(looks) != 5 {
		t.Fatalf("%d runs, %d looks; want 3 and 5: an error is not kept, a value is", runs, len(looks))
	}
}

func TestWeightIsBounded(t *testing.T) {
	c, err := New(100_000, func(v []byte) int { return len(v) }, func(bool) {})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		c.Do(Key{byte(i), byte(i >> 8)}, func() ([]byte, error) { return make([]byte, 1000), nil })
	}
	c.entries.CleanUp()
	if w := c.entries.WeightedSize(); w > 100_000 {
		t.Fatalf("the cache weighs %d, its limit is 100,000", w)
	}
}

func TestOff(t *testing.T) {
	c, err := New[int](0, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if v, hit, err := c.Do(Key{}, func() (int, error) { return 7, nil }); v != 7 || hit || err != nil {
			t.Fatalf("%d, hit %v, %v", v, hit, err)
		}
	}
}
