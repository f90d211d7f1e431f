#!/bin/sh
# Builds stream_go.wasm; needs Go 1.26 or later.
set -eu
cd "$(dirname "$0")"
GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -buildvcs=false \
	-ldflags='-s -w -buildid=' -o stream_go.wasm .
