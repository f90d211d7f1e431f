package sdk_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
)

// frozenMeter is the meter.Version that the gas in frozen was counted by.
const frozenMeter = 2

// frozen are modules of version 1 of the ABI, in testdata/frozen/v1. They stand for
// those that are out there, which nobody builds again: so nothing here does, nor
// writes what follows, but a person by hand. Two are hand-made, and have between them
// every export, every import, every unit and every kind of parameter; the others are
// what the SDKs made of their samples, but for that of Go, which has 1.9 MB.
//
// Where outputs are others than they were, numbers that somebody relies on have
// changed, and it is the host that is to be mended.
var frozen = []struct {
	file, digest string // its name without .wasm, and its SHA-256
	name         string // what the module says that it is called, and its version
	params       map[string]any
	warmup       int
	outputs      string // the digest of the bits that come of frozenMarket
	atOnce       uint64 // the gas of all its bars in one call
	barByBar     uint64 // and one by one; 0 where the module does not take them so
}{
	{
		file: "small", digest: "542ba2ca5b0d9869ee90598e08b1afd1fa96645fbf394c34c1b3056d3fc66c59",
		name: "frozen_small 1.2.3-rc.1", warmup: 12,
		outputs: "783ab72d50cb51aef402b768de971ca01e4200ea0751e5c3ce4aba714ae84d38", atOnce: 311_148, barByBar: 293_140,
	},
	{
		file: "small", digest: "542ba2ca5b0d9869ee90598e08b1afd1fa96645fbf394c34c1b3056d3fc66c59",
		name: "frozen_small 1.2.3-rc.1", params: map[string]any{"fast": 7, "slow": 19, "weight": "wilder", "gain": 0.75}, warmup: 25,
		outputs: "e1d5acc92eab0c34de3cf49d0d476eaf6eb568d4c686bf2de189b697f2d74b7b", atOnce: 304_824, barByBar: 286_816,
	},
	{
		file: "large", digest: "89baedfcff40a8a162699accd1fcd25e7b492335e29e3c24065d1d6a7fc3db08",
		name: "frozen_large 1.0.0", warmup: 0,
		outputs: "26c4c1bd6bf95c5cc2512cc732935fce6cc11690c33e61b1f0b59c482faac626", atOnce: 63_961,
	},
	{
		file: "stream_assemblyscript", digest: "face28a4962e882098b8927f03965eeff631faefa10d607384b11b55ce870dfe",
		name: "stream_assemblyscript 1.0.0", warmup: 19,
		outputs: "5ff50a5b7e3c89b8e74a01504229ac1467519d5f753e6cfc08ce66396beba38a", atOnce: 411_340, barByBar: 296_333,
	},
	{
		file: "stream_c", digest: "8350e53f2d5bab3fed90c4458fe250d46aebb0f1c4cf4a65308dab1b267b9659",
		name: "stream_c 1.0.0", warmup: 19,
		outputs: "5ff50a5b7e3c89b8e74a01504229ac1467519d5f753e6cfc08ce66396beba38a", atOnce: 234_105, barByBar: 253_939,
	},
	{
		file: "stream_rust", digest: "70116abb40ccc8fb01a16a791bbc2998839ae9fddc9ba67f22b55c8ea1bfdf6f",
		name: "stream_rust 1.0.0", warmup: 19,
		outputs: "5ff50a5b7e3c89b8e74a01504229ac1467519d5f753e6cfc08ce66396beba38a", atOnce: 288_777, barByBar: 262_759,
	},
	{
		file: "stream_zig", digest: "0bf12795e02b7633fa51bfb5049c5d4510d9e386fb5141546738d6e0d9c44503",
		name: "stream_zig 1.0.0", warmup: 19,
		outputs: "5ff50a5b7e3c89b8e74a01504229ac1467519d5f753e6cfc08ce66396beba38a", atOnce: 261_720, barByBar: 281_470,
	},
}

// frozenMarket is n bars that are the same for ever, by integers alone: prices are
// 64ths around 1,000, volumes whole, bars a minute long, and some of them holes.
func frozenMarket(n int) map[ta.Input][]float64 {
	columns := make(map[ta.Input][]float64)
	state := uint64(1)
	random := func(below int64) int64 { // Knuth's generator for 64 bits
		state = state*6364136223846793005 + 1442695040888963407
		return int64(state >> 33 % uint64(below))
	}
	last := int64(64_000)
	for i := range n {
		last += random(257) - 128 + (64_000-last)/256
		low, high := last-random(65), last+random(65)
		volume := random(10_000)
		for name, v := range map[ta.Input]float64{
			ta.High: float64(high) / 64, ta.Low: float64(low) / 64, ta.Close: float64(last) / 64,
			ta.Real: float64(last) / 64, ta.Volume: float64(volume), ta.Timestamp: float64(1_600_000_000 + 60*i),
		} {
			if i%97 == 41 && name != ta.Timestamp {
				v = math.NaN()
			}
			columns[name] = append(columns[name], v)
		}
	}
	return columns
}

// bits is the digest of all values, whatever NaN stands for none.
func bits(columns ta.Columns) string {
	h := sha256.New()
	for _, column := range columns {
		for _, v := range column {
			if v != v {
				v = math.NaN()
			}
			h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestFrozen: what was built for version 1 of the ABI is still taken, says of itself
// what it did, and gives the same bits; with the same meter also the same gas.
func TestFrozen(t *testing.T) {
	if meter.Version != frozenMeter {
		t.Errorf("gas was counted by version %d of the meter, and this is %d: see that no bits have changed, then write frozenMeter and all gas in frozen anew, by hand", frozenMeter, meter.Version)
	}
	sandbox := newSandbox(t)
	market := frozenMarket(1_000)
	for _, f := range frozen {
		path := filepath.Join("testdata", "frozen", "v1", f.file+".wasm")
		code, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(code); hex.EncodeToString(sum[:]) != f.digest {
			t.Fatalf("%s was changed: its digest is %x. It is to be taken back from the history", path, sum)
		}
		module, err := sandbox.Load(t.Context(), code)
		if err != nil {
			t.Errorf("%s is not taken any more: %v", path, err)
			continue
		}
		t.Cleanup(module.Close)
		spec := module.Spec()
		if got := spec.Name + " " + module.Version(); got != f.name {
			t.Errorf("%s says that it is %s, and was %s", path, got, f.name)
		}
		args, err := spec.Args(f.params)
		if err != nil {
			t.Fatal(err)
		}
		if got := module.Warmup(args); got != f.warmup {
			t.Errorf("%s, %v: its warm-up is %d, and was %d", path, f.params, got, f.warmup)
		}
		var in ta.Columns
		for _, name := range spec.Inputs {
			in = append(in, market[name])
		}
		holds := func(form string, r registry.Result, err error, gas uint64) {
			t.Helper()
			if err != nil {
				t.Errorf("%s %s, %v: %v", path, form, f.params, err)
				return
			}
			if got := bits(r.Outputs); got != f.outputs {
				t.Errorf("%s %s, %v: the outputs have the digest %s, and had %s", path, form, f.params, got, f.outputs)
			}
			if meter.Version == frozenMeter && r.Gas != gas {
				t.Errorf("%s %s, %v: it takes %d of gas, and took %d", path, form, f.params, r.Gas, gas)
			}
		}
		r, err := module.Run(t.Context(), args, in)
		holds("at once", r, err, f.atOnce)
		if module.Streams() != (f.barByBar > 0) {
			t.Errorf("%s: that it takes bars one by one is %v, and was not", path, module.Streams())
		}
		if module.Streams() {
			r, err := registry.OneByOne(t.Context(), module, args, in)
			holds("bar by bar", r, err, f.barByBar)
		}
	}
}

// TestFrozenFaults: a code of the author's, and an exit, are what they were.
func TestFrozenFaults(t *testing.T) {
	for file, want := range map[string]wasm.Fault{
		"small": {Kind: wasm.Trap, Detail: "ta_run returned code 7", Code: 7},
		"large": {Kind: wasm.Trap, Detail: "it exited with code 3"},
	} {
		module := load(t, newSandbox(t), "testdata/frozen/v1", file+".wasm")
		args, err := module.Spec().Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		in := make(ta.Columns, len(module.Spec().Inputs))
		for i := range in {
			in[i] = []float64{-12345} // a price that no market has
		}
		_, err = module.Run(t.Context(), args, in)
		var got *wasm.Fault
		if !errors.As(err, &got) || got.Kind != want.Kind || got.Detail != want.Detail || got.Code != want.Code {
			t.Errorf("%s: %v", file, err)
		}
	}
}
