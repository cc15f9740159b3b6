#!/usr/bin/env bash
# dotnet watch builds again when a calibration picture changes, and quantizes anew. Usage: bench/watch.sh
source "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"
project watched "$package<MnnCalibrationImage Include=\"pictures/*.png\" /><MnnModel Include=\"model.mnn\" Config=\"quant.json\" />"
log="$work/log"
waitFor() { # COUNT TEXT
  for _ in $(seq 120); do
    [ "$(grep -c "$2" "$log")" -ge "$1" ] && return
    sleep 1
  done

  echo "FAILED: '$2' was not seen $1 times"
  cat "$log"
  exit 1
}

cd "$work/watched"
DOTNET_WATCH_SUPPRESS_LAUNCH_BROWSER=1 setsid dotnet watch --non-interactive --no-hot-reload build -v:n > "$log" 2>&1 &
watch=$!
trap 'kill -TERM -- -$watch 2> /dev/null; rm -rf "$work"' EXIT
waitFor 1 "convolutions in int8, cosine"
waitFor 1 "Waiting for a file to change"
cp "$root/samples/AppWithModel/calibration/0040.png" pictures/0020.png
waitFor 2 "convolutions in int8, cosine"
echo "dotnet watch has quantized again after a picture changed"
