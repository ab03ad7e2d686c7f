#!/bin/sh
# tools/run.sh BRAID DATA: serves the demo city in development mode, loading it first when nobody is there yet.
set -eu
braid=$1
data=$2
"$braid" demo --data "$data" --if-empty
cat <<'TEXT'

Sign in as   abi (14, a writer)   deniz (15, a reader)   mr-okafor (a mentor)   sam-w (a moderator)
Password     harbour-lights-2026

TEXT
# The demo's moderator signs in with the password above alone; a site keeps the second step for staff.
exec "$braid" serve --data "$data" --development --set accounts.staff_second_factor=false
