BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange
    $learner = New-Learner -Hidden 16

    # Enough work that a job does not end before it is looked at.
    $whole = Import-TrainingData "$root/examples/digits/digits.csv.gz" -TestSize 20 -Scaling UnitRange
    $slow = New-Learner -Hidden 64 -EpochCount 40

    function Wait-Until([scriptblock] $Ready) {
        $waited = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not (& $Ready)) {
            $waited.Elapsed.TotalSeconds | Should -BeLessThan 60
            Start-Sleep -Milliseconds 50
        }
    }
}

AfterAll { Get-Job | Where-Object PSJobTypeName -EQ SubsetTraining | Remove-Job -Force }

Describe 'Start-SubsetTraining -AsJob' {
    It 'gives a job at once, whose output is the run' {
        $job = $data | Start-SubsetTraining "$TestDrive/job" -Count 300 -Learner $learner -AsJob
        $job | Should -BeOfType System.Management.Automation.Job
        Get-Job -Id $job.Id | Should -Be $job
        $job.Command | Should -BeLike '*Start-SubsetTraining*'
        $run = Receive-Job $job -Wait
        $run.GetType().FullName | Should -Be 'Datamodels.Runs.SubsetTraining'
        $run.IsComplete | Should -BeTrue
        $job.State | Should -Be 'Completed'
        $job.StatusMessage | Should -BeLike '300 of 300*'
        $job.HasMoreData | Should -BeFalse
        Remove-Job $job
        Get-Job | Should -Not -Contain $job
    }

    It 'is waited for and removed as any other job' {
        $job = $data | Start-SubsetTraining "$TestDrive/waited" -Count 300 -Learner $learner -AsJob
        (Wait-Job $job).State | Should -Be 'Completed'
        ($job | Receive-Job -Wait -AutoRemoveJob).CompletedCount | Should -Be 300
        Get-Job | Should -Not -Contain $job
    }

    It 'shows where the run stands while it trains, stops within a second, and goes on later' {
        $job = $whole | Start-SubsetTraining "$TestDrive/long" -Count 50000 -Learner $slow -AsJob
        Wait-Until { (Get-SubsetTraining "$TestDrive/long" -ErrorAction Ignore).PerSecond -gt 0 }
        $seen = Get-SubsetTraining "$TestDrive/long"
        $seen.State | Should -Be 'Running'
        $seen.CompletedCount | Should -BeGreaterThan 0
        $seen.TimeLeft.TotalSeconds | Should -BeGreaterThan 1
        $seen.Workers.ProcessId | Should -Be $PID
        $lines = ($seen | Out-String -Width 160).Trim() -split '\r?\n'
        $lines[0] | Should -BeLike '*Models*Done*State*Rate*Left*'
        $lines[2] | Should -BeLike '*50000*Running*/s*:*'
        $job.StatusMessage | Should -BeLike '* of 50,000, * a second'
        $job.Progress[-1].Activity | Should -Be 'Training'

        (Measure-Command { Stop-Job $job }).TotalSeconds | Should -BeLessThan 1
        $job.State | Should -Be 'Stopped'
        $stopped = Get-SubsetTraining "$TestDrive/long"
        $stopped.State | Should -Be 'Stopped'
        $stopped.CompletedCount | Should -BeGreaterThan 0
        "$TestDrive/long/workers" | Should -Not -Exist
        Remove-Job $job

        $again = $whole | Start-SubsetTraining "$TestDrive/long" -Count 50000 -Learner $slow -AsJob
        Wait-Until { (Get-SubsetTraining "$TestDrive/long").CompletedCount -gt $stopped.CompletedCount }
        Remove-Job $again -Force
        (Get-SubsetTraining "$TestDrive/long").State | Should -Be 'Stopped'
    }

    It 'has its errors and warnings in the job' {
        $job = $data | Start-SubsetTraining "$TestDrive/job" -Count 300 -Learner $learner -Seed 9 -AsJob | Wait-Job
        $job.State | Should -Be 'Failed'
        $job | Receive-Job -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*seed is 0 in the run, 9 is asked for*'
        $problem.CategoryInfo.Category | Should -Be 'ResourceExists'

        $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/job/margins.npy")
        $bytes[-1] = $bytes[-1] -bxor 255
        [System.IO.File]::WriteAllBytes("$TestDrive/job/margins.npy", $bytes)
        $job = $data | Start-SubsetTraining "$TestDrive/job" -Count 300 -Learner $learner -AsJob
        ($job | Receive-Job -Wait -WarningVariable warned -WarningAction SilentlyContinue).IsComplete | Should -BeTrue
        "$warned" | Should -BeLike '1 of the models*checksum*'
    }

    It 'makes no job with -WhatIf' {
        $data | Start-SubsetTraining "$TestDrive/what-if" -AsJob -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/what-if" | Should -Not -Exist
    }
}

Describe 'Start-SubsetTraining -Shard' {
    It 'trains that part and says what of it and of the run is done' {
        $one = $data | Start-SubsetTraining "$TestDrive/shards" -Count 100 -Learner $learner -Shard 1/3
        "$($one.Shard)" | Should -Be '1/3'
        $one.ShardCompletedCount, $one.ShardModelCount | Should -Be 33, 33
        $one.CompletedCount, $one.ModelCount | Should -Be 33, 100
        $one.State | Should -Be 'Stopped'
        foreach ($part in 2, 3) {
            $null = $data | Start-SubsetTraining "$TestDrive/shards" -Count 100 -Learner $learner -Shard $part/3
        }
        (Get-SubsetTraining "$TestDrive/shards").State | Should -Be 'Complete'
        $null = $data | Start-SubsetTraining "$TestDrive/unsharded" -Count 100 -Learner $learner
        foreach ($file in Get-ChildItem "$TestDrive/unsharded") {
            (Get-FileHash "$TestDrive/shards/$($file.Name)").Hash | Should -Be (Get-FileHash $file).Hash
        }
    }

    It 'refuses <_>' -ForEach '4/3', '0/3', '3', 'x/y' {
        { $data | Start-SubsetTraining "$TestDrive/no-shard" -Count 100 -Shard $_ } | Should -Throw "*$_*3/100*"
        "$TestDrive/no-shard" | Should -Not -Exist
    }
}
