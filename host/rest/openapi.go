package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
)

// description is an OpenAPI 3.1 document, as far as this service needs one.
type description struct {
	OpenAPI    string                          `json:"openapi"`
	Info       object                          `json:"info"`
	Servers    []object                        `json:"servers"`
	Tags       []object                        `json:"tags"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components object                          `json:"components"`
	Indicators object                          `json:"x-indicators"`
}

type operation struct {
	ID          string              `json:"operationId"`
	Tags        []string            `json:"tags"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	Parameters  []object            `json:"parameters,omitempty"`
	Body        *requestBody        `json:"requestBody,omitempty"`
	Responses   map[string]response `json:"responses"`
	Security    []object            `json:"security"`
}

type requestBody struct {
	Required bool                 `json:"required"`
	Content  map[string]mediaType `json:"content"`
}

type response struct {
	Description string               `json:"description"`
	Headers     object               `json:"headers"`
	Content     map[string]mediaType `json:"content,omitempty"`
}

type mediaType struct {
	Schema   any    `json:"schema"`
	Examples object `json:"examples,omitempty"`
}

// tags are the chapters of the description, in order.
var tags = []object{
	{"name": "Indicators", "description": "Candles in, numbers out."},
	{"name": "Charts", "description": "Candles in, figures out: what the prices draw, with the evidence."},
	{"name": "Backtests", "description": "A strategy and candles in, orders and an equity curve out."},
	{"name": "Plugins", "description": "Indicators of your own, as WebAssembly modules."},
	{"name": "Audit", "description": "Who did what to the plugins, and who was refused."},
	{"name": "Health", "description": "For probes, load balancers and people."},
	{"name": "Documentation", "description": "This description, and the page made of it."},
}

// paramSchemas are the schemas of path and query parameters: one that has the
// same name is the same thing everywhere.
var paramSchemas = map[string]object{
	"name":      {"type": "string", "minLength": 1},
	"digest":    {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
	"file":      {"type": "string", "enum": assetNames},
	"activate":  {"type": "boolean", "default": true},
	"strategy":  {"type": "string", "minLength": 1},
	"plot":      {"type": "boolean", "default": false},
	"last":      {"type": "integer", "minimum": 1},
	"decimals":  {"type": "integer", "minimum": 0, "maximum": 15},
	"limit":     {"type": "integer", "minimum": 1, "maximum": maxPage, "default": defaultPage},
	"cursor":    {"type": "string"},
	"plugin":    {"type": "string", "minLength": 1},
	"action":    {"type": "string", "enum": audit.Actions},
	"log":       {"type": "string", "enum": []string{logService, logReplica}, "default": logService},
	"indicator": {"type": "array", "items": object{"type": "string"}},
	"params":    {"type": "object", "additionalProperties": object{"type": []string{"number", "string"}}},
}

// pathDocs say what the parameters of paths are.
var pathDocs = map[string]string{
	"name":   "The name of an indicator, a chart, a plugin or a type of problem, as the path says.",
	"digest": "A version of a plugin, by the digest of its module.",
	"file":   "A part of the documentation page.",
}

// describe makes the description of the API, of native indicators alone: what
// plugins there are changes while the service runs, and GET /api/v1/indicators
// says it.
func (s *Server) describe() ([]byte, error) {
	all := newSchemas()
	natives, err := s.natives()
	if err != nil {
		return nil, err
	}
	d := description{
		OpenAPI: "3.1.0",
		Info: object{
			"title":   "Gravity Technical Analysis",
			"version": engine.Version,
			"summary": "Technical-analysis indicators over candles, native and as sandboxed plugins.",
			"description": "Every answer that is not 2xx is a problem (RFC 9457), and every answer has X-Request-Id. A request may be repeated safely unless it changes what plugins there are: the same candles give the same bits. " +
				"A body may be compressed with Content-Encoding: gzip.\n\n" +
				"x-indicators lists the native indicators. Plugins come and go while the service runs, so they are not here: GET /api/v1/indicators lists them as well.",
		},
		Servers:    []object{{"url": "/", "description": "The server that this was read from."}},
		Tags:       tags,
		Paths:      map[string]map[string]operation{},
		Indicators: object{},
	}
	problem := all.of(Problem{})
	for _, e := range s.endpoints {
		path := braces(e.path)
		if d.Paths[path] == nil {
			d.Paths[path] = map[string]operation{}
		}
		d.Paths[path][strings.ToLower(e.method)] = operation{
			ID: e.id, Tags: []string{e.tag}, Summary: e.summary, Description: e.doc,
			Parameters: parameters(e), Body: e.requestBody(all), Responses: e.responses(all, problem),
			Security: s.security(e),
		}
	}
	for _, n := range natives {
		all.named[paramsName(n.Name)] = paramsOf(&n.Spec)
		d.Indicators[n.Name] = object{
			"title": n.Title, "group": n.Group, "inputs": n.Inputs, "outputs": n.Outputs, "memory": n.Memory,
			"warmup": n.Warmup, "params": reference(paramsName(n.Name)),
		}
	}
	if err := perIndicator(all.named, natives); err != nil {
		return nil, err
	}
	d.Components = object{
		"schemas": all.named,
		"headers": headers(),
		"securitySchemes": object{bearer: object{
			"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
			"description": "A token of the issuer that the service is configured with, signed with RS256, ES256 or EdDSA. The scopes of an operation are those that the token's claim scope must have. A service without an issuer, on loopback, asks for none.",
		}},
	}
	if all.err != nil {
		return nil, fmt.Errorf("describe the API: %w", all.err)
	}
	return json.Marshal(d)
}

// bearer is what the description calls the one way to say who calls.
const bearer = "bearer"

// security is what an endpoint asks a caller for: nothing, or a token with its
// scope, which may be absent where this server asks nobody.
func (s *Server) security(e endpoint) []object {
	if e.scope == "" {
		return []object{}
	}
	asked := []object{{bearer: []string{string(e.scope)}}}
	if s.Tokens == nil {
		asked = append(asked, object{})
	}
	return asked
}

// natives are the indicators of the engine, by name.
func (s *Server) natives() (all []indicatorInfo, err error) {
	for _, name := range s.Registry.Names() {
		run, ok := s.Registry.Get(name)
		if !ok || run.Origin() != nil {
			continue
		}
		i, err := info(run)
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

func reference(name string) object       { return object{"$ref": schemaPrefix + name} }
func paramsName(indicator string) string { return "params_" + indicator }

// perIndicator has an item of a request take the parameters of the native
// indicator that it names. A name that is no native's is a plugin's.
func perIndicator(named object, natives []indicatorInfo) error {
	b, err := json.Marshal(named["ComputeItem"])
	if err != nil {
		return err
	}
	var item object
	if err := json.Unmarshal(b, &item); err != nil {
		return err
	}
	var rules []object
	for _, n := range natives {
		rules = append(rules, object{
			"if":   object{"properties": object{"name": object{"const": n.Name}}},
			"then": object{"properties": object{"params": reference(paramsName(n.Name))}},
		})
	}
	if len(rules) > 0 {
		item["allOf"] = rules
	}
	named["ComputeItem"] = item
	return nil
}

// braces is a path as OpenAPI writes it, /plugins/{name}.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func parameters(e endpoint) (all []object) {
	for _, part := range strings.Split(e.path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			all = append(all, object{
				"name": name, "in": "path", "required": true, "description": pathDocs[name], "schema": paramSchemas[name],
			})
		}
	}
	for _, q := range e.query {
		p := object{"name": q.name, "in": "query", "description": q.doc, "schema": paramSchemas[q.name]}
		if q.form != "" {
			p["style"], p["explode"] = "form", true // each member of the object is a parameter of its own
		}
		all = append(all, p)
	}
	for _, name := range e.accepts {
		all = append(all, object{"name": name, "in": "header", "description": acceptedDocs[name], "schema": object{"type": "string"}})
	}
	return all
}

// headers explains the headers of answers.
func headers() object {
	all := object{}
	for name, doc := range headerDocs {
		all[name] = object{"description": doc, "schema": object{"type": "string"}}
	}
	return all
}

// referenced are headers of an answer. Every answer has the request's id.
func referenced(names ...string) object {
	all := object{}
	for _, name := range append(names, headerRequestID) {
		all[name] = object{"$ref": "#/components/headers/" + name}
	}
	return all
}

func (e *endpoint) requestBody(all *schemas) *requestBody {
	if len(e.bodies) == 0 {
		return nil
	}
	b := &requestBody{Required: true, Content: contents(all, e.bodies)}
	for _, x := range examplesOf(e) {
		if m, ok := b.Content[x.contentType]; ok && x.contentType == mediaJSON && json.Valid(x.request()) {
			m.Examples = with(m.Examples, x, x.request())
			b.Content[x.contentType] = m
		}
	}
	return b
}

func contents(all *schemas, of []content) map[string]mediaType {
	m := make(map[string]mediaType, len(of))
	for _, c := range of {
		if c.value == nil {
			m[c.media] = mediaType{Schema: object{}} // bytes, or text that is not JSON
		} else {
			m[c.media] = mediaType{Schema: all.of(c.value)}
		}
	}
	return m
}

// with adds an example.
func with(examples object, x *example, value []byte) object {
	if examples == nil {
		examples = object{}
	}
	examples[x.name] = object{"summary": x.title, "value": json.RawMessage(value)}
	return examples
}

// responses are the answers and problems by status. Whatever else may happen is
// a problem too.
func (e *endpoint) responses(all *schemas, problem any) map[string]response {
	out := map[string]response{
		"default": {"Any other problem.", referenced(), map[string]mediaType{problemType: {Schema: problem}}},
	}
	for _, a := range e.answers {
		out[strconv.Itoa(a.status)] = response{a.doc, referenced(e.headers...), contents(all, a.content)}
	}
	if slices.Contains(e.headers, headerETag) {
		out[strconv.Itoa(http.StatusNotModified)] = response{"The caller has it: If-None-Match names its ETag.", referenced(e.headers...), nil}
	}
	byStatus := map[int][]kind{}
	for _, k := range e.problems {
		byStatus[k.status] = append(byStatus[k.status], k)
	}
	for status, kinds := range byStatus {
		var types, titles []string
		for _, k := range kinds {
			types = append(types, k.uri())
			titles = append(titles, fmt.Sprintf("%s (%s).", k.title, k.name))
		}
		sent := referenced()
		switch status {
		case http.StatusServiceUnavailable, http.StatusTooManyRequests:
			sent = referenced(headerRetryAfter)
		case http.StatusUnauthorized, http.StatusForbidden:
			sent = referenced(headerChallenge)
		}
		out[strconv.Itoa(status)] = response{
			strings.Join(titles, " "), sent,
			map[string]mediaType{problemType: {Schema: object{"allOf": []any{problem, object{
				"properties": object{"type": object{"enum": types}, "status": object{"const": status}},
			}}}}},
		}
	}
	for _, x := range examplesOf(e) {
		r := out[strconv.Itoa(x.status)]
		if m, ok := r.Content[x.answerType()]; ok && json.Valid(x.answer()) {
			m.Examples = with(m.Examples, x, x.answer())
			r.Content[x.answerType()] = m
		}
	}
	return out
}

// uri is the type of a problem of this kind; it leads to what is said of it.
func (k kind) uri() string { return "/problems/" + k.name }

// examplesOf are the examples of an endpoint.
func examplesOf(e *endpoint) (all []*example) {
	for i := range examples {
		if x := &examples[i]; x.method == e.method && matches(e.path, x.route()) {
			all = append(all, x)
		}
	}
	return all
}

// matches says whether a path is one of those of an endpoint.
func matches(pattern, path string) bool {
	return slices.EqualFunc(strings.Split(pattern, "/"), strings.Split(path, "/"), func(p, part string) bool {
		return p == part || strings.HasPrefix(p, ":")
	})
}
