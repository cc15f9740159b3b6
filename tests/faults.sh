#!/usr/bin/env bash
# Faults: kill -9 of quantize, train and dotnet build at random moments, full disks, folders and files that may not be used,
# inputs that vanish, change or are slow. Afterwards the output is the old one or the complete new one, the next run is whole,
# and nothing is left over.
# Usage: tests/faults.sh [KILLS OF QUANTIZE [OF BUILDS [OF TRAININGS]]]; 100, 10 and 10 if not given; 0 leaves them out.
# A full disk and another user need root, else they are left out.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
kills=${1:-100} builds=${2:-10} trainings=${3:-10}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build src/Mnn.Quantize.Cli -c Release -v q -nologo > /dev/null || exit 1
work=$(mktemp -d)
chmod 755 "$work"
trap 'umount "$work/small" "$work/temp" 2> /dev/null; rm -rf "$work"' EXIT
# A copy: what is built meanwhile must not change it.
cp -r src/Mnn.Quantize.Cli/bin/Release/net10.0 "$work/tool"
command=(dotnet "$work/tool/mnn-quantize.dll")
cp tests/assets/models/lenet5/model.mnn "$work/net.mnn"
mkdir "$work/pictures" && unzip -qj tests/assets/fashion.zip 'fashion28/*' -d "$work/pictures"
chmod -R a+rX "$work/pictures" "$work/net.mnn" "$work/tool"
settings='"format": "GRAY", "mean": [72.93], "normal": [0.0111], "path": "pictures"'
echo "{ $settings }" > "$work/a.json"
echo "{ $settings, \"feature_quantize_method\": \"ADMM\" }" > "$work/b.json"
echo "{ $settings, \"used_image_num\": 64, \"train\": { \"epochs\": 1, \"batch_size\": 8, \"learning_rate\": 0.001 } }" > "$work/t.json"
cd "$work" || exit 1
bad=0
fault() { echo "FAULT: $*"; bad=$((bad + 1)); }
now() { echo "${EPOCHREALTIME/./}"; } # microseconds
random() { awk -v most="$1" -v part=$RANDOM 'BEGIN { printf "%.3f", most * part / 32768 / 1e6 }'; }
count_left() { find "$work" -name '*.tmp' | wc -l; }

# killed NAME KILLS COMMAND...: kills the command, which writes out.mnn, while an old.mnn is there; new.mnn is what it makes.
killed() {
  local name=$1 kills=$2 start time old=0 new=0 left=0 last=0 i pid
  shift 2
  [ "$kills" -gt 0 ] || return
  cp old.mnn out.mnn
  start=$(now)
  "$@" > log 2>&1 || { cat log; fault "$name fails"; return; }
  time=$(($(now) - start))
  cp out.mnn new.mnn
  cmp -s old.mnn new.mnn && fault "$name: the old output is like the new one"
  for ((i = 0; i < kills; i++)); do
    cp old.mnn out.mnn
    "$@" > log 2>&1 &
    pid=$!
    # What is slow at first, such as compiling and a cold disk, makes the last part of a run worth more kills.
    sleep "$(random $((time * 11 / 10)))"
    kill -9 $pid 2> /dev/null
    wait $pid 2> /dev/null
    if cmp -s out.mnn old.mnn; then old=$((old + 1)); elif cmp -s out.mnn new.mnn; then new=$((new + 1)); else fault "$name, kill $i: another output"; fi
    last=$(count_left)
    [ "$last" -eq 0 ] || left=$((left + 1))
  done
  "$@" > log 2>&1 && cmp -s out.mnn new.mnn || { cat log; fault "$name: the next run is not whole"; }
  last=$(count_left)
  [ "$last" -eq 0 ] || fault "$name: the next run leaves $last temporary files"
  echo "kill -9 of $name: $kills times within $((time / 1000)) ms; $old with the old output, $new with the new one; $left left a temporary file, $last are there after the next run"
}

"${command[@]}" quantize net.mnn old.mnn a.json --quiet 2> log || { cat log; exit 1; }
killed quantize "$kills" "${command[@]}" quantize net.mnn out.mnn b.json --quiet
killed train "$trainings" "${command[@]}" train net.mnn out.mnn t.json --quiet
"${command[@]}" quantize net.mnn new.mnn b.json --quiet 2> log

# fails NAME COMMAND...: with one line of error that has a code, within 20 seconds, and no output.
fails() {
  local name=$1 code
  shift
  rm -f out.mnn
  timeout 20 "$@" > log 2>&1
  code=$?
  echo "$name: exit code $code, $(grep -o 'error MNNQ[0-9]*' log | head -1)"
  { [ $code -eq 1 ] && [ "$(grep -c ': error MNNQ' log)" -eq 1 ] && ! grep -q MNNQ8999 log && [ ! -e out.mnn ]; } || { cat log; fault "$name"; }
}

if mkdir small temp && mount -t tmpfs -o size=64k tmpfs small 2> /dev/null; then
  fails "full disk" "${command[@]}" quantize net.mnn small/out.mnn a.json --quiet
  [ -z "$(ls -A small)" ] || fault "full disk: $(ls -A small) is left"
  mount -t tmpfs -o size=64k tmpfs temp && head -c 1M /dev/zero > temp/full 2> /dev/null
  if TMPDIR=$work/temp "${command[@]}" quantize net.mnn out.mnn b.json --quiet 2> log && cmp -s out.mnn new.mnn; then
    echo "full folder of temporary files: the model is made all the same"
  else
    cat log
    fault "full folder of temporary files"
  fi
fi

# Another user, since nothing is forbidden to root.
nobody=()
[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent)
if [ "$(id -u)" -ne 0 ] || "${nobody[@]}" true 2> /dev/null; then
  mkdir -m 755 locked && mkdir -m 700 secret && mkdir -m 777 open
  cp a.json a-secret.json && chmod 600 a-secret.json
  cp net.mnn secret.mnn && chmod 600 secret.mnn
  cp -r pictures unreadable && chmod 600 "unreadable/$(ls unreadable | tail -1)"
  sed 's#"pictures"#"unreadable"#' a.json > unreadable.json
  sed 's#"pictures"#"secret"#' a.json > secret.json
  if [ "$(id -u)" -ne 0 ]; then chmod 555 locked && chmod 000 secret a-secret.json secret.mnn "unreadable/$(ls unreadable | tail -1)"; fi
  fails "output folder that may only be read" "${nobody[@]}" "${command[@]}" quantize net.mnn locked/out.mnn a.json --quiet
  fails "model that may not be read" "${nobody[@]}" "${command[@]}" quantize secret.mnn open/out.mnn a.json --quiet
  fails "config that may not be read" "${nobody[@]}" "${command[@]}" quantize net.mnn open/out.mnn a-secret.json --quiet
  fails "picture that may not be read" "${nobody[@]}" "${command[@]}" quantize net.mnn open/out.mnn unreadable.json --quiet
  fails "folder of pictures that may not be listed" "${nobody[@]}" "${command[@]}" quantize net.mnn open/out.mnn secret.json --quiet
  [ -z "$(ls -A open locked 2> /dev/null | grep -v :)" ] || fault "something is left: $(ls -A open locked)"
  printf '%s\n' 'mnn-quantize manifest 1' "state=$work/open/state" "store=$work/locked/store" '[model]' "source=$work/net.mnn" "destination=$work/open/out.mnn" "config=$work/b.json" > manifest
  if "${nobody[@]}" "${command[@]}" build --manifest manifest > log 2>&1 && grep -q 'warning MNNQ8105' log && cmp -s open/out.mnn new.mnn; then
    echo "cache that may not be written: warning MNNQ8105, the model is made all the same"
  else
    cat log
    fault "cache that may not be written"
  fi
fi

# Pictures that vanish, a model that is cut short, a model that is overwritten with another again and again: an error with a
# code, or the model of what was there.
errors=0 whole=0 odd=0
rm -f out.mnn
cp "$root/tests/assets/models/lenet5/model.mnn" other.mnn
printf '\x01' | dd of=other.mnn bs=1 seek=$(($(stat -c %s other.mnn) - 100000)) conv=notrunc 2> /dev/null
"${command[@]}" quantize other.mnn other-int8.mnn b.json --quiet 2> log || { cat log; fault "other model"; }
for ((i = 0; i < 30; i++)); do
  rm -f out.mnn
  cp -r pictures vanishing
  cp net.mnn changing.mnn
  sed 's#"pictures"#"vanishing"#' b.json > v.json
  "${command[@]}" quantize changing.mnn out.mnn v.json --quiet 2> log &
  pid=$!
  case $((i % 3)) in
    0) sleep "$(random 600000)"; rm -rf vanishing ;;
    1) sleep "$(random 600000)"; head -c 100000 net.mnn > changing.mnn ;;
    2) for ((j = 0; j < 100; j++)); do cat other.mnn > changing.mnn; cat net.mnn > changing.mnn; done ;;
  esac
  if wait $pid; then
    whole=$((whole + 1))
    [ -s out.mnn ] || fault "no output"
    [ $((i % 3)) -ne 2 ] || cmp -s out.mnn new.mnn || cmp -s out.mnn other-int8.mnn || odd=$((odd + 1))
  else
    errors=$((errors + 1))
    { grep -q 'error MNNQ[1-8]' log && ! grep -q MNNQ8999 log && [ ! -e out.mnn ]; } || { cat log; fault "error without a code, or with an output"; }
  fi
  rm -rf vanishing
done
echo "vanishing pictures, model cut short, model overwritten: 30 runs, $whole whole, $errors with an error of their own, $odd of a mixture of two models"
[ $odd -eq 0 ] || fault "a mixture was taken for a model"

# Slow files, as on a network that hangs: a pipe that nobody writes to, one that trickles. --timeout and Ctrl+C end it.
slow() { # NAME MODEL CONFIG
  local name=$1 start time pid code
  start=$(now)
  timeout 20 "${command[@]}" quantize "$2" out.mnn "$3" --quiet --timeout 1 > log 2>&1
  code=$?
  time=$(($(now) - start))
  { [ $code -eq 1 ] && grep -q MNNQ8043 log && [ $time -lt 3000000 ]; } || { cat log; fault "$name: --timeout 1 took $((time / 1000)) ms, exit code $code"; }
  env --default-signal=INT "${command[@]}" quantize "$2" out.mnn "$3" --quiet > log 2>&1 &
  pid=$!
  sleep 1
  start=$(now)
  kill -INT $pid
  wait $pid
  code=$?
  start=$(($(now) - start))
  { [ $code -eq 130 ] && [ $start -lt 1500000 ]; } || fault "$name: Ctrl+C took $((start / 1000)) ms, exit code $code"
  echo "$name: --timeout 1 ends the process after $((time / 1000)) ms in all, Ctrl+C $((start / 1000)) ms after the signal"
}
rm -f out.mnn
mkfifo slow.mnn slow.json && cp -r pictures slow && rm "slow/$(ls slow | head -1)" && mkfifo slow/0000.png
sed 's#"pictures"#"slow"#' b.json > slow-pictures.json
slow "model that never comes" slow.mnn b.json
slow "config that never comes" net.mnn slow.json
slow "picture that never comes" net.mnn slow-pictures.json
while :; do for ((i = 0; i < 1000; i++)); do head -c 100 net.mnn; sleep 0.1; done > slow.mnn; done 2> /dev/null &
trickle=$!
slow "model that trickles" slow.mnn b.json
kill $trickle 2> /dev/null
wait $trickle 2> /dev/null
[ ! -e out.mnn ] || fault "a slow file left an output"

# A build that is killed, with all its processes; then the next build has to mend it by itself.
if [ "$builds" -gt 0 ]; then
  (
    cd "$root" || exit 1
    KEEP=$work/consumer
    source bench/consumer.sh
    set +e
    project killed "$package<MnnModel Include=\"model.mnn\" Config=\"quant.json\" />"
    cd "$work/killed" || exit 1
    sed 's/"KL"/"ADMM"/' quant.json > admm.json
    cp quant.json kl.json
    model=bin/Debug/net10.0/model.mnn
    build() { dotnet build --no-restore -v:q -nodeReuse:false > ../log 2>&1; }
    dotnet build -v:q > ../log && cp $model ../kl.mnn || { cat ../log; exit 1; }
    cp admm.json quant.json && rm -rf obj/mnn && start=$(now) && build && time=$(($(now) - start)) && cp $model ../admm.mnn
    cmp -s ../kl.mnn ../admm.mnn && exit 1
    faults=0 same=0 old=0 left=0 torn=0
    for ((i = 0; i < builds; i++)); do
      next=$([ $((i % 2)) = 0 ] && echo kl || echo admm)
      before=$([ $((i % 2)) = 0 ] && echo admm || echo kl)
      cp $next.json quant.json
      # Half of the models come from the cache.
      [ $((i / 2 % 2)) = 0 ] && rm -rf obj/mnn
      setsid dotnet build --no-restore -v:q -nodeReuse:false > /dev/null 2>&1 &
      pid=$!
      sleep "$(random $time)"
      kill -9 -- -$pid 2> /dev/null
      wait $pid 2> /dev/null
      # MSBuild copies into the output folder, and not in one step; what the quantizer wrote lies in the intermediate folder.
      if cmp -s $model ../$before.mnn; then old=$((old + 1)); elif ! cmp -s $model ../$next.mnn; then torn=$((torn + 1)); ls -l $model; fi
      for made in $(find obj -name model.mnn); do
        cmp -s "$made" ../kl.mnn || cmp -s "$made" ../admm.mnn || cmp -s "$made" model.mnn || { echo "kill $i: $made is another"; faults=$((faults + 1)); }
      done
      [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ] || left=$((left + 1))
      build || { cat ../log; faults=$((faults + 1)); }
      if cmp -s $model ../$next.mnn; then same=$((same + 1)); else echo "kill $i: the next build is not whole"; faults=$((faults + 1)); fi
      [ "$(find . -name '*.tmp' | wc -l)" -eq 0 ] || { find . -name '*.tmp'; echo "kill $i: temporary files are left"; faults=$((faults + 1)); }
    done
    echo "kill -9 of dotnet build: $builds times within $((time / 1000)) ms; $old with the old model, $((builds - old - torn)) with the new one, $torn with a copy that MSBuild had not finished; $left left a temporary file; the next build was whole $same times"
    exit $faults
  ) || fault "kills of dotnet build"
fi

echo "$bad faults"
[ $bad -eq 0 ]
