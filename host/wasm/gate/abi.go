package gate

import "strings"

// Names of the ABI, version 1, that a module exports: see sdk/ABI.md.
const (
	ExportMemory     = "memory"
	ExportABI        = "ta_abi"
	ExportDescribe   = "ta_describe"
	ExportAlloc      = "ta_alloc"
	ExportRun        = "ta_run"
	ExportBar        = "ta_bar"
	ExportInitialize = "_initialize"
)

// WASIModule is the one module that may be imported from, and which makes the importing module Large.
const WASIModule = "wasi_snapshot_preview1"

// ReservedPrefix begins the names under which the meter exports what it adds. An uploaded module may have none such.
const ReservedPrefix = "__meter_"

// signature is a function type: one byte of value type for each parameter and each result.
type signature struct{ params, results string }

// Value types in signatures, spelled as the binary format does.
const (
	i32 = "\x7f"
	i64 = "\x7e"
)

// String spells the signature as sdk/ABI.md does.
func (s signature) String() string {
	names := func(types string) string {
		var b strings.Builder
		for i := range len(types) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(map[byte]string{0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64", 0x7b: "v128"}[types[i]])
		}
		return b.String()
	}
	out := names(s.results)
	if len(s.results) != 1 {
		out = "(" + out + ")"
	}
	return "(" + names(s.params) + ") -> " + out
}

// export is a function that the ABI gives a meaning.
type export struct {
	name string
	signature
	required bool
	tier     Tier // the smallest that may export it
}

var abi = []export{
	{ExportABI, signature{"", i32}, true, Small},
	{ExportDescribe, signature{"", i64}, true, Small},
	{ExportAlloc, signature{i32, i32}, true, Small},
	{ExportRun, signature{i32 + i32 + i32 + i32 + i32, i32}, true, Small},
	{ExportBar, signature{i32 + i32 + i32, i32}, false, Small},
	{ExportInitialize, signature{"", ""}, false, Large},
}

// wasi are the functions of WASI preview 1 that the host answers, with the signatures of its witx definition
// (WebAssembly/WASI, legacy/preview1): each result but proc_exit's is an errno.
var wasi = map[string]signature{
	"args_get":            {i32 + i32, i32},
	"args_sizes_get":      {i32 + i32, i32},
	"clock_time_get":      {i32 + i64 + i32, i32},
	"environ_get":         {i32 + i32, i32},
	"environ_sizes_get":   {i32 + i32, i32},
	"fd_close":            {i32, i32},
	"fd_fdstat_get":       {i32 + i32, i32},
	"fd_fdstat_set_flags": {i32 + i32, i32},
	"fd_prestat_get":      {i32 + i32, i32},
	"fd_prestat_dir_name": {i32 + i32 + i32, i32},
	"fd_read":             {i32 + i32 + i32 + i32, i32},
	"fd_seek":             {i32 + i64 + i32 + i32, i32},
	"fd_write":            {i32 + i32 + i32 + i32, i32},
	"poll_oneoff":         {i32 + i32 + i32 + i32, i32},
	"proc_exit":           {i32, ""},
	"random_get":          {i32 + i32, i32},
	"sched_yield":         {"", i32},
}
