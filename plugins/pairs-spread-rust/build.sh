#!/bin/sh
# Builds pairs_spread.wasm with Debian's packages rustc-web, cargo-web,
# rust-web-src and lld. With rustup, it is
#
#   rustup target add wasm32-unknown-unknown
#   RUSTFLAGS='-C link-arg=-zstack-size=65536' cargo build --release --target wasm32-unknown-unknown
#
# The stack would be 1 MiB, which the host puts back after each call.
set -eu
cd "$(dirname "$0")"
source=$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library
# Debian's packages have the source of the standard library, and cargo builds
# it: a feature that is called unstable. Paths are kept out of the module.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-C link-arg=-zstack-size=65536 --remap-path-prefix=$PWD=pairs_spread --remap-path-prefix=$(realpath ../../sdk/rust)=techanalysis --remap-path-prefix=$(realpath "$source")=library"
/usr/bin/cargo build --release --offline --quiet --target wasm32-unknown-unknown \
	--config 'build.rustc="/usr/bin/rustc"' \
	--config 'unstable.build-std=["std","panic_abort"]' \
	--config 'target.wasm32-unknown-unknown.linker="/usr/bin/wasm-ld"' \
	--config 'source.crates-io.replace-with="library"' \
	--config "source.library.directory=\"$(realpath "$source")/vendor\""
cp target/wasm32-unknown-unknown/release/pairs_spread.wasm .
