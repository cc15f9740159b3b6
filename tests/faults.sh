#!/usr/bin/env bash
# Faults: kill -9 at random moments, a full disk, no permission. Afterwards the output is the old one or the complete new one.
# Usage: tests/faults.sh [KILLS, 100 if not given]. The full disk needs the right to mount, else it is left out.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kills=${1:-100}
dotnet build src/Mnn.Quantize.Cli -c Release -v q -nologo > /dev/null || exit 1
command=(dotnet "$PWD/src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll")
work=$(mktemp -d)
trap 'umount "$work/small" 2> /dev/null; rm -rf "$work"' EXIT
cp tests/assets/models/lenet5/model.mnn "$work/net.mnn"
mkdir "$work/pictures" && (cd "$work/pictures" && unzip -qj "$OLDPWD/tests/assets/fashion.zip" 'fashion28/00*.png' 2> /dev/null || unzip -qj "$OLDPWD/tests/assets/fashion.zip" 'fashion28/*')
echo '{ "format": "GRAY", "mean": [72.93], "normal": [0.0111], "path": "pictures" }' > "$work/a.json"
echo '{ "format": "GRAY", "mean": [72.93], "normal": [0.0111], "path": "pictures", "feature_quantize_method": "ADMM" }' > "$work/b.json"

"${command[@]}" quantize "$work/net.mnn" "$work/a.mnn" "$work/a.json" --quiet 2> /dev/null || { echo "quantize fails"; exit 1; }
"${command[@]}" quantize "$work/net.mnn" "$work/b.mnn" "$work/b.json" --quiet 2> /dev/null
bad=0; old=0; new=0
cp "$work/a.mnn" "$work/out.mnn"
for ((i = 0; i < kills; i++)); do
  cp "$work/a.mnn" "$work/out.mnn"
  "${command[@]}" quantize "$work/net.mnn" "$work/out.mnn" "$work/b.json" --quiet > /dev/null 2>&1 &
  pid=$!
  sleep "0.$(printf '%03d' $((RANDOM % 1000)))"
  kill -9 $pid 2> /dev/null; wait $pid 2> /dev/null
  if cmp -s "$work/out.mnn" "$work/a.mnn"; then old=$((old + 1)); elif cmp -s "$work/out.mnn" "$work/b.mnn"; then new=$((new + 1)); else bad=$((bad + 1)); fi
done
echo "kill -9: $kills runs, $old with the old model, $new with the new one, $bad with another"
left=$(find "$work" -maxdepth 1 -name '*.tmp' | wc -l)
"${command[@]}" quantize "$work/net.mnn" "$work/out.mnn" "$work/b.json" --quiet && cmp -s "$work/out.mnn" "$work/b.mnn" || bad=$((bad + 1))
echo "the next run is whole; temporary files left by killed runs: $left"

if mkdir "$work/small" && mount -t tmpfs -o size=64k tmpfs "$work/small" 2> /dev/null; then
  "${command[@]}" quantize "$work/net.mnn" "$work/small/out.mnn" "$work/a.json" --quiet
  code=$?
  files=$(ls -A "$work/small" | wc -l)
  echo "full disk: exit code $code, $files files left"
  [ $code -eq 1 ] && [ "$files" -eq 0 ] || bad=$((bad + 1))
fi

if [ "$(id -u)" -ne 0 ]; then
  mkdir -m 555 "$work/locked"
  "${command[@]}" quantize "$work/net.mnn" "$work/locked/out.mnn" "$work/a.json" --quiet
  code=$?
  echo "no permission: exit code $code"
  [ $code -eq 1 ] || bad=$((bad + 1))
fi

echo "$bad faults"
[ $bad -eq 0 ]
