#!/bin/sh
# Builds range_share.wasm; needs clang and its linker for WebAssembly, on Debian
# the packages clang and lld.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -std=c11 -Wall -Wextra -O3 -ffreestanding -fno-math-errno -mbulk-memory -nostdlib \
	-Wl,--no-entry,--stack-first,--strip-all -o range_share.wasm range_share.c
