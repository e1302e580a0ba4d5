# Dot-sourced by the suites that run what the documentation tells a user to type: a folder like the user's, and the same
# commands on less.

# The folder: the examples, data of one's own, the run of the digits that most pages begin with, one that a cluster goes on with,
# and a store of models that were trained elsewhere.
function New-SmallSetting([string] $Path) {
    $examples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'examples'
    $digits = "$Path/examples/digits"
    New-Item $digits, "$Path/examples/scikit-learn", "$Path/data", "$Path/out/store" -ItemType Directory | Out-Null
    & "$PSScriptRoot/New-SmallDigits.ps1" "$Path/small.csv"
    $lines = Get-Content "$Path/small.csv"
    Remove-Item "$Path/small.csv"
    $writer = [System.IO.StreamWriter]::new(
        [System.IO.Compression.GZipStream]::new(
            [System.IO.File]::Create("$digits/digits.csv.gz"),
            [System.IO.Compression.CompressionMode]::Compress))
    $lines | ForEach-Object { $writer.WriteLine($_) }
    $writer.Dispose()

    $header = ((1..64 | ForEach-Object { "pixel$_" }) + 'digit') -join ','
    @($header) + $lines[0..199] | Set-Content "$Path/data/train.csv"
    @($header) + $lines[200..249] | Set-Content "$Path/data/test.csv"

    Copy-Item "$examples/scikit-learn/*" "$Path/examples/scikit-learn"
    (Get-Content "$examples/digits/experiment.yaml" -Raw) -creplace 'testSize: \d+', 'testSize: 30' `
        -creplace '\bcount: \d+', 'count: 40' -creplace '\btargets: \d+', 'targets: 3' `
        -creplace '\bsubsets: \d+', 'subsets: 4' -creplace '\bretrainings: \d+', 'retrainings: 2' |
        Set-Content "$digits/experiment.yaml"

    $data = Import-TrainingData "$digits/digits.csv.gz" -TestSize 30 -Scaling UnitRange -ImageShape 8x8
    $run = $data | Start-SubsetTraining "$Path/out/digits" -Count 200
    $null = $data | Start-SubsetTraining "$Path/out/submitted" -Count 200 -Shard 1/200

    # A byte for each model and example.
    $packed = [System.IO.File]::ReadAllBytes("$($run.Path)/subsets.npy")
    $rowLength = [Math]::Ceiling($run.TrainCount / 8)
    $start = $packed.Length - $run.ModelCount * $rowLength
    $masks = foreach ($model in 0..($run.ModelCount - 1)) {
        foreach ($example in 0..($run.TrainCount - 1)) {
            $packed[$start + $model * $rowLength + ($example -shr 3)] -shr ($example -band 7) -band 1
        }
    }

    & "$PSScriptRoot/Save-Array.ps1" "$Path/out/store/masks.npy" '|u1' $run.ModelCount, $run.TrainCount $masks
    Copy-Item "$($run.Path)/margins.npy" "$Path/out/store"
}

# The same commands on fewer targets, models and examples.
function Small([string] $Code) {
    # The examples of the setting stand for those that come with the module.
    $Code -replace '\(Get-Module Datamodels\)\.ModuleBase', '.' `
        -replace '-TestSize \d+\b(?!\.)', '-TestSize 30' -replace '-TrainSize \d+\b(?!\.)', '-TrainSize 100' `
        -replace '-Count \d+', '-Count 200' -replace '(?<=-ModelCount [\d, ]*)\b\d+', '100' `
        -replace '-RetrainingCount \d+', '-RetrainingCount 2' -replace '-SubsetCount \d+', '-SubsetCount 4' `
        -replace '-NetworkCount \d+', '-NetworkCount 2' -replace '-TargetSet Train', '-TargetSet Train -Target (0..39)'
}
