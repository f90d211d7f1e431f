#!/bin/sh
# Builds range_share.wasm; needs Zig 0.17, by the name of zig or of $ZIG.
set -eu
cd "$(dirname "$0")"
"${ZIG:-zig}" build-exe -target wasm32-freestanding -fno-entry -rdynamic -O ReleaseFast -fstrip --stack 65536 \
	-femit-bin=range_share.wasm --dep ta -Mroot=range_share.zig -Mta=ta.zig
