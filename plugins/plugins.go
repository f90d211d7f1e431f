// Package plugins has the example plugins: each in a folder of its own, with
// its source, its compiled module and a README. This file puts one of them into
// the binary, for trying the service out.
package plugins

import _ "embed"

// KeltnerSqueeze is the compiled module of keltner-squeeze-assemblyscript.
//
//go:embed keltner-squeeze-assemblyscript/keltner_squeeze.wasm
var KeltnerSqueeze []byte

// UploadExample is the file of another example plugin, from the top of the
// repository.
const UploadExample = "plugins/trend-quality-go/trend_quality.wasm"
