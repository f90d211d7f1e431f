#!/bin/sh
# Runs the tests on the machine at hand, with Zig 0.17 by the name of zig or of
# $ZIG.
set -eu
cd "$(dirname "$0")"
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
"${ZIG:-zig}" fmt --check . >&2
"${ZIG:-zig}" test --cache-dir "$cache" --dep ta -Mroot=volume_profile_score.zig -Mta=../../sdk/zig/ta.zig
