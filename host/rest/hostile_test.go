package rest

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Bodies of ta_run, and pieces of them, that no author means.
var (
	endless = wasmtest.Code(wasmtest.Loop(), wasmtest.Int(0))
	recurse = wasmtest.Call(wasmtest.ExtraFunction)
	outside = wasmtest.Code(wasmtest.Int(-8), []byte{0x28, 2, 0, 0x1a})                                                                       // i32.load drop
	divide  = wasmtest.Code(wasmtest.Int(1), wasmtest.Int(0), []byte{0x6d, 0x1a})                                                             // i32.div_s drop
	grow    = wasmtest.Code(wasmtest.Int(1), []byte{0x40, 0, 0x1a})                                                                           // memory.grow drop
	filling = wasmtest.Code([]byte{0x03, 0x40}, wasmtest.Int(0), wasmtest.Int(0), wasmtest.Int(65_536), []byte{0xfc, 0x0b, 0, 0x0c, 0, 0x0b}) // loop, memory.fill, br 0
	growing = wasmtest.Code([]byte{0x03, 0x40}, grow, []byte{0x0c, 0, 0x0b})                                                                  // loop, grow, br 0
)

// at is a value of a bar, and the mean at all others.
func at(bar int32, v float64) []byte {
	return wasmtest.EachBar(wasmtest.Unless(wasmtest.Code(wasmtest.Get(wasmtest.Bar), wasmtest.Int(bar), []byte{0x46}), wasmtest.Mean(), wasmtest.Float(v)))
}

// describes is the description of a guest with something changed.
func describes(old, new string) string {
	d := wasmtest.Describe("bad", "1.0.0")
	if !strings.Contains(d, old) {
		panic("no " + old + " in " + d)
	}
	return strings.Replace(d, old, new, 1)
}

// sound says that the service still answers: a native, a guest that an SDK
// made and one that was made here, in one request and each alone.
func (l live) sound(t testing.TB, candles, want string) {
	t.Helper()
	r := l.json(t, "/api/v1/compute", soundRequest(candles))
	if r.status != http.StatusOK || string(r.body) != want {
		t.Errorf("the service does not answer as before: %d %.300s", r.status, r.body)
	}
}

func soundRequest(candles string) string {
	return `{"candles":` + candles + `,"last":40,"indicators":[{"name":"sma","params":{"period":20}},{"name":"core_rust"},{"name":"good"}]}`
}

// begin installs the good guests and returns what sound wants, with the mean
// of a guest checked by hand.
func (l live) begin(t *testing.T, candles string) (want string) {
	t.Helper()
	l.installs(t, coreGuest(t, "rust"))
	l.installs(t, wasmtest.Guest{Name: "good"}.Build())
	var all struct{ Results map[string]result }
	r := l.json(t, "/api/v1/compute", soundRequest(candles))
	r.into(t, http.StatusOK, &all)
	near(t, "sma of the guest", all.Results["core_rust"].Outputs["sma"], all.Results["sma"].Outputs["sma"])
	if len(all.Results["good"].Outputs["mean"]) != 40 {
		t.Fatalf("the good guest answers %+v", all.Results["good"])
	}
	return string(r.body)
}

// TestHostileUploads: what is refused before it may answer anybody, by which
// check, and where. The service goes on after each.
func TestHostileUploads(t *testing.T) {
	l := listen(t)
	candles := market(300)
	want := l.begin(t, candles)
	guest := func(g wasmtest.Guest) []byte {
		g.Name = "bad"
		return g.Build()
	}
	run := func(code []byte, extra ...[]byte) []byte {
		return guest(wasmtest.Guest{Run: wasmtest.Code(code, wasmtest.Int(0)), Extra: slices.Concat(extra...)})
	}
	signature := wasmtest.Good()
	signature.Exports[4].Index = wasmtest.AllocFunction
	noRun := wasmtest.Good()
	noRun.Exports = noRun.Exports[:4]
	noMemory := wasmtest.Good()
	noMemory.Memory, noMemory.Exports = nil, noMemory.Exports[1:]
	start := wasmtest.Good()
	start.Start = wasmtest.U(uint64(start.Add(wasmtest.Func{Type: wasmtest.TypeNone})))
	wasi := wasmtest.Good()
	wasi.Imports = []wasmtest.Import{{Module: "wasi_snapshot_preview1", Name: "path_open", Type: wasmtest.TypeNone}}
	good := guest(wasmtest.Guest{})
	const nowhere = -1
	for name, c := range map[string]struct {
		module      []byte
		gate        string
		detail      string
		offset, bar int // nowhere where the problem has none; an offset of 0 is any
	}{
		// No module of WebAssembly.
		"nothing":              {nil, "format", "", 0, nowhere},
		"text":                 {[]byte("# A plugin\n"), "format", "", 0, nowhere},
		"a program":            {[]byte("\x7fELF\x02\x01\x01\x00"), "format", "", 0, nowhere},
		"another version":      {[]byte("\x00asm\x02\x00\x00\x00"), "format", "", 0, nowhere},
		"the header alone":     {[]byte("\x00asm\x01\x00\x00\x00"), "memory", "", 0, nowhere},
		"cut short":            {good[:len(good)/2], "format", "", 0, nowhere},
		"cut by a byte":        {good[:len(good)-1], "format", "", 0, nowhere},
		"bytes left over":      {append(append([]byte{}, good...), 0xff), "format", "ends too early", 0, nowhere},
		"over 4 MiB":           {guest(wasmtest.Guest{Padding: 4 << 20}), "size", "4194304", 0, nowhere},
		"wrong types inside":   {guest(wasmtest.Guest{Run: wasmtest.Float(1)}), "validation", "", nowhere, nowhere},
		"memory of 16 MiB and": {guest(wasmtest.Guest{Pages: 257}), "memory size", "257, at most 256 allowed", 0, nowhere},
		// Not the contract.
		"an import":                {guest(wasmtest.Guest{Imports: []string{"socket"}}), "import", "socket", 0, nowhere},
		"a file of WASI":           {wasi.Bytes(), "import", "path_open", 0, nowhere},
		"a start function":         {start.Bytes(), "start", "", 0, nowhere},
		"ta_run of another type":   {signature.Bytes(), "export", "ta_run", 0, nowhere},
		"no ta_run":                {noRun.Bytes(), "export", "ta_run", 0, nowhere},
		"no memory":                {noMemory.Bytes(), "memory", "", 0, nowhere},
		"another ABI":              {guest(wasmtest.Guest{ABI: 2}), "abi", "ta_abi gave 2", nowhere, nowhere},
		"a description far away":   {guest(wasmtest.Guest{Describe: wasmtest.Long(65_000<<32 | 1_000)}), "description", "memory has", nowhere, nowhere},
		"a description of 4 GiB":   {guest(wasmtest.Guest{Describe: wasmtest.Long(-1)}), "description", "at most", nowhere, nowhere},
		"a description of nothing": {guest(wasmtest.Guest{Describe: wasmtest.Long(0)}), "description", "ends too early", nowhere, nowhere},
		"rubbish described":        {guest(wasmtest.Guest{Description: "\x01\x02\x03"}), "description", "", nowhere, nowhere},
		"a misspelt field":         {guest(wasmtest.Guest{Description: describes(`"title"`, `"titel"`)}), "description", "titel", nowhere, nowhere},
		"a name with a space":      {guest(wasmtest.Guest{Description: describes(`"bad"`, `"Bad Name"`)}), "description", "name", nowhere, nowhere},
		"no outputs":               {guest(wasmtest.Guest{Description: describes(`{"name":"mean","unit":"none"}`, ``)}), "description", "outputs", nowhere, nowhere},
		"a warm-up of nothing":     {guest(wasmtest.Guest{Description: describes(`"warmup":1`, `"warmup":"length"`)}), "description", "length", nowhere, nowhere},
		"a description that loops": {guest(wasmtest.Guest{Describe: wasmtest.Code(wasmtest.Loop(), wasmtest.Long(0))}), "out-of-gas", "ta_describe", nowhere, nowhere},
		"a description that traps": {guest(wasmtest.Guest{Describe: wasmtest.Trap()}), "trap", "unreachable", nowhere, nowhere},
		"room at an odd address":   {guest(wasmtest.Guest{Alloc: wasmtest.Int(32_001)}), "bad-output", "multiple of 8", nowhere, nowhere},
		"room outside":             {guest(wasmtest.Guest{Alloc: wasmtest.Int(-8)}), "bad-output", "memory has", nowhere, nowhere},
		"no room":                  {guest(wasmtest.Guest{Alloc: wasmtest.Int(0)}), "memory", "no room", nowhere, nowhere},
		// It fails at once.
		"an endless loop":    {guest(wasmtest.Guest{Run: endless}), "out-of-gas", "", nowhere, nowhere},
		"endless recursion":  {run(recurse, recurse), "depth-exceeded", "", nowhere, nowhere},
		"growing for ever":   {run(growing), "out-of-gas", "", nowhere, nowhere},
		"filling for ever":   {run(filling), "out-of-gas", "", nowhere, nowhere},
		"unreachable":        {guest(wasmtest.Guest{Run: wasmtest.Trap()}), "trap", "unreachable", nowhere, nowhere},
		"a division by zero": {run(divide), "trap", "divide by zero", nowhere, nowhere},
		"a read outside":     {run(outside), "trap", "out of bounds", nowhere, nowhere},
		"a code of its own":  {guest(wasmtest.Guest{Run: wasmtest.Int(3)}), "trap", "code 3", nowhere, nowhere},
		// It answers with rubbish.
		"nothing written":  {guest(wasmtest.Guest{Run: wasmtest.Int(0)}), "bad-output", "not written", nowhere, 0},
		"an infinity":      {guest(wasmtest.Guest{Run: at(9, math.Inf(1))}), "bad-output", "infinite", nowhere, 9},
		"no value at all":  {guest(wasmtest.Guest{Run: wasmtest.EachBar(wasmtest.Float(math.NaN()))}), "warm-up", "no output has a value", nowhere, nowhere},
		"values too early": {guest(wasmtest.Guest{Run: wasmtest.EachBar(wasmtest.Close(0))}), "warm-up", "promises bar 1", nowhere, 0},
		"a look ahead":     {guest(wasmtest.Guest{Description: describes(`"warmup":1`, `"warmup":0`), Run: wasmtest.EachBar(wasmtest.Close(1))}), "causality", "looks ahead", nowhere, 298},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/api/v1/plugins", "/api/v1/plugins/check", "/api/v1/plugins?activate=false"} {
				p := l.upload(t, path, c.module).refused(t, http.StatusUnprocessableEntity, "plugin-rejected", c.detail)
				if p.Gate != c.gate {
					t.Errorf("%s: the gate is %q, want %q: %s", path, p.Gate, c.gate, p.Detail)
				}
				if (p.Offset != nil) != (c.offset != nowhere) || (p.Bar != nil) != (c.bar != nowhere) || p.Bar != nil && *p.Bar != c.bar {
					t.Errorf("%s: offset %v, bar %v; want an offset %v, bar %d", path, p.Offset, p.Bar, c.offset != nowhere, c.bar)
				}
			}
			l.do(t, http.MethodGet, "/api/v1/plugins/bad", "", nil).refused(t, http.StatusNotFound, "unknown-plugin", "bad")
			l.sound(t, candles, want)
		})
	}
	t.Run("over the body limit", func(t *testing.T) {
		l.upload(t, "/api/v1/plugins", make([]byte, 8<<20+1)).refused(t, http.StatusRequestEntityTooLarge, "body-too-large", "8388608")
		l.sound(t, candles, want)
	})
	t.Run("a native's name", func(t *testing.T) {
		taken := wasmtest.Guest{Name: "sma"}.Build()
		l.upload(t, "/api/v1/plugins", taken).refused(t, http.StatusConflict, "plugin-conflict", "native")
		if p := l.upload(t, "/api/v1/plugins/check", taken).refused(t, http.StatusUnprocessableEntity, "plugin-rejected", "native"); p.Gate != "name" {
			t.Errorf("the gate is %q", p.Gate)
		}
		l.sound(t, candles, want)
	})
	t.Run("a version again with other bytes", func(t *testing.T) {
		l.upload(t, "/api/v1/plugins", wasmtest.Guest{Name: "good", Padding: 1}.Build()).refused(t, http.StatusConflict, "plugin-conflict", "new version")
		l.sound(t, candles, want)
	})
}

// lateBars is how many bars the guests of TestHostileRuns bear.
const lateBars = 500

// late is a guest that is as it should be up to lateBars, which is more than
// the checks have, and misbehaves with more.
func late(name string, bad []byte) []byte {
	return wasmtest.Guest{
		Name: name, Extra: recurse,
		Run: wasmtest.Code(wasmtest.If(wasmtest.Over(lateBars), bad), wasmtest.EachBar(wasmtest.Mean())),
	}.Build()
}

// TestHostileRuns: a plugin that passes the checks and fails later fails its own
// call alone, in the way that the contract says: as the whole answer, and as
// one item of many.
func TestHostileRuns(t *testing.T) {
	l := listen(t)
	candles, few := market(lateBars+100), market(lateBars)
	want := l.begin(t, candles)
	i := 0
	for kind, c := range map[string]struct {
		bad    []byte
		detail string
	}{
		"out-of-gas":     {wasmtest.Loop(), "units"},
		"depth-exceeded": {recurse, "stack"},
		"trap":           {wasmtest.Trap(), "unreachable"},
		"memory":         {wasmtest.Code(wasmtest.Int(300), wasmtest.Set(wasmtest.I32), []byte{0x03, 0x40}, grow, wasmtest.Get(wasmtest.I32), wasmtest.Int(1), []byte{0x6b, 0x22, wasmtest.I32, 0x0d, 0, 0x0b}, wasmtest.Trap()), "limit"},
		"bad-output":     {wasmtest.Code(at(9, math.Inf(-1)), []byte{0x0f}), "output mean at bar 9 is infinite"},
		"trap by a read": {outside, "out of bounds"},
		"trap by a code": {wasmtest.Code(wasmtest.Int(7), []byte{0x0f}), "code 7"},
	} {
		i++
		name := fmt.Sprintf("late_%d", i)
		problem, _, _ := strings.Cut(kind, " ")
		t.Run(kind, func(t *testing.T) {
			l.installs(t, late(name, c.bad))
			for range 2 { // a fault is never kept as a result
				l.json(t, "/api/v1/indicators/"+name, `{"candles":`+candles+`}`).refused(t, http.StatusUnprocessableEntity, "plugin-"+problem, c.detail)
				l.sound(t, candles, want)
			}

			var all struct{ Results map[string]result }
			l.json(t, "/api/v1/compute", fmt.Sprintf(`{"candles":%s,"indicators":[{"name":"sma"},{"id":"bad","name":%q},{"name":"good"}]}`, candles, name)).into(t, http.StatusOK, &all)
			p := all.Results["bad"].Problem
			if p.Status != http.StatusUnprocessableEntity || p.Type != "/problems/plugin-"+problem || !strings.Contains(p.Detail, c.detail) {
				t.Errorf("as an item it is %d %s: %s", p.Status, p.Type, p.Detail)
			}
			if all.Results["sma"].Bars != lateBars+100 || all.Results["good"].Bars != lateBars+100 {
				t.Errorf("it takes others with it: %+v, %+v", all.Results["sma"].Problem, all.Results["good"].Problem)
			}

			var still, good result // and with fewer bars it is as it should be
			l.json(t, "/api/v1/indicators/"+name, `{"candles":`+few+`}`).into(t, http.StatusOK, &still)
			l.json(t, "/api/v1/indicators/good", `{"candles":`+few+`}`).into(t, http.StatusOK, &good)
			sameBits(t, kind, still.Outputs, good.Outputs)
		})
	}
}

// TestLoopingPluginIsAlone: while a plugin loops in one request after another,
// and modules that loop are uploaded, everyone else gets the answers that they
// get alone.
func TestLoopingPluginIsAlone(t *testing.T) {
	l := listen(t)
	candles := market(lateBars + 100)
	want := l.begin(t, candles)
	l.installs(t, late("looper", wasmtest.Loop()))

	var calls atomic.Int64
	begun, done := make(chan struct{}), make(chan struct{})
	var first sync.Once
	var bad, good sync.WaitGroup
	defer bad.Wait()
	for range 3 {
		bad.Go(func() {
			for {
				l.json(t, "/api/v1/indicators/looper", `{"candles":`+candles+`}`).refused(t, http.StatusUnprocessableEntity, "plugin-out-of-gas", "units")
				calls.Add(1)
				first.Do(func() { close(begun) })
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	bad.Go(func() {
		module := wasmtest.Guest{Name: "bad", Run: endless}.Build()
		for {
			l.upload(t, "/api/v1/plugins", module).refused(t, http.StatusUnprocessableEntity, "plugin-rejected", "")
			select {
			case <-done:
				return
			default:
			}
		}
	})
	<-begun
	before := calls.Load()
	for range 4 {
		good.Go(func() {
			for range 25 {
				l.sound(t, candles, want)
			}
		})
	}
	good.Wait()
	during := calls.Load() - before
	close(done)
	if during == 0 {
		t.Error("no call of the looping plugin ended meanwhile: the test shows nothing")
	}
}
