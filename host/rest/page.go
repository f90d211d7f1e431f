package rest

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/docs"
	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/identity"
)

// origin is where the commands of the page find the service, unless a script
// puts the page's own origin there.
const origin = "http://127.0.0.1:8000"

// pageView is what the documentation page shows.
type pageView struct {
	Engine     string
	Origin     string
	MaxCandles string
	MaxBody    string

	MaxIndicators int
	MaxValues     string

	Hero       template.HTML
	Columns    []string
	Groups     []groupView
	Indicators int
	Scopes     []scopeView
	Problems   []problemView
	Chapters   []chapterView
}

type groupView struct {
	Name ta.Group
	docs.Group
	Indicators []indicatorView
}

type indicatorView struct {
	indicatorInfo
	Paragraphs []string
	Recall     string // how far back a value looks
	Chart      *chart
	Elsewhere  []docs.Difference
}

type problemView struct {
	Name, Title, Status, Advice string
}

// scopeView is a scope and what it allows.
type scopeView struct {
	Name      identity.Scope
	Doc       string
	Endpoints []endpointView
}

type chapterView struct {
	Tag, Doc  string
	Endpoints []endpointView
}

type endpointView struct {
	ID, Method, Path, Summary, Doc string
	Scope                          identity.Scope
	Query, Accepts                 []queryView
	Takes, Gives                   []string
	Problems                       []string
}

type queryView struct{ Name, Doc string }

// exampleView is a request with its answer, marked up.
type exampleView struct {
	Name, Title, Doc    string
	Method, Status      string
	Refused             bool
	File                string // what an Arrow file has
	Curl, Shown, Answer template.HTML
}

// scopeDocs say what each scope is for.
var scopeDocs = map[identity.Scope]string{
	identity.Analyze:        "Compute indicators, native ones and plugins, and list them.",
	identity.PluginsRead:    "See what is installed, and get the modules.",
	identity.PluginsWrite:   "Upload a module, have one checked, uninstall a plugin.",
	identity.PluginsPromote: "Decide which version answers: promote one, roll back, or give a candidate a share of the calls and read how it does. An upload without this scope stores its version, and `inactive` in the answer says so.",
	identity.Ops:            "Stop a plugin everywhere, or revive it; read the audit log; take profiles of the process, on the admin port.",
}

// advice is what to do about a problem.
var advice = map[string]string{
	malformed.name:      "Send well-formed JSON, or an Arrow IPC stream, and a well-formed query. `detail` says at which byte reading stopped, or what of the query.",
	invalidRequest.name: "Mend the field that `errors[0].pointer` leads to; the message says what it takes.",
	invalidCandles.name: "Mend the value that `errors[0].pointer` leads to. Nothing is guessed or dropped: a missing value is `null`.",
	invalidParam.name:   "Use a value that `detail` allows. The reference below has every parameter with its range.",
	shortHistory.name:   "Send at least `need` candles, or ask for a shorter period. The first value is at the bar `warmup`.",
	unknownName.name:    "`suggestions` has names that are near. `GET /api/v1/indicators` lists all, plugins too.",
	unknownPattern.name: "`suggestions` has names that are near. `GET /api/v1/charts` lists all.",
	unknownBricks.name:  "`suggestions` has names that are near. `GET /api/v1/bricks` lists all.",
	noStrategy.name:     "A strategy has an output called `signal`. `detail` names the outputs that there are; `POST /api/v1/indicators/NAME` computes them.",
	digestMismatch.name: "The plugin has no version of that digest. `GET /api/v1/plugins/NAME` has the digest of each; upload the one you mean with `?activate=false`, or leave `digest` out.",
	unknownPlugin.name:  "`GET /api/v1/plugins` lists what is installed, with the digest of each version.",
	unauthorized.name:   "Send a token of the service's issuer, `Authorization: Bearer TOKEN`. `detail` says whether it is missing, has expired, or is wrong in another way.",
	scopeMissing.name:   "Ask for a token that has `scope` among its scopes. Who may call, above, says what each is for.",
	keysAway.name:       "The service has just started and waits for its keys. Try again after the seconds that `Retry-After` says.",
	notFound.name:       "The addresses there are, are listed below.",
	wrongMethod.name:    "The header `Allow` says which methods the address takes.",
	wrongMedia.name:     "Set `Content-Type` to what the address takes: JSON, Arrow, or `application/wasm` for a module. `Content-Encoding` may be `gzip`.",
	tooLarge.name:       "Send fewer candles in a request, or use Arrow. The limit counts after decompression.",
	conflict.name:       "Give the changed plugin a new version; choose another name where a native indicator has it.",
	noRoom.name:         "`detail` says which room is full, and whose setting it is. Uninstall a plugin that nobody uses, upload with `?activate=false`, or have the operator raise it.",
	changed.name:        "Somebody else promoted or removed a version meanwhile. Get the plugin again, and send its new ETag in `If-Match`.",
	rejected.name:       "`gate` names the check that the module did not pass, `offset` or `bar` where. Fix the module and check it again with `POST /api/v1/plugins/check`.",
	killed.name:         "An operator stopped this plugin on every replica. Use another, or ask why; `POST /api/v1/plugins/NAME/revive` brings it back.",
	noCandidate.name:    "`detail` says why. A candidate needs an active version beside it, which it is not itself, and takes and gives all that that one does; activate it where callers are to change with it.",
	busy.name:           "Wait as many seconds as `Retry-After` says, here `retry_after` for one item of many; then what waits now will be done. Make fewer calls of plugins at a time: each caller has a line of its own, and nobody else's is full because of yours. Where `detail` speaks of all callers, the replica has no room for more, whoever asks.",
	notReady.name:       "Try again after the seconds that `Retry-After` says. A 503 without a problem in its body comes from a proxy in between.",
	storeAway.name:      "Try again after the seconds that `Retry-After` says; nothing was changed, or the same request may safely be made again. Native indicators and the plugins that a replica has go on meanwhile.",
	auditAway.name:      "Nothing was changed. Try again after the seconds that `Retry-After` says; if it stays so the operator finds in the log of the service why the audit log cannot be written, most often a full disk.",
	notCompiled.name:    "Make the same request again after the seconds that `Retry-After` says: nothing was changed, and the module is not to blame. If it stays so the operator should give the replicas more memory; `plugin_compiler_ended_total` counts them.",
	internal.name:       "This is a fault of the service. The operator finds it in the log by the request's id.",

	"plugin-trap":           "The module ended itself, or returned a code of its own, for these candles and parameters. Its author can reproduce it: runs are deterministic.",
	"plugin-out-of-gas":     "The module does too much work for so many bars. Send fewer candles, or have its author make it cheaper.",
	"plugin-timeout":        "The module was not done in the time that a call may take. Send fewer candles, or try again.",
	"plugin-depth-exceeded": "The module recurses too deep; its author should use a loop.",
	"plugin-memory":         "The module has no room for so many bars. Send fewer candles, or have its author export `ta_bar`, with which a call takes more.",
	"plugin-bad-output":     "The module gave a value that is none, such as an infinity, or an address outside its memory.",
}

// render makes the documentation page, of the same tables as the service.
func (s *Server) render() ([]byte, error) {
	v := pageView{
		Engine: engine.Version, Origin: origin, Columns: candle.Columns,
		MaxCandles: grouped(s.MaxCandles), MaxBody: sized(s.MaxBody), MaxIndicators: s.MaxIndicators, MaxValues: grouped(s.MaxValues),
	}
	natives, err := s.natives()
	if err != nil {
		return nil, err
	}
	prices, err := samplePrices()
	if err != nil {
		return nil, err
	}
	differences, err := docs.Differences()
	if err != nil {
		return nil, err
	}
	if v.Hero, err = s.hero(prices); err != nil {
		return nil, err
	}
	v.Indicators = len(natives)
	for _, g := range ta.Groups {
		group := groupView{Name: g, Group: docs.Groups[g]}
		for _, n := range natives {
			if n.Group == g {
				c, err := s.chart(n.Name, prices)
				if err != nil {
					return nil, err
				}
				group.Indicators = append(group.Indicators, indicatorView{n, strings.Split(n.Doc, "\n\n"), docs.Memories[n.Memory], c, differences[n.Name]})
			}
		}
		if len(group.Indicators) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	for _, scope := range identity.AllScopes {
		allows := scopeView{Name: scope, Doc: scopeDocs[scope]}
		for i := range s.endpoints {
			if e := &s.endpoints[i]; e.scope == scope {
				allows.Endpoints = append(allows.Endpoints, e.view())
			}
		}
		v.Scopes = append(v.Scopes, allows)
	}
	for _, k := range kinds() {
		v.Problems = append(v.Problems, problemView{k.name, k.title, fmt.Sprint(k.status), advice[k.name]})
	}
	for _, t := range tags {
		c := chapterView{Tag: t["name"].(string), Doc: t["description"].(string)}
		for i := range s.endpoints {
			if e := &s.endpoints[i]; e.tag == c.Tag {
				c.Endpoints = append(c.Endpoints, e.view())
			}
		}
		v.Chapters = append(v.Chapters, c)
	}
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"example": s.showExample, "prose": prose, "json": highlight, "defaultOf": defaultOf,
	}).ParseFS(files, "docs/page.html")
	if err != nil {
		return nil, fmt.Errorf("documentation page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("documentation page: %w", err)
	}
	return b.Bytes(), nil
}

func (e *endpoint) view() endpointView {
	v := endpointView{ID: e.id, Accepts: e.acceptsView(), Method: e.method, Path: braces(e.path), Summary: e.summary, Doc: e.doc, Scope: e.scope}
	for _, q := range e.query {
		name := q.name
		if q.form != "" {
			name = q.form
		}
		v.Query = append(v.Query, queryView{name, q.doc})
	}
	for _, b := range e.bodies {
		v.Takes = append(v.Takes, b.media)
	}
	for _, a := range e.answers {
		gives := fmt.Sprint(a.status)
		for _, c := range a.content {
			gives += " " + c.media
		}
		v.Gives = append(v.Gives, gives)
	}
	for _, k := range e.problems {
		v.Problems = append(v.Problems, k.name)
	}
	slices.Sort(v.Problems)
	return v
}

func (e *endpoint) acceptsView() (all []queryView) {
	for _, name := range e.accepts {
		all = append(all, queryView{name, acceptedDocs[name]})
	}
	return all
}

// showExample marks up the example of that name.
func (s *Server) showExample(name string) (*exampleView, error) {
	i := slices.IndexFunc(examples, func(x example) bool { return x.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no example %q", name)
	}
	x := &examples[i]
	v := &exampleView{
		Name: x.name, Title: x.title, Doc: x.doc, Method: x.method,
		Refused: x.status >= http.StatusBadRequest,
		Status:  fmt.Sprintf("%d %s", x.status, http.StatusText(x.status)),
		Answer:  highlight(strings.TrimSpace(string(x.answer()))),
	}
	command, body, found := strings.Cut(x.curl(origin), "-d '")
	v.Curl = template.HTML(template.HTMLEscapeString(command))
	if slices.ContainsFunc(s.endpoints, func(e endpoint) bool {
		return e.method == x.method && e.scope != "" && matches(e.path, x.route())
	}) {
		first, more, _ := strings.Cut(string(v.Curl), " \\\n")
		if more != "" {
			more = " \\\n" + more
		}
		v.Curl = template.HTML(first) + tokenPlace + template.HTML(more)
	}
	if found {
		v.Curl += "-d '" + highlight(body)
	}
	if x.file == arrowFile {
		v.File, v.Shown = x.file, highlight(strings.TrimSpace(string(x.request())))
	}
	return v, nil
}

// tokenPlace is where the script puts the reader's token into a command.
const tokenPlace template.HTML = `<span class="token"></span>`

// prose marks up what is between backquotes as code.
func prose(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

// highlight marks up JSON: names, texts, numbers and the three words. What is
// not JSON is left as it is, escaped.
func highlight(text string) template.HTML {
	var b strings.Builder
	mark := func(class, token string) {
		b.WriteString(`<span class="` + class + `">` + template.HTMLEscapeString(token) + `</span>`)
	}
	for i := 0; i < len(text); {
		n := 1
		switch c := text[i]; {
		case c == '"':
			for i+n < len(text) && text[i+n] != '"' {
				if text[i+n] == '\\' {
					n++
				}
				n++
			}
			n = min(n+1, len(text)-i)
			if strings.HasPrefix(strings.TrimLeft(text[i+n:], " "), ":") {
				mark("name", text[i:i+n])
			} else {
				mark("text", text[i:i+n])
			}
		case c == '-' || '0' <= c && c <= '9':
			n = prefix(text[i:], "+-.0123456789eE")
			mark("number", text[i:i+n])
		case 'a' <= c && c <= 'z':
			n = prefix(text[i:], "abcdefghijklmnopqrstuvwxyz")
			mark("word", text[i:i+n])
		default:
			b.WriteString(template.HTMLEscapeString(text[i : i+1]))
		}
		i += n
	}
	return template.HTML(b.String())
}

// defaultOf is the default of a parameter, a choice by its name.
func defaultOf(p ta.Param) string {
	if p.Choices != nil {
		return p.Choices[int(p.Default)]
	}
	return strconv.FormatFloat(p.Default, 'g', -1, 64)
}

// grouped is a number as people write it: 100,000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// sized is a number of bytes as people say it.
func sized(n int64) string {
	const mebi = 1 << 20
	if n >= mebi && n%mebi == 0 {
		return fmt.Sprintf("%d MiB", n/mebi)
	}
	return grouped(int(n)) + " bytes"
}

// prefix is how many of the first bytes of text are in set.
func prefix(text, set string) int {
	return len(text) - len(strings.TrimLeft(text, set))
}
