#!/bin/sh
# Builds core.wasm with clang and wasm-ld, as sdk/testdata/core-c is built.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -std=c11 -Wall -Wextra -Werror -O3 -ffreestanding -fno-math-errno -mbulk-memory -nostdlib \
	-Wl,--no-entry,--stack-first,--strip-all -I ../../sdk/c -o core.wasm core.c
