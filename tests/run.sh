#!/bin/bash
# tests/run.sh: every test, and at the end one line "N passed, N failed". Goes on after failures. What each runner said is in
# build/test-logs. `tests/run.sh NAME…` runs only the runners whose name holds one of the words.
set -u
cd "$(dirname "$0")/.."
build=build/release
logs=build/test-logs
jobs=$(nproc)
passed=0
failed=0
failures=()
mkdir -p "$logs"

wanted() {
    [ ${#words[@]} -eq 0 ] && return 0
    for word in "${words[@]}"; do [[ $1 == *"$word"* ]] && return 0; done
    return 1
}
# report NAME PASSED FAILED SECONDS: one line for a runner.
report() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    printf '%-24s %5d passed, %3d failed  %4d s\n' "$1" "$2" "$3" "$4"
    if [ "$3" -ne 0 ]; then
        failures+=("$1")
        grep -E '^\[  FAILED  \]|Failure$|^not ok|^✖|ERROR: |error: |FAILED:' "$logs/$1.log" | head -n 20 | sed 's/^/    /'
        echo "    all of it: $logs/$1.log"
    fi
}
number() { local n; n=$(grep -oE "$1" "$2" | tail -n 1 | grep -oE '[0-9]+' | head -n 1); echo "${n:-0}"; }

run_gtest() {
    local name=$1 start=$SECONDS
    shift
    timeout 900 "$@" --gtest_color=no >"$logs/$name.log" 2>&1
    local status=$? ok bad
    ok=$(number '\[  PASSED  \] [0-9]+ test' "$logs/$name.log")
    bad=$(number '^ *[0-9]+ FAILED TEST' "$logs/$name.log")
    [ $status -ne 0 ] && [ "$bad" -eq 0 ] && bad=1 && echo "FAILED: $name ended with status $status" >>"$logs/$name.log"
    report "$name" "$ok" "$bad" $((SECONDS - start))
}
# A runner whose last line is "N passed, N failed".
run_counted() {
    local name=$1 start=$SECONDS
    shift
    timeout 3000 "$@" >"$logs/$name.log" 2>&1
    local status=$? ok bad
    ok=$(number '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log")
    bad=$(grep -oE '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log" | tail -n 1 | grep -oE '[0-9]+' | tail -n 1)
    bad=${bad:-0}
    [ $status -ne 0 ] && [ "$bad" -eq 0 ] && bad=1 && echo "FAILED: $name ended with status $status" >>"$logs/$name.log"
    report "$name" "$ok" "$bad" $((SECONDS - start))
    grep '^passed only the second time' "$logs/$name.log" | sed 's/^/    /'
}

# The part inside with_postgres: one private PostgreSQL for all (BRAID_TEST_POSTGRES).
inner() {
    for program in "$build"/*_test; do
        [ -x "$program" ] || continue
        name=$(basename "$program")
        wanted "$name" && run_gtest "$name" "$program"
    done
    if wanted browser && [ -f tests/browser/run.mjs ]; then
        run_counted browser node tests/browser/run.mjs
    fi
    # sqlmap and wapiti against a demo city: ATTACK_SECONDS for a longer round.
    if wanted attack; then run_counted attack node tests/browser/run.mjs --in attack; fi
}

if [ "${1-}" = --inner ]; then
    shift
    words=("$@")
    inner
    echo "inner $passed $failed ${failures[*]-}"
    exit 0
fi
words=("$@")

start=$SECONDS
if ! { [ -f $build/build.ninja ] || cmake --preset release ${CMAKE_FLAGS-} >"$logs/configure.log" 2>&1; } ||
    ! cmake --build $build -j "$jobs" >"$logs/build.log" 2>&1; then
    # What does build is tested all the same.
    cmake --build $build -j "$jobs" -- -k 0 >"$logs/build.log" 2>&1
    failed=$((failed + 1))
    failures+=(build)
    grep -E 'error|CMake Error' "$logs/build.log" "$logs/configure.log" 2>/dev/null | head -n 20
fi
echo "built in $((SECONDS - start)) s"

if [ -f tests/browser/package.json ] && wanted browser; then
    # npm ci only when the lock file has changed since the last time.
    stamp=tests/browser/node_modules/.lock-stamp
    if ! cmp -s tests/browser/package-lock.json "$stamp"; then
        (cd tests/browser && npm ci --no-audit --no-fund) >"$logs/npm.log" 2>&1 && cp tests/browser/package-lock.json "$stamp" ||
            { failed=$((failed + 1)); failures+=("npm ci"); tail -n 5 "$logs/npm.log"; }
    fi
fi

summary=$logs/summary
: >"$summary"
if [ -x $build/with_postgres ]; then
    $build/with_postgres "$0" --inner ${words[@]+"${words[@]}"} | tee "$summary" | grep -v '^inner '
else
    "$0" --inner ${words[@]+"${words[@]}"} | tee "$summary" | grep -v '^inner '
fi
read -r _ ok bad names < <(grep '^inner ' "$summary" | tail -n 1) || { ok=0; bad=1; names="the run broke off"; }
passed=$((passed + ok))
failed=$((failed + bad))
[ -n "${names-}" ] && failures+=("$names")

if wanted rules && [ -x tools/check_test.sh ]; then run_counted rules tools/check_test.sh; fi

# Fuzzers: a short run from their seeds, so that a bug found before does not come back.
fuzz=build/fuzz
if wanted fuzz && command -v clang++-14 >/dev/null; then
    start=$SECONDS
    targets=$(find src tools -name '*_fuzz.cpp' -exec basename {} .cpp \; | sort)
    if { [ -f $fuzz/build.ninja ] || cmake --preset fuzz >"$logs/fuzz-build.log" 2>&1; } &&
        cmake --build $fuzz -j "$jobs" --target $targets >>"$logs/fuzz-build.log" 2>&1; then
        for target in $targets; do
            begin=$SECONDS
            seeds=$(find src tools -type d -path "*fuzz_seeds/${target%_fuzz}" | head -n 1)
            mkdir -p "$fuzz/corpus/$target"
            if (cd $fuzz && timeout 120 "./$target" -max_total_time="${BRAID_FUZZ_SECONDS-10}" -timeout=5 -rss_limit_mb=2048 -print_final_stats=0 \
                "corpus/$target" ${seeds:+"$OLDPWD/$seeds"}) >"$logs/$target.log" 2>&1; then
                report "$target" 1 0 $((SECONDS - begin))
            else
                report "$target" 0 1 $((SECONDS - begin))
            fi
        done
    else
        : >"$logs/fuzz-build.log.shown"
        failed=$((failed + 1))
        failures+=("fuzz build")
        grep -E 'error' "$logs/fuzz-build.log" | head -n 10
    fi
fi

[ ${#failures[@]} -gt 0 ] && echo "failed: ${failures[*]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
