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
	// MaxTypes bounds function types, of which a Go guest has some dozens.
	MaxTypes = 1024
	// MaxParameters and MaxResults bound a function type: the calling conventions pass what is larger by address.
	MaxParameters = 32
	MaxResults    = 8
	// MaxImports leaves room for each of the 17 allowed functions, once.
	MaxImports = 17
	// MaxExports leaves room for the 7 of the ABI and for the helpers that toolchains export beside them.
	MaxExports = 64
	// MaxGlobals bounds globals: Go has 8, AssemblyScript one for each global variable, which the meter exports.
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
	code      int    // bytes of them all
	body      int    // bytes of one
	locals    int    // of one function, parameters included
	nest      int    // blocks, loops and ifs within one another
	product   int    // of blocks and locals, in one function
	labels    int    // of one br_table
	allLabels int    // of all br_tables
	indirect  int    // calls through the table, of all functions
	charges   int    // bulk and memory.grow instructions in one function
	work      int    // sum over the functions of the square of the number of basic blocks
	table     uint32 // entries
	elements  int    // element segments
	entries   int    // of all of them
	data      int    // data segments
}

// Times in these comments are those of wazero's compiler for metered modules of 250 KiB that keep within the other
// limits: BenchmarkCompileWorst of host/wasm has them. Figures of Go are those of a guest with fmt and encoding/json.
var tiers = [...]limits{
	Small: {
		bytes: MaxSmallBytes,
		pages: 16 << 20 / pageSize, // 16 MiB: 131,072 bars x 8 inputs x 8 bytes = 8 MiB, and as much for outputs
		// 2,000 x 16 KiB is far more than the module may have: this bounds empty ones, 3 to 6 us each.
		functions: 2000,
		code:      MaxSmallBytes,
		body:      16 << 10, // indicators have 1 to 4 KiB
		locals:    64,       // indicators have 28 at most
		nest:      128,      // indicators nest 14; a switch of n cases nests n blocks
		product:   8192,     // 64 locals x 128 blocks; indicators have 351 at most
		labels:    512,      // a switch over a byte has 257; those of plugins have 11 at most
		allLabels: 4096,     // 8 of the largest, 5 ms; without both limits 15 tables of 16,000 take 0.4 s
		indirect:  4096,     // 18 us each, hence 0.1 s; without this limit 51,000 take 0.9 s. Rust has 27
		// Each adds a charge, hence basic blocks: 1,500 in one function take the compiler 7 s, 128 in each 0.9 s.
		charges: 128,
		// The compiler's time grows with the square of a function's basic blocks, 6e-8 s for each: 2,896 of them in one
		// function, or 256 in each of 128, take 0.5 s, beside 0.3 s for what else 256 KiB hold. Without this limit 4,096 in
		// each of 15 take 15 s. Indicators in Rust have 43,000 to 121,000, others less.
		work:     2 * 2048 * 2048, // 8,388,608, hence 0.5 s
		table:    4096,            // 32 KiB of pointers; Rust has 25
		elements: 256,             // compilers write 1
		// As many as the table has. The host keeps 100 bytes for each, and goes through all in each instance: without this
		// limit 3,600,000 in 4 MB keep 370 MiB, and an instance takes 1.2 s.
		entries: 4096,
		data:    1024, // AssemblyScript has 162, one for each object that it begins with; these take 1 ms
	},
	Large: {
		bytes:     4 << 20,             // Go has 3.1 MB
		pages:     64 << 20 / pageSize, // 4 times the Small tier's: Go begins with 2.6 MB and collects when that doubles
		functions: 8192,                // Go has 2,034, in three quarters of the bytes
		code:      5 << 20 / 2,         // Go has 1.6 MB in 2.6; the compiler takes 1 us for a byte at worst, 2.5 s for all
		body:      48 << 10,            // Go has 29,238
		locals:    64,                  // Go has 18
		nest:      1024,                // Go has 549, as it resumes a function by one br_table
		product:   16384,               // Go has 6,534
		labels:    2048,                // Go has 896
		allLabels: 131072,              // 64 of the largest, 0.15 s; Go has 73,828, and 1.8 s is what 2.5 MiB of them take
		indirect:  16384,               // Go has 94; these take 0.3 s and, without this limit, 520,000 take 9.4 s and 340 MB
		charges:   128,                 // Go has 31
		work:      2 * 4096 * 4096,     // Go has 16,954,282 in 2.6 MB; these 33,554,432 take 2 s
		table:     65536,               // 512 KiB of pointers; Go has 6,221
		elements:  256,                 // Go has 1
		entries:   65536,               // Go has those of its table; these keep 7 MiB, and take 3 ms of an instance
		data:      65536,               // Go has 36,612; these take 12 ms
	},
}

// MaxPages is the most that the memory of a module of this tier may have, in pages of 64 KiB, at any time.
func (t Tier) MaxPages() uint32 { return tiers[t].pages }

// MaxBytes is the most that a module of this tier may have.
func (t Tier) MaxBytes() int { return tiers[t].bytes }
