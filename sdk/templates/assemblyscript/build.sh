#!/bin/sh
# Builds range_share.wasm; needs Node.js 20.
set -eu
cd "$(dirname "$0")"
npm install --install-links --no-audit --no-fund
npx techanalysis-asc range_share.ts -o range_share.wasm
