#!/bin/bash
# Every rule of tools/deps, of the format and of the naming against a sample that breaks it, and one that keeps it. Ends with "N passed, N failed".
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
deps=$root/build/release/deps
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/tools" "$work/tree/src/"{base,platform/{http,sql,log,jobs},access,shell,identity/accounts,interests/{works,feedback}} "$work/tree/app"
    cp "$root/tools/deps.toml" "$work/tree/tools/"
    echo '#pragma once' >"$work/tree/src/interests/works/api.h"
    echo '#pragma once' >"$work/tree/src/interests/works/events.h"
    echo '#pragma once' >"$work/tree/src/interests/works/store.h"
}
# file PATH LINE…
file() { local path=$work/tree/$1; shift; printf '%s\n' "$@" >"$path"; }
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $1"; }
refused() {
    local out
    if out=$("$deps" "$work/tree"); then bad "$1: not noticed"; elif grep -qF -- "$2" <<<"$out"; then ok; else bad "$1: said $out"; fi
}
accepted() {
    local out
    if out=$("$deps" "$work/tree"); then ok; else bad "$1: $out"; fi
}

fresh; accepted "an empty house"
fresh; file src/base/a.cpp '#include "platform/sql/sql.h"'; refused "base above itself" "base is below platform"
fresh; file src/platform/sql/a.cpp '#include "interests/works/api.h"'; refused "platform knows a feature" "platform is below interests"
fresh; file src/identity/accounts/a.cpp '#include "interests/works/api.h"'; refused "identity knows a feature" "identity is below interests"
fresh; file src/shell/a.html '{% include "identity/accounts/api.h" %}'; refused "a template above itself" "shell is below identity"
fresh; file src/interests/works/a.cpp '#include "interests/feedback/api.h"'; refused "a feature off the list" "may not use interests/feedback"
fresh; file src/interests/feedback/a.cpp '#include "interests/works/api.h"' '#include "interests/works/events.h"'; accepted "a feature on the list"
fresh; file src/interests/feedback/a.cpp '#include "interests/works/store.h"'; refused "the inside of another" "is inside interests/works"
fresh; file src/platform/log/a.cpp '#include "platform/jobs/jobs.h"'; refused "machinery off the list" "log may not use jobs"
fresh; file src/interests/works/a.cpp '#include <sqlite3.h>'; refused "a driver outside" "sqlite3.h is hidden in src/platform/sql"
fresh; file src/interests/works/a.cpp '#include <libpq-fe.h>'; refused "the other driver outside" "libpq-fe.h is hidden"
fresh; file src/platform/sql/a.cpp '#include <sqlite3.h>'; accepted "a driver at home"
fresh; file src/shell/a.cpp '#include <boost/asio.hpp>'; refused "the network outside" "boost/asio.hpp is hidden"
fresh; file src/platform/http/a.h '#include <boost/beast.hpp>'; file src/shell/a.cpp '#include "platform/http/a.h"'; refused "the library in a public header" "in a header that others include"
fresh; file src/base/a.h 'using namespace std;'; refused "using namespace in a header" "using namespace"
fresh; file src/base/a.cpp 'using namespace std;'; accepted "using namespace in a source"
fresh; sed -i 's|^"interests/works" = .*|"interests/works" = ["interests/feedback"]|' "$work/tree/tools/deps.toml"; refused "a circle" "goes in a circle"
fresh; seq 900 | sed 's|^|// |' >"$work/tree/src/base/long.cpp"; "$deps" "$work/tree" | grep -q "900 lines" && ok || bad "a long file is not mentioned"
fresh; file app/a.cpp '#include "interests/works/store.h"'; accepted "app sees all"

cp "$root/.clang-format" "$root/.clang-tidy" "$work/"
echo 'int  main( ){return 0 ;}' >"$work/ugly.cpp"
if command -v clang-format-14 >/dev/null; then
    clang-format-14 --dry-run -Werror "$work/ugly.cpp" 2>/dev/null && bad "format: ugly passes" || ok
fi
if command -v clang-tidy-14 >/dev/null; then
    tidy() { clang-tidy-14 --quiet "$work/$1.cpp" -- -std=c++20 2>/dev/null; }
    echo 'int BadName() { return 1; }' >"$work/function.cpp"; tidy function | grep -q identifier-naming && ok || bad "tidy: a function in PascalCase passes"
    echo 'struct bad_name { int x; };' >"$work/type.cpp"; tidy type | grep -q identifier-naming && ok || bad "tidy: a type in snake_case passes"
    echo 'class Good { int bare = 0; public: int get() const { return bare; } };' >"$work/member.cpp"; tidy member | grep -q identifier-naming && ok || bad "tidy: a member without _ passes"
    printf '#include <string>\nstd::string f(std::string s) { std::string t = std::move(s); return s + t; }\n' >"$work/moved.cpp"; tidy moved | grep -q use-after-move && ok || bad "tidy: use after move passes"
    echo 'class Good { int value_ = 0; public: int get() const { return value_; } };' >"$work/good.cpp"; tidy good | grep -q error && bad "tidy: good code is refused" || ok
fi

# setup.sh says nothing and asks no network when all is there.
mkdir -p "$work/bin"
printf '#!/bin/sh\necho "ii "\n' >"$work/bin/dpkg-query"
printf '#!/bin/sh\necho called >&2; exit 9\n' >"$work/bin/apt-get"
cp "$work/bin/apt-get" "$work/bin/sudo"
chmod +x "$work/bin/"*
out=$(PATH="$work/bin:$PATH" "$root/tools/setup.sh" build test 2>&1) && [ -z "$out" ] && ok || bad "setup: $out"
printf '#!/bin/sh\ncase "$3" in cmake) exit 1 ;; *) echo "ii " ;; esac\n' >"$work/bin/dpkg-query"
printf '#!/bin/sh\necho "$@" >>%s/asked\n' "$work" >"$work/bin/apt-get"
printf '#!/bin/sh\n"$@"\n' >"$work/bin/sudo"
printf '#!/bin/sh\nexit 0\n' >"$work/bin/apt-cache"
chmod +x "$work/bin/"*
PATH="$work/bin:$PATH" "$root/tools/setup.sh" build >/dev/null 2>&1
[ "$(cat "$work/asked" 2>/dev/null)" = "install -y --no-install-recommends cmake" ] && ok || bad "setup: asked for $(cat "$work/asked" 2>/dev/null)"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
