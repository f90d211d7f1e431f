package gate

// Tier is a class of modules with limits of its own.
type Tier int

// The tiers of sdk/ABI.md. A module over MaxSmallBytes, or one that imports from WASIModule, is Large.
const (
	Small Tier = iota
	Large
)

// String gives the tier's name as sdk/ABI.md spells it.
func (t Tier) String() string {
	if t == Large {
		return "Large"
	}
	return "Small"
}

// Limits that both tiers share. Whatever is not a byte of code costs the compiler little (a million types 0.4 s, a
// million globals 0.3 s), so these are about 10 times what the toolchains write.
const (
	// MaxSmallBytes divides the tiers. C, Rust and AssemblyScript indicators are 1 to 12 KB; 256 KiB is 20 of those.
	MaxSmallBytes = 256 << 10
	// MaxTypes bounds function types: a Go guest with fmt and encoding/json has 61.
	MaxTypes = 1024
	// MaxParameters and MaxResults bound a function type: the calling conventions pass what is larger by address.
	MaxParameters = 32
	MaxResults    = 8
	// MaxImports leaves room for each of the 17 allowed functions, once.
	MaxImports = 17
	// MaxExports leaves room for the 7 of the ABI and for the helpers that toolchains export beside them.
	MaxExports = 64
	// MaxGlobals bounds globals: Go has 9, AssemblyScript one for each global variable, which the meter exports.
	MaxGlobals = 512
	// MaxLoopNest bounds loops in loops. The compiler's work for one variable grows with the loops around it: 300
	// loops of 300 locals in 4,896 bytes take it 10 s. Indicators nest 2, and 8 are a matrix product and 5 more.
	MaxLoopNest = 8
)

// limits are those in which the tiers differ.
type limits struct {
	bytes     int    // of the module
	pages     uint32 // of its memory
	functions int    // with bodies
	body      int    // bytes of one
	locals    int    // of one function, parameters included
	nest      int    // blocks, loops and ifs within one another
	product   int    // of blocks and locals, in one function
	labels    int    // of one br_table
	allLabels int    // of all br_tables
	charges   int    // bulk and memory.grow instructions in one function
	table     uint32 // entries
	elements  int    // element segments
	data      int    // data segments
}

// The figures named in these comments are of a compiler run by itself; see the benchmark BenchmarkCompileWorst.
var tiers = [...]limits{
	Small: {
		bytes: MaxSmallBytes,
		pages: 16 << 20 / pageSize, // 16 MiB: 131,072 bars x 8 inputs x 8 bytes = 8 MiB, and as much for outputs
		// 2,000 x 16 KiB is far more than the module may have: this bounds the cost of empty ones, 4.5 us each.
		functions: 2000,
		body:      16 << 10, // indicators have 1 to 4 KiB
		locals:    64,       // indicators have 17 at most
		nest:      128,      // 12 in indicators; a switch of n cases nests n blocks
		product:   8192,     // 64 locals x 128 blocks; indicators have 210 at most
		labels:    512,
		allLabels: 4096, // 8 of the largest
		// Each adds a charge, hence a basic block: 1,500 in one function took the compiler 7.5 s, 128 take it 1 s.
		charges:  128,
		table:    4096, // 32 KiB of pointers
		elements: 256,
		data:     1024,
	},
	Large: {
		bytes:     4 << 20,             // a Go guest with fmt and encoding/json is 3.1 MB
		pages:     64 << 20 / pageSize, // 64 MiB: the Small tier's, for each of 4 parts of a Go heap
		functions: 8192,                // that guest has 4,600
		body:      48 << 10,
		locals:    128,
		nest:      1024,
		product:   65536,
		labels:    4096,
		allLabels: 131072,
		charges:   128,
		table:     65536,
		elements:  256,
		data:      65536,
	},
}

// MaxPages is the most that the memory of a module of this tier may have, in pages of 64 KiB, at any time.
func (t Tier) MaxPages() uint32 { return tiers[t].pages }

// MaxBytes is the most that a module of this tier may have.
func (t Tier) MaxBytes() int { return tiers[t].bytes }
