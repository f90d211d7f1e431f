package plugins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
	"github.com/gravitywavesml/gravity_techanalysis/sdk"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

// example is a folder of plugins.
type example struct {
	folder, language string
	name             string // of the plugin
	readme           string
	module           []byte
	spec             *ta.Spec
	runner           *wasm.Module
}

// examples are all that there are, loaded by the service's own checks.
func examples(t *testing.T) (all []example) {
	t.Helper()
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		e := example{folder: entry.Name()}
		dash := strings.LastIndex(e.folder, "-")
		e.language, e.name = e.folder[dash+1:], strings.ReplaceAll(e.folder[:max(dash, 0)], "-", "_")
		e.readme = string(e.file(t, "README.md"))
		e.module = e.file(t, e.name+".wasm")
		if e.runner, err = sandbox.Load(t.Context(), e.module); err != nil {
			t.Fatalf("%s: %v", e.folder, err)
		}
		t.Cleanup(e.runner.Close)
		e.spec = e.runner.Spec()
		all = append(all, e)
	}
	return all
}

func (e *example) file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(e.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestPlugins loads each once, for that takes long, and tries everything on it.
func TestPlugins(t *testing.T) {
	all := examples(t)
	for name, try := range map[string]func(*testing.T, []example){
		"folders": folders, "tables": tables, "rules": rules, "use": use,
	} {
		t.Run(name, func(t *testing.T) { try(t, all) })
	}
}

// section is the text of the README below a heading.
func (e *example) section(t *testing.T, heading string) string {
	t.Helper()
	_, text, ok := strings.Cut(e.readme, "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("the README has no %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// folders: each has all that a plugin needs, and is in the lists.
func folders(t *testing.T, all []example) {
	list, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := os.ReadFile("../sdk/modules.txt")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{"go": ".go", "rust": ".rs", "assemblyscript": ".ts", "c": ".c", "zig": ".zig"}
	var languages []string
	for _, e := range all {
		t.Run(e.folder, func(t *testing.T) {
			if !slices.Contains(sdk.Languages, e.language) {
				t.Fatalf("%q is none of the languages %v", e.language, sdk.Languages)
			}
			languages = append(languages, e.language)
			if e.spec.Name != e.name {
				t.Errorf("the plugin is called %s", e.spec.Name)
			}
			if !strings.HasPrefix(e.readme, "# "+e.spec.Title+"\n") {
				t.Errorf("the README does not begin with the title, %s", e.spec.Title)
			}
			if build, err := os.Stat(filepath.Join(e.folder, "build.sh")); err != nil || build.Mode()&0o111 == 0 {
				t.Errorf("build.sh cannot be run: %v", err)
			}
			if !has(t, e.folder, sources[e.language]) {
				t.Errorf("there is no source in %s", e.language)
			}
			if !strings.Contains(string(list), "]("+e.folder+")") {
				t.Error("plugins/README.md does not list it")
			}
			if !strings.Contains(string(modules), " plugins/"+e.folder+"/"+e.name+".wasm\n") {
				t.Error("sdk/modules.txt does not record it: add a line and run sdk/rebuild.sh --record")
			}
			// What the README calls a file is one.
			files := regexp.MustCompile("`([^` ]*[./][^` ]*)`").FindAllStringSubmatch(e.section(t, "Change it"), -1)
			files = append(files, regexp.MustCompile(`[ @]([\w./]+\.(?:csv|wasm))\b`).FindAllStringSubmatch(e.section(t, "Use"), -1)...)
			for _, file := range files {
				if _, err := os.Stat(filepath.Join(e.folder, file[1])); err != nil {
					t.Errorf("the README speaks of a file: %v", err)
				}
			}
		})
	}
	for _, language := range sdk.Languages {
		if !slices.Contains(languages, language) {
			t.Errorf("no plugin is written in %s", language)
		}
	}
}

// has says whether a folder has a file that ends so, what was installed into it
// aside.
func has(t *testing.T, folder, end string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && (entry.Name() == "node_modules" || entry.Name() == "target") {
			return filepath.SkipDir
		}
		found = found || strings.HasSuffix(path, end)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// tables: the outputs, parameters, defaults and ranges that a README shows
// are those of the Spec.
func tables(t *testing.T, all []example) {
	span := regexp.MustCompile(`\b(\d[\d.]*) to (\d[\d.]*\d|\d)\b`)
	for _, e := range all {
		t.Run(e.folder, func(t *testing.T) {
			outputs := rows(t, e.readme, "| output | reading |")
			if len(outputs) != len(e.spec.Outputs) {
				t.Errorf("%d outputs, and the Spec has %d", len(outputs), len(e.spec.Outputs))
			}
			for i, output := range outputs[:min(len(outputs), len(e.spec.Outputs))] {
				if want := "`" + e.spec.Outputs[i].Name + "`"; output[0] != want || output[1] == "" {
					t.Errorf("output %d is %s, %q; the Spec has %s", i, output[0], output[1], want)
				}
			}
			args, err := e.spec.Args(nil)
			if err != nil {
				t.Fatal(err)
			}
			params := rows(t, e.readme, "| parameter | default | |")
			if len(params) != len(e.spec.Params) {
				t.Errorf("%d parameters, and the Spec has %d", len(params), len(e.spec.Params))
			}
			for i, param := range params[:min(len(params), len(e.spec.Params))] {
				p := e.spec.Params[i]
				normal := strconv.FormatFloat(p.Default, 'g', -1, 64)
				if p.Choices != nil {
					normal = args.Choice(p.Name)
				}
				if param[0] != "`"+p.Name+"`" || param[1] != normal || param[2] == "" {
					t.Errorf("parameter %d is %s, %s, %q; the Spec has %s, %s", i, param[0], param[1], param[2], p.Name, normal)
				}
				for _, choice := range p.Choices {
					if !strings.Contains(param[2], "`"+choice+"`") {
						t.Errorf("%s may be %s, which the README does not say", p.Name, choice)
					}
				}
				if between := span.FindStringSubmatch(param[2]); between != nil && between[0] != fmt.Sprintf("%v to %v", p.Min, p.Max) {
					t.Errorf("%s is %s; the Spec has %v to %v", p.Name, between[0], p.Min, p.Max)
				}
			}
		})
	}
}

// rows are the cells of the table with that head.
func rows(t *testing.T, text, head string) (all [][]string) {
	t.Helper()
	_, table, ok := strings.Cut(text, "\n"+head+"\n")
	if !ok {
		t.Fatalf("the README has no table %s", head)
	}
	lines := strings.Split(table, "\n")
	for _, line := range lines[1:] {
		if !strings.HasPrefix(line, "| ") {
			break
		}
		var cells []string
		for _, cell := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if len(cells) != strings.Count(head, "|")-1 {
			t.Fatalf("a row of %d cells: %s", len(cells), line)
		}
		all = append(all, cells)
	}
	return all
}

// rules: they pass what plugin test asks: the rules, on every kind of
// series and with each parameter at its ends, and the cases beside them.
func rules(t *testing.T, all []example) {
	const most = 131_072 // bars in a call, sdk/ABI.md
	for _, e := range all {
		t.Run(e.folder, func(t *testing.T) {
			laws, err := tck.Laws(t.Context(), e.runner, most)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range laws {
				if !l.Kept {
					t.Errorf("%s: %s", l.Name, l.Broken)
				}
			}
			cases, err := tck.ParseCases(e.file(t, e.name+"_cases.json"))
			if err != nil {
				t.Fatal(err)
			}
			results, err := cases.Run(t.Context(), e.runner)
			if err != nil {
				t.Fatal(err)
			}
			if len(results) < 2 {
				t.Errorf("%d cases: the defaults and other parameters make two", len(results))
			}
			for i := range results {
				if !results[i].Passed() {
					t.Error(&results[i])
				}
			}
			if bars, why, err := tck.Longest(t.Context(), e.runner, defaults(t, e.spec), most); err != nil || bars != most {
				t.Errorf("at the defaults a call may have %d bars: %v, %v", bars, why, err)
			}
		})
	}
}

func defaults(t *testing.T, spec *ta.Spec) ta.Args {
	t.Helper()
	args, err := spec.Args(nil)
	if err != nil {
		t.Fatal(err)
	}
	return args
}

// use does what a README says under Use: it uploads the module to a running
// service and calls it, with the sample for the candles and its opens for a
// second series.
func use(t *testing.T, all []example) {
	address := serve(t)
	prices, err := candle.Read(bytes.NewReader(sample.IBM), candle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	opens := encoded(t, prices.Open)
	candles := encoded(t, map[string]any{
		"open": prices.Open, "high": prices.High, "low": prices.Low, "close": prices.Close, "volume": prices.Volume,
	})
	for _, e := range all {
		t.Run(e.folder, func(t *testing.T) {
			asked := curls(t, e.section(t, "Use"))
			if len(asked) < 2 || asked[0].file != e.name+".wasm" {
				t.Fatalf("%d calls of curl, the first with the file %q: one uploads the plugin, and one calls it", len(asked), asked[0].file)
			}
			for _, c := range asked {
				body := strings.NewReplacer(`"candles": …`, `"candles": `+candles, `"real1": …`, `"real1": `+opens).Replace(c.body)
				if c.file != "" {
					body = string(e.file(t, c.file))
				}
				res, err := http.Post(strings.Replace(c.url, "localhost:8000", "http://"+address, 1), c.contentType, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				answer, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode/100 != 2 {
					t.Fatalf("%s answers %d: %s %v", c.url, res.StatusCode, answer, err)
				}
				if !strings.Contains(c.url, "/indicators/") {
					continue
				}
				var said struct {
					Name    string
					Outputs map[string][]*float64
				}
				if err := json.Unmarshal(answer, &said); err != nil || said.Name != e.name {
					t.Errorf("%v: it is %q that answers", err, said.Name)
				}
				for i, output := range e.spec.Outputs {
					column := said.Outputs[output.Name]
					if len(column) == 0 || i == 0 && column[len(column)-1] == nil {
						t.Errorf("%s has %d values, or not the last one", output.Name, len(column))
					}
				}
			}
		})
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// curl is one call of it.
type curl struct{ url, contentType, file, body string }

// curls are those in a text, of which each word may be in quotes.
func curls(t *testing.T, text string) (all []curl) {
	t.Helper()
	words := regexp.MustCompile(`'[^']*'|\S+`)
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		if !strings.HasPrefix(line, "curl ") {
			continue
		}
		var c curl
		said := words.FindAllString(line, -1)[1:]
		for i := 0; i < len(said); i++ {
			word := strings.Trim(said[i], "'")
			if !strings.HasPrefix(word, "-") {
				c.url = word
				continue
			}
			i++
			value := strings.Trim(said[i], "'")
			switch word {
			case "-H":
				c.contentType = strings.TrimPrefix(value, "Content-Type: ")
			case "--data-binary":
				c.file = strings.TrimPrefix(value, "@")
			case "-d":
				c.body = value
			default:
				t.Fatalf("curl with %s", word)
			}
		}
		all = append(all, c)
	}
	return all
}

// serve runs the service as it is by default, and returns its address when it takes
// requests.
func serve(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h, err := host.New(ctx, host.Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DataDir: t.TempDir(), DrainTimeout: time.Minute, PluginTimeout: time.Minute,
		CacheBytes: 1 << 20, MaxCandles: 10_000, MaxBody: 8 << 20, MaxIndicators: 10, MaxValues: 10_000_000,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for late := time.Now().Add(time.Minute); ; {
		res, err := http.Get("http://" + h.Addr() + "/health/ready")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return h.Addr()
		}
		if time.Now().After(late) {
			t.Fatal("it is not ready after a minute")
		}
	}
}
