# ./build.ps1 <verb>. The verbs live in build/, one program for both shells; this only starts it.
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    [Console]::Error.WriteLine('build.ps1: no dotnet on PATH; install the .NET 10 SDK: https://dotnet.microsoft.com/download')
    exit 127
}

# The shell that runs this is the shell to test with, on PATH or not.
if ($PSVersionTable.PSVersion -ge [version]'7.6') {
    $env:DATAMODELS_PWSH = (Get-Process -Id $PID).Path
}

Push-Location $PSScriptRoot
try {
    dotnet run --project build --verbosity quiet -- @args
}
finally {
    Pop-Location
}

exit $LASTEXITCODE
