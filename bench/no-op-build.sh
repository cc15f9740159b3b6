#!/usr/bin/env bash
# What the package costs a build in which nothing changed: a project with 20 models against the same project without,
# in pairs, one after the other. Prints the median of the differences. Usage: bench/no-op-build.sh [PAIRS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
pairs=${1:-15}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES="$work/packages"
dotnet pack src/Mnn.Quantize.Tasks -c Release -v:q -o "$work/feed" > /dev/null
version=$(basename "$work"/feed/Mnn.Quantize.*.nupkg .nupkg)
version=${version#Mnn.Quantize.}

project() { # NAME ITEMS
  mkdir -p "$work/$1/pictures"
  cp samples/AppWithModel/calibration/002*.png "$work/$1/pictures/"
  cp samples/AppWithModel/quant.json "$work/$1/"
  sed -i 's#"path": *"[^"]*"#"path": "pictures/"#' "$work/$1/quant.json"
  for i in $(seq 20); do cp samples/AppWithModel/fashion.mnn "$work/$1/m$i.mnn"; done
  echo 'System.Console.WriteLine();' > "$work/$1/Program.cs"
  echo "<configuration><packageSources><clear/><add key=\"feed\" value=\"$work/feed\"/></packageSources></configuration>" > "$work/$1/nuget.config"
  cat > "$work/$1/$1.csproj" << XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><UseAppHost>false</UseAppHost></PropertyGroup>
  <ItemGroup>$2</ItemGroup>
</Project>
XML
  dotnet build "$work/$1" -v:q > /dev/null
}

milliseconds() { # NAME
  local start
  start=$(date +%s%N)
  dotnet build "$work/$1" --no-restore -v:q > /dev/null
  echo $((($(date +%s%N) - start) / 1000000))
}

project without ''
project with "<PackageReference Include=\"Mnn.Quantize\" Version=\"$version\" /><MnnModel Include=\"*.mnn\" Config=\"quant.json\" />"
dotnet build "$work/with" --no-restore -question -v:q > /dev/null # fails if the build is not one in which nothing changed

for _ in $(seq "$pairs"); do
  without=$(milliseconds without)
  with=$(milliseconds with)
  echo "$((with - without))"
done | sort -n > "$work/differences"
echo "median of $pairs pairs: $(sed -n "$(((pairs + 1) / 2))p" "$work/differences") ms more with 20 models (from $(head -1 "$work/differences") to $(tail -1 "$work/differences") ms)"
