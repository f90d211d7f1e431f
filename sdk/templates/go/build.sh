#!/bin/sh
# Builds range_share.wasm; needs Go 1.26.
set -eu
cd "$(dirname "$0")"
GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w' -o range_share.wasm .
