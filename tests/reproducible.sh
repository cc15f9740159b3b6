#!/usr/bin/env bash
# The same inputs give the same bytes: each way to run is compared with tests/assets/model-hashes.txt.
#   tests/reproducible.sh            all ways, 20 runs each of the plain one
#   tests/reproducible.sh --quick    one run of each way on the smallest model, for CI
#   tests/reproducible.sh --arm64    Arm64 alone, which is emulated: where qemu-aarch64-static is there and, in ARM64_ROOT (/
#                                    if not given), libc6, libstdc++6 and libssl3 of arm64, as Debian's packages have them
#   tests/reproducible.sh --write    writes the list anew, from the plain run
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
list=$root/tests/assets/model-hashes.txt
mode=${1:-}
dotnet build src/Mnn.Quantize.Cli -c Release -v q -nologo > /dev/null || exit 1
release=$root/src/Mnn.Quantize.Cli/bin/Release/net10.0/mnn-quantize.dll
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unzip -q tests/assets/fashion.zip -d "$work"
faults=0

# config NAME MODEL SIZE SETTINGS
config() {
  mkdir -p "$work/$1"
  cp "tests/assets/models/$2/model.mnn" "$work/$1/net.mnn"
  local format='"GRAY", "mean": [72.93], "normal": [0.0111]'

  echo "{ \"format\": $format, \"path\": \"../fashion$3\", \"used_image_num\": 32 $4 }" > "$work/$1/quant.json"
}

config lenet5-KL lenet5 28 ''
names=(lenet5-KL)
if [ "$mode" != --quick ]; then
  config lenet5-ADMM lenet5 28 ', "feature_quantize_method": "ADMM", "weight_quantize_method": "ADMM"'
  config lenet5-repair lenet5 28 ', "repair": "default"'
  config mbv2-KL mbv2 32 ''
  config mbv2-EMA mbv2 32 ', "feature_quantize_method": "EMA", "batch_size": 8'
  config mbv2-repair mbv2 32 ', "repair": "default"'
  names+=(lenet5-ADMM lenet5-repair mbv2-KL mbv2-EMA mbv2-repair)
fi

# hash NAME COMMAND...: of the model that the command makes, in a folder of its own.
hash() {
  local name=$1 folder
  shift
  folder=$(mktemp -d -p "$work")
  "$@" quantize "$work/$name/net.mnn" "$folder/out.mnn" "$work/$name/quant.json" --quiet ${threads:+--max-parallelism "$threads"} > "$folder/log" 2>&1 || cat "$folder/log"
  sha256sum < "$folder/out.mnn" | cut -d' ' -f1
  rm -rf "$folder"
}

if [ "$mode" = --write ]; then
  for name in "${names[@]}"; do echo "$(hash "$name" dotnet "$release")  $name"; done | tee "$list"
  exit
fi

# try HOW COMMAND...: all models, one way.
try() {
  local how=$1 name same=0
  shift
  for name in "${names[@]}"; do
    if [ "$(hash "$name" "$@")" = "$(awk -v name="$name" '$2 == name { print $1 }' "$list")" ]; then same=$((same + 1)); else echo "$how: $name differs"; faults=$((faults + 1)); fi
  done
  echo "$how: $same of ${#names[@]} as in the list"
}

# The engine for Arm64 on an emulated processor: other vector instructions, other conversions, another compiler. A page can't
# be writable under one address and executable under another there, as the runtime wants it.
arm64() {
  local qemu
  qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || { echo "Arm64 is left out: no qemu"; return; }
  dotnet publish src/Mnn.Quantize.Cli -c Release -r linux-arm64 --self-contained -p:MnnReadyToRun=none -o "$work/arm64" -v q -nologo > "$work/log" || { cat "$work/log"; echo "Arm64 is left out: its runtime can't be had"; return; }
  local arm=(env DOTNET_EnableWriteXorExecute=0 "$qemu" -L "${ARM64_ROOT:-/}" "$work/arm64/mnn-quantize")
  if ! (cd "$work/lenet5-KL" && "${arm[@]}" quantize net.mnn trial.mnn quant.json --quiet) > "$work/log" 2>&1; then
    cat "$work/log"
    echo "Arm64 is left out: its libraries are not there"
    return
  fi
  try "Arm64" "${arm[@]}"
  try "Arm64 without vectors" env DOTNET_EnableHWIntrinsic=0 "${arm[@]}"
}

if [ "$mode" = --arm64 ]; then
  arm64
  echo "$faults faults"
  exit $((faults > 0))
fi

runs=20
[ "$mode" != --quick ] || runs=2
for ((run = 1; run <= runs; run++)); do try "run $run" dotnet "$release"; done
for threads in 1 2 3 4 5 6 7 8; do try "$threads threads" dotnet "$release"; done
unset threads
try "without AVX-512" env DOTNET_EnableAVX512=0 dotnet "$release"
try "without AVX2" env DOTNET_EnableAVX2=0 dotnet "$release"
try "without vectors" env DOTNET_EnableHWIntrinsic=0 dotnet "$release"
try "without tiers" env DOTNET_TieredCompilation=0 dotnet "$release"
try "without native code" env DOTNET_ReadyToRun=0 dotnet "$release"
for culture in tr_TR de_DE ar_SA; do try "culture $culture" env LC_ALL=$culture.UTF-8 LANG=$culture.UTF-8 dotnet "$release"; done
for zone in Asia/Kathmandu America/St_Johns Pacific/Kiritimati; do try "time zone $zone" env TZ=$zone dotnet "$release"; done
try "another working folder" env -C / dotnet "$release"
if [ "$mode" != --quick ]; then
  dotnet build src/Mnn.Quantize.Cli -c Debug -v q -nologo > /dev/null || exit 1
  arm64
  if dotnet publish src/Mnn.Quantize.Cli -c Release --use-current-runtime -p:PublishAot=true -o "$work/native" -v q -nologo > "$work/log"; then
    try "native executable" "$work/native/mnn-quantize"
    for threads in 1 2 7; do try "native executable, $threads threads" "$work/native/mnn-quantize"; done
    unset threads
  else
    echo "The native executable is left out: it can't be linked here"
  fi
  try "Debug" dotnet "$root/src/Mnn.Quantize.Cli/bin/Debug/net10.0/mnn-quantize.dll"
fi

# A file system that lists files in another order: here, in the order in which they were made.
for folder in "$work"/fashion28 "$work"/fashion32; do
  mkdir "$folder.new"
  for picture in $(ls "$folder" | sort -R --random-source=<(yes)); do mv "$folder/$picture" "$folder.new/"; done
  rmdir "$folder" && mv "$folder.new" "$folder"
done
try "pictures made in another order" dotnet "$release"

echo "$faults faults"
[ $faults -eq 0 ]
