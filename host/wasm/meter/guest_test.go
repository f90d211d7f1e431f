package meter_test

import (
	"context"
	"os"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

type module = wasmtest.Module

var (
	code   = wasmtest.Code
	repeat = wasmtest.Repeat
	u, s   = wasmtest.U, wasmtest.S

	zero = constant(0)
)

const (
	end  = bytecode.End
	drop = bytecode.Opcode(0x1a)
	eqz  = bytecode.Opcode(0x45)
)

func constant(v int64) []byte    { return code(bytecode.I32Const, s(v)) }
func get(local uint64) []byte    { return code(bytecode.LocalGet, u(local)) }
func set(local uint64) []byte    { return code(bytecode.LocalSet, u(local)) }
func call(function int) []byte   { return code(bytecode.Call, u(uint64(function))) }
func branch(label uint64) []byte { return code(bytecode.Br, u(label)) }

// metered is Rewrite of what the gate lets through.
func metered(t testing.TB, original []byte) []byte {
	t.Helper()
	if _, err := gate.Check(original); err != nil {
		t.Fatal(err)
	}
	rewritten, err := Rewrite(original)
	if err != nil {
		t.Fatal(err)
	}
	return rewritten
}

// engines are the two that wazero has, with the memory of the Small tier.
var engines = map[string]wazero.RuntimeConfig{
	"compiler":    wazero.NewRuntimeConfigCompiler().WithMemoryLimitPages(gate.Small.MaxPages()),
	"interpreter": wazero.NewRuntimeConfigInterpreter().WithMemoryLimitPages(gate.Small.MaxPages()),
}

// guest is an instance, metered or not.
type guest struct {
	module     api.Module
	gas, stack api.MutableGlobal
}

// start makes an instance of a module.
func start(t testing.TB, engine wazero.RuntimeConfig, bytes []byte) *guest {
	t.Helper()
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, engine)
	t.Cleanup(func() { runtime.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	m, err := runtime.InstantiateWithConfig(ctx, bytes, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{module: m}
	if gas, ok := m.ExportedGlobal(GasGlobal).(api.MutableGlobal); ok {
		g.gas, g.stack = gas, m.ExportedGlobal(StackGlobal).(api.MutableGlobal)
	}
	return g
}

// outcome is all that is to be seen of a call but the memory.
type outcome struct {
	result uint64
	gas    int64 // used
	failed bool
	cause  Cause
}

// call calls an export as the package's documentation says.
func (g *guest) call(budget int64, name string, operands ...uint64) (o outcome) {
	if g.gas != nil {
		g.gas.Set(uint64(budget))
		g.stack.Set(DefaultStack)
	}
	results, err := g.module.ExportedFunction(name).Call(context.Background(), operands...)
	o.failed = err != nil
	if len(results) > 0 {
		o.result = results[0]
	}
	if g.gas != nil {
		o.gas = budget - int64(g.gas.Get())
		if o.failed {
			o.cause = CauseOf(g.gas.Get(), g.stack.Get())
		}
	}
	return o
}

// run calls ta_run for n bars.
func (g *guest) run(budget int64, n uint64) outcome {
	return g.call(budget, gate.ExportRun, 1024, n, n, 0, 1024)
}

// memory is all of it.
func (g *guest) memory(t testing.TB) []byte {
	t.Helper()
	m := g.module.ExportedMemory(gate.ExportMemory)
	b, ok := m.Read(0, m.Size())
	if !ok {
		t.Fatal("the memory cannot be read")
	}
	return b
}

// file reads from testdata.
func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
