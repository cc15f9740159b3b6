# Sourced by the scripts beside it: packs what ships into a folder feed and makes projects that reference it, all in a
# temporary folder, or in KEEP=folder. FEED=folder takes packages that are packed already, such as those of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
if [ -n "${KEEP:-}" ]; then
  mkdir -p "$KEEP"
  work=$(realpath "$KEEP")
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES="$work/packages"
if [ -z "${FEED:-}" ]; then
  FEED="$work/feed"
  dotnet pack src/Mnn.Quantize.Tasks -c Release -v:q -o "$FEED" > /dev/null
fi

FEED=$(realpath "$FEED")
version=$(basename "$FEED"/Mnn.Quantize.[0-9]*.nupkg .nupkg)
version=${version#Mnn.Quantize.}
package="<PackageReference Include=\"Mnn.Quantize\" Version=\"$version\" />"

project() { # NAME ITEMS [PROPERTIES [SOURCES]]: ten pictures, a config, model.mnn and an empty program
  mkdir -p "$work/$1/pictures"
  cp samples/AppWithModel/calibration/002*.png "$work/$1/pictures/"
  sed 's#"path": *"[^"]*"#"path": "pictures/"#' samples/AppWithModel/quant.json > "$work/$1/quant.json"
  cp samples/AppWithModel/fashion.mnn "$work/$1/model.mnn"
  echo 'System.Console.WriteLine();' > "$work/$1/Program.cs"
  echo "<configuration><packageSources><clear/><add key=\"feed\" value=\"$FEED\"/>${4:-}</packageSources></configuration>" > "$work/$1/nuget.config"
  cat > "$work/$1/$1.csproj" << XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><UseAppHost>false</UseAppHost>${3:-}</PropertyGroup>
  <ItemGroup>$2</ItemGroup>
</Project>
XML
}
