#!/bin/sh
# bench/run.sh [--quick]: builds what measures and measures; see bench/run.mjs.
set -eu
cd "$(dirname "$0")/.."
cmake --build build/release -j "${JOBS:-$(nproc)}" --target load live sql_bench argon2 search_bench
exec node bench/run.mjs "$@"
