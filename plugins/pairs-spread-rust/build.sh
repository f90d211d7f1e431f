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
# Cargo names symbols after the absolute path of the SDK, and beside the standard
# library the linker puts functions in the order of their names. So it is built
# in one place, wherever this folder is, and its bytes are always the same.
place=/tmp/pairs_spread.build
mkdir "$place" # fails while another builds there
trap 'rm -rf "$place"' EXIT
mkdir "$place/plugins" "$place/plugins/plugin" "$place/sdk"
cp -R Cargo.toml Cargo.lock src "$place/plugins/plugin"
cp -R ../../sdk/rust "$place/sdk"
# Debian's packages have the source of the standard library, and cargo builds
# it: a feature that is called unstable. Paths are kept out of the module.
export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$PWD/target"
export RUSTFLAGS="-C link-arg=-zstack-size=65536 --remap-path-prefix=$place/plugins/plugin=pairs_spread --remap-path-prefix=$place/sdk/rust=techanalysis --remap-path-prefix=$(realpath "$source")=library"
(cd "$place/plugins/plugin" && /usr/bin/cargo build --release --offline --quiet --target wasm32-unknown-unknown \
	--config 'build.rustc="/usr/bin/rustc"' \
	--config 'unstable.build-std=["std","panic_abort"]' \
	--config 'target.wasm32-unknown-unknown.linker="/usr/bin/wasm-ld"' \
	--config 'source.crates-io.replace-with="library"' \
	--config "source.library.directory=\"$(realpath "$source")/vendor\"")
cp target/wasm32-unknown-unknown/release/pairs_spread.wasm .
