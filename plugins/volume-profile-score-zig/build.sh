#!/bin/sh
# Builds volume_profile_score.wasm with Zig 0.17, by the name of zig or of $ZIG.
set -eu
cd "$(dirname "$0")"
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
"${ZIG:-zig}" build-exe -target wasm32-freestanding -fno-entry -rdynamic -O ReleaseFast -fstrip --stack 65536 \
	--cache-dir "$cache" -femit-bin=volume_profile_score.wasm \
	--dep ta -Mroot=volume_profile_score.zig -Mta=../../sdk/zig/ta.zig
