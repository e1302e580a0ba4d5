<#
.SYNOPSIS
From a file of examples to brittle sets that retraining has checked, as a table, in one pipeline.

.DESCRIPTION
Trains models on random halves of the training set, fits a datamodel to each target, finds the smallest set of training examples
whose removal is predicted to flip it, trains without that set to see whether it does, and writes a CSV file with a row for each
check. The objects come out as well, for whatever is to be done with them next. Stopped at any time, the same command goes on
where it was.

.EXAMPLE
./examples/pipeline.ps1

The first 20 of 300 test digits, by 5,000 models of perceptrons, into out/pipeline.

.EXAMPLE
./examples/pipeline.ps1 my.csv -RunPath out/mine -Learner (New-Learner Softmax) | Where-Object Status -EQ Flipped

Data of one's own, and what flipped of it.
#>
param(
    # The examples: a file or folder that Import-TrainingData reads.
    [string] $Path = (Join-Path $PSScriptRoot 'digits/digits.csv.gz'),

    # The folder of the run.
    [string] $RunPath = 'out/pipeline',

    # The table; a file that is there is replaced once the new one is whole.
    [string] $CsvPath = "$RunPath-brittle.csv",

    # Examples put aside as targets, and the ones of them to look at.
    [int] $TestSize = 300,
    [int[]] $Target = 0..19,

    # Models trained on subsets, how each is made, and models for each check.
    [int] $Count = 5000,
    [object] $Learner,
    [int] $RetrainingCount = 20,
    [int] $Seed = 0
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Datamodels.psd1')
if (-not $Learner) { $Learner = New-Learner }

Import-TrainingData $Path -TestSize $TestSize -Scaling UnitRange -Seed $Seed |
    Start-SubsetTraining $RunPath -Count $Count -Learner $Learner -Seed $Seed |
    Invoke-DatamodelFit -Target $Target |
    Find-BrittleSet -SizeFactor 1.2 |
    Test-BrittleSet -RetrainingCount $RetrainingCount -Seed $Seed |
    Tee-Object -Variable sets |
    Export-Csv "$CsvPath.unfinished"

Move-Item -LiteralPath "$CsvPath.unfinished" $CsvPath -Force
$sets
