#!/usr/bin/env bash
# Runs a command and says how long it took: scripts/timed.sh NAME COMMAND ...
set -uo pipefail
name=$1 started=$(date +%s%N)
shift
"$@" || exit
tenths=$((($(date +%s%N) - started) / 100000000))
echo "$name: $((tenths / 10)).$((tenths % 10)) s"
