#!/bin/sh
# Builds stream_assemblyscript.wasm; needs Node.js 20 or later.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund
npm run build
