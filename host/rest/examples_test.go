package rest

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

var update = flag.Bool("update", false, "write the answers of the examples anew, for a person to read")

// sent are the files that examples send.
func sent(t *testing.T, x *example) []byte {
	t.Helper()
	switch x.file {
	case "":
		return x.request()
	case pluginFile:
		return plugins.KeltnerSqueeze
	case strategyFile:
		return strategy(t)
	case textFile:
		return []byte("# A plugin\n\nThis is no module.\n")
	case arrowFile:
		return arrowOf(t, x.request())
	}
	t.Fatalf("%s sends %s, which this test does not have", x.name, x.file)
	return nil
}

// arrowOf makes a stream of {"name": [number or null, ...]}.
func arrowOf(t *testing.T, shown []byte) []byte {
	t.Helper()
	var columns map[string][]*float64
	if err := json.Unmarshal(shown, &columns); err != nil {
		t.Fatal(err)
	}
	var named []candle.NamedColumn
	for name, values := range columns {
		c := candle.NamedColumn{Name: name}
		for _, v := range values {
			if v == nil {
				c.Values = append(c.Values, math.NaN())
			} else {
				c.Values = append(c.Values, *v)
			}
		}
		named = append(named, c)
	}
	var b bytes.Buffer
	if err := candle.WriteArrow(&b, named); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shownArrow is a stream as it is shown, {"name": [number or null, ...]}.
func shownArrow(t *testing.T, stream []byte) []byte {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	var fields []string
	for r.Next() {
		batch := r.RecordBatch()
		for i, column := range batch.Columns() {
			values, ok := column.(*array.Float64)
			if !ok {
				t.Fatalf("the column %s has the type %v", batch.ColumnName(i), column.DataType())
			}
			var numbers []float64
			for j := range values.Len() {
				if values.IsNull(j) {
					numbers = append(numbers, math.NaN())
				} else {
					numbers = append(numbers, values.Value(j))
				}
			}
			name, err := json.Marshal(batch.ColumnName(i))
			if err != nil {
				t.Fatal(err)
			}
			fields = append(fields, string(candle.AppendColumn(append(name, ':'), numbers, -1)))
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return []byte("{" + strings.Join(fields, ",") + "}")
}

// perform makes the request of an example and returns the answer in the form
// in which it is shown.
func perform(t *testing.T, s http.Handler, x *example) (status int, contentType string, answer []byte) {
	t.Helper()
	header := http.Header{"X-Request-Id": {"example"}, "Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}
	if x.contentType != "" {
		header.Set("Content-Type", x.contentType)
	}
	if x.accept != "" {
		header.Set("Accept", x.accept)
	}
	w := call(t, s, x.method, x.path, header, sent(t, x))
	answer = w.Body.Bytes()
	if w.Header().Get("Content-Type") == mediaArrow {
		answer = shownArrow(t, answer)
	}
	answer = created.ReplaceAll(answer, []byte(`"created":"2026-01-05T09:30:00.000Z"`))
	answer = written.ReplaceAll(answer, []byte(`"time":"2026-01-05T09:30:00.12Z"`))
	answer = hashes.ReplaceAllFunc(answer, func(found []byte) []byte {
		name, _, _ := bytes.Cut(found, []byte(`:`))
		return append(name, `:"5a1e…"`...)
	})
	return w.Code, w.Header().Get("Content-Type"), answer
}

// What is another each time: when a version was stored, when an entry of the audit
// log was written, and the hashes of such entries.
var (
	created = regexp.MustCompile(`"created":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`)
	written = regexp.MustCompile(`"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`)
	hashes  = regexp.MustCompile(`"(hash|prev)":"[0-9a-f]{64}"`)
)

// TestExamplesAreTrue makes every request that the documentation shows and
// wants the whole answer that it shows, number for number.
func TestExamplesAreTrue(t *testing.T) {
	s := newServer(t, func(c *Config) { c.MaxBody = 4 << 20 }) // for a module in Go
	for i := range examples {
		x := &examples[i]
		status, contentType, got := perform(t, s, x)
		if status != x.status {
			t.Errorf("%s: status %d, shown is %d: %s", x.name, status, x.status, got)
			continue
		}
		if status == http.StatusNoContent {
			if len(got) > 0 {
				t.Errorf("%s: there is a body: %s", x.name, got)
			}
			continue
		}
		if want := x.answerType(); contentType != want {
			t.Errorf("%s: the answer is %s, shown is %s", x.name, contentType, want)
		}
		if *update {
			file := filepath.Join("docs", "examples", x.name+".answer.json")
			if err := os.WriteFile(file, append(layOut(got, 0), '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var want bytes.Buffer
		if err := json.Compact(&want, x.answer()); err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if got := bytes.TrimSpace(got); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s answers\n%s\nand the documentation shows\n%s", x.name, got, &want)
		}
	}
}

// layOut is JSON as the documentation shows it: on one line what fits on one.
func layOut(raw []byte, indent int) []byte {
	const width = 76
	d := json.NewDecoder(bytes.NewReader(raw))
	start, err := d.Token()
	if err != nil {
		panic(err)
	}
	opening, compound := start.(json.Delim)
	if !compound {
		return bytes.TrimSpace(raw)
	}
	var members [][]byte
	oneLine := indent
	inside := indent + 2
	for d.More() {
		var member []byte
		if opening == '{' {
			name, err := d.Token()
			if err != nil {
				panic(err)
			}
			member, _ = json.Marshal(name)
			member = append(member, ": "...)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(err)
		}
		member = append(member, layOut(value, inside)...)
		members = append(members, member)
		oneLine += len(member) + 2
	}
	closing := string(opening + 2) // in ASCII, ] and } are two after [ and {
	flat := bytes.Join(members, []byte(", "))
	scalars := opening == '[' && (len(members) == 0 || !strings.ContainsAny(string(members[0][:1]), "{["))
	if (oneLine <= width || scalars) && !bytes.Contains(flat, []byte("\n")) {
		return []byte(string(opening) + string(flat) + closing)
	}
	pad := "\n" + strings.Repeat(" ", inside)
	return []byte(string(opening) + pad + string(bytes.Join(members, []byte(","+pad))) + "\n" + strings.Repeat(" ", indent) + closing)
}

// TestLayOut holds the layout to JSON that means the same.
func TestLayOut(t *testing.T) {
	in := `{"a":[1,2.50,null],"long":{"text":"a \"quoted\" one, with {braces} and a comma that is long enough","more":[{"x":1},{"y":[]}]},"e":{}}`
	var again bytes.Buffer
	if err := json.Compact(&again, layOut([]byte(in), 0)); err != nil {
		t.Fatal(err)
	}
	if again.String() != in {
		t.Errorf("laid out and compacted\n%s\nfrom\n%s", &again, in)
	}
}

// TestExampleNames: each has its own, and files of its own that are used.
func TestExampleNames(t *testing.T) {
	used := map[string]bool{}
	for i := range examples {
		x := &examples[i]
		if used[x.name] {
			t.Errorf("two examples are called %s", x.name)
		}
		used[x.name] = true
		if x.request() != nil {
			used[x.name+".request.json"] = true
		}
		if x.answer() != nil {
			used[x.name+".answer.json"] = true
		}
	}
	entries, err := files.ReadDir("docs/examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !used[e.Name()] {
			t.Errorf("no example uses docs/examples/%s", e.Name())
		}
	}
}
