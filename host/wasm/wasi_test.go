package wasm

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// TestABISaysTheImports: a Large module may import what sdk/ABI.md names, with the
// types that this package and the gate each have of it, and nothing else is there.
func TestABISaysTheImports(t *testing.T) {
	page, err := os.ReadFile("../../sdk/ABI.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n## Imports\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var named []string
	for _, m := range regexp.MustCompile("`([a-z_0-9]+)`").FindAllStringSubmatch(text, -1) {
		if m[1] != gate.WASIModule {
			named = append(named, m[1])
		}
	}
	slices.Sort(named)
	all := slices.Sorted(maps.Keys(wasi))
	if have := slices.Sorted(slices.Values(append(all, "proc_exit"))); !slices.Equal(named, have) {
		t.Errorf("sdk/ABI.md names %v, and there are %v", named, have)
	}
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "imports", Change: func(m *wt.Module) {
		for _, name := range all {
			importing(m, name, wasi[name].params, "\x7f")
		}
		importing(m, "proc_exit", "i", "")
	}}.Build())
	if m.Report().Tier != gate.Large.String() {
		t.Errorf("it is %s", m.Report().Tier)
	}
	wantMean(t, m, 100)
}

// importing adds an import of WASI, with parameters as in wasi; functions move up
// by one.
func importing(m *wt.Module, name, params, results string) {
	params = strings.NewReplacer("i", "\x7f", "l", "\x7e").Replace(params)
	m.Types = append(m.Types, wt.Type{Params: params, Results: results})
	m.Imports = append(m.Imports, wt.Import{Module: gate.WASIModule, Name: name, Type: len(m.Types) - 1})
	for i := range m.Exports {
		if m.Exports[i].Kind == bytecode.KindFunction {
			m.Exports[i].Index++
		}
	}
}

// filled is the memory of an instance, of one page, every byte of it 0x55.
func filled(t *testing.T) (memory api.Memory, bytes []byte) {
	t.Helper()
	m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "memory"}.Build())
	in, err := m.quick.instance(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.close)
	bytes, _ = in.memory.Read(0, in.memory.Size())
	fill(bytes)
	return in.memory, bytes
}

func fill(b []byte) {
	for i := range b {
		b[i] = 0x55
	}
}

// TestWASIAnswers: each function says what sdk/ABI.md has of it, the same whenever
// it is asked, and writes that and nothing else.
func TestWASIAnswers(t *testing.T) {
	memory, b := filled(t)
	tag := bytes.Repeat([]byte{0x55}, 8)
	event := append(append(slices.Clone(tag), 0, 0, 0x55), make([]byte, 21)...) // userdata, no error, the tag
	for name, c := range map[string]struct {
		params []uint64
		want   errno
		writes map[int][]byte
	}{
		"args_get":            {[]uint64{100, 200}, success, nil},
		"args_sizes_get":      {[]uint64{100, 200}, success, map[int][]byte{100: make([]byte, 4), 200: make([]byte, 4)}},
		"clock_time_get":      {[]uint64{0, 0, 100}, success, map[int][]byte{100: {1, 0, 0, 0, 0, 0, 0, 0}}},
		"environ_get":         {[]uint64{100, 200}, success, nil},
		"environ_sizes_get":   {[]uint64{100, 200}, success, map[int][]byte{100: make([]byte, 4), 200: make([]byte, 4)}},
		"fd_close":            {[]uint64{1}, badDescriptor, nil},
		"fd_fdstat_get":       {[]uint64{1, 100}, badDescriptor, nil},
		"fd_fdstat_set_flags": {[]uint64{1, 0}, badDescriptor, nil},
		"fd_prestat_get":      {[]uint64{3, 100}, badDescriptor, nil},
		"fd_prestat_dir_name": {[]uint64{3, 100, 9}, badDescriptor, nil},
		"fd_read":             {[]uint64{0, 100, 1, 200}, badDescriptor, nil},
		"fd_seek":             {[]uint64{0, 0, 0, 100}, badDescriptor, nil},
		"fd_write":            {[]uint64{1, 100, 1, 200}, success, map[int][]byte{200: {0x55, 0x55, 0x55, 0x55}}},
		"poll_oneoff":         {[]uint64{100, 300, 2, 500}, success, map[int][]byte{300: slices.Concat(event, event), 500: {2, 0, 0, 0}}},
		"random_get":          {[]uint64{100, 300}, success, map[int][]byte{100: make([]byte, 300)}},
		"sched_yield":         {nil, success, nil},
	} {
		f, ok := wasi[name]
		if !ok || len(f.params) != len(c.params) {
			t.Errorf("%s: there is %v with %q", name, ok, f.params)
			continue
		}
		for range 2 {
			fill(b)
			want := slices.Clone(b)
			for at, v := range c.writes {
				copy(want[at:], v)
			}
			if got := f.answer(memory, c.params); got != c.want {
				t.Errorf("%s says %d, want %d", name, got, c.want)
			}
			if at := firstDifference(b, want); at >= 0 {
				t.Errorf("%s: byte %d is %#x, want %#x", name, at, b[at], want[at])
			}
		}
	}
	if len(wasi) != 16 {
		t.Errorf("there are %d functions, and 16 are tried", len(wasi))
	}
}

// TestWASIIsBounded: no operands have a function do more than its gas pays for, or
// anything at all to what is not in the memory.
func TestWASIIsBounded(t *testing.T) {
	memory, _ := filled(t)
	const last, beyond = 1<<16 - 1, 1 << 16
	for name, c := range map[string]struct {
		function string
		params   []uint64
		want     errno
	}{
		"64 KiB of chance":             {"random_get", []uint64{0, maxRandom}, success},
		"a byte more":                  {"random_get", []uint64{0, maxRandom + 1}, invalid},
		"4 GiB of chance":              {"random_get", []uint64{0, math.MaxUint32}, invalid},
		"chance over the end":          {"random_get", []uint64{last, 2}, badAddress},
		"64 texts":                     {"fd_write", []uint64{1, 0, maxVectors, 4096}, success},
		"65 texts":                     {"fd_write", []uint64{1, 0, maxVectors + 1, 4096}, invalid},
		"2^29 texts, of 4 GiB in all":  {"fd_write", []uint64{1, 0, 1 << 29, 4096}, invalid},
		"texts over the end":           {"fd_write", []uint64{1, last, 1, 0}, badAddress},
		"their length over the end":    {"fd_write", []uint64{1, 0, 1, last}, badAddress},
		"no event":                     {"poll_oneoff", []uint64{0, 8192, 0, 4096}, invalid},
		"64 events":                    {"poll_oneoff", []uint64{0, 8192, maxSubscriptions, 4096}, success},
		"65 events":                    {"poll_oneoff", []uint64{0, 8192, maxSubscriptions + 1, 4096}, invalid},
		"an event from over the end":   {"poll_oneoff", []uint64{last, 0, 1, 0}, badAddress},
		"an event to over the end":     {"poll_oneoff", []uint64{0, last, 1, 0}, badAddress},
		"their number to over the end": {"poll_oneoff", []uint64{0, 0, 1, last}, badAddress},
		"a time to over the end":       {"clock_time_get", []uint64{0, 0, last}, badAddress},
		"sizes to beyond the end":      {"args_sizes_get", []uint64{0, beyond}, badAddress},
		"sizes to 4 GiB":               {"environ_sizes_get", []uint64{math.MaxUint32, 0}, badAddress},
	} {
		if got := wasi[c.function].answer(memory, c.params); got != c.want {
			t.Errorf("%s: %s says %d, want %d", name, c.function, got, c.want)
		}
	}
	ends := []uint64{0, 1, 64, 65, last - 7, last, beyond, math.MaxUint32 - 7, math.MaxUint32}
	for name, f := range wasi {
		params := make([]uint64, len(f.params))
		var each func(i int)
		each = func(i int) {
			if i < len(params) {
				for _, params[i] = range ends {
					each(i + 1)
				}
				return
			}
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s%v: %v", name, params, r)
				}
			}()
			if got := f.answer(memory, params); !slices.Contains([]errno{success, badDescriptor, badAddress, invalid}, got) {
				t.Errorf("%s%v says %d", name, params, got)
			}
		}
		each(0)
	}
	if n := memory.Size(); n != beyond {
		t.Errorf("the memory has %d bytes", n)
	}
}

// TestExitIsATrap: a module that ends itself ends its call.
func TestExitIsATrap(t *testing.T) {
	for _, code := range []int32{0, 1} {
		exit := wt.Code(wt.If(wt.Over(500), wt.Code(wt.Int(code), wt.Call(0))), wt.EachBar(wt.Mean()))
		m := load(t, newSandbox(t, Config{}), wt.Guest{Name: "exits", Run: exit, Change: func(m *wt.Module) {
			importing(m, "proc_exit", "i", "")
		}}.Build())
		for range 2 {
			_, err := m.Run(t.Context(), defaults(t, m), walk(m.Spec().Inputs, 501, 1))
			if !errors.Is(err, ErrTrap) {
				t.Errorf("with %d it ended with %v", code, err)
			}
			wantMean(t, m, 500)
		}
	}
}
