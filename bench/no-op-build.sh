#!/usr/bin/env bash
# What the package costs a build in which nothing changed: a project with 20 models against the same project without,
# in pairs, one after the other. Prints the median of the differences. Usage: bench/no-op-build.sh [PAIRS]
# With KEEP=folder the projects are made there once and used again: then a run is nothing but its pairs.
source "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"
pairs=${1:-15}

milliseconds() { # NAME
  local start
  start=$(date +%s%N)
  dotnet build "$work/$1" --no-restore -v:q > /dev/null
  echo $((($(date +%s%N) - start) / 1000000))
}

if [ ! -d "$work/with/bin" ]; then
  project without ''
  project with "$package<MnnModel Include=\"*.mnn\" Config=\"quant.json\" />"
  for name in without with; do
    for i in $(seq 19); do cp samples/AppWithModel/fashion.mnn "$work/$name/m$i.mnn"; done
    dotnet build "$work/$name" -v:q > /dev/null
  done

  dotnet build "$work/with" --no-restore -question -v:q > /dev/null # fails if the build is not one in which nothing changed
fi

for _ in $(seq "$pairs"); do
  without=$(milliseconds without)
  with=$(milliseconds with)
  echo "$((with - without))"
done | sort -n > "$work/differences"
echo "median of $pairs pairs: $(sed -n "$(((pairs + 1) / 2))p" "$work/differences") ms more with 20 models (from $(head -1 "$work/differences") to $(tail -1 "$work/differences") ms)"
