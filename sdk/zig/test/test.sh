#!/bin/sh
# Tries the Zig SDK; needs Zig 0.17, by the name of zig or of $ZIG, and Node.js 20.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
zig() {
	command=$1
	shift
	"${ZIG:-zig}" "$command" --cache-dir "$made" --dep ta "$@" -Mta=../ta.zig
}
compile() {
	zig build-exe -target wasm32-freestanding -fno-entry -rdynamic -fstrip --stack 65536 -femit-bin="$made/fixture.wasm" "$@"
}
"${ZIG:-zig}" fmt --check .. >&2
for mode in Debug ReleaseSafe ReleaseFast ReleaseSmall; do
	compile -O "$mode" -Mroot=fixture.zig
	FIXTURE="$made/fixture.wasm" node --test ../../testdata/fixture/fixture.test.js
done

zig test -Mroot=fixture.zig

# refuse EXPRESSION WORDS: the compiler refuses the expression, with those words.
refuse() {
	sed "s/call\.chosen(\.kind, \.ema)/$1/" fixture.zig >"$made/wrong.zig"
	if compile -Mroot="$made/wrong.zig" 2>"$made/said" || ! grep -q "error: $2" "$made/said"; then
		echo "$1 is not refused with: $2" >&2
		cat "$made/said" >&2
		exit 1
	fi
}
refuse 'call.input(.low)[0] > 0' 'fixture has no input low'
refuse 'call.output(.total)[0] > 0' 'the Spec has no output total'
refuse 'call.param(.o) > 0' 'the Spec has no parameter o'
refuse 'call.count(.n) > 0' 'n is no integer from 0 on'
refuse 'call.count(.k) > 0' 'k is no integer from 0 on'
refuse 'call.chosen(.kind, .wma)' 'kind has no choice wma'
