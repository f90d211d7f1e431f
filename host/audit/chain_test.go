package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// chainOf is a log of n entries, line by line.
func chainOf(t *testing.T, n int) (lines [][]byte, heads []Head) {
	t.Helper()
	var end Head
	for i := range n {
		e := Seal(end, Entry{Action: Upload, Principal: "trader <t@example>", Plugin: "mean", Count: i}, "replica-1")
		end = e.Head()
		lines, heads = append(lines, e.Line()), append(heads, end)
	}
	return lines, heads
}

// firstBad is the number of the first line, from 1, that a chain refuses; 0 for
// none.
func firstBad(lines [][]byte) (int, error) {
	var c Chain
	for i, line := range lines {
		if _, err := c.Add(line); err != nil {
			return i + 1, err
		}
	}
	return 0, nil
}

// TestHashOfTheLine: the hash is of the bytes of the line without it, so that
// anyone can compute it; and each line has the hash of the one before.
func TestHashOfTheLine(t *testing.T) {
	lines, heads := chainOf(t, 3)
	prev := strings.Repeat("0", 64)
	for i, line := range lines {
		text, _, found := strings.Cut(string(line), `,"hash":"`)
		sum := sha256.Sum256([]byte(text + "}"))
		if got := hex.EncodeToString(sum[:]); !found || got != heads[i].Hash {
			t.Errorf("line %d says %s, sha256sum says %s: %s", i+1, heads[i].Hash, got, line)
		}
		if !strings.HasSuffix(text, `"prev":"`+prev+`"`) {
			t.Errorf("line %d does not follow %s: %s", i+1, prev, line)
		}
		prev = heads[i].Hash
	}
}

// TestChainBroken: whatever is done to a log but to cut off its end, the first
// line at fault is found.
func TestChainBroken(t *testing.T) {
	const n = 6
	good, heads := chainOf(t, n)
	if at, err := firstBad(good); at != 0 {
		t.Fatalf("line %d of a good chain: %v", at, err)
	}
	replace := func(i int, old, new string) [][]byte {
		lines := slices.Clone(good)
		if lines[i] = bytes.Replace(lines[i], []byte(old), []byte(new), 1); bytes.Equal(lines[i], good[i]) {
			t.Fatalf("%q is not in %s", old, good[i])
		}
		return lines
	}
	// An entry as somebody makes it who knows how to compute hashes.
	forged := func(at Head) []byte {
		return Seal(at, Entry{Action: Kill, Principal: "nobody", Plugin: "mean"}, "replica-1").Line()
	}
	lost := Seal(heads[2], Entry{Action: Resume, After: &heads[4]}, "replica-1")
	for name, c := range map[string]struct {
		lines [][]byte
		at    int
	}{
		"a word changed":                 {replace(3, "trader", "somebody"), 4},
		"a hash changed":                 {replace(3, `"hash":"`+heads[3].Hash[:4], `"hash":"0000`), 4},
		"the hash before changed":        {replace(3, `"prev":"`+heads[2].Hash[:4], `"prev":"0000`), 4},
		"a member added":                 {replace(3, `"action"`, `"more":1,"action"`), 4},
		"a member twice":                 {replace(3, `"plugin":"mean"`, `"plugin":"evil","plugin":"mean"`), 4},
		"a space":                        {replace(3, `,"action"`, `, "action"`), 4},
		"an escape":                      {replace(3, `<`, `\u003c`), 4},
		"another zone":                   {replace(3, `Z"`, `+00:00"`), 4},
		"something behind":               {replace(3, heads[3].Hash+`"}`, heads[3].Hash+`"}{}`), 4},
		"the first taken out":            {good[1:], 1},
		"one taken out":                  {slices.Delete(slices.Clone(good), 2, 3), 3},
		"two swapped":                    {[][]byte{good[0], good[2], good[1], good[3]}, 2},
		"one twice":                      {slices.Insert(slices.Clone(good), 2, good[1]), 3},
		"one put in":                     {slices.Insert(slices.Clone(good), 2, forged(heads[1])), 4},
		"one replaced, and hashed again": {slices.Replace(slices.Clone(good), 2, 3, forged(heads[1])), 4},
		"not JSON":                       {slices.Insert(slices.Clone(good), 4, []byte("rm -rf")), 5},
		"an empty line":                  {slices.Insert(slices.Clone(good), 4, []byte("")), 5},
		"some lost, and gone on":         {append(slices.Clone(good[:3]), lost.Line()), 4},
	} {
		if at, err := firstBad(c.lines); at != c.at {
			t.Errorf("%s: the first bad line is %d (%v), want %d", name, at, err, c.at)
		}
	}
	// What a chain cannot show.
	if at, err := firstBad(good[:4]); at != 0 {
		t.Errorf("a log whose end was cut off: line %d, %v; docs/audit.md says that it is whole", at, err)
	}
}

// TestOnto: a log that has become shorter says so in itself; one that was emptied
// goes on.
func TestOnto(t *testing.T) {
	_, heads := chainOf(t, 5)
	note := Entry{Action: Kill, Plugin: "mean"}
	for name, c := range map[string]struct {
		seen, found Head
		seqs        []int64
	}{
		"nothing yet":             {Head{}, Head{}, []int64{1}},
		"as it was seen":          {heads[2], heads[2], []int64{4}},
		"others wrote meanwhile":  {heads[1], heads[3], []int64{5}},
		"emptied":                 {heads[3], Head{}, []int64{5, 6}},
		"cut off":                 {heads[4], heads[1], []int64{3, 4}},
		"another in its place":    {Head{2, heads[3].Hash}, heads[1], []int64{3, 4}},
		"never seen, and not new": {Head{}, heads[3], []int64{5}},
	} {
		got := Onto(c.seen, c.found, "replica-1", note)
		var seqs []int64
		for _, e := range got {
			seqs = append(seqs, e.Seq)
		}
		if !slices.Equal(seqs, c.seqs) || got[len(got)-1].Action != Kill {
			t.Errorf("%s: %v, want the numbers %v", name, got, c.seqs)
			continue
		}
		if len(got) == 2 && (got[0].Action != Resume || *got[0].After != c.seen || got[1].Prev != got[0].Hash) {
			t.Errorf("%s: it is resumed with %s", name, got[0].Line())
		}
	}
	// What was emptied is one chain with what was kept.
	lines, _ := chainOf(t, 0)
	var end Head
	for range 4 {
		e := Seal(end, note, "replica-1")
		lines, end = append(lines, e.Line()), e.Head()
	}
	for _, e := range Onto(end, Head{}, "replica-1", note) {
		lines = append(lines, e.Line())
	}
	if at, err := firstBad(lines); at != 0 {
		t.Errorf("the line %d of the parts together: %v", at, err)
	}
}

// TestHostileTexts: whatever a caller sends, the entry is one line that is read
// as it was written, and no longer than lines may be.
func TestHostileTexts(t *testing.T) {
	for _, text := range []string{
		"\n{\"seq\":2}", "\x00\x01", "\xff\xfe", strings.Repeat("\u2028", 200), strings.Repeat("\x01", 1000), strings.Repeat("é", 128) + "x",
	} {
		e := Seal(Head{}, Entry{
			Action: Action(text), Problem: text, Principal: text, Issuer: text, Caller: text,
			Plugin: text, Version: text, Digest: text, Detail: text, Request: text, Trace: text,
		}, text)
		line := e.Line()
		if len(line) >= MaxLine || bytes.ContainsAny(line, "\n\r") {
			t.Errorf("%.20q makes a line of %d bytes", text, len(line))
		}
		if got, err := Parse(line); err != nil || got != e {
			t.Errorf("%.20q is read as %.200s (%v)", text, got.Line(), err)
		}
	}
}

// TestTimesThatNobodyWrites: a time that can be read and not written is an error
// like any other, whoever put it there, and not the end of the process.
func TestTimesThatNobodyWrites(t *testing.T) {
	for _, when := range []string{"2020-01-01T00:00:00-24:00", "2020-01-01T00:00:00+23:60", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2020-01-01T00:00:00+00:01"} {
		line := `{"seq":1,"time":"` + when + `","action":"plugin.kill","outcome":"done","prev":"` + genesis + `","hash":"` + genesis + `"}`
		if _, err := Parse([]byte(line)); err == nil || !strings.Contains(err.Error(), "entry 1 is not as it was written") {
			t.Errorf("%s: %v", when, err)
		}
	}
}
