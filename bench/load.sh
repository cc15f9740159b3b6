#!/usr/bin/env bash
# Load: long graphs, large models, many pictures, many models in a build. Prints seconds and peak memory of each.
# Usage: bench/load.sh [ops] [weights] [pictures] [models]; without names, all.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tests=${*:-ops weights pictures models}
source bench/consumer.sh
dotnet build bench/Mnn.Quantize.Load -c Release -v:q > /dev/null
dotnet build src/Mnn.Quantize.Cli -c Release -v:q > /dev/null
make=(dotnet bench/Mnn.Quantize.Load/bin/Release/net10.0/Mnn.Quantize.Load.dll)
quantize=(dotnet src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll quantize)
measure() { # TEXT COMMAND...
  local text=$1
  shift
  /usr/bin/time -f "$text: %e s, peak %M KiB" "$@" > /dev/null 2> "$work/log" || cat "$work/log"
  tail -1 "$work/log"
}

# Sequences of floats instead of pictures: any number of channels.
samples() { # FOLDER COUNT CHANNELS
  mkdir -p "$work/$1"
  awk -v count="$2" -v values=$(($3 * 64)) -v folder="$work/$1" 'BEGIN {
    srand(1); for (i = 0; i < count; i++) { file = sprintf("%s/%05d.txt", folder, i); for (k = 0; k < values; k++) print 2 * rand() - 1 > file; close(file) } }'
  echo "{ \"input_type\": \"sequence\", \"path\": \"$1\" }" > "$work/$1.json"
}

for test in $tests; do
  case $test in
    ops)
      samples few 2 16
      for ops in 2500 5000 10000 20000; do
        "${make[@]}" $ops 16 "$work/ops.mnn"
        measure "$ops operators" "${quantize[@]}" "$work/ops.mnn" "$work/out.mnn" "$work/few.json" --quiet
      done
      ;;
    weights)
      samples wide 1 2048
      for megabytes in 67 134 268 503; do
        "${make[@]}" $((megabytes * 2 / 16)) 2048 "$work/wide.mnn" external
        measure "$(($(stat -c %s "$work/wide.mnn.weight") / 1000000)) MB of external weights" \
          "${quantize[@]}" "$work/wide.mnn" "$work/out.mnn" "$work/wide.json" --quiet
      done
      ;;
    pictures)
      mkdir -p "$work/all"
      unzip -q tests/assets/fashion.zip 'fashion28/*' -d "$work"
      for copies in 2500 5000 10000 20000; do
        mapfile -t pictures < <(ls "$work"/fashion28/*.png)
        for ((i = $(ls "$work/all" | wc -l); i < copies; i++)); do ln "${pictures[i % ${#pictures[@]}]}" "$work/all/$(printf '%05d' $i).png"; done
        echo '{ "format": "GRAY", "mean": [72.93], "normal": [0.0111], "path": "all" }' > "$work/all.json"
        measure "$copies pictures" "${quantize[@]}" tests/assets/models/lenet5/model.mnn "$work/out.mnn" "$work/all.json" --quiet
      done
      ;;
    models)
      for models in 50 100 200; do
        rm -rf "$work/many"
        project many "$package<MnnModel Include=\"*.mnn\" Config=\"quant.json\" />"
        rm "$work/many/model.mnn"
        # Each of another content, so that no two share an entry of the cache.
        for i in $(seq $models); do
          cp samples/AppWithModel/fashion.mnn "$work/many/m$i.mnn"
          printf '%d' "$i" >> "$work/many/m$i.mnn"
        done
        dotnet restore "$work/many" -v:q > /dev/null
        measure "$models models, first build" dotnet build "$work/many" --no-restore -v:q
        measure "$models models, nothing changed" dotnet build "$work/many" --no-restore -v:q
      done
      ;;
  esac
done
