# The scripts of examples/ for the three ways of use, on small sizes.

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    Push-Location $root
}

AfterAll { Pop-Location }

Describe 'Each script' {
    It 'has help: <_>' -ForEach 'pipeline', 'scheduled-task', 'explore' {
        $help = Get-Help "$root/examples/$_.ps1" -Full
        $help.Synopsis | Should -BeLike '*.'
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }
}

Describe 'pipeline.ps1' {
    BeforeAll {
        $small = @{
            Path = "$TestDrive/small.csv"; RunPath = "$TestDrive/pipeline"; TestSize = 20; Target = 0..4; Count = 500
            Learner = New-Learner -Hidden 16; RetrainingCount = 2
        }
        $sets = & "$root/examples/pipeline.ps1" @small
    }

    It 'gives verified brittle sets, and the same as a table' {
        $sets.Target | Sort-Object -Unique | Should -Be (0..4)
        $sets | Where-Object Status -EQ Found | Should -BeNullOrEmpty
        ($sets | Where-Object { $null -ne $_.RetrainedMargin }).Count | Should -BeGreaterThan 0
        $rows = Import-Csv "$TestDrive/pipeline-brittle.csv"
        $rows.Target | Should -Be $sets.Target
        $rows.Status | Should -Be $sets.Status
        "$TestDrive/pipeline-brittle.csv.unfinished" | Should -Not -Exist
    }

    It 'makes the folder of the table, and reads data and learners as it is told' {
        $iris = @{ Header = $true; LabelColumn = 'species'; Scaling = 'Standardize' }
        $found = & "$root/examples/pipeline.ps1" "$root/examples/iris/iris.csv" -Read $iris -TestSize 6 -Learner Softmax `
            -RunPath "$TestDrive/none/yet/iris" -Count 200 -RetrainingCount 2
        $found.Target | Should -Be (0..5)
        (Import-Csv "$TestDrive/none/yet/iris-brittle.csv").Target | Should -Be $found.Target
    }

    It 'gives the same when it is started again' {
        $first = Get-FileHash "$TestDrive/pipeline-brittle.csv"
        $null = & "$root/examples/pipeline.ps1" @small
        (Get-FileHash "$TestDrive/pipeline-brittle.csv").Hash | Should -Be $first.Hash
    }
}

Describe 'explore.ps1' {
    It 'shows each step, and leaves its variables behind a dot' {
        $ErrorActionPreference = 'Stop'
        $small = @{
            Path = "$TestDrive/small.csv"; RunPath = "$TestDrive/explore"; TestSize = 20; Count = 500; RetrainingCount = 2
        }
        $shown = . "$root/examples/explore.ps1" @small | Out-String
        $shown | Should -Match 'Fingerprint'
        $shown | Should -Match 'MeasuredEffect|Measured'
        $datamodels.Count | Should -Be 20
        $closest.Status | Should -Be Found
        (Import-Csv "$TestDrive/explore-influencers.csv").Count | Should -Be $influencers.Count
    }

    It 'can be pasted at a prompt, line by line' {
        $lines = Get-Content "$root/examples/explore.ps1"
        $code = $lines[([array]::IndexOf($lines, '#>') + 1)..($lines.Count - 1)] -replace 'TestSize = 100', 'TestSize = 20' `
            -replace 'Count = 4000', 'Count = 500' -replace 'RetrainingCount = 10', 'RetrainingCount = 2' -join "`n"
        $code = $code -replace 'examples/digits/digits.csv.gz', "$TestDrive/small.csv" -replace 'out/explore', "$TestDrive/pasted"
        # A line that is not the end of a command is an error of its own kind to the prompt, which then waits for the next.
        $errors = '@($Error | Where-Object { $_ -isnot [System.Management.Automation.IncompleteParseException] }).Count'
        $said = "$code`n'The end: {0} {1}' -f `$datamodels.Count, $errors`n" |
            pwsh -NoProfile -NonInteractive -Command - 2>&1 | Out-String
        $said | Should -Match 'The end: 20 0\s'
    }
}

Describe 'scheduled-task.ps1' {
    BeforeAll {
        $pwsh = (Get-Command pwsh -CommandType Application)[0].Source

        # Enough work that a start can be met in the middle.
        @"
data: { path: $root/examples/digits/digits.csv.gz, scaling: UnitRange, testSize: 20 }
learner: { hidden: [32], epochs: 10 }
subsets: { alpha: 0.5, count: 6000, seed: 1 }
fit: { lambdaCount: 20 }
brittle: { targets: 3, retrainings: 2, seed: 1 }
output: out
"@ | Set-Content "$TestDrive/task.yaml"

        function Start-Task($Name, $Experiment = "$TestDrive/task.yaml", $Log = "$TestDrive/$Name.log") {
            $start = [System.Diagnostics.ProcessStartInfo]::new($pwsh)
            $start.RedirectStandardOutput = $start.RedirectStandardError = $true
            '-NoProfile', '-NonInteractive', '-File', "$root/examples/scheduled-task.ps1", $Experiment, '-OutputPath',
                "$TestDrive/$Name", '-LogPath', $Log | ForEach-Object { $start.ArgumentList.Add($_) }
            [System.Diagnostics.Process]::Start($start)
        }

        # Exit code of a start that is waited for, which must not say anything.
        function Invoke-Task {
            $task = Start-Task @args
            $task.StandardOutput.ReadToEnd() + $task.StandardError.ReadToEnd() | Should -BeExactly ''
            $task.WaitForExit()
            $task.ExitCode
        }

        function Get-Hashes([string] $Name) {
            $folder = (Get-Item "$TestDrive/$Name").FullName
            Get-ChildItem $folder -Recurse -File -Include *.npy, *.csv | Sort-Object FullName |
                ForEach-Object { "$($_.FullName.Substring($folder.Length)) $((Get-FileHash $_).Hash)" }
        }
    }

    It 'killed half way and started again, finishes with the bytes of an undisturbed one; a second start meanwhile does nothing' {
        $task = Start-Task killed
        $waited = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not (Get-SubsetTraining "$TestDrive/killed/run" -ErrorAction Ignore).CompletedCount) {
            $waited.Elapsed.TotalSeconds | Should -BeLessThan 120
            $task.HasExited | Should -BeFalse
            Start-Sleep -Milliseconds 20
        }

        Invoke-Task killed | Should -Be 75
        $task.HasExited | Should -BeFalse
        $task.Kill()
        $task.WaitForExit()
        $done = (Get-SubsetTraining "$TestDrive/killed/run").CompletedCount
        $done | Should -BeGreaterThan 0
        $done | Should -BeLessThan 6000

        Invoke-Task killed | Should -Be 0
        Invoke-Task undisturbed | Should -Be 0
        $hashes = Get-Hashes undisturbed
        ($hashes -replace ' .*') | Should -Contain "$([System.IO.Path]::DirectorySeparatorChar)brittle.csv"
        Get-Hashes killed | Should -Be $hashes

        $log = Get-Content "$TestDrive/killed.log"
        $log | ForEach-Object { $_ | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \[\d+\] \S' }
        @($log -match 'Started').Count | Should -Be 3
        @($log -match 'another start').Count | Should -Be 1
        $log[-1] | Should -Match "Done: 6000 models, $(6000 - $done) of them trained by this start; 20 targets"
    }

    It 'done already, is done again at once' {
        Invoke-Task undisturbed | Should -Be 0
        (Get-Content "$TestDrive/undisturbed.log")[-1] | Should -Match 'Done: 6000 models, 0 of them'
    }

    It 'says by its exit code and in its log what is wrong' {
        Invoke-Task none "$TestDrive/none.yaml" | Should -Be 2
        (Get-Content "$TestDrive/none.log")[-1] | Should -BeLike '*exit code 2*none.yaml*'

        "data: { path: small.csv, testSise: 10 }`nsubsets: { alpha: 0.5, count: 10 }`noutput: out" |
            Set-Content "$TestDrive/wrong.yaml"
        Invoke-Task wrong "$TestDrive/wrong.yaml" | Should -Be 2
        (Get-Content "$TestDrive/wrong.log")[-1] | Should -BeLike '*testSise*'

        Set-Content "$TestDrive/file" 'not a folder'
        Invoke-Task file/out -Log "$TestDrive/file.log" | Should -Be 3
        (Get-Content "$TestDrive/file.log")[-1] | Should -BeLike '*exit code 3*'
        Invoke-Task file/out -Log "$TestDrive/file/task.log" | Should -Be 3
    }
}
