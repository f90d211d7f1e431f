package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// contract is the description that a server gives, for holding bodies to it.
type contract struct {
	document map[string]any
	compiler *jsonschema.Compiler
}

func contractOf(t *testing.T, s http.Handler) *contract {
	t.Helper()
	w := call(t, s, http.MethodGet, openAPIPath, nil, nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", openAPIPath, w.Code)
	}
	document, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("mem:openapi", document); err != nil {
		t.Fatal(err)
	}
	return &contract{document.(map[string]any), c}
}

// at is what is at a place in the description, nil when there is nothing.
func (c *contract) at(steps ...string) any {
	var at any = c.document
	for _, step := range steps {
		in, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = in[step]
	}
	return at
}

// schema is the one at a place in the description, nil when there is none.
func (c *contract) schema(t *testing.T, steps ...string) *jsonschema.Schema {
	t.Helper()
	if c.at(steps...) == nil {
		return nil
	}
	pointer := ""
	for _, step := range steps {
		pointer += "/" + url.PathEscape(escape(step))
	}
	s, err := c.compiler.Compile("mem:openapi#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holds says whether body is what the description says of an answer.
func (c *contract) holds(t *testing.T, method, path string, status int, contentType string, body []byte) error {
	t.Helper()
	operation := []string{"paths", c.template(t, method, path), strings.ToLower(method), "responses"}
	media, _, _ := strings.Cut(contentType, ";")
	at := func(status string) *jsonschema.Schema {
		return c.schema(t, append(operation[:4:4], status, "content", media, "schema")...)
	}
	s := at(strconv.Itoa(status))
	if s == nil {
		if s = at("default"); s == nil {
			return fmt.Errorf("%s %s: nothing is said of status %d with %s", method, path, status, media)
		}
		if status < 300 {
			return fmt.Errorf("%s %s: the status %d is not described", method, path, status)
		}
	}
	return validate(s, body)
}

func validate(s *jsonschema.Schema, body []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// template is the path of the description that path is one of.
func (c *contract) template(t *testing.T, method, path string) string {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	paths := c.document["paths"].(map[string]any)
	if paths[path] != nil {
		return path
	}
	for p, operations := range paths {
		pattern := strings.NewReplacer("{", ":", "}", "").Replace(p)
		if matches(pattern, path) && operations.(map[string]any)[strings.ToLower(method)] != nil {
			return p
		}
	}
	t.Fatalf("%s %s is not described", method, path)
	return ""
}

// TestEveryRouteIsDescribed, and every description has a route.
func TestEveryRouteIsDescribed(t *testing.T) {
	s := newServer(t)
	described := map[string]bool{}
	for path, operations := range contractOf(t, s).document["paths"].(map[string]any) {
		for method := range operations.(map[string]any) {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	served := map[string]bool{}
	for _, r := range s.echo.Routes() {
		if route := r.Method + " " + braces(r.Path); r.Method != "echo_route_not_found" && r.Method != http.MethodHead {
			served[route] = true
			if !described[route] {
				t.Errorf("%s is served and not described", route)
			}
		}
	}
	for route := range described {
		if !served[route] {
			t.Errorf("%s is described and not served", route)
		}
	}
}

// TestOperations: each has an id of its own, a tag that is explained, and
// parameters that are.
func TestOperations(t *testing.T) {
	s := newServer(t)
	explained := map[string]bool{}
	for _, tag := range tags {
		explained[tag["name"].(string)] = true
	}
	ids := map[string]bool{}
	for _, e := range s.endpoints {
		if e.id == "" || ids[e.id] {
			t.Errorf("%s %s has the id %q, which is empty or another's", e.method, e.path, e.id)
		}
		ids[e.id] = true
		if !explained[e.tag] {
			t.Errorf("%s %s has the tag %q, which is not explained", e.method, e.path, e.tag)
		}
		for _, p := range parameters(e) {
			if p["schema"].(object) == nil || p["description"] == "" {
				t.Errorf("%s %s: the parameter %v has no schema or no description", e.method, e.path, p["name"])
			}
		}
	}
}

// TestDescriptionIsFixed: two servers give the same bytes, and whoever has them
// gets them no second time.
func TestDescriptionIsFixed(t *testing.T) {
	a, b := newServer(t), newServer(t)
	for path := range a.pages {
		first := call(t, a, http.MethodGet, path, nil, nil)
		again := call(t, b, http.MethodGet, path, nil, nil)
		if first.Code != http.StatusOK || first.Body.Len() == 0 {
			t.Errorf("%s: status %d with %d bytes", path, first.Code, first.Body.Len())
		}
		if !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
			t.Errorf("%s differs from start to start", path)
		}
		if first.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: Cache-Control is %q", path, first.Header().Get("Cache-Control"))
		}
		etag := first.Header().Get("ETag")
		has := call(t, a, http.MethodGet, path, http.Header{"If-None-Match": {etag}}, nil)
		if has.Code != http.StatusNotModified || has.Body.Len() != 0 {
			t.Errorf("%s with its ETag: status %d with %d bytes", path, has.Code, has.Body.Len())
		}
		old := call(t, a, http.MethodGet, path, http.Header{"If-None-Match": {`"old"`}}, nil)
		if old.Code != http.StatusOK {
			t.Errorf("%s with another ETag: status %d", path, old.Code)
		}
	}
}

// TestPluginsAreNotDescribed: the description is the same with a plugin
// installed, also for a service that starts with one.
func TestPluginsAreNotDescribed(t *testing.T) {
	s := newServer(t)
	before, err := s.describe()
	if err != nil {
		t.Fatal(err)
	}
	if w := call(t, s, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), plugins.KeltnerSqueeze); w.Code != http.StatusCreated {
		t.Fatalf("upload: status %d: %s", w.Code, w.Body)
	}
	after, err := s.describe()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a plugin changes the description")
	}
}

// TestExamplesHoldTheContract: every request and answer that is shown is what
// the schemas say. The answers are what the service gives; see
// TestExamplesAreTrue.
func TestExamplesHoldTheContract(t *testing.T) {
	s := newServer(t)
	c := contractOf(t, s)
	for i := range examples {
		x := &examples[i]
		if x.status != http.StatusNoContent && x.accept == "" {
			if err := c.holds(t, x.method, x.path, x.status, x.answerType(), x.answer()); err != nil {
				t.Errorf("%s: the answer: %v", x.name, err)
			}
		}
		if x.contentType == mediaJSON && x.status < 300 {
			path := c.template(t, x.method, x.path)
			body := c.schema(t, "paths", path, strings.ToLower(x.method), "requestBody", "content", mediaJSON, "schema")
			if err := validate(body, x.request()); err != nil {
				t.Errorf("%s: the request: %v", x.name, err)
			}
		}
	}
}

// TestAnswersHoldTheContract: what the service says when all is well and when it
// is not is what the schemas say.
func TestAnswersHoldTheContract(t *testing.T) {
	s := newServer(t)
	c := contractOf(t, s)
	module := http.Header{"Content-Type": {mediaWasm}}
	asJSON := contentType(mediaJSON)
	const none = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	for _, r := range []struct {
		method, path string
		header       http.Header
		body         string
		status       int
	}{
		{"GET", "/api/v1/indicators", nil, "", 200},
		{"GET", "/api/v1/indicators/macd", nil, "", 200},
		{"GET", "/api/v1/indicators/none", nil, "", 404},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":` + columns(60) + `}`, 200},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":` + columns(60) + `,"decimals":16}`, 422},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":` + columns(60) + `,"params":{"fast":3}}`, 422},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":` + columns(3) + `}`, 422},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":{"close":[-1]}}`, 422},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":{"high":[1]}}`, 422},
		{"POST", "/api/v1/indicators/macd", asJSON, `{`, 400},
		{"POST", "/api/v1/indicators/macd", asJSON, `{"candles":` + strings.Repeat(" ", testBody) + `}`, 413},
		{"POST", "/api/v1/indicators/macd", contentType("text/plain"), `{}`, 415},
		{"POST", "/api/v1/compute", asJSON, `{"candles":` + columns(60) + `,"indicators":[{"name":"sma"},{"id":"x","name":"none"},{"id":"y","name":"sma","params":{"period":1000}}]}`, 200},
		{"POST", "/api/v1/compute", asJSON, `{"candles":` + columns(60) + `,"indicators":[]}`, 422},
		{"GET", "/api/v1/charts", nil, "", 200},
		{"POST", "/api/v1/charts/double_top", asJSON, `{"candles":` + twoTops(false) + `,` + coarse + `}`, 200},
		{"POST", "/api/v1/charts/double_top", asJSON, `{"candles":` + columns(60) + `}`, 200},
		{"POST", "/api/v1/charts/gartley", asJSON, `{"candles":` + gartley + `,"params":{"unit":"percent","reversal":1}}`, 200},
		{"POST", "/api/v1/charts/elliott", asJSON, `{"candles":` + gartley + `,"params":{"unit":"percent","reversal":1}}`, 200},
		{"POST", "/api/v1/charts/none", asJSON, `{}`, 404},
		{"GET", "/api/v1/bricks", nil, "", 200},
		{"POST", "/api/v1/bricks/point_figure", asJSON, `{"candles":` + columns(60) + `}`, 200},
		{"POST", "/api/v1/bricks/none", asJSON, `{}`, 404},
		{"POST", "/api/v1/charts/double_top", asJSON, `{"candles":{"close":[1]}}`, 422},
		{"POST", "/api/v1/plugins", module, string(tide("1.0.0", '+')), 201},
		{"POST", "/api/v1/backtests", asJSON, `{"candles":` + columns(60) + `,"strategy":{"name":"tide"},"plot":true}`, 200},
		{"POST", "/api/v1/backtests", asJSON, `{"candles":` + columns(60) + `,"strategy":{"name":"tide"},"rules":{"fee":1}}`, 422},
		{"POST", "/api/v1/backtests", asJSON, `{"candles":` + columns(60) + `,"strategy":{"name":"macd"}}`, 422},
		{"POST", "/api/v1/backtests", asJSON, `{"candles":` + columns(60) + `,"strategy":{"name":"tide"},"digest":"` + none + `"}`, 409},
		{"POST", "/api/v1/backtests", asJSON, `{"candles":` + columns(60) + `,"strategy":{"name":"none"}}`, 404},
		{"POST", "/api/v1/plugins/check", module, string(plugins.KeltnerSqueeze), 200},
		{"POST", "/api/v1/plugins", module, string(plugins.KeltnerSqueeze), 201},
		{"POST", "/api/v1/plugins", module, string(plugins.KeltnerSqueeze), 200},
		{"POST", "/api/v1/plugins", module, "rubbish", 422},
		{"POST", "/api/v1/plugins", asJSON, "{}", 415},
		{"GET", "/api/v1/plugins", nil, "", 200},
		{"GET", "/api/v1/plugins/keltner_squeeze", nil, "", 200},
		{"GET", "/api/v1/plugins/none", nil, "", 404},
		{"GET", "/api/v1/indicators/keltner_squeeze", nil, "", 200},
		{"GET", "/api/v1/indicators", nil, "", 200},
		{"POST", "/api/v1/indicators/keltner_squeeze", asJSON, `{"candles":` + columns(60) + `}`, 200},
		{"POST", "/api/v1/plugins/keltner_squeeze/activate", asJSON, `{"digest":"` + none + `"}`, 404},
		{"POST", "/api/v1/plugins/keltner_squeeze/activate", asJSON, `{"digest":1}`, 422},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"digest":"` + none + `","percent":5}`, 404},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"digest":"` + none + `"}`, 422},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"digest":"` + none + `","percent":0}`, 422},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"digest":"` + none + `","percent":100.5}`, 422},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"percent":5}`, 422},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{`, 400},
		{"POST", "/api/v1/plugins/keltner_squeeze/candidate", asJSON, `{"digest":"` + digestOf(plugins.KeltnerSqueeze) + `","percent":5}`, 409},
		{"GET", "/api/v1/plugins/keltner_squeeze/candidate", nil, "", 404},
		{"DELETE", "/api/v1/plugins/keltner_squeeze/candidate", nil, "", 200},
		{"DELETE", "/api/v1/plugins/none/candidate", nil, "", 404},
		{"DELETE", "/api/v1/plugins/none", nil, "", 404},
		{"GET", "/health", nil, "", 200},
		{"GET", "/health/live", nil, "", 200},
		{"GET", "/health/ready", nil, "", 200},
		{"GET", "/api/openapi.json", nil, "", 200},
		{"GET", "/api/docs/" + pricesName, nil, "", 200},
		{"GET", "/api/docs/none", nil, "", 404},
		{"GET", "/problems/none", nil, "", 404},
	} {
		w := call(t, s, r.method, r.path, r.header, []byte(r.body))
		if w.Code != r.status {
			t.Errorf("%s %s: status %d, want %d: %.300s", r.method, r.path, w.Code, r.status, w.Body)
			continue
		}
		if err := c.holds(t, r.method, r.path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Errorf("%s %s (%d): %v\n%.500s", r.method, r.path, w.Code, err, w.Body)
		}
		if w.Code >= 300 {
			continue
		}
		for name := range headerDocs {
			described := c.at("paths", c.template(t, r.method, r.path), strings.ToLower(r.method), "responses", strconv.Itoa(w.Code), "headers", name) != nil
			if has := w.Header().Get(name) != ""; has != described {
				t.Errorf("%s %s: %s is sent: %v, and described: %v", r.method, r.path, name, has, described)
			}
		}
	}
}

// TestContractCanRefuse: the schemas are not so loose that anything holds them.
func TestContractCanRefuse(t *testing.T) {
	s := newServer(t)
	c := contractOf(t, s)
	request := func(path string) *jsonschema.Schema {
		return c.schema(t, "paths", path, "post", "requestBody", "content", mediaJSON, "schema")
	}
	one, many := request("/api/v1/indicators/{name}"), request("/api/v1/compute")
	charts, bricks := request("/api/v1/charts/{name}"), request("/api/v1/bricks/{name}")
	backtests := request("/api/v1/backtests")
	const candles = `"candles":{"close":[1,2,null]}`
	for body, schema := range map[string]*jsonschema.Schema{
		`{}`:                                                                             one,
		`{"candles":[{"close":"1"}]}`:                                                    one,
		`{"candles":{"close":[-1]}}`:                                                     one,
		`{"candles":{"clos":[1]}}`:                                                       one,
		`{"candles":[{"clos":1}]}`:                                                       one,
		`{` + candles + `,"last":0}`:                                                     one,
		`{` + candles + `,"decimals":16}`:                                                one,
		`{` + candles + `,"more":1}`:                                                     one,
		`{` + candles + `,"inputs":{"real":"weekly"}}`:                                   one,
		`{` + candles + `,"params":{"period":[1]}}`:                                      one,
		`{` + candles + `,"decimals":1}`:                                                 charts,
		`{` + candles + `,"inputs":{}}`:                                                  bricks,
		`{` + candles + `,"inputs":{"real":"close"}}`:                                    charts,
		`{` + candles + `}`:                                                              many,
		`{` + candles + `,"strategy":"x"}`:                                               backtests,
		`{` + candles + `,"indicators":[]}`:                                              many,
		`{` + candles + `,"strategy":{"name":"x"},"rules":{"fee":0.2}}`:                  backtests,
		`{` + candles + `,"strategy":{"name":"x"},"rules":{"sides":"up"}}`:               backtests,
		`{` + candles + `,"strategy":{"name":"x"},"rules":{"leverage":2}}`:               backtests,
		`{` + candles + `,"strategy":{"name":"x"},"digest":"sha256:0"}`:                  backtests,
		`{` + candles + `,"indicators":[{"id":"x"}]}`:                                    many,
		`{` + candles + `,"indicators":[{"name":"rsi","params":{"period":1}}]}`:          many,
		`{` + candles + `,"indicators":[{"name":"rsi","params":{"length":3}}]}`:          many,
		`{` + candles + `,"indicators":[{"name":"bbands","params":{"ma_type":"none"}}]}`: many,
	} {
		if validate(schema, []byte(body)) == nil {
			t.Errorf("%s holds the contract", body)
		}
	}
	for body, schema := range map[string]*jsonschema.Schema{
		`{"candles":[{"close":1,"timestamp":"2024-06-01T00:00:00Z"}]}`:                           one,
		`{` + candles + `,"inputs":{"real":[1,null,3]},"last":1,"decimals":0}`:                   one,
		`{` + candles + `,"inputs":{"oscillator":[1,null,3]},"last":1}`:                          charts,
		`{` + candles + `,"params":{"box":2,"method":"close"},"last":1}`:                         bricks,
		`{` + candles + `,"inputs":{"oscillator":"hl2"},"params":{"unit":"atr"}}`:                charts,
		`{` + candles + `,"indicators":[{"name":"rsi","params":{"period":2}}]}`:                  many,
		`{` + candles + `,"indicators":[{"name":"a_plugin","params":{"length":3}}]}`:             many,
		`{` + candles + `,"strategy":{"name":"x"},"rules":{"fee":0.1,"sides":"long"}}`:           backtests,
		`{` + candles + `,"indicators":[{"name":"bbands","params":{"ma_type":"ema"},"id":"b"}]}`: many,
	} {
		if err := validate(schema, []byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestDefaultsHoldTheContract: the defaults of every native indicator are what
// its schema allows, and one step out of a range is not.
func TestDefaultsHoldTheContract(t *testing.T) {
	s := newServer(t)
	c := contractOf(t, s)
	natives, err := s.natives()
	if err != nil {
		t.Fatal(err)
	}
	if len(natives) < 30 {
		t.Errorf("there are %d native indicators", len(natives))
	}
	for _, n := range natives {
		schema := c.schema(t, "components", "schemas", paramsName(n.Name))
		if schema == nil {
			t.Errorf("%s has no schema of its parameters", n.Name)
			continue
		}
		args, err := n.Spec.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		defaults, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, defaults); err != nil {
			t.Errorf("%s: %v", n.Name, err)
		}
		for _, p := range n.Params {
			outside, err := json.Marshal(map[string]float64{p.Name: p.Min - 1})
			if err != nil {
				t.Fatal(err)
			}
			if p.Min-1 < p.Min && validate(schema, outside) == nil { // not where the range ends at 3e37
				t.Errorf("%s takes %s", n.Name, outside)
			}
		}
		if c.document["x-indicators"].(map[string]any)[n.Name] == nil {
			t.Errorf("%s is not in x-indicators", n.Name)
		}
	}
}

// digestOf is the digest of a module, as the API spells it.
func digestOf(module []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(module)) }
