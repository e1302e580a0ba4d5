#!/usr/bin/env bash
# ./build.sh <verb>. The verbs live in build/, one program for both shells; this only starts it.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
if ! command -v dotnet >/dev/null; then
    echo "build.sh: no dotnet on PATH; install the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2
    exit 127
fi
exec dotnet run --project build --verbosity quiet -- "$@"
