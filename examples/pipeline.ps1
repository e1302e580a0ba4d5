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
./examples/pipeline.ps1 my.csv -Read @{ Header = $true; LabelColumn = 'species'; Scaling = 'Standardize' } -TestSize 30 `
    -RunPath out/mine -Learner Softmax | Where-Object Status -EQ Flipped

Data of one's own, and what flipped of it.
#>
param(
    # The examples: a file or folder that Import-TrainingData reads.
    [string] $Path = (Join-Path $PSScriptRoot 'digits/digits.csv.gz'),

    # How they are read: parameters of Import-TrainingData.
    [hashtable] $Read = @{ Scaling = 'UnitRange' },

    # The folder of the run.
    [string] $RunPath = 'out/pipeline',

    # The table; a file that is there is replaced once the new one is whole.
    [string] $CsvPath = "$RunPath-brittle.csv",

    # Examples put aside as targets, and the ones of them to look at.
    [int] $TestSize = 300,
    [int[]] $Target = 0..([Math]::Min(20, $TestSize) - 1),

    # Models trained on subsets, how each is made (a learner or its kind), and models for each check.
    [int] $Count = 5000,
    [object] $Learner,
    [int] $RetrainingCount = 20,
    [int] $Seed = 0
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Datamodels.psd1')
if (-not $Learner) { $Learner = New-Learner }
if ($Learner -is [string]) { $Learner = New-Learner $Learner }

# The table is opened before the run is made.
$table = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($CsvPath)
$null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($table))

Import-TrainingData $Path -TestSize $TestSize -Seed $Seed @Read |
    Start-SubsetTraining $RunPath -Count $Count -Learner $Learner -Seed $Seed |
    Invoke-DatamodelFit -Target $Target |
    Find-BrittleSet -SizeFactor 1.2 |
    Test-BrittleSet -RetrainingCount $RetrainingCount -Seed $Seed |
    Tee-Object -Variable sets |
    Export-Csv -LiteralPath "$table.unfinished"

Move-Item -LiteralPath "$table.unfinished" $table -Force
$sets
