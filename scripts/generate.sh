#!/usr/bin/env bash
# Generates gen/ from protos/. With --check: fails when gen/ differs from what would be generated.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
out=gen
if [ "${1:-}" = "--check" ]; then out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; else rm -rf gen; mkdir gen; fi
PATH="$(cd "$(dirname "$python")" && pwd):$PATH" "$python" -m grpc_tools.protoc -I protos \
  --python_out="$out" --grpc_python_out="$out" --mypy_out="quiet:$out" --mypy_grpc_out="quiet:$out" \
  $(find protos -name '*.proto' | LC_ALL=C sort)
find "$out/interview" -type d -exec touch {}/__init__.py \;
if [ "$out" != gen ]; then
  diff -r --exclude=__pycache__ gen "$out" || { echo "gen/ differs from protos/: run 'make generate' and commit." >&2; exit 1; }
fi
