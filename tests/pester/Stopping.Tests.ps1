BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    $digits = "$root/examples/digits/digits.csv.gz"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"

    # Runs a script in a runspace of its own, waits until $Ready says so, and stops it as Ctrl+C does.
    function Stop-InMiddle([scriptblock] $Script, [object[]] $ArgumentList, [scriptblock] $Ready) {
        $shell = [powershell]::Create()
        try {
            # One statement: of several, PowerShell looks at the runspace once more after it is stopped, and closed by then.
            $null = $shell.AddScript("Import-Module '$module'; & { $Script } @args")
            $ArgumentList | ForEach-Object { $null = $shell.AddArgument($_) }
            $null = $shell.BeginInvoke()
            $waited = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $Ready $shell) -and $waited.Elapsed.TotalSeconds -lt 60 -and
                $shell.InvocationStateInfo.State -eq 'Running') {
                Start-Sleep -Milliseconds 20
            }

            $state = $shell.InvocationStateInfo.State
            $stopping = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            [pscustomobject]@{
                StateBefore = $state
                SecondsBefore = $waited.Elapsed.TotalSeconds
                Seconds = $stopping.Elapsed.TotalSeconds
                Progress = @($shell.Streams.Progress)
            }
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Stopping' {
    It 'ends training within a second and leaves a run that goes on to the same bytes' {
        $stopped = Stop-InMiddle -ArgumentList $digits, "$TestDrive/stopped" -Script {
            param($digits, $path)
            Import-TrainingData $digits -TestSize 20 -Scaling UnitRange |
                Start-SubsetTraining $path -Count 1500 -Learner (New-Learner -Hidden 128 -EpochCount 10)
        } -Ready { param($shell) $shell.Streams.Progress.Count -ge 2 }
        $stopped.StateBefore | Should -Be 'Running'
        $stopped.Seconds | Should -BeLessThan 1

        $left = (Get-SubsetTraining "$TestDrive/stopped").CompletedCount
        $left | Should -BeGreaterThan 0
        $left | Should -BeLessThan 1500

        $data = Import-TrainingData $digits -TestSize 20 -Scaling UnitRange
        $learner = New-Learner -Hidden 128 -EpochCount 10
        ($data | Start-SubsetTraining "$TestDrive/stopped" -Count 1500 -Learner $learner).IsComplete | Should -BeTrue
        $null = $data | Start-SubsetTraining "$TestDrive/undisturbed" -Count 1500 -Learner $learner
        foreach ($file in Get-ChildItem "$TestDrive/undisturbed" -File) {
            (Get-FileHash "$TestDrive/stopped/$($file.Name)").Hash | Should -Be (Get-FileHash $file).Hash
        }
    }

    It 'ends a fit within a second, keeps what is done, and goes on to the same numbers' {
        $run = Import-TrainingData $digits -TestSize 400 -Scaling UnitRange |
            Start-SubsetTraining "$TestDrive/fitted" -Count 1500 -Learner (New-Learner -Hidden 8 -EpochCount 2)
        $stopped = Stop-InMiddle -ArgumentList $run -Script {
            param($run)
            $run | Invoke-DatamodelFit -Patience 50
        } -Ready {
            param($shell)
            $last = $shell.Streams.Progress | Select-Object -Last 1
            $last.Activity -eq 'Fitting datamodels' -and $last.PercentComplete -gt 50
        }
        $stopped.StateBefore | Should -Be 'Running'
        $stopped.Seconds | Should -BeLessThan 1
        ($stopped.Progress.Activity | Select-Object -Unique) -join ', ' |
            Should -Be 'Counting pairs of examples, Fitting datamodels'
        $stopped.Progress[-1].SecondsRemaining | Should -BeGreaterOrEqual 0
        $log = Get-Item "$TestDrive/fitted/fits/*/targets.log"
        $log.Length | Should -BeGreaterThan 1KB

        # One lambda and one fit of each target: what was there was not done again.
        $resumed = $run | Invoke-DatamodelFit -Patience 50
        $fresh = $run | Invoke-DatamodelFit -Patience 50 -FitPath "$TestDrive/fresh"
        (Get-Item $log).Length | Should -Be (Get-Item "$TestDrive/fresh/*/targets.log").Length
        $resumed.Target | Should -Be (0..399)
        $resumed.Bias | Should -Be $fresh.Bias
        "$($resumed.Weights)" | Should -Be "$($fresh.Weights)"
        $resumed.DualityGap | Should -Be $fresh.DualityGap
        $resumed.HeldOutR2 | Should -Be $fresh.HeldOutR2
    }

    It 'shows progress with the time left, at most five times a second' {
        $shown = Stop-InMiddle -ArgumentList $digits, "$TestDrive/progress" -Script {
            param($digits, $path)
            Import-TrainingData $digits -TestSize 20 -Scaling UnitRange |
                Start-SubsetTraining $path -Count 100000 -Learner (New-Learner -Hidden 8 -EpochCount 5)
        } -Ready { param($shell) $shell.Streams.Progress.Count -ge 5 }
        $training = @($shown.Progress | Where-Object RecordType -EQ Processing)
        $training.Count | Should -BeLessOrEqual (5 * $shown.SecondsBefore + 1)
        $training[-1].StatusDescription | Should -BeLike '* of 100,000, * a second'
        $training[-1].SecondsRemaining | Should -BeGreaterThan 0
    }

    It 'shows no more of many short pieces of work' {
        $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange
        $run = $data | Start-SubsetTraining "$TestDrive/pieces" -Count 500 -Learner (New-Learner -Hidden 16)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $run)
                Import-Module $module
                $run | Compare-Attribution -Target (0..4) -Size 1, 2, 5, 10 -SubsetCount 10 -RetrainingCount 2 -NetworkCount 2
            }).AddArgument($module).AddArgument($run)
            $taken = Measure-Command { $script:found = $shell.Invoke() }
            $found.Count | Should -Be 7
            $records = @($shell.Streams.Progress)
            $shown = @($records | Where-Object RecordType -EQ Processing)
            $shown.Count | Should -BeIn (1..[int](5 * $taken.TotalSeconds + 1))
            $records[-1].RecordType | Should -Be Completed
            @($records | Where-Object RecordType -EQ Completed).Count | Should -BeLessOrEqual $shown.Count
        } finally {
            $shell.Dispose()
        }
    }

    It 'takes the progress away at the end, and when the pipeline is cut' {
        $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                param($module, $data, $path)
                Import-Module $module
                $run = $data | Start-SubsetTraining $path -Count 300
                $run | Invoke-DatamodelFit | Select-Object -First 1
            }).AddArgument($module).AddArgument($data).AddArgument("$TestDrive/taken-away")
            $shell.Invoke().Count | Should -Be 1
            foreach ($activity in $shell.Streams.Progress | Group-Object ActivityId) {
                $activity.Group[-1].RecordType | Should -Be 'Completed'
            }

            @($shell.Streams.Progress | Where-Object RecordType -EQ Completed).Count | Should -Be 2
        } finally {
            $shell.Dispose()
        }
    }

    It 'ends the fit when the pipeline has what it wants' {
        $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 60 -Scaling UnitRange
        $run = $data | Start-SubsetTraining "$TestDrive/first" -Count 500 -Learner (New-Learner -Hidden 16)
        $all = Measure-Command { $run | Invoke-DatamodelFit }
        $first = Measure-Command { $script:found = $run | Invoke-DatamodelFit | Select-Object -First 2 }
        $found.Target | Should -Be 0, 1
        $first.TotalSeconds | Should -BeLessThan ($all.TotalSeconds / 2)
    }
}
