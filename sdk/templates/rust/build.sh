#!/bin/sh
# Builds range_share.wasm; needs Rust with rustup target add wasm32-unknown-unknown.
set -eu
cd "$(dirname "$0")"
RUSTFLAGS='-C link-arg=-zstack-size=65536' cargo build --release --target wasm32-unknown-unknown
cp target/wasm32-unknown-unknown/release/range_share.wasm .
