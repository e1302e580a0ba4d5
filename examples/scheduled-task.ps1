<#
.SYNOPSIS
Runs an experiment unattended, and goes on where it was each time it is started.

.DESCRIPTION
For a scheduler, which starts it every night, after each boot, or until it is done. It asks nothing and prints nothing: what it
did is in a log file, and how it went is its exit code, the same as the headless host's:

    0  done; a start after that finds all of it there and is done in no time
    1  an error in the program itself, such as a module that was not built
    2  wrong experiment file, data, or a run of another experiment in the output folder; or the learner's program failed
    3  a file could not be read or written (permission, disk full)
   75  another start is still at it; this one did nothing

Killed at any moment, by the end of its time or a power cut, it loses at most the models that were being trained.

On Windows, every night at one o'clock for at most six hours:

    $action = New-ScheduledTaskAction -Execute pwsh -Argument (
        '-NoProfile -NonInteractive -File C:\datamodels\examples\scheduled-task.ps1 C:\work\experiment.yaml')
    $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Hours 6) -MultipleInstances IgnoreNew
    Register-ScheduledTask Datamodels -Action $action -Trigger (New-ScheduledTaskTrigger -Daily -At 1am) -Settings $settings

On Linux the same by cron, a line of crontab -e:

    0 1 * * * timeout 6h pwsh -NoProfile -NonInteractive -File ~/datamodels/examples/scheduled-task.ps1 ~/study/experiment.yaml

or by systemd, a unit which a timer starts, or which starts itself again after whatever ended it:

    [Service]
    ExecStart=pwsh -NoProfile -NonInteractive -File /opt/datamodels/examples/scheduled-task.ps1 /srv/work/experiment.yaml
    Restart=on-failure
    RestartPreventExitStatus=1 2 3
    RestartSec=60

.EXAMPLE
pwsh -NoProfile -File examples/scheduled-task.ps1 examples/digits/experiment.yaml; $LASTEXITCODE
#>
param(
    # The experiment file.
    [Parameter(Mandatory)] [string] $Path,

    # Folder for everything that is written; by default the one that the file names.
    [string] $OutputPath,

    # The log, to which each start adds its lines.
    [string] $LogPath = [System.IO.Path]::ChangeExtension($Path, '.log'),

    # Models trained at once; 0 takes every core.
    [int] $ThrottleLimit = 0
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'

function Write-Log([string] $Text) {
    $line = '{0:yyyy-MM-ddTHH:mm:ssK} [{1}] {2}{3}' -f [datetime]::Now, $PID, $Text, [Environment]::NewLine
    [System.IO.File]::AppendAllText($log, $line)
}

function Get-ExitCode([System.Exception] $Problem) {
    if ($Problem.GetType().Name -eq 'DatamodelException') {
        return $Problem.Kind -eq 'InputOutput' ? 3 : 2
    }

    $Problem -is [System.IO.IOException] -or $Problem -is [System.UnauthorizedAccessException] ? 3 : 1
}

# Without a log there is nobody to tell but whoever reads the exit code.
try {
    $log = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($LogPath)
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($log))
    Write-Log "Started: experiment '$Path'."
} catch {
    exit (Get-ExitCode $_.Exception.GetBaseException())
}

# The system lets go of this file when the process ends, however it ends.
try {
    $lock = [System.IO.File]::Open(
        "$log.lock", [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
} catch {
    # Held by another is an IOException itself; what has other causes has exceptions of its own.
    $problem = $_.Exception.GetBaseException()
    if ($problem.GetType() -ne [System.IO.IOException]) {
        Write-Log "Failed with exit code $(Get-ExitCode $problem): $($problem.Message)"
        exit (Get-ExitCode $problem)
    }

    Write-Log "Nothing done: another start holds '$log.lock'."
    exit 75
}

try {
    Import-Module (Join-Path $PSScriptRoot '../Datamodels.psd1')
    $where = $OutputPath ? @{ OutputPath = $OutputPath } : @{}
    Invoke-DatamodelExperiment -LiteralPath $Path @where -ThrottleLimit $ThrottleLimit -Verbose *>&1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.WarningRecord]) {
            Write-Log "Warning: $_"
        } elseif ($_ -is [System.Management.Automation.VerboseRecord] -or
            $_ -is [System.Management.Automation.InformationRecord]) {
            Write-Log "$_"
        } else {
            $summary = $_.Summary
            Write-Log ('Done: {0} models, {1} of them trained by this start; {2} targets. Everything is in {3}.' -f
                $summary.Models, $summary.ModelsTrained, $summary.TargetCount, $_.Experiment.Output)
        }
    }

    $exitCode = 0
} catch {
    $exitCode = Get-ExitCode $_.Exception
    Write-Log "Failed with exit code $($exitCode): $($_.Exception.Message)"
} finally {
    $lock.Dispose()
}

exit $exitCode
