package sample_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// The README vouches for the file by its digest.
func TestFileIsTheOneTheReadmeNames(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(sample.IBM)
	if digest := hex.EncodeToString(sum[:]); !strings.Contains(string(readme), digest) {
		t.Errorf("README.md does not name sha256 %s of %s", digest, sample.Name)
	}
	if lines := strings.Count(string(sample.IBM), "\n"); lines != 3271 {
		t.Errorf("%d lines, want a header and 3270 bars", lines)
	}
}

// The request that the README sends has the last bars of the file.
func TestRequestIsTheFile(t *testing.T) {
	body, err := os.ReadFile("request.json")
	if err != nil {
		t.Fatal(err)
	}
	var request struct {
		Candles map[string][]json.Number
		Last    int
	}
	if err := json.Unmarshal(body, &request); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(sample.IBM)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const bars = 250
	for k, name := range rows[0] {
		column := request.Candles[name]
		if name == "date" {
			column = request.Candles["timestamp"]
		}
		if len(column) != bars {
			t.Fatalf("%d values of %s, want %d", len(column), name, bars)
		}
		for i, row := range rows[len(rows)-bars:] {
			want := row[k]
			if name == "date" {
				day, err := time.Parse(time.DateOnly, want)
				if err != nil {
					t.Fatal(err)
				}
				want = strconv.FormatInt(day.Unix(), 10)
			}
			if column[i].String() != want {
				t.Fatalf("%s of bar %d is %s, the file has %s", name, i, column[i], want)
			}
		}
	}
}

func TestWalkIsAMarket(t *testing.T) {
	const n = 20_000
	w := sample.Walk(n)
	low, high := w.Close[0], w.Close[0]
	for i := range n {
		if !(w.Low[i] <= min(w.Open[i], w.Close[i]) && max(w.Open[i], w.Close[i]) <= w.High[i] && w.Low[i] > 0 && w.Volume[i] > 0) {
			t.Fatalf("bar %d is no candle: %v %v %v %v %v", i, w.Open[i], w.High[i], w.Low[i], w.Close[i], w.Volume[i])
		}
		if i > 0 && w.Open[i] != w.Close[i-1] {
			t.Fatalf("bar %d opens at %v after a close of %v", i, w.Open[i], w.Close[i-1])
		}
		low, high = min(low, w.Close[i]), max(high, w.Close[i])
	}
	if low < 5 || high > 2000 || high < 1.2*low {
		t.Errorf("closes from %v to %v: want a walk that neither stands still nor runs away", low, high)
	}
	longer := sample.Walk(n + 1)
	if longer.Close[n-1] != w.Close[n-1] {
		t.Error("a longer walk does not begin with the shorter one")
	}
}
