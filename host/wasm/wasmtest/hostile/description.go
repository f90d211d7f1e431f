package hostile

import (
	"fmt"
	"strings"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// changed is the description of the default guest with something changed.
func changed(old, new string) string {
	d := wt.Describe("bad", "1.0.0")
	if !strings.Contains(d, old) {
		panic("no " + old + " in " + d)
	}
	return strings.Replace(d, old, new, 1)
}

// Descriptions has modules whose ta_describe or ta_alloc does not do what it
// should.
func Descriptions() []Module {
	const lies, long, text, outside = "a Spec that lies", "a Spec of 10 MB", "a Spec that is not UTF-8", "out-of-bounds result pointers"
	check := func(item, name, what, says string, g wt.Guest) Module {
		return Module{Item: item, Name: name, Bytes: guest(g), By: Check, What: what, Says: says}
	}
	described := func(item, name, says, description string) Module {
		return check(item, name, "description", says, wt.Guest{Description: description})
	}
	pointer := func(at, length int64) []byte { return wt.Long(at<<32 | length) }
	huge := guest(wt.Guest{Pages: 200, Description: strings.Repeat(" ", 10<<20) + wt.Describe("bad", "1.0.0")})
	return []Module{
		tooMany(long, "a description of 10 MB", "size", uint64(len(huge)), 4<<20, huge),
		check(long, "a description of 10 MB of nothing", "description", "10485760 bytes, at most 65536", wt.Guest{Pages: 200, Describe: pointer(0, 10<<20)}),
		check(long, "a description of 64 KiB and a byte", "description", "65537 bytes", wt.Guest{Pages: 8, Describe: pointer(0, 64<<10+1)}),
		check(long, "a description of 4 GiB", "description", "at most", wt.Guest{Describe: wt.Long(-1)}),
		check(outside, "a description over the end of the memory", "description", "memory has", wt.Guest{Describe: pointer(65_000, 1_000)}),
		check(outside, "a description at the end of 4 GiB", "description", "memory has", wt.Guest{Describe: pointer(0xffff_ffff, 0xffff)}),
		check("", "a description of nothing", "description", "ends too early", wt.Guest{Describe: pointer(0, 0)}),
		check("", "a description that is cut off", "description", "ends too early", wt.Guest{Describe: pointer(0, 50)}),
		check("", "a description that loops", "out-of-gas", "ta_describe", wt.Guest{Describe: wt.Code(wt.Loop(), wt.Long(0))}),
		check("", "a description that traps", "trap", "unreachable", wt.Guest{Describe: wt.Trap()}),
		described("", "a description that is garbage", "", "\x01\x02\x03"),
		described(text, "a title that is not UTF-8", "UTF-8", changed("A test", "A \xff test")),
		described(text, "a name that is not UTF-8", "UTF-8", changed(`"bad"`, "\"b\xc0\xafd\"")),
		described("", "a description and another", "follows", changed("}", "}")+"{}"),
		described("", "a field that is misspelt", "titel", changed(`"title"`, `"titel"`)),
		described("", "a field of a parameter that is misspelt", "intger", changed(`"integer"`, `"intger"`)),
		described("", "a name with a space", "name", changed(`"bad"`, `"Bad Name"`)),
		described("", "a version of two numbers", "version", changed(`1.0.0`, `1.0`)),
		described(lies, "a warm-up that is no formula", "position 8", changed(`"warmup":1`, `"warmup":"period +"`)),
		described(lies, "a warm-up of a parameter that is not there", "length", changed(`"warmup":1`, `"warmup":"length"`)),
		described(lies, "a warm-up that is missing", "warmup is missing", changed(`,"warmup":1`, ``)),
		described(lies, "no outputs", "outputs", changed(`{"name":"mean","unit":"none"}`, ``)),
		{Item: "a Spec that claims a native's name", Name: "the name of sma", Bytes: wt.Guest{Name: "sma"}.Build(), By: Library, What: "name", Says: "native"},

		check("", "no room", "memory", "no room", wt.Guest{Alloc: wt.Int(0)}),
		check("", "room that is not found by a trap", "trap", "ta_alloc", wt.Guest{Alloc: wt.Trap()}),
		check("misaligned result pointers", "room at an odd address", "bad-output", "multiple of 8", wt.Guest{Alloc: wt.Int(32_001)}),
		check("misaligned result pointers", "room at an address of 4", "bad-output", "multiple of 8", wt.Guest{Alloc: wt.Int(32_004)}),
		check(outside, "room over the end of the memory", "bad-output", "memory has", wt.Guest{Alloc: wt.Int(64_000)}),
		check(outside, "room at the end of 4 GiB", "bad-output", "memory has", wt.Guest{Alloc: wt.Int(-8)}),
	}
}

// String names a module in a test's output.
func (m Module) String() string { return fmt.Sprintf("%s (%d bytes)", m.Name, len(m.Bytes)) }
