BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    @"
data:
  path: small.csv
  scaling: UnitRange
  testSize: 20
learner:
  hidden: [8]
  epochs: 10
subsets:
  alpha: 0.5
  count: 400
  seed: 1
influencers: 3
brittle:
  targets: 4
  retrainings: 2
  sizeFactors: [1, 1.2]
  seed: 1
heldOut:
  - alpha: 0.5
    subsets: 10
    retrainings: 2
    seed: 2
output: out
"@ | Set-Content "$TestDrive/small.yaml"
    $result = Invoke-DatamodelExperiment "$TestDrive/small.yaml"
}

Describe 'Invoke-DatamodelExperiment' {
    It 'does the whole job and gives what it found' {
        $result.Training.IsComplete | Should -BeTrue
        $result.Datamodels.Count | Should -Be 20
        $result.BrittleSets.Count | Should -Be 8
        $result.Measures.Lds | Should -BeGreaterThan -1
        $result.Influencers | ForEach-Object { $_.Rank | Should -BeIn (1..3) }
    }

    It 'writes its files where the experiment file says' {
        (Get-Content "$TestDrive/out/summary.json" -Raw | ConvertFrom-Json).models | Should -Be 400
        (Import-Csv "$TestDrive/out/brittle.csv").Count | Should -Be 8
        "$TestDrive/out/influencers.csv" | Should -Exist
    }

    It 'writes elsewhere with -Output, from the current location of PowerShell' {
        Push-Location $TestDrive
        try {
            $elsewhere = Invoke-DatamodelExperiment small.yaml -OutputPath ./elsewhere
        } finally {
            Pop-Location
        }

        $elsewhere.Summary.ModelsTrained | Should -Be 400
        "$TestDrive/elsewhere/summary.json" | Should -Exist
    }

    It 'searches the smallest sets, by removal and by relabelling, and writes their distribution' {
        (Get-Content "$TestDrive/small.yaml") -replace 'sizeFactors: .*', "mode: [Remove, Flip]`n  search: true" `
            -replace 'output: out', 'output: searched' | Set-Content "$TestDrive/searched.yaml"
        $searched = Invoke-DatamodelExperiment "$TestDrive/searched.yaml"
        $least = $searched.BrittleSets | Where-Object { $null -eq $_.SizeFactor }
        $least.Mode | Should -Be (@('Remove') * 4 + @('Flip') * 4)
        ($searched.BrittleSets | Where-Object SizeFactor).Count | Should -Be 8
        $summary = Get-Content "$TestDrive/searched/summary.json" -Raw | ConvertFrom-Json
        $summary.brittle_flip.search.verified + $summary.brittle_flip.search.verified_without_set |
            Should -Be @($least | Where-Object { $_.Mode -eq 'Flip' -and $_.Flipped }).Count
        $points = Import-Csv "$TestDrive/searched/brittle-distribution.csv"
        $points.fraction | Should -Be (($least | Measure-BrittleSet).Distribution.Fraction | ForEach-Object ToString)
        $points.mode | Select-Object -Unique | Should -Be Remove, Flip
    }

    It 'trains nothing again' {
        (Invoke-DatamodelExperiment "$TestDrive/small.yaml").Summary.ModelsTrained | Should -Be 0
    }

    It 'shows its result in one line' {
        $lines = ($result | Out-String -Width 160).Trim() -split '\r?\n'
        $lines.Count | Should -Be 3
        $lines[2] | Should -BeLike '*400*out'
    }

    It 'goes on past targets that cannot be fitted, and warns of them' {
        (Get-Content "$TestDrive/small.yaml" -Raw) -replace '(?s)brittle:.*?(?=heldOut)' -replace 'hidden: \[8\]' `
            -replace 'epochs: 10', 'epochs: 20' -replace 'count: 400', 'count: 60' -replace 'output: out', @'
observe:
  output: Logits
fit:
  method: Ridge
  output: Correctness
output: easy
'@ | Set-Content "$TestDrive/easy.yaml"
        $easy = Invoke-DatamodelExperiment "$TestDrive/easy.yaml" -WarningVariable warned -WarningAction SilentlyContinue
        $easy.Failures.Count | Should -BeIn (1..18)
        $easy.Datamodels.Count | Should -Be (20 - $easy.Failures.Count)
        "$warned" | Should -BeLike "*easy.yaml': $($easy.Failures.Count) of 20 targets could not be fitted. *every one of*"
        $summary = Get-Content "$TestDrive/easy/summary.json" -Raw | ConvertFrom-Json
        $summary.targets_not_fitted | Should -Be $easy.Failures.Count
        $summary.worst_duality_gap | Should -BeNullOrEmpty
        ($easy | Out-String -Width 160).Trim() -split '\r?\n' | Should -HaveCount 3
    }

    It 'names file, line and key of a mistake' {
        (Get-Content "$TestDrive/small.yaml") -replace 'epochs: 10', 'epoch: 10' | Set-Content "$TestDrive/wrong.yaml"
        { Invoke-DatamodelExperiment "$TestDrive/wrong.yaml" -ErrorAction Stop } | Should -Throw '*wrong.yaml*7*epoch*'
    }
}
