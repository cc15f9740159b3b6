#!/usr/bin/env bash
# How long it takes from Ctrl+C to the end of the process, at random moments of each command: at most a second, with nothing left.
# Usage: tests/cancel.sh [TIMES OF EACH COMMAND, 9 if not given [MODEL CONFIG]], a float model that takes some seconds; mbv2 if not
# given. The picture of 64 million pixels needs python3, else it is left out. ONLY=train and the like runs one of the commands.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
times=${1:-9}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build src/Mnn.Quantize.Cli -c Release -v q -nologo > /dev/null || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r src/Mnn.Quantize.Cli/bin/Release/net10.0 "$work/tool"
# A shell lets what runs in its background ignore SIGINT.
command=(env --default-signal=INT dotnet "$work/tool/mnn-quantize.dll")
unzip -q tests/assets/fashion.zip 'fashion32/*' -d "$work"
settings='"format": "GRAY", "mean": [72.93], "normal": [0.0111], "path": "fashion32"'
echo "{ $settings, \"feature_quantize_method\": \"KL\" }" > "$work/kl.json"
echo "{ $settings, \"mode\": \"auto\" }" > "$work/auto.json"
echo "{ $settings, \"train\": { \"epochs\": 50, \"batch_size\": 32, \"learning_rate\": 0.001 } }" > "$work/train.json"
model=$(realpath "${2:-tests/assets/models/mbv2/model.mnn}")
config=$(realpath "${3:-$work/kl.json}")
small=$(realpath tests/assets/models/mbv2/model.mnn)
cd "$work" || exit 1
"${command[@]}" quantize "$small" int8.mnn kl.json --quiet || exit 1
slowest=0 total=0 bad=0
now() { echo "${EPOCHREALTIME/./}"; } # microseconds

# cancelled NAME GROUP SECONDS COMMAND...: SIGINT at random moments of the first seconds; GROUP is - for the whole process group,
# which a terminal signals, or empty.
cancelled() {
  local name=$1 group=$2 seconds=$3 most=0 sum=0 ended=0 i pid start time code
  shift 3
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "$name" ] || return
  for ((i = 0; i < times; i++)); do
    rm -rf out.mnn
    setsid "$@" > log 2>&1 &
    pid=$!
    # Before it listens, a process ends by the signal itself.
    sleep "$(awk -v most="$seconds" -v part=$RANDOM 'BEGIN { printf "%.3f", 0.15 + most * part / 32768 }')"
    start=$(now)
    if ! kill -INT -- "$group$pid" 2> /dev/null; then wait $pid; continue; fi
    wait $pid
    code=$?
    time=$((($(now) - start) / 1000))
    # With 0 and 1 it had ended by itself, or dotnet build, which returns 1 when it is cancelled.
    [ $code -ne 130 ] && [ $code -ne 1 ] && [ $code -ne 0 ] && { cat log; echo "FAULT: $name ends with $code"; bad=$((bad + 1)); }
    [ $code -eq 0 ] && [ "$name" != "dotnet build" ] && continue
    [ $code -eq 1 ] && [ "$name" != "dotnet build" ] && { cat log; echo "FAULT: $name fails by itself"; bad=$((bad + 1)); continue; }
    ended=$((ended + 1)) sum=$((sum + time))
    [ $time -le $most ] || most=$time
    [ ! -e out.mnn ] || { echo "FAULT: $name left an output"; bad=$((bad + 1)); }
  done
  echo "$name: $ended times cancelled, $((sum / (ended > 0 ? ended : 1))) ms on average, $most ms at most"
  total=$((total + ended))
  [ $most -le $slowest ] || slowest=$most
}

cancelled quantize "" 3 "${command[@]}" quantize "$model" out.mnn "$config" --quiet
cancelled "mode auto" "" 4 "${command[@]}" quantize "$small" out.mnn auto.json --quiet
cancelled train "" 4 "${command[@]}" train "$small" out.mnn train.json --quiet
cancelled compare "" 2 "${command[@]}" compare "$small" int8.mnn kl.json
cancelled sensitivity "" 3 "${command[@]}" sensitivity "$small" kl.json --images 0
if mkdir huge && python3 - huge/a.png << 'PY' 2> /dev/null; then
import struct, sys, zlib
side = 8000
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = b"".join(b"\x04" + bytes((x * y) & 255 for x in range(250)) * (side * 3 // 250) for y in range(50)) * (side // 50)
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))
PY
  for i in 1 2 3 4 5 6 7 8; do cp huge/a.png huge/$i.png; done
  sed 's#"fashion32"#"huge"#' kl.json > huge.json
  cancelled "quantize with pictures of 64 million pixels" "" 3 "${command[@]}" quantize "$small" out.mnn huge.json --quiet
fi

end() {
  echo "$total times cancelled, $slowest ms at most; $bad faults"
  [ $bad -eq 0 ] && [ $slowest -le 1000 ]
  exit
}
[ -z "${ONLY:-}" ] || [ "$ONLY" = "dotnet build" ] || end

(
  cd "$root" || exit 1
  KEEP=$work/consumer
  source bench/consumer.sh
  project killed "$package<MnnModel Include=\"model.mnn\" Config=\"quant.json\" />"
) > log 2>&1 && cd "$work/consumer/killed" && NUGET_PACKAGES="$work/consumer/packages" dotnet build -v:q > ../log 2>&1 || { cat "$work"/log "$work"/consumer/log; exit 1; }
export NUGET_PACKAGES="$work/consumer/packages"
cp -r "$root/tests/assets/models/mbv2/model.mnn" model.mnn
cp -r "$work/fashion32" . && sed 's#"KL"#"ADMM"#' "$work/auto.json" > quant.json
cancelled "dotnet build" - 6 env --default-signal=INT dotnet build --no-restore -v:q -nodeReuse:false
sleep 1
[ "$(pgrep -fc "$work/consumer/packages")" -eq 0 ] || { echo "FAULT: a process is left"; bad=$((bad + 1)); }

end
