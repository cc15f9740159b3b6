#!/usr/bin/env bash
# Publishes an app with native ahead-of-time compilation and runs it: the model lies beside it, an embedded one is inside.
# Takes minutes and a C compiler, hence no test; the compiler's package comes from nuget.org. Usage: bench/publish-aot.sh
source "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"
project Native "$package<MnnModel Include=\"model.mnn\" Config=\"quant.json\" Link=\"models/m.mnn\" GenerateAccessor=\"true\" />
  <MnnModel Include=\"model.mnn\" Config=\"quant.json\" OutputName=\"e.mnn\" Deploy=\"Embed\" GenerateAccessor=\"true\" />" \
  "<PublishAot>true</PublishAot><TreatWarningsAsErrors>true</TreatWarningsAsErrors><UseAppHost>true</UseAppHost>" \
  '<add key="nuget.org" value="https://api.nuget.org/v3/index.json"/>'
cat > "$work/Native/Program.cs" << 'CS'
using System;
using System.IO;
using Native;

using Stream file = MnnModels.M.OpenRead();
using Stream resource = MnnModels.E.OpenRead();
Console.WriteLine($"{file.Length} {resource.Length} {MnnModels.M.Preprocessing.Width}");
CS
dotnet publish "$work/Native" --use-current-runtime -o "$work/out" -v:q
size=$(stat -c %s "$work/out/models/m.mnn")
[ "$("$work/out/Native")" = "$size $size 28" ] || { echo "FAILED: $("$work/out/Native")"; exit 1; }
[ ! -e "$work/out/Native.dll" ] || { echo "FAILED: the app is not native"; exit 1; }
echo "native app of $(stat -c %s "$work/out/Native") bytes, model of $size bytes beside it and inside"
