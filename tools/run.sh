#!/bin/sh
# tools/run.sh BRAID DATA: serves the demo city, loading it first when the database is empty.
set -eu
braid=$1
data=$2
"$braid" demo --data "$data" --if-empty
exec "$braid" serve --data "$data" --development
