package wasmtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// Ten are ten modules by the names of their plugins: two of them were made by
// Go, five by other compilers of SDKs, and three are of a few bytes. root is the
// folder of the project.
func Ten(t testing.TB, root string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"keltner_squeeze": plugins.KeltnerSqueeze}
	for name, file := range map[string]string{
		"trend_quality":       plugins.UploadExample,
		"core_go":             "sdk/testdata/core-go/core_go.wasm",
		"core_rust":           "sdk/testdata/core-rust/core_rust.wasm",
		"core_c":              "sdk/testdata/core-c/core_c.wasm",
		"core_zig":            "sdk/testdata/core-zig/core_zig.wasm",
		"core_assemblyscript": "sdk/testdata/core-assemblyscript/core_assemblyscript.wasm",
	} {
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
	}
	for i := len(all); i < 10; i++ {
		name := fmt.Sprintf("mean_%d", i)
		all[name] = Guest{Name: name}.Build()
	}
	return all
}
