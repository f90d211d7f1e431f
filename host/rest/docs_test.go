package rest

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/docs"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// docsPage is the documentation page as it is served.
func docsPage(t *testing.T, s http.Handler) string {
	t.Helper()
	w := call(t, s, http.MethodGet, docsPath, nil, nil)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	return w.Body.String()
}

// found are the parts of text that match the first group of a pattern.
func found(pattern, text string) (all []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestPageHasEverything: each indicator with its parameters and outputs, each
// problem with what to do, each example, each endpoint.
func TestPageHasEverything(t *testing.T) {
	s := newServer(t)
	page := docsPage(t, s)
	ids := found(`\bid="([^"]*)"`, page)
	has := func(id string) bool { return slices.Contains(ids, id) }
	natives, err := s.natives()
	if err != nil {
		t.Fatal(err)
	}
	differences, err := docs.Differences()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range natives {
		_, card, ok := strings.Cut(page, `id="indicator-`+n.Name+`"`)
		card, _, end := strings.Cut(card, "</article>")
		if !ok || !end {
			t.Errorf("the page lacks the indicator %s", n.Name)
			continue
		}
		for _, p := range n.Params {
			if !strings.Contains(card, "<code>"+p.Name+"</code>") {
				t.Errorf("%s lacks its parameter %s", n.Name, p.Name)
			}
		}
		for _, o := range n.Outputs {
			if !strings.Contains(card, "<code>"+o.Name+"</code>") {
				t.Errorf("%s lacks its output %s", n.Name, o.Name)
			}
		}
		if !strings.Contains(card, "<svg") {
			t.Errorf("%s has no drawing", n.Name)
		}
		for _, d := range differences[n.Name] {
			if !strings.Contains(card, "<p>"+d.From+": "+string(prose(d.Text))+"</p>") {
				t.Errorf("%s does not say how %s differs", n.Name, d.From)
			}
		}
	}
	for _, k := range kinds() {
		if !has("problem-"+k.name) || advice[k.name] == "" {
			t.Errorf("the page lacks the problem %s or what to do about it", k.name)
		}
	}
	if len(advice) != len(kinds()) {
		t.Errorf("there is advice on %d problems of %d", len(advice), len(kinds()))
	}
	for _, x := range examples {
		if !has("example-" + x.name) {
			t.Errorf("the page lacks the example %s", x.name)
		}
	}
	for _, e := range s.endpoints {
		if !has("endpoint-" + e.id) {
			t.Errorf("the page lacks the endpoint %s", e.id)
		}
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			t.Errorf("the id %s is there twice", id)
		}
	}
	for _, anchor := range found(`href="#([^"]*)"`, page) {
		if !has(anchor) {
			t.Errorf("#%s leads nowhere", anchor)
		}
	}
}

// TestPageLoadsNothingFromElsewhere, and asks nothing of the browser that the
// policy of the service forbids.
func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	s := newServer(t)
	w := call(t, s, http.MethodGet, docsPath, nil, nil)
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self'") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
	page := w.Body.String()
	for _, address := range found(`(?:src|href|action|poster|srcset|data)="([^"#][^"]*)"`, page) {
		path, _, _ := strings.Cut(address, "#")
		if got := call(t, s, http.MethodGet, path, nil, nil); !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || got.Code != http.StatusOK {
			t.Errorf("the page leads to %s, status %d", address, got.Code)
		}
	}
	for what, pattern := range map[string]string{
		"inline style":   `(<style|\sstyle=)`,
		"inline script":  `(<script(?:>|\s+[^s][^>]*>)|\son[a-z]+=)`,
		"another origin": `((?:src|href|action)="(?:https?:)?//)`,
	} {
		if hits := found(pattern, page); hits != nil {
			t.Errorf("%s in the page: %v", what, hits)
		}
	}
	for _, name := range assetNames {
		text := call(t, s, http.MethodGet, assetPath+name, nil, nil).Body.String()
		if hits := found(`((?:url\(|@import|fetch\(|import\s)[^;]*)`, text); hits != nil {
			t.Errorf("%s loads something: %v", name, hits)
		}
		text = strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "") // a name, not an address
		text = strings.ReplaceAll(text, origin, "")                       // in commands
		if hits := found(`(https?://[^\s"]*)`, text); hits != nil {
			t.Errorf("%s knows other addresses: %v", name, hits)
		}
	}
}

// TestProblemTypesResolve: the type of a problem is an address that leads to
// what is said of it.
func TestProblemTypesResolve(t *testing.T) {
	s := newServer(t)
	for _, k := range kinds() {
		w := call(t, s, http.MethodGet, k.uri(), nil, nil)
		if want := "/api/docs#problem-" + k.name; w.Code != http.StatusFound || w.Header().Get("Location") != want {
			t.Errorf("%s: status %d to %q, want %q", k.uri(), w.Code, w.Header().Get("Location"), want)
		}
	}
	for _, name := range []string{"none", "..", "x%0d%0aSet-Cookie:%20a=b", "trap"} {
		w := call(t, s, http.MethodGet, "/problems/"+name, nil, nil)
		if w.Code != http.StatusNotFound || w.Header().Get("Location") != "" {
			t.Errorf("/problems/%s: status %d to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestSamplePricesAreReal: they are the last bars of the sample, and a body that
// every indicator takes: as it is, or with what has no default.
func TestSamplePricesAreReal(t *testing.T) {
	s := newServer(t)
	body := call(t, s, http.MethodGet, assetPath+pricesName, nil, nil).Body.Bytes()
	var prices struct {
		Candles struct {
			Timestamp                      []string
			Open, High, Low, Close, Volume []float64
		}
	}
	if err := json.Unmarshal(body, &prices); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(sample.IBM))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c := prices.Candles
	rows = rows[len(rows)-len(c.Timestamp):]
	for i, row := range rows {
		if want := row[0] + "T00:00:00Z"; c.Timestamp[i] != want {
			t.Errorf("bar %d is of %s, want %s", i, c.Timestamp[i], want)
		}
		for j, column := range [][]float64{c.Open, c.High, c.Low, c.Close, c.Volume} {
			want, err := strconv.ParseFloat(row[j+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			if column[i] != want {
				t.Errorf("bar %d, column %d: %v, want %v", i, j+1, column[i], want)
			}
		}
	}
	natives, err := s.natives()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range natives {
		var request map[string]any
		if err := json.Unmarshal(body, &request); err != nil {
			t.Fatal(err)
		}
		inputs := map[string]any{}
		for name, source := range told(&n.Spec, len(c.Close)) {
			inputs[name] = source.Column
			if source.Values != nil {
				inputs[name] = source.Values
			}
		}
		if len(inputs) > 0 {
			request["inputs"] = inputs
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		if w := call(t, s, http.MethodPost, "/api/v1/indicators/"+n.Name, contentType(mediaJSON), body); w.Code != http.StatusOK {
			t.Errorf("%s of the sample prices: status %d: %s", n.Name, w.Code, w.Body)
		}
	}
}

// TestHighlight: the markup changes no character, also of what is not JSON, and
// no markup of the text's own comes through.
func TestHighlight(t *testing.T) {
	markup := regexp.MustCompile(`</?span[^>]*>`)
	for text, want := range map[string]string{
		`{"a": -1.5e3, "b": ["x", null]}`: `{<span class="name">"a"</span>: <span class="number">-1.5e3</span>, <span class="name">"b"</span>: [<span class="text">"x"</span>, <span class="word">null</span>]}`,
		`"a \" b": 1`:                     `<span class="name">"a \" b"</span>: <span class="number">1</span>`,
		`"\\", 1`:                         `<span class="text">"\\"</span>, <span class="number">1</span>`,
		`["cut of`:                        `[<span class="text">"cut of</span>`,
		`["cut of\`:                       `[<span class="text">"cut of\</span>`,
		`<I>&"é<"`:                        `&lt;I&gt;&amp;<span class="text">"é&lt;"</span>`,
	} {
		marked := string(highlight(text))
		if got := strings.ReplaceAll(marked, "&#34;", `"`); got != want {
			t.Errorf("%s\nis marked up as\n%s\nwant\n%s", text, got, want)
		}
		if back := html.UnescapeString(markup.ReplaceAllString(marked, "")); back != text {
			t.Errorf("%s comes back as %s", text, back)
		}
	}
}
