BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 10 -Scaling UnitRange -ImageShape 8x8
    $learner = New-Learner -Hidden 16
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner
    $all = $run | Invoke-DatamodelFit
    $datamodels = $all | Sort-Object NonzeroCount | Select-Object -Last 2 | Sort-Object Target
    $first, $second = $datamodels.Target
    $found = $datamodels | Invoke-Counterfactual -Size 5, 20 -RetrainingCount 4 -Seed 2
}

Describe 'Invoke-Counterfactual' {
    It 'measures top, bottom and random removals of each size for each target' {
        $found.Target | Should -Be (@($first) * 6 + @($second) * 6)
        $found.Kind | Should -Be (@('Top', 'Top', 'Bottom', 'Bottom', 'Random', 'Random') * 2)
        $found.Size | Should -Be (@(5, 20) * 6)
        foreach ($one in $found) {
            $one.MeasuredEffect | Should -BeExactly ($one.ControlMargin - $one.RetrainedMargin)
            $one.MeasuredError | Should -BeGreaterThan 0
            if ($one.Kind -eq 'Top') {
                $one.PredictedEffect | Should -BeGreaterThan 0
                $one.PredictedError | Should -BeGreaterThan 0
            }
        }
    }

    It 'predicts what Get-DatamodelPrediction does' {
        foreach ($one in $found) {
            $change = ($one.Datamodel | Get-DatamodelPrediction -Remove $one.Removed).Change
            [math]::Abs($change + $one.PredictedEffect) | Should -BeLessThan 1e-9
        }
    }

    It 'gives the same with any throttle limit, from what is kept or trained anew' {
        $kept = $datamodels | Invoke-Counterfactual -Size 5, 20 -RetrainingCount 4 -Seed 2
        "$($kept.MeasuredEffect)" | Should -Be "$($found.MeasuredEffect)"
        Remove-Item "$TestDrive/run/retrained" -Recurse
        $anew = $datamodels | Invoke-Counterfactual 20 Top -RetrainingCount 4 -Seed 2 -ThrottleLimit 1
        $expected = ($found | Where-Object { $_.Size -eq 20 -and $_.Kind -eq 'Top' }).MeasuredEffect
        "$($anew.MeasuredEffect)" | Should -Be "$expected"
    }

    It 'takes brittle sets, whose removal it measures' {
        $sets = $datamodels | Find-BrittleSet | Where-Object Size -GT 0 | Select-Object -First 2
        $removed = $sets | Invoke-Counterfactual -RetrainingCount 4
        $removed.Size | Should -Be $sets.Size
        $removed[0].PredictedEffect | Should -BeGreaterThan 0
        [Math]::Abs($sets[0].FullMargin - $sets[0].PredictedMargin - $removed[0].PredictedEffect) | Should -BeLessThan 1e-9
        $tested = $sets | Test-BrittleSet -RetrainingCount 4
        $removed.RetrainedMargin | Should -Be $tested.RetrainedMargin
        { $sets[0].Datamodel | Find-BrittleSet -Mode Flip -RetrainingCount 2 | Invoke-Counterfactual -ErrorAction Stop } |
            Should -Throw -ErrorId 'RemovalRelabels,*'
    }

    It 'takes sets of one''s own as lists, from the pipe, and from objects that name them' {
        $given = Invoke-Counterfactual -Datamodel $datamodels -Remove (1, 2), (3, 4, 5) -RetrainingCount 2
        $given.Target | Should -Be $first, $first, $second, $second
        $given.Kind | Should -Be (@('Given') * 4)
        $given.Size | Should -Be 2, 3, 2, 3
        $piped = (1, 2), (3, 4, 5) | Invoke-Counterfactual -Datamodel $datamodels[0] -RetrainingCount 2
        "$($piped.MeasuredEffect)" | Should -Be "$($given[0, 1].MeasuredEffect)"
        $same = $datamodels | Invoke-Counterfactual -Remove (1, 2), (3, 4, 5) -RetrainingCount 2
        "$($same.MeasuredEffect)" | Should -Be "$($given.MeasuredEffect)"
        $named = [pscustomobject]@{ Datamodel = $datamodels[1]; Remove = 3, 4, 5 } | Invoke-Counterfactual -RetrainingCount 2
        $named.MeasuredEffect | Should -BeExactly $given[3].MeasuredEffect
    }

    It 'predicts the same removals by another fit, without training any model' {
        $other = $data | Start-SubsetTraining "$TestDrive/other" -Count 600 -Alpha 0.75 -Learner $learner -Seed 8
        $others = $other | Invoke-DatamodelFit -Target $second, $first
        $again = $found | Invoke-Counterfactual -Datamodel $others
        $again.Target | Should -Be $found.Target
        "$($again.MeasuredEffect)" | Should -Be "$($found.MeasuredEffect)"
        "$($again.PredictedEffect)" | Should -Not -Be "$($found.PredictedEffect)"
        $again[0].Datamodel.Training.Path | Should -Be $other.Path
        "$TestDrive/other/retrained" | Should -Not -Exist

        $agreement = @($found) + $again | Measure-Counterfactual
        $agreement.Alpha | Should -Be (@(0.5) * 4 + @(0.75) * 4)
        $agreement.Kind | Should -Be (@($null, 'Top', 'Bottom', 'Random') * 2)
        $agreement.RemovalCount | Should -Be (@(12, 4, 4, 4) * 2)
        $found | Invoke-Counterfactual -Datamodel $others[0] -ErrorVariable problems -ErrorAction SilentlyContinue |
            Should -HaveCount 6
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'TargetMissing,*'
    }

    It 'refuses what cannot be removed, before anything is trained' {
        { $datamodels | Invoke-Counterfactual -Size 290 -ErrorAction Stop } |
            Should -Throw '*290*' -ErrorId 'RemovalSizeOutOfRange,*'
        { Invoke-Counterfactual -Datamodel $datamodels -Remove 3, 300 -ErrorAction Stop } |
            Should -Throw '*300*' -ErrorId 'ExampleOutOfRange,*'
        { $datamodels | Invoke-Counterfactual -Kind Given } | Should -Throw '*Given*'
        { $datamodels | Invoke-Counterfactual -RetrainingCount 1 } | Should -Throw '*1*'
    }
}

Describe 'Measure-Counterfactual' {
    It 'correlates predicted with measured effects' {
        $agreement = $found | Measure-Counterfactual
        $agreement[0].Spearman | Should -BeGreaterThan 0.5
        $agreement[0].Pearson | Should -BeGreaterThan 0.5
        $agreement[0].Slope | Should -BeGreaterThan 0
        (Measure-Counterfactual $found[0, 1]).Spearman | Should -BeNullOrEmpty
    }

    It 'keeps fits of the same run apart' {
        $ridge = $run | Invoke-DatamodelFit -Method Ridge -Target $first, $second
        $fewer = $run | Invoke-DatamodelFit -ModelCount 500 -Target $first, $second
        $others = $ridge, $fewer | ForEach-Object { $found | Invoke-Counterfactual -Datamodel $_ }
        $whole = @($found) + $others | Measure-Counterfactual | Where-Object Kind -EQ $null
        $whole.Method | Should -Be Lasso, Ridge, Lasso
        $whole.ModelCount | Should -Be 1000, 1000, 500
        $whole.RemovalCount | Should -Be 12, 12, 12
    }
}
