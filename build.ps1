# ./build.ps1 <verb>. The verbs live in build/, one program for both shells; this only starts it.
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    [Console]::Error.WriteLine('build.ps1: no dotnet on PATH; install the .NET 10 SDK: https://dotnet.microsoft.com/download')
    exit 127
}

# The shell that runs this is the shell to use, on PATH or not. As a .NET tool it has no program of its own.
$shell = (Get-Process -Id $PID).Path
if ([IO.Path]::GetFileNameWithoutExtension($shell) -eq 'pwsh') {
    $env:DATAMODELS_PWSH = $shell
}

Push-Location $PSScriptRoot
try {
    dotnet run --project build --verbosity quiet -- @args
}
finally {
    Pop-Location
}

exit $LASTEXITCODE
