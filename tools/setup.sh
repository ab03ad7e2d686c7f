#!/bin/sh
# tools/setup.sh build|test|check|bench …: installs the Debian packages of packages.txt that are needed for this and missing.
# Says nothing and asks no network when all are there.
set -eu
cd "$(dirname "$0")/.."

wanted=""
for purpose in "$@"; do
    wanted="$wanted $(awk -v purpose="$purpose" '!/^#/ && $2 == purpose {print $1}' packages.txt)"
done

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
    [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 18 ]; then
    wanted=$(printf '%s\n' $wanted | grep -v -x -e nodejs -e npm || true)
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian: install what packages.txt names by other means." >&2
    exit 0
fi

missing=""
for package in $wanted; do
    case "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)" in
        ii*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "These packages are missing and only root can install them:$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# The lists may be absent or old: fetch them when the packages are not known, or when their files have moved on.
install() { $as_root apt-get install -y --no-install-recommends $missing; }
if ! apt-cache show $missing >/dev/null 2>&1; then $as_root apt-get update; fi
install || { $as_root apt-get update && install; }
