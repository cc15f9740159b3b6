#!/usr/bin/env bash
# Faults: kill -9 at random moments, a full disk, no permission. Afterwards the output is the old one or the complete new one.
# Also pictures that vanish, a model that changes, and kills of dotnet build.
# Usage: tests/faults.sh [KILLS, 100 if not given [KILLS OF BUILDS, 10 if not given]]. The full disk needs the right to mount,
# else it is left out.
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

# Pictures that vanish, and a model that changes while it is read: an error with a code, or the model of what was there.
errors=0; whole=0
for ((i = 0; i < 20; i++)); do
  rm -f "$work/out.mnn"
  cp -r "$work/pictures" "$work/vanishing"
  cp "$work/net.mnn" "$work/changing.mnn"
  sed 's#"pictures"#"vanishing"#' "$work/b.json" > "$work/v.json"
  "${command[@]}" quantize "$work/changing.mnn" "$work/out.mnn" "$work/v.json" --quiet 2> "$work/log" &
  pid=$!
  sleep "0.$(printf '%03d' $((RANDOM % 600)))"
  if ((i % 2)); then rm -rf "$work/vanishing"; else head -c 100000 "$work/net.mnn" > "$work/changing.mnn"; fi
  if wait $pid; then whole=$((whole + 1)); [ -s "$work/out.mnn" ] || bad=$((bad + 1))
  else
    errors=$((errors + 1))
    { grep -q 'error MNNQ[1-7]' "$work/log" && [ ! -e "$work/out.mnn" ]; } || { cat "$work/log"; bad=$((bad + 1)); }
  fi
  rm -rf "$work/vanishing"
done
echo "vanishing pictures, changing model: 20 runs, $whole whole, $errors with an error of their own"

# A build that is killed, with all its processes; then the next build has to mend it by itself.
builds=${2:-10}
if [ "$builds" -gt 0 ]; then
  (
    KEEP=$work/consumer
    source bench/consumer.sh
    project killed "$package<MnnModel Include=\"model.mnn\" Config=\"quant.json\" />"
    cd "$work/killed"
    sed 's/"KL"/"ADMM"/' quant.json > admm.json
    cp quant.json kl.json
    model=bin/Debug/net10.0/model.mnn
    dotnet build -v:q > /dev/null && cp $model ../kl.mnn
    cp admm.json quant.json && dotnet build -v:q > /dev/null && cp $model ../admm.mnn
    cmp -s ../kl.mnn ../admm.mnn && exit 1
    faults=0; same=0
    for ((i = 0; i < builds; i++)); do
      next=$([ $((i % 2)) = 0 ] && echo kl || echo admm)
      cp $next.json quant.json
      rm -rf obj/mnn
      setsid dotnet build --no-restore -v:q > /dev/null 2>&1 &
      pid=$!
      sleep "$((RANDOM % 4)).$((RANDOM % 10))"
      kill -9 -- -$pid 2> /dev/null; wait $pid 2> /dev/null
      cmp -s $model ../kl.mnn || cmp -s $model ../admm.mnn || { echo "kill $i: the model is another"; faults=$((faults + 1)); }
      dotnet build --no-restore -v:q > ../log || { cat ../log; faults=$((faults + 1)); }
      if cmp -s $model ../$next.mnn; then same=$((same + 1)); else echo "kill $i: the next build is not whole"; faults=$((faults + 1)); fi
    done
    echo "kill -9 of dotnet build: $builds builds, the next build was whole $same times"
    exit $faults
  ) || bad=$((bad + 1))
fi

echo "$bad faults"
[ $bad -eq 0 ]
