#!/bin/sh
# Tries the C SDK; needs clang, wasm-ld and Node.js 20.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
compile() {
	clang --target=wasm32 -std=c11 -Wall -Wextra -Wpedantic -Werror -ffreestanding -fno-math-errno -mbulk-memory -nostdlib \
		-Wl,--no-entry,--stack-first,--strip-all -I .. "$@"
}
for level in -O0 -O3; do
	compile "$level" -o "$made/fixture.wasm" fixture.c
	FIXTURE="$made/fixture.wasm" node --test ../../testdata/fixture/fixture.test.js
done

# Several files of one module may include the header, and so may a C file of the machine at hand.
echo '#include "ta.h"
double half(double v) { return ta_sqrt(v) / 2; }' >"$made/half.c"
compile -O3 -o "$made/two.wasm" fixture.c "$made/half.c"
clang -std=c11 -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable -Werror -fsyntax-only -I .. fixture.c

# A name that the spec lacks is not a plugin.
sed 's/ta_out(call, SUM)/ta_out(call, TOTAL)/' fixture.c >"$made/wrong.c"
if compile -o "$made/wrong.wasm" "$made/wrong.c" 2>"$made/said" || ! grep -q "undeclared identifier 'TOTAL'" "$made/said"; then
	echo "an output that is not declared is compiled:" >&2
	cat "$made/said" >&2
	exit 1
fi
