#!/usr/bin/env bash
# Two builds at once of two projects that share a model and a cache, each round from an empty cache. Fails at the first build
# that fails or warns, or model that is not the one of the first round, byte by byte. Usage: bench/concurrent-builds.sh [ROUNDS]
source "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"
rounds=${1:-50}
cache="$work/cache"
properties="<MnnQuantizeCacheDir>$cache/</MnnQuantizeCacheDir><TreatWarningsAsErrors>true</TreatWarningsAsErrors><MSBuildTreatWarningsAsErrors>true</MSBuildTreatWarningsAsErrors>"
project one "$package<MnnModel Include=\"model.mnn\" Config=\"quant.json\" />" "$properties"
project two "$package<MnnModel Include=\"../one/model.mnn\" Config=\"../one/quant.json\" />" "$properties"
for name in one two; do dotnet restore "$work/$name" -v:q > /dev/null; done

expected=
quantized=0
for round in $(seq "$rounds"); do
  rm -rf "$cache" "$work"/*/obj/Debug/net10.0/mnn "$work"/*/bin
  for name in one two; do
    dotnet build "$work/$name" --no-restore -v:n > "$work/$name.log" 2>&1 &
    declare "$name=$!"
  done

  for name in one two; do
    wait "${!name}" || { echo "round $round: the build of '$name' failed"; cat "$work/$name.log"; exit 1; }
    sum=$(sha256sum < "$work/$name/bin/Debug/net10.0/model.mnn")
    expected=${expected:-$sum}
    [ "$sum" = "$expected" ] || { echo "round $round: '$name' has another model"; exit 1; }
  done

  quantized=$((quantized + $(cat "$work"/*.log | grep -c 'convolutions in int8, cosine .* s$')))
  left=$(find "$cache" "$work/one/obj" "$work/two/obj" -name '*.tmp')
  [ -z "$left" ] || { echo "round $round: left over: $left"; exit 1; }
done

echo "$rounds rounds of two builds at once: none failed, all $((2 * rounds)) models equal, $quantized quantized, the others from the cache"
