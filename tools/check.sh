#!/bin/bash
# tools/check.sh [--all]: format, naming and bug patterns, who includes whom. clang-tidy looks at what differs from the last landed version
# (origin/main, main or the commit before), with --all at everything.
set -u
cd "$(dirname "$0")/.."
status=0
build=build/release
mkdir -p build
say() { printf '%-10s %s\n' "$1" "$2"; }

mapfile -t sources < <(git ls-files -co --exclude-standard -- 'app/*.cpp' 'app/*.h' 'src/*.cpp' 'src/*.h' 'tools/*.cpp' 'tools/*.h' 'tests/*.cpp' 'tests/*.h' 'bench/*.cpp' | while read -r f; do [ -f "$f" ] && echo "$f"; done)

if printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 40 clang-format-14 --dry-run -Werror >build/format.log 2>&1; then
    say format "${#sources[@]} files"
else
    status=1
    say format "not in the house format (make format mends it):"
    grep -oE '^[^:]+:[0-9]+' build/format.log | cut -d: -f1 | sort | uniq -c | sed 's/^/   /'
fi

[ -f $build/build.ninja ] || cmake --preset release ${CMAKE_FLAGS-} >build/configure.log 2>&1 || { tail -n 20 build/configure.log; exit 1; }
cmake --build $build --target deps >build/deps.log 2>&1 || { tail -n 20 build/deps.log; exit 1; }
if $build/deps . >build/deps.txt; then say includes "as tools/deps.toml says"; else status=1; say includes "breaches:"; fi
sed 's/^/    /' build/deps.txt

base=""
for candidate in origin/main main HEAD~1; do
    if git rev-parse -q --verify "$candidate" >/dev/null && [ "$(git rev-parse "$candidate")" != "$(git rev-parse HEAD)" ]; then
        base=$(git merge-base "$candidate" HEAD) && break
    fi
done
if [ "${1-}" = --all ] || [ -z "$base" ]; then
    tidy=("${sources[@]}")
else
    mapfile -t tidy < <({ git diff --name-only "$base" -- '*.cpp'; git ls-files -o --exclude-standard -- '*.cpp'; } | sort -u)
fi
known=()
for file in ${tidy[@]+"${tidy[@]}"}; do
    [ -f "$file" ] && [[ $file == *.cpp ]] && grep -q "\"file\": \"$PWD/$file\"" $build/compile_commands.json && known+=("$file")
done
if [ ${#known[@]} -gt 0 ]; then
    # What the build generates must be there to be included.
    cmake --build $build -j "$(nproc)" >build/tidy-build.log 2>&1 || true
    start=$SECONDS
    if printf '%s\n' "${known[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-14 --quiet -p $build >build/tidy.log 2>/dev/null; then
        say tidy "${#known[@]} files in $((SECONDS - start)) s"
    else
        status=1
        say tidy "${#known[@]} files:"
        grep -E ' (error|warning): ' build/tidy.log | sed "s|$PWD/||; s/^/    /" | sort -u | head -n 60
    fi
else
    say tidy "nothing changed"
fi
exit $status
