#!/bin/sh
# Proves that the committed modules are what their sources say, and that what
# techanalysis plugin new makes can be built, passes, and can be uploaded.
#
#   sdk/rebuild.sh           tests the SDKs and the plugins, rebuilds every module
#                            of sdk/modules.txt in a temporary folder, compares.
#                            A compiler of the recorded version must give the
#                            same bytes, another one the same answers
#                            (go test ./sdk).
#   sdk/rebuild.sh --record  rebuilds them in place and writes sdk/modules.txt
#
# It needs Go and Node.js 20; npm brings the AssemblyScript compiler. Rust and
# clang come from Debian, installed if they are missing and this is root. Zig is
# that of $ZIG or PATH, else pip brings it.
set -eu
cd "$(dirname "$0")/.."
list=sdk/modules.txt

# The surroundings must not leak into a module.
unset GOEXPERIMENT GOFLAGS RUSTFLAGS
export GOWORK=off GOTOOLCHAIN=local

# compiler of the module in folder $1, as sdk/modules.txt names it
compiler() {
	if [ -f "$1/Cargo.toml" ]; then
		/usr/bin/rustc --version | cut -d' ' -f1-2
	elif [ -f "$1/package.json" ]; then
		echo "assemblyscript $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$1/node_modules/assemblyscript/package.json")"
	elif ls "$1"/*.zig >/dev/null 2>&1; then
		echo "zig $("$ZIG" version)"
	elif ls "$1"/*.c >/dev/null 2>&1; then
		clang --version | sed -n 's/.*clang version \([0-9.]*\).*/clang \1/p'
	else
		echo "go $(go env GOVERSION | sed 's/^go//')"
	fi
}

build() {
	echo "build $1"
	"$1/build.sh" >/dev/null
	chmod 644 "$1"/*.wasm # some linkers make a program of it
}

digest() { sha256sum "$1" | cut -d' ' -f1; }

modules() { grep -v '^#' "$list"; }

if ! { [ -x /usr/bin/cargo ] && [ -d /usr/src/rustc-*/library ] && [ -x /usr/bin/wasm-ld ] && [ -x /usr/bin/clang ]; }; then
	echo "install rustc-web, cargo-web, rust-web-src, clang and lld" >&2
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src clang lld >/dev/null
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

export ZIG="${ZIG-$(command -v zig)}" ZIG_GLOBAL_CACHE_DIR="$copy/zig-cache"
if [ -z "$ZIG" ]; then
	echo "download zig" >&2
	python3 -m pip install --quiet --disable-pip-version-check --target "$copy/zig" ziglang==0.17.1
	ZIG="$copy/zig/ziglang/zig"
fi

if [ "${1-}" = --record ]; then
	{
		echo '# Written by sdk/rebuild.sh --record: sha256, compiler, version, module. The sources are beside the module.'
		modules | while read -r _ _ _ module; do
			folder=$(dirname "$module")
			build "$folder" >&2
			echo "$(digest "$module") $(compiler "$folder") $module"
		done
	} >"$list.new"
	mv "$list.new" "$list"
	exit
fi

git ls-files -z sdk plugins | grep -zv '\.wasm$' | xargs -0 cp --parents -t "$copy"

echo "test the SDKs and the plugins"
(cd "$copy/sdk/go" && go vet ./... && go test ./...)
(cd "$copy/plugins/trend-quality-go" && go vet ./... && go test ./...)
(cd "$copy/plugins/momentum-strategy-go" && go vet ./... && go test ./...)
(cd "$copy/plugins/pairs-spread-rust" && /usr/bin/cargo test --offline --quiet)
"$copy/plugins/regime-filter-c/test.sh"
"$copy/plugins/volume-profile-score-zig/test.sh"
(cd "$copy/sdk/assemblyscript" && npm ci --silent && npm test --silent)
(cd "$copy/sdk/rust" && /usr/bin/cargo test --offline --quiet)
"$copy/sdk/c/test/test.sh"
"$copy/sdk/zig/test/test.sh"

failed=0
modules >"$copy/modules"
while read -r want name version module; do
	build "$copy/$(dirname "$module")"
	used=$(compiler "$copy/$(dirname "$module")")
	got=$(digest "$copy/$module")
	if [ "$got" = "$want" ]; then
		echo "same bytes: $module by $used"
	elif [ "$used" = "$name $version" ]; then
		echo "DIFFERENT: $module is $got by $used, but $want is recorded"
		failed=1
	else
		echo "other bytes: $module by $used, recorded by $name $version; its answers are compared"
	fi
	if [ "$(digest "$module")" != "$want" ]; then
		echo "DIFFERENT: $module is committed with a digest that is not the recorded one"
		failed=1
	fi
done <"$copy/modules"
[ "$failed" = 0 ]

echo "build what plugin new makes"
# Debian's Rust builds the library of the target from its source; rustup's has it.
mkdir "$copy/cargo" "$copy/new"
cat >"$copy/cargo/config.toml" <<END
[build]
rustc = "/usr/bin/rustc"
[unstable]
build-std = ["core"]
[target.wasm32-unknown-unknown]
linker = "/usr/bin/wasm-ld"
[source.crates-io]
replace-with = "library"
[source.library]
directory = "$(realpath "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library")/vendor"
END
go build -o "$copy/techanalysis" ./cmd/techanalysis
"$copy/techanalysis" serve --addr 127.0.0.1:0 --admin-addr 127.0.0.1:0 --data-dir "$copy/data" 2>"$copy/log" &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$copy"' EXIT
address=
while [ -z "$address" ]; do
	kill -0 $server || { cat "$copy/log" >&2; exit 1; }
	sleep 0.1
	address=$(sed -n 's/.*"msg":"ready".*"addr":"\([^"]*\)".*/\1/p' "$copy/log")
done
for language in go rust assemblyscript c zig; do
	(
		if [ "$language" = rust ]; then
			export PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 CARGO_HOME="$copy/cargo" CARGO_NET_OFFLINE=true
		fi
		export PATH="$copy:$PATH" SERVER="http://$address"
		cd "$copy/new"
		techanalysis plugin new "depth_$language" --lang "$language" >/dev/null
		cd "depth_$language"
		# What its README says, as it says it, but for where the service is.
		sed -n '/^```sh$/,/^```$/p' README.md | grep -v '^```' | sed "s/localhost:8000/$address/; s/^curl/curl -sSf/" >"$copy/commands"
		sh -eu "$copy/commands" >"$copy/said" || { cat "$copy/said" >&2; exit 1; }
		grep -q '"share":\[50,100\]' "$copy/said" || { cat "$copy/said" >&2; exit 1; }
	)
	echo "passes, is uploaded and answers: a new plugin in $language"
done

echo "compare the answers of the rebuilt modules"
GUESTS_DIR="$copy" go test -count=1 ./sdk
