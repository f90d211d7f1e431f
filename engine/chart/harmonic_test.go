package chart

import (
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/law"
)

type restOfTurns [3]float64 // B, C and D

// The nine as their sources draw them, on a leg from X, 0, to A, 100; and each a
// hundredth within a bound, and a hundredth or two beyond it, with every other ratio
// in its own. The bounds that are not there cannot be met, or be broken alone: the
// other ratios forbid it.
var harmonicExamples = []struct {
	pattern *Pattern
	book    restOfTurns
	hits    []restOfTurns
	misses  map[restOfTurns]string
}{
	{Gartley, restOfTurns{38.2, 76.39, 21.4},
		[]restOfTurns{{39.5, 75, 21.5}, {36.9, 77, 21.5}, {37.2, 61.4, 22.8}, {38.3, 92.6, 21.5}, {38.3, 66.2, 21.5}, {38.3, 71, 22.8}, {38.3, 79.5, 19.4}},
		map[restOfTurns]string{
			{40.9, 77, 21.6}: "AB/XA", {36, 68.5, 21.5}: "AB/XA", {39, 93.4, 21}: "BC/AB", {38.4, 64.4, 21.9}: "CD/BC",
			{38.3, 69.5, 24.3}: "AD/XA", {37.7, 87.8, 18}: "AD/XA",
		}},
	{Bat, restOfTurns{50, 80.9, 11.4},
		[]restOfTurns{{61.4, 94.5, 11.5}, {38.9, 77.4, 11.5}, {44.2, 65.8, 11.5}, {53.3, 94.5, 11.5}, {40.4, 85.7, 11.5}, {60.4, 90.9, 11.5}, {49.7, 83.7, 13.8}, {53.7, 91.9, 9.1}},
		map[restOfTurns]string{
			{62.4, 95, 12.7}: "AB/XA", {37.5, 70.3, 11.6}: "AB/XA", {43.6, 64.9, 11.7}: "BC/AB", {53.2, 95, 11.3}: "BC/AB",
			{51.2, 75.3, 11.3}: "CD/BC", {50.8, 83.4, 15.3}: "AD/XA", {48.6, 85.7, 7.6}: "AD/XA",
		}},
	{AlternateBat, restOfTurns{61.8, 95.65, -13},
		[]restOfTurns{{60.9, 93.6, -12.9}, {62.9, 96.3, -12.9}, {64.8, 95, -12.9}, {63.6, 94.7, -10}, {62.7, 94.9, -15.5}},
		map[restOfTurns]string{
			{60, 90.8, -12.2}: "AB/XA", {64.1, 97.5, -14.3}: "BC/AB", {62.8, 91.1, -12.2}: "CD/BC",
			{64.3, 94.6, -8.5}: "AD/XA", {61.5, 93.6, -17.4}: "AD/XA",
		}},
	{Butterfly, restOfTurns{21.4, 69.98, -27},
		[]restOfTurns{{23.5, 82.5, -26.9}, {19.3, 58.9, -26.9}, {21.5, 90.5, -26.9}, {20, 89.9, -24.7}, {21.5, 61.3, -26.8}, {21.5, 61.6, -24.6}, {21.5, 68, -29.8}},
		map[restOfTurns]string{
			{24.3, 76.8, -27.3}: "AB/XA", {18.5, 60.5, -27}: "AB/XA", {22.3, 91.9, -28}: "BC/AB", {21, 58.8, -26.9}: "CD/BC",
			{21.3, 67.5, -22.3}: "AD/XA", {21.3, 77.1, -31.4}: "AD/XA",
		}},
	{Crab, restOfTurns{38.2, 86.78, -61.8},
		[]restOfTurns{{36.8, 88.7, -61.7}, {44.8, 93, -61.7}, {42.4, 82.5, -61.7}, {45.4, 90, -57.5}, {42.6, 89.1, -66.1}},
		map[restOfTurns]string{
			{35.6, 89.9, -61.7}: "AB/XA", {41, 93.9, -62.2}: "BC/AB", {42.7, 81.5, -61.5}: "CD/BC",
			{42.9, 88.5, -55.7}: "AD/XA", {40.6, 86.6, -67.9}: "AD/XA",
		}},
	{DeepCrab, restOfTurns{11.4, 66.16, -61.8},
		[]restOfTurns{{13.8, 48, -61.7}, {0.8, 48, -61.7}, {7.5, 43.3, -61.7}, {13.1, 89.3, -64.7}, {11.2, 82, -61.7}, {7.8, 50.7, -57.5}, {7.7, 48.3, -66.1}},
		map[restOfTurns]string{
			{15.6, 83.1, -61.6}: "AB/XA", {-0.6, 48.4, -62.2}: "AB/XA", {10.2, 43.9, -61.3}: "BC/AB", {7.9, 79.3, -61.4}: "CD/BC",
			{7.3, 51.2, -55.3}: "AD/XA", {7.2, 69.6, -67.5}: "AD/XA",
		}},
	{Shark, restOfTurns{61.8, 110.39, 12.58},
		[]restOfTurns{{51.5, 106.6, 2.5}, {60.2, 123.9, 2.9}, {47.4, 117.8, 2.8}, {64, 114, 2.7}, {60.7, 113, 14.8}, {47.3, 118.1, -14.9}},
		map[restOfTurns]string{
			{53.3, 105.5, 3.2}: "BC/AB", {59, 125.8, 2.7}: "BC/AB", {46.7, 121, 3.1}: "CD/BC", {63.8, 112.1, 2.3}: "CD/BC",
			{62.2, 111.2, 16.3}: "CD/XC", {44.9, 116.5, -16.8}: "CD/XC",
		}},
	{Cypher, restOfTurns{50, 134.3, 28.74},
		[]restOfTurns{{61.5, 136, 29.2}, {38.5, 136, 29.2}, {51.1, 129, 27.7}, {50, 140.2, 30.1}, {51.7, 133.9, 31.3}, {55.3, 133.9, 26.1}},
		map[restOfTurns]string{
			{62, 131.5, 28.3}: "AB/XA", {37, 134.1, 27.3}: "AB/XA", {56.8, 125.3, 26.9}: "XC/XA", {57.9, 144, 30.7}: "XC/XA",
			{52.1, 133.9, 33.3}: "CD/XC", {57.4, 133.9, 24.6}: "CD/XC",
		}},
	{FiveZero, restOfTurns{-27.2, 227.2, 100},
		[]restOfTurns{{-13.9, 206.9, 96.6}, {-60.3, 273.4, 106.7}, {-18.5, 176.1, 78.1}, {-54.3, 286.2, 117.3}, {-32.6, 225.8, 100.1}, {-28.6, 201.8, 83.5}, {-41.4, 192.6, 76.5}, {-37.4, 263.6, 112}},
		map[restOfTurns]string{
			{-12.5, 189.3, 88.7}: "AB/XA", {-62.9, 226.9, 82.8}: "AB/XA", {-16.6, 170.2, 74.6}: "BC/AB", {-42.1, 278.5, 121}: "BC/AB",
			{-27.8, 220.8, 101.1}: "CD/BC", {-27.4, 211.4, 87.5}: "CD/BC", {-22.7, 178.3, 79.5}: "CD/AB", {-30.7, 258.4, 111.4}: "CD/AB",
		}},
}

func TestHarmonics(t *testing.T) {
	for _, c := range harmonicExamples {
		drawn := func(p restOfTurns) (Bars, []int) {
			b, at := journey(1030, 1000, 1100, 1000+p[0], 1000+p[1], 1000+p[2], 1030+p[2])
			return b, at[1:6]
		}
		b, at := drawn(c.book)
		checkZone(t, checkFound(t, c.pattern, b, at, Bullish))
		checkZone(t, checkFound(t, c.pattern, b.flipped(), at, Bearish))
		exact(t, c.pattern, b, at)
		for _, p := range c.hits {
			b, at := drawn(p)
			checkFound(t, c.pattern, b, at, Bullish)
		}
		for p, rule := range c.misses {
			b, at := drawn(p)
			checkMiss(t, c.pattern, b, at, rule)
		}
	}
}

// What is one of them is none of the others, and a figure that breaks two rules is no
// candidate.
func TestHarmonicsApart(t *testing.T) {
	for _, c := range harmonicExamples {
		b, at := journey(1030, 1000, 1100, 1000+c.book[0], 1000+c.book[1], 1000+c.book[2], 1030+c.book[2])
		for _, other := range harmonics {
			if d := ending(t, other, b, at[1:6]); other != c.pattern && d != nil && d.Met() {
				t.Errorf("the book's %s is a %s", c.pattern.Name, other.Name)
			}
		}
	}
	b, at := journey(1030, 1000, 1100, 1050, 1081, 987, 1017)
	if d := ending(t, Bat, b, at[1:6]); d != nil {
		t.Errorf("too deep a D, and too long a last leg: %+v", d)
	}
}

// exact wants the book's drawing found also with hardly a tolerance.
func exact(t *testing.T, p *Pattern, b Bars, points []int) {
	t.Helper()
	for _, d := range p.Find(b, argsOf(t, p, map[string]any{"tolerance": 0.005})) {
		if d.Points[0].Bar == points[0] {
			return
		}
	}
	t.Errorf("%s: the book's own is not found exactly", p.Name)
}

// checkZone wants a figure of nearly full confidence, with D in its zone.
func checkZone(t *testing.T, d *Detection) {
	t.Helper()
	if d == nil {
		return
	}
	if d.Confidence < 0.97 {
		t.Errorf("%s: confidence %v: %+v", d.Pattern, d.Confidence, d.Rules)
	}
	last, side := d.Points[4].Price, float64(d.Direction)
	if z := d.Zone; z == nil || !(side*z.Near > side*last && side*last > side*z.Far) {
		t.Errorf("%s: %v is not in its zone, %v", d.Pattern, d.Points, z)
	}
}

// The zone is where D keeps the rules that measure it, and nowhere else.
func TestHarmonicZone(t *testing.T) {
	b := barsOf(law.Walk(21, 20_000))
	inside, outside := 0, 0
	for _, h := range harmonics {
		for _, d := range h.Candidates(b, argsOf(t, h, map[string]any{"tolerance": 0.2})) {
			if d.Zone == nil {
				continue
			}
			kept := true
			for _, r := range d.Rules {
				if strings.Contains(r.Name[:2], "D") {
					kept = kept && r.Met
				}
			}
			if side := float64(d.Direction); side*d.Zone.Near < side*d.Zone.Far {
				t.Errorf("%s: the zone %v begins at its end", h.Name, d.Zone)
			}
			low, high := min(d.Zone.Near, d.Zone.Far), max(d.Zone.Near, d.Zone.Far)
			in := low <= d.Points[4].Price && d.Points[4].Price <= high
			if in != kept {
				t.Errorf("%s: D keeps its rules: %v, and is in its zone: %v: %+v", h.Name, kept, in, d)
			}
			if in {
				inside++
			} else {
				outside++
			}
		}
	}
	if inside < 20 || outside < 20 {
		t.Errorf("%d in their zones and %d not", inside, outside)
	}
}

// books are examples of harmonics, one after the other, upright and upside down.
func books() Bars {
	var turns []float64
	for _, c := range harmonicExamples {
		for _, p := range append(c.hits[:3:3], c.book) {
			for _, side := range []float64{1, -1} {
				for _, turn := range []float64{30, 0, 100, p[0], p[1], p[2], p[2] + 30} {
					turns = append(turns, 1000+side*turn/2)
				}
			}
		}
	}
	b, _ := journey(turns...)
	return b
}
