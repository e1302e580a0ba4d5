BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange -ImageShape 8x8 -Seed 3
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 2000 -Learner (New-Learner -Hidden 16) -Seed 5
    $compared = $run | Compare-Attribution -SubsetCount 30 -RetrainingCount 4 -NetworkCount 4 -Size 40, 5, 20
}

Describe 'Compare-Attribution' {
    It 'gives a record for every method, with its score and its flip curve' {
        $compared.Method | Should -Be @(
            'Datamodel', 'EmpiricalInfluence', 'Trak', 'InfluenceFunctions', 'TracIn', 'RepresentationDistance',
            'RandomSameClass')
        $compared.ModelCount | Should -Be 2000, 2000, 4, 4, 4, 4, 0
        foreach ($method in $compared) {
            $method.Lds | Should -BeGreaterThan 0
            $method.TargetLds.Count | Should -Be 20
            $method.Flips.Size | Should -Be 5, 20, 40
            $method.Flips.Count | Should -Be @($method.Flips.Count | Sort-Object)
            $method.Flips.Fraction | ForEach-Object { $_ | Should -BeIn @(0..20 | ForEach-Object { $_ / 20 }) }
        }
    }

    It 'scores datamodels above every other method' {
        ($compared | Sort-Object Lds -Descending)[0].Method | Should -Be 'Datamodel'
    }

    It 'gives the same again, and takes methods, targets and no curve' {
        $again = $run | Compare-Attribution Trak, Datamodel -Target 7, 2 -SubsetCount 30 -RetrainingCount 4 -Size @() `
            -NetworkCount 4
        $again.Method | Should -Be 'Trak', 'Datamodel'
        $again.Targets | Select-Object -First 2 | Should -Be 7, 2
        $again[0].Flips | Should -BeNullOrEmpty
        $again[0].TargetLds | Should -Be $compared[2].TargetLds[7, 2]
        $again[1].TargetLds | Should -Be $compared[0].TargetLds[7, 2]
    }

    It 'says what it cannot do' {
        { $run | Compare-Attribution -Target 99 -SubsetCount 30 -RetrainingCount 4 -ErrorAction Stop } |
            Should -Throw '*99*' -ErrorId 'TargetOutOfRange,*'
        { $run | Compare-Attribution -Size 5, 0 -SubsetCount 30 -RetrainingCount 4 -ErrorAction Stop } |
            Should -Throw '*0*' -ErrorId 'RemovalSizeOutOfRange,*'
    }

    It 'lists what a method ranks first' {
        $first = $run | Get-Attribution Trak -Target 7, 2 -Top 3 -NetworkCount 4
        $first.Target | Should -Be 7, 7, 7, 2, 2, 2
        $first | ForEach-Object Rank | Should -Be 1, 2, 3, 1, 2, 3
        $first[0].Score | Should -BeGreaterThan $first[1].Score
        $first[0].ExampleLabel | Should -Be $data.Classes[[int] $first[0].ExampleLabel]
        $weights = $run | Invoke-DatamodelFit -Target 7 | Get-Influencers -Top 4 -Sign Positive
        ($run | Get-Attribution Datamodel -Target 7 -Top 4).Example | Should -Be $weights.Example
        { $run | Get-Attribution Datamodel -Target 20 -ErrorAction Stop } | Should -Throw '*20*' -ErrorId 'TargetOutOfRange,*'
    }

    It 'goes on with the methods that need outputs alone where the learner is a script' {
        $learner = New-Learner -ScriptBlock {
            param($task)
            $task.TargetLabels | ForEach-Object { $task.Examples.Count / 100 - $_ / 10 + ($task.Seed % 7) / 100 }
        }
        $scripted = Import-TrainingData "$TestDrive/small.csv" -TestSize 5 -TrainSize 20 |
            Start-SubsetTraining "$TestDrive/scripted" -Count 30 -Learner $learner
        $methods = $scripted | Compare-Attribution Trak, EmpiricalInfluence -SubsetCount 3 -RetrainingCount 2 -Size @() `
            -ErrorVariable failed -ErrorAction SilentlyContinue
        $methods.Method | Should -Be 'EmpiricalInfluence'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NetworkNeeded,*'
        $failed[0].TargetObject | Should -Be 'Trak'
    }
}
