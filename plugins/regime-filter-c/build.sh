#!/bin/sh
# Builds regime_filter.wasm with clang and wasm-ld, which Debian has in the
# packages clang and lld.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -std=c11 -Wall -Wextra -Werror -O3 -ffreestanding -fno-math-errno -mbulk-memory -nostdlib \
	-Wl,--no-entry,--stack-first,--strip-all -I ../../sdk/c -o regime_filter.wasm regime_filter.c
