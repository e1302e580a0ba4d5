BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $run = Import-TrainingData "$TestDrive/small.csv" -TestSize 10 -Scaling UnitRange -ImageShape 8x8 |
        Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner (New-Learner -Hidden 16)
    $datamodels = $run | Invoke-DatamodelFit -Target 0, 1
    $first = $datamodels[0]
}

Describe 'Get-DatamodelPrediction' {
    It 'predicts for a subset of given examples' {
        $chosen = @($first.Examples)[0..2]
        $expected = $first.Bias + $first.Weights[0] + $first.Weights[1] + $first.Weights[2]
        $found = $first | Get-DatamodelPrediction -Example $chosen
        $found.PredictedMargin | Should -BeExactly $expected
        $found.Size | Should -Be 3
        ($first | Get-DatamodelPrediction $chosen[0]).PredictedMargin | Should -BeExactly ($first.Bias + $first.Weights[0])
    }

    It 'gives one record for each datamodel and subset' {
        $found = $datamodels | Get-DatamodelPrediction -Remove (0, 1), @(2), @()
        $found.Target | Should -Be 0, 0, 0, 1, 1, 1
        $found.Subset | Should -Be 0, 1, 2, 0, 1, 2
        $found.Size | Should -Be 288, 289, 290, 288, 289, 290
        $found[2].PredictedMargin | Should -BeExactly $first.FullMargin
        $found[2].Change | Should -Be 0
    }

    It 'takes the masks of a run, and masks of 0 and 1' {
        $mask = $run.Spec.Plan.MaskOf(3, $run.TrainCount)
        $bits = 0..($run.TrainCount - 1) | ForEach-Object { [int]$mask[$_] }
        $expected = ($first | Get-DatamodelPrediction -Example $mask.ToExamples()).PredictedMargin
        ($first | Get-DatamodelPrediction -Mask $mask).PredictedMargin | Should -BeExactly $expected
        ($first | Get-DatamodelPrediction -Mask $bits).PredictedMargin | Should -BeExactly $expected
        ($first | Get-DatamodelPrediction -Mask $mask, $bits).PredictedMargin | Should -Be $expected, $expected
    }

    It 'removes what a brittle set names' {
        $set = $datamodels | Find-BrittleSet | Where-Object Status -EQ Found | Select-Object -First 1
        $set | Should -Not -BeNullOrEmpty
        ($set.Datamodel | Get-DatamodelPrediction -Remove $set.Examples).PredictedMargin |
            Should -BeGreaterThan ($set.PredictedMargin - 1e-9)
        ($set.Datamodel | Get-DatamodelPrediction -Remove $set.Examples).PredictedMargin |
            Should -BeLessThan ($set.PredictedMargin + 1e-9)
    }

    It 'refuses examples that are not there, and numbers that are not whole' {
        { $first | Get-DatamodelPrediction -Remove 290 -ErrorAction Stop } |
            Should -Throw '*290 does not exist*' -ErrorId 'ExampleOutOfRange,*'
        { $first | Get-DatamodelPrediction -Example 1, 1 -ErrorAction Stop } |
            Should -Throw '*1 is listed more than once*' -ErrorId 'ExampleRepeated,*'
        { $first | Get-DatamodelPrediction -Mask 1, 0, 1 -ErrorAction Stop } |
            Should -Throw '*3 entries*290*' -ErrorId 'MaskLengthDiffers,*'
        { $first | Get-DatamodelPrediction -Example 1.5 } | Should -Throw "*'1.5' is not an integer*"
        { $first | Get-DatamodelPrediction -Example one } | Should -Throw "*'one' is not an integer*"
    }
}
