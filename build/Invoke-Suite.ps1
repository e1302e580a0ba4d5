# Runs a suite of tests/pester on a module and writes how it went as {Passed, Failed, Skipped}.
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $ResultPath
)

# tests/pester/Import-Datamodels.ps1 imports it, here and in the sessions that tests start.
$env:DATAMODELS_MODULE = $Module

$root = Split-Path $PSScriptRoot
$env:PSModulePath = (Join-Path $root 'out/modules') + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module Pester -MinimumVersion 5.0

# Some tests start a PowerShell of their own. As a .NET tool it is not on PATH.
if (-not (Get-Command pwsh -CommandType Application -ErrorAction Ignore)) {
    $bin = (New-Item (Join-Path $root 'out/bin') -ItemType Directory -Force).FullName
    $program = [Environment]::GetCommandLineArgs()[0]
    if ($IsWindows) {
        Set-Content (Join-Path $bin 'pwsh.cmd') "@dotnet `"$program`" %*"
    }
    else {
        $shim = Join-Path $bin 'pwsh'
        Set-Content $shim "#!/bin/sh`nexec dotnet '$program' `"`$@`""
        chmod +x $shim
    }

    $env:PATH = $bin + [IO.Path]::PathSeparator + $env:PATH
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration

# A file that does not load and a BeforeAll that throws have no test to blame.
@{
    Passed  = $run.PassedCount
    Failed  = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    Skipped = $run.SkippedCount + $run.NotRunCount + $run.InconclusiveCount
} | ConvertTo-Json | Set-Content $ResultPath
