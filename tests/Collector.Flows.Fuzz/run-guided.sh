#!/usr/bin/env bash
# Coverage-guided run: builds, instruments a copy of Collector.Flows.dll with SharpFuzz (a .NET tool), and runs Collector.Flows.Fuzz --guided on it.
# usage: run-guided.sh [switches of Collector.Flows.Fuzz]    what was found stays in ./fuzz-corpus (--corpus DIR) and seeds later runs of either kind
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${TMPDIR:-/tmp}/collector-fuzz
mkdir -p "$work"
[ -x "$work/tool/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tool"
dotnet build "$here" -c Release -clp:ErrorsOnly
# Beside the build, below the repository: the program looks for the captures upwards from where it lies.
copy=$here/bin/Guided
rm -rf "$copy"
cp -r "$here/bin/Release/net10.0" "$copy"
"$work/tool/sharpfuzz" "$copy/Collector.Flows.dll"
exec dotnet "$copy/Collector.Flows.Fuzz.dll" --guided "$@"
