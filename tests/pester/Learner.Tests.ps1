# Learners of the user's own: a program, and a script block.

BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TrainSize 60 -TestSize 10
    $pwsh = (Get-Process -Id $PID).Path

    # Both give a logit to each class: how often the subset has it.
    $share = {
        param($task)
        $counts = [int[]]::new($task.Classes.Count)
        foreach ($label in $task.TrainLabels) { $counts[$label]++ }
        foreach ($target in $task.TargetLabels) { $counts }
    }
    Set-Content "$TestDrive/share.ps1" {
        param($How)
        $say = { [Console]::Error.WriteLine("$args") }
        $hello = [Console]::In.ReadLine() | ConvertFrom-Json
        $bytes = [IO.File]::ReadAllBytes($hello.train.labels)
        $labels = [int[]]::new($hello.train.count)
        [Buffer]::BlockCopy($bytes, 10 + [BitConverter]::ToUInt16($bytes, 8), $labels, 0, 4 * $labels.Length)
        while ($line = [Console]::In.ReadLine()) {
            $task = $line | ConvertFrom-Json
            if ($How -eq 'Die') { & $say "cannot do model $($task.model)"; exit 5 }
            if ($How -eq 'Hang') { Set-Content "$PSScriptRoot/hangs.txt" $PID; Start-Sleep 1000 }
            if ($How -eq 'Chat') { 'Let me see.' }
            if ($How -eq 'Say') { & $say "model $($task.model) done" }
            $counts = [int[]]::new($hello.classes.Count)
            foreach ($index in $task.indices) { $counts[$labels[$index]]++ }
            @{ model = $task.model; logits = @(1..$hello.targets.count | ForEach-Object { , $counts }) } |
                ConvertTo-Json -Compress -Depth 3
        }
    }
    function New-Program([string] $How = 'Well') {
        New-Learner -Process $pwsh -ArgumentList '-NoProfile', '-File', "$TestDrive/share.ps1", $How
    }

    function Get-RunHash([string] $run) {
        (Get-FileHash "$TestDrive/$run/margins.npy", "$TestDrive/$run/subsets.npy", "$TestDrive/$run/completed.npy").Hash
    }
}

Describe 'New-Learner -Process' {
    It 'keeps the command, the arguments and where PowerShell is' {
        Push-Location $TestDrive
        $learner = New-Learner -Process python3 -ArgumentList train.py, '', 'a b'
        Pop-Location
        $learner.Command | Should -Be 'python3'
        $learner.Arguments | Should -Be 'train.py', '', 'a b'
        $learner.WorkingDirectory | Should -Be (Get-Item $TestDrive).FullName
        ($learner | Out-String) | Should -BeLike '*python3*train.py*'
    }

    It 'takes no settings of networks' {
        { New-Learner -Process python3 -EpochCount 3 } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'trains, and what the program says is shown but is no result' {
        $run = $data | Start-SubsetTraining "$TestDrive/said" -Count 6 -Learner (New-Program Say) -ThrottleLimit 2 `
            -InformationVariable said 6>$null
        $run.IsComplete | Should -BeTrue
        $run.Spec.Engine | Should -Be 'process-1'
        @($said | Where-Object { "$_" -match ' model [0-5] done$' }).Count | Should -Be 6
    }

    It 'gives what the script block of the same rule gives, also to models added later' {
        $script = New-Learner -ScriptBlock $share
        $null = $data | Start-SubsetTraining "$TestDrive/program" -Count 5 -Learner (New-Program) -ThrottleLimit 1
        $null = $data | Start-SubsetTraining "$TestDrive/program" -Count 8 -Learner (New-Program) -ThrottleLimit 2
        $null = $data | Start-SubsetTraining "$TestDrive/script" -Count 8 -Learner $script -ThrottleLimit 3
        Get-RunHash program | Should -Be (Get-RunHash script)
    }

    It 'makes nothing where there is no such program' {
        { $data | Start-SubsetTraining "$TestDrive/none" -Learner (New-Learner -Process no-such-program) } |
            Should -Throw '*no-such-program*' -ErrorId 'ProgramNotFound,*'
        "$TestDrive/none" | Should -Not -Exist
    }

    It 'tells exit code and last words of a program that dies' {
        $data | Start-SubsetTraining "$TestDrive/dead" -Count 4 -Learner (New-Program Die) -ThrottleLimit 1 `
            -ErrorVariable problem -ErrorAction SilentlyContinue -WarningVariable warned -WarningAction SilentlyContinue 6>$null |
            Should -BeNullOrEmpty
        $problem[-1].Exception.Message | Should -BeLike '*model 0, 3 times in a row*exit code 5*cannot do model 0'
        $problem[-1].CategoryInfo.Category | Should -Be 'InvalidResult'
        $warned.Count | Should -Be 2
    }

    It 'refuses what is not an answer, and shows it' {
        { $data | Start-SubsetTraining "$TestDrive/chat" -Count 4 -Learner (New-Program Chat) -ErrorAction Stop } |
            Should -Throw '*not JSON*standard error*Let me see.' -ErrorId 'LearnerAnswerWrong,*'
    }

    It 'leaves no files behind when the session is left' {
        $null = New-Item "$TestDrive/temporary" -ItemType Directory
        $session = {
            Import-Module $env:DATAMODELS_MODULE
            $learner = New-Learner -Process $env:DATAMODELS_PWSH -ArgumentList '-NoProfile', '-File', $env:DATAMODELS_SHARE, Say
            $null = Import-TrainingData $env:DATAMODELS_DATA -TrainSize 60 -TestSize 10 |
                Start-SubsetTraining $env:DATAMODELS_RUN -Count 100000 -Learner $learner -AsJob
            while (-not (Get-SubsetTraining $env:DATAMODELS_RUN -ErrorAction Ignore).CompletedCount) {
                Start-Sleep -Milliseconds 50
            }

            (Get-ChildItem $env:TMPDIR -Recurse -File).Name
        }
        $given = @{
            DATAMODELS_MODULE = $module
            DATAMODELS_PWSH = $pwsh
            DATAMODELS_SHARE = "$TestDrive/share.ps1"
            DATAMODELS_DATA = "$TestDrive/small.csv"
            DATAMODELS_RUN = "$TestDrive/left"
            TMPDIR = "$TestDrive/temporary"
            TEMP = "$TestDrive/temporary"
            TMP = "$TestDrive/temporary"
        }
        $before = @{}
        foreach ($name in $given.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $given[$name])
        }

        try {
            & $pwsh -NoProfile -Command "$session" | Should -Contain 'train-features.npy'
        } finally {
            foreach ($name in $given.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }

        Get-ChildItem "$TestDrive/temporary" -Filter datamodels-* | Should -BeNullOrEmpty
        (Get-SubsetTraining "$TestDrive/left").State | Should -Be 'Stopped'
    }

    It 'is killed within a second when the user stops' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $data, $learner, $path)
                Import-Module $module
                $data | Start-SubsetTraining $path -Count 4 -Learner $learner -ThrottleLimit 1
            }).AddParameters(@($module, $data, (New-Program Hang), "$TestDrive/hung"))
            $null = $shell.BeginInvoke()
            $waited = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (Get-Content "$TestDrive/hangs.txt" -ErrorAction Ignore) -and $waited.Elapsed.TotalSeconds -lt 60) {
                Start-Sleep -Milliseconds 20
            }

            $id = [int](Get-Content "$TestDrive/hangs.txt")
            Get-Process -Id $id | Should -Not -BeNullOrEmpty
            $stopping = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $stopping.Elapsed.TotalSeconds | Should -BeLessThan 1
            Get-Process -Id $id -ErrorAction Ignore | Should -BeNullOrEmpty
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'New-Learner -ScriptBlock' {
    It 'refuses what is of the session, which the run would not have' {
        $outside = 1
        { New-Learner -ScriptBlock { $using:outside } } | Should -Throw '*$using:outside*' -ErrorId 'ScriptUsesSession,*'
    }

    It 'sees nothing of the session' {
        $global:ofTheSession = 7
        $learner = New-Learner -ScriptBlock {
            param($task)
            $task.TargetLabels | ForEach-Object { [int]($null -eq $ofTheSession) }
        }
        $run = $data | Start-SubsetTraining "$TestDrive/alone" -Count 2 -Learner $learner
        Remove-Variable ofTheSession -Scope Global
        $run.ReadRows().Outputs | Sort-Object -Unique | Should -Be 1
    }

    It 'gets the task' {
        $learner = New-Learner -ScriptBlock {
            param($task)
            $good = $task.Examples.Count -eq 30 -and $task.TrainFeatures.Count -eq 30 -and $task.TrainLabels.Count -eq 30 -and
                $task.TrainFeatures[0].Count -eq 64 -and $task.TargetFeatures.Count -eq 10 -and $task.Classes.Count -eq 10 -and
                $task.Output -eq 'Loss' -and $task.Seed -ge 0
            $task.TargetLabels | ForEach-Object { $good ? $task.Model : -1 }
        }
        $run = $data | Start-SubsetTraining "$TestDrive/task" -Count 3 -Learner $learner -Output Loss
        $run.ReadRows().Outputs[0, 10, 20, 29] | Should -Be 0, 1, 2, 2
    }

    It 'gives each model arrays of its own' {
        $learner = New-Learner -ScriptBlock {
            param($task)
            $task.TargetFeatures | ForEach-Object { $_[0]; $_[0] = 100 }
            $task.TrainFeatures[0][0] = 100
        }
        $run = $data | Start-SubsetTraining "$TestDrive/own" -Count 3 -Learner $learner -ThrottleLimit 1
        $run.ReadRows().Outputs | Should -Not -Contain 100
    }

    It 'goes on from the text in the run' {
        $null = $data | Start-SubsetTraining "$TestDrive/text" -Count 5 -Learner (New-Learner -ScriptBlock $share)
        $opened = Get-SubsetTraining "$TestDrive/text"
        $opened.Spec.Learner.Script | Should -Be "$share".Trim()
        $null = $opened.Data | Start-SubsetTraining "$TestDrive/text" -Count 8 -Learner $opened.Spec.Learner
        $null = $data | Start-SubsetTraining "$TestDrive/undisturbed" -Count 8 -Learner (New-Learner -ScriptBlock $share)
        Get-RunHash text | Should -Be (Get-RunHash undisturbed)
        { $data | Start-SubsetTraining "$TestDrive/text" -Count 8 -Learner (New-Learner -ScriptBlock { 1 }) -ErrorAction Stop } |
            Should -Throw -ErrorId 'RunSpecDiffers,*'
    }

    It 'names the model and the line of an error: <Script>' -ForEach @(
        @{
            Script = { param($task) if ($task.Model -eq 1) { throw 'No luck' }; $task.TargetLabels }
            Said = '*model 1: No luck.*throw*'
        }
        @{ Script = { Get-Item /no/such; 1 }; Said = '*model*no*such*Get-Item*' }
        @{ Script = { pwsh -NoProfile -Command 'exit 4'; 1 }; Said = '*model*pwsh*exit code: 4*' }
        @{ Script = { 1, 2, 3 }; Said = '*gave 3 numbers; expected 100, a logit for each of 10 targets and 10 classes, or 10*' }
        @{ Script = { 'a' }; Said = "*gave 'a' (String), which is not a number*" }
        @{ Script = { [double]::NaN }; Said = '*gave NaN as number 0; it must be finite*' }
    ) {
        $learner = New-Learner -ScriptBlock $Script
        $data | Start-SubsetTraining "$TestDrive/wrong-$([guid]::NewGuid())" -Count 2 -Learner $learner `
            -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[-1].Exception.Message | Should -BeLike $Said
        $problem[-1].CategoryInfo.Category | Should -Be 'InvalidResult'
    }

    It 'writes to the streams of the cmdlet' {
        $learner = New-Learner -ScriptBlock {
            param($task)
            Write-Warning 'careful'
            Write-Verbose 'thorough'
            Write-Host 'hello'
            Write-Error 'forgiven' -ErrorAction Continue
            $task.TargetLabels
        }
        $said = $data | Start-SubsetTraining "$TestDrive/streams" -Count 2 -Learner $learner -Verbose 3>&1 4>&1 6>&1
        "$($said | Where-Object { $_ -is [System.Management.Automation.WarningRecord] })" | Should -BeLike '*Model 0: careful*'
        "$($said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })" | Should -BeLike '*Model 1: thorough*'
        "$($said | Where-Object { $_ -is [System.Management.Automation.InformationRecord] })" |
            Should -BeLike '*Model 0: hello*Model 0: forgiven*'
    }

    It 'stops within a second' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $data, $path)
                Import-Module $module
                $learner = New-Learner -ScriptBlock { Write-Host here; while ($true) { } }
                $data | Start-SubsetTraining $path -Count 4 -Learner $learner
            }).AddArgument($module).AddArgument($data).AddArgument("$TestDrive/endless")
            $null = $shell.BeginInvoke()
            $waited = [System.Diagnostics.Stopwatch]::StartNew()
            while ($shell.Streams.Information.Count -eq 0 -and $waited.Elapsed.TotalSeconds -lt 60) {
                Start-Sleep -Milliseconds 20
            }

            $shell.Streams.Information.Count | Should -BeGreaterThan 0
            $stopping = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $stopping.Elapsed.TotalSeconds | Should -BeLessThan 1
        } finally {
            $shell.Dispose()
        }
    }

    It 'serves the whole way: brittle sets and held-out scores' {
        $run = $data | Start-SubsetTraining "$TestDrive/way" -Count 200 -Learner (New-Learner -ScriptBlock $share) -Alpha 0.3
        $datamodels = $run | Invoke-DatamodelFit -Target 0, 1
        $sets = $datamodels | Find-BrittleSet | Test-BrittleSet -RetrainingCount 2
        $sets.Count | Should -Be 2
        $sets | ForEach-Object { $_.ControlMargin | Should -Not -BeNullOrEmpty }
        $measure = $datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 1 -WarningAction SilentlyContinue
        $measure.Targets | Should -Be 0, 1
    }
}
