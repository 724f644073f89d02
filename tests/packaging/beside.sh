#!/bin/sh
# Runs a command beside others: beside.sh NAME LOG COMMAND...
# Its output goes to LOG and is printed when the command has ended: the last lines, or all of it after a failure.
set -u

name=$1 log=$2
shift 2
"$@" >"$log" 2>&1
status=$?
if [ "$status" = 0 ]; then
    printf '\n== %s: passed\n%s\n' "$name" "$(tail -n 6 "$log")"
else
    printf '\n== %s: FAILED\n%s\n' "$name" "$(cat "$log")"
fi
exit "$status"
