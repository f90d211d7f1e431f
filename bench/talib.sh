#!/bin/sh
# Fetches TA-Lib's C library, as its Python wheel has it, into a new temporary
# folder and prints the library's path:
#
#   TALIB_LIBRARY=$(./talib.sh) go run .
set -eu

dir=$(mktemp -d)
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$dir" ta-lib==0.8.2 >&2
python3 -m zipfile -e "$dir"/ta_lib-*.whl "$dir"
for library in "$dir"/ta_lib.libs/libta-lib*; do
	if [ -f "$library" ]; then
		echo "$library"
		exit 0
	fi
done
echo "the wheel has no shared library for this system" >&2
exit 1
