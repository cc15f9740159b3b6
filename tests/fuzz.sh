#!/usr/bin/env bash
# Fuzzes every reader of files from others. Usage: tests/fuzz.sh [--seconds N] [--seed N] [--findings DIR] [target ...]
# The engine's assembly is instrumented with the tool sharpfuzz, so that inputs which reach new code are kept; without the
# tool (it comes from NuGet) inputs are changed blindly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=tests/Mnn.Quantize.Fuzz
dotnet build "$project" -c Release -v q -nologo
built=$project/bin/Release/net10.0
out=$project/bin/fuzz
rm -rf "$out" && cp -r "$built" "$out"
tools=$project/bin/tools
if [ -x "$tools/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$tools" > /dev/null; then
  for assembly in Mnn.Quantize.Core mnn-quantize; do
    "$tools/sharpfuzz" "$out/$assembly.dll" > /dev/null || echo "$assembly is not instrumented."
  done
else
  echo "sharpfuzz can't be installed: no coverage."
fi
exec dotnet "$out/Mnn.Quantize.Fuzz.dll" "$@"
