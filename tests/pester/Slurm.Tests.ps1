# The sbatch of these tests is a script for bash.
BeforeDiscovery { $noSlurm = $IsWindows }

BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    $data = Import-TrainingData "$root/examples/digits/digits.csv.gz" -TestSize 20 -Scaling UnitRange
    $learner = New-Learner -Hidden 4 -EpochCount 1 -PeakEpoch 0.5
    $path = $env:PATH

    # The run, with a first model at most.
    function New-Run([string] $Name) { $data | Start-SubsetTraining "$TestDrive/$Name" -Count 40 -Learner $learner -Shard 1/1000 }

    # An sbatch that does something else.
    function Set-Sbatch([string[]] $Line, [string] $Interpreter = '/bin/bash') {
        Set-Content "$TestDrive/slurm/sbatch" -NoNewline ((@("#!$Interpreter") + $Line + '') -join "`n")
    }
}

AfterAll {
    $env:PATH = $path
    $env:FAKE_SLURM_TASKS = $env:FAKE_SLURM_REFUSES = $null
}

Describe 'Submit-SubsetTraining' {
    BeforeEach {
        Remove-Item "$TestDrive/slurm" -Recurse -ErrorAction Ignore
        & "$PSScriptRoot/New-FakeSlurm.ps1" "$TestDrive/slurm"
        $env:FAKE_SLURM_TASKS = $env:FAKE_SLURM_REFUSES = $null
    }

    AfterEach { $env:PATH = $path }

    It 'trains the run by tasks, to the bytes of any other way, and submits what some have not done' -Skip:$noSlurm {
        $run = New-Run "it's a run"
        $run.CompletedCount | Should -Be 0
        $env:FAKE_SLURM_TASKS = '1 3'
        $job = $run | Submit-SubsetTraining 4
        $job.JobId | Should -Be '4711'
        $job.Shards | Should -Be 1, 2, 3, 4
        $job.Path | Should -Be $run.Path
        Get-Content "$TestDrive/slurm/arguments" | Should -Be '--parsable', $job.Script
        Get-Content "$TestDrive/slurm/directory" | Should -Be $run.Path
        Get-Content "$TestDrive/slurm/task-[13].code" | Should -Be '0', '0'
        "$TestDrive/slurm/task-2.code" | Should -Not -Exist

        # By the name of the property.
        ($job | Get-SubsetTraining).CompletedCount | Should -Be 20
        $env:FAKE_SLURM_TASKS = '1 2 3 4'
        $again = $job | Get-SubsetTraining | Submit-SubsetTraining -ShardCount 4 -CpusPerTask 2 -Memory 1GB
        $again.Shards | Should -Be 2, 4
        $done = $again | Get-SubsetTraining
        $done.State | Should -Be Complete
        $whole = $data | Start-SubsetTraining "$TestDrive/whole" -Count 40 -Learner $learner
        foreach ($file in Get-ChildItem "$($whole.Path)/*.npy") {
            (Get-FileHash "$($done.Path)/$($file.Name)").Hash | Should -Be (Get-FileHash $file).Hash
        }

        $done | Submit-SubsetTraining 4 -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -BeLike '*nothing to submit*'
    }

    It 'writes the script and no more where it is told to, and nothing with -WhatIf' {
        $run = New-Run written
        $run | Submit-SubsetTraining 3 -WhatIf | Should -BeNullOrEmpty
        "$($run.Path)/slurm" | Should -Not -Exist
        $env:PATH = ''
        $job = $run | Submit-SubsetTraining 3 -Partition long -Time 1.12:00:00 -Argument '--account=mine', '--qos=low' -NoSubmit
        $env:PATH = $path
        $job.JobId | Should -BeNullOrEmpty
        "$job" | Should -BeLike 'job that is not submitted, 3 of 3 shards of *written'
        $job | Out-String | Should -BeLike '*JobId*Tasks*Shards*'
        $script = Get-Content $job.Script
        $script[0] | Should -Be '#!/bin/bash'
        $script | Should -Contain '#SBATCH --time=1-12:00:00'
        $script | Should -Contain '#SBATCH --partition=long'
        $script | Should -Contain '#SBATCH --qos=low'
        $script -match '^exec' | Should -BeLike "exec dotnet '*Datamodels.Worker.dll' train '$($run.Path)' \"
        "$TestDrive/slurm/arguments" | Should -Not -Exist
    }

    It 'says what is missing: sbatch, the host, data, PowerShell on a node' {
        $run = New-Run missing
        $env:PATH = ''
        { $run | Submit-SubsetTraining 2 -ErrorAction Stop } | Should -Throw '*NoSubmit*' -ErrorId 'SbatchNotFound,*'
        $env:PATH = $path
        { $run | Submit-SubsetTraining 2 -HostPath "$TestDrive/none.dll" -NoSubmit -ErrorAction Stop } |
            Should -Throw '*none.dll*' -ErrorId 'HostNotFound,*'
        "$($run.Path)/slurm" | Should -Not -Exist
        $scripted = $data |
            Start-SubsetTraining "$TestDrive/scripted" -Count 4 -Learner (New-Learner -ScriptBlock { 1 }) -Shard 1/10
        { $scripted | Submit-SubsetTraining 2 -NoSubmit -ErrorAction Stop } | Should -Throw -ErrorId 'ScriptNeedsPowerShell,*'
    }

    It 'tells what sbatch says where it refuses' -Skip:$noSlurm {
        $env:FAKE_SLURM_REFUSES = 'invalid partition specified: nowhere'
        { New-Run refused | Submit-SubsetTraining 2 -Partition nowhere -ErrorAction Stop } |
            Should -Throw '*invalid partition specified: nowhere*' -ErrorId 'SbatchFailed,*'
    }

    It 'finds the number of the job among what a site has to say' -Skip:$noSlurm {
        Set-Sbatch 'echo Welcome to 2 clusters', 'echo 4711', 'echo Have a nice day'
        (New-Run greeted | Submit-SubsetTraining 2).JobId | Should -Be 4711
        Set-Sbatch 'echo 12', 'echo "4712;south"'
        (New-Run greeted | Submit-SubsetTraining 2).JobId | Should -Be 4712
    }

    It 'says that a job was taken where its number is not told' -Skip:$noSlurm {
        Set-Sbatch 'echo queued'
        { New-Run unnumbered | Submit-SubsetTraining 2 -ErrorAction Stop } |
            Should -Throw "*took*'queued'*squeue*twice*" -ErrorId 'JobIdUnknown,*'
    }

    It 'says that sbatch cannot be started' -Skip:$noSlurm {
        Set-Sbatch -Interpreter /nowhere/bash
        { New-Run broken | Submit-SubsetTraining 2 -ErrorAction Stop } |
            Should -Throw '*sbatch* cannot be started*' -ErrorId 'SbatchNotStarted,*'
    }

    It 'ends an sbatch that hangs when it is stopped' -Skip:$noSlurm {
        Set-Sbatch 'echo $$ > "$(dirname "$0")/process"', 'sleep 600'
        $null = New-Run hanging
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('
                param($module, $run)
                Import-Module $module
                Get-SubsetTraining $run | Submit-SubsetTraining 2').AddArgument($module).AddArgument("$TestDrive/hanging")
            $task = $shell.BeginInvoke()
            $until = [datetime]::UtcNow.AddSeconds(30)
            while (-not (Get-Content "$TestDrive/slurm/process" -ErrorAction Ignore) -and [datetime]::UtcNow -lt $until) {
                Start-Sleep -Milliseconds 50
            }

            $id = [int](Get-Content "$TestDrive/slurm/process")
            Get-Process -Id $id -ErrorAction Ignore | Should -Not -BeNullOrEmpty
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
            $task.IsCompleted | Should -BeTrue
            Wait-Process -Id $id -Timeout 5 -ErrorAction Ignore
            Get-Process -Id $id -ErrorAction Ignore | Should -BeNullOrEmpty
        } finally {
            $shell.Dispose()
        }
    }

    It 'refuses more shards than models, and a time that is none' {
        $run = New-Run bounded
        { $run | Submit-SubsetTraining 41 -NoSubmit -ErrorAction Stop } |
            Should -Throw '*ShardCount*41*at most 40*' -ErrorId 'SlurmOptionOutOfRange,*'
        { $run | Submit-SubsetTraining 2 -Time ([timespan]::MaxValue) -NoSubmit -ErrorAction Stop } |
            Should -Throw '*Time*3650 days*' -ErrorId 'SlurmOptionOutOfRange,*'
    }
}
