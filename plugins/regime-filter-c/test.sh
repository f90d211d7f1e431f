#!/bin/sh
# Tries regime.h on the machine at hand, with clang.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
clang -std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -fsanitize=undefined -fsanitize-trap=all -o "$made/test" regime_test.c
"$made/test"
