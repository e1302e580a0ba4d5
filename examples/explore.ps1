<#
.SYNOPSIS
Looks around in a set of examples by hand, step by step.

.DESCRIPTION
Made to be pasted at the prompt, in the folder of the repository: first the block of parameters, which sets the variables, then a
line or a few at a time; or to be run in an editor by the lines that are selected (F8 in Visual Studio Code). Run as a whole, it
shows every step; Format-Table is there for that, as PowerShell shows objects of several types in one script as lists. Started by
a dot and a space, as in the first example, it leaves its variables at the prompt to go on with.

.EXAMPLE
. ./examples/explore.ps1

.EXAMPLE
./examples/explore.ps1 -Path my.csv -Read @{ Header = $true; Scaling = 'Standardize' } -RunPath out/mine -Count 2000
#>
param(
    [string] $Path = 'examples/digits/digits.csv.gz',
    [hashtable] $Read = @{ Scaling = 'UnitRange' },
    [string] $RunPath = 'out/explore',
    [string] $CsvPath = "$RunPath-influencers.csv",
    [int] $TestSize = 100,
    [int] $Count = 4000,
    [int] $RetrainingCount = 10
)

Import-Module ./Datamodels.psd1

# 1. The data: how much is there, and how many of each class?
$data = Import-TrainingData $Path -TestSize $TestSize @Read
$data | Format-List
$data | Get-TrainingExample | Group-Object Label -NoElement | Format-Table

# 2. The models, once. The same line goes on where it was stopped, and is done at once when all is there.
$run = $data | Start-SubsetTraining $RunPath -Count $Count
Get-SubsetTraining $RunPath | Format-List

# 3. A datamodel for each test example. Which are explained best by which training examples were there, and which worst?
$datamodels = $run | Invoke-DatamodelFit
$datamodels | Sort-Object HeldOutR2 -Descending | Select-Object -First 5 | Format-Table
$datamodels | Sort-Object HeldOutR2 | Select-Object -First 5 | Format-Table
$datamodels | Group-Object Label | Sort-Object Name |
    Format-Table Name, Count, @{ Name = 'R2'; Expression = { ($_.Group | Measure-Object HeldOutR2 -Average).Average } }

# 4. Training examples that hurt: which are of the target's own class, and which hurt the most targets?
$influencers = $datamodels | Get-Influencers -Top 10
$influencers | Where-Object { $_.Weight -lt 0 -and $_.ExampleLabel -eq $_.TargetLabel } | Sort-Object Weight |
    Select-Object -First 10 | Format-Table
$influencers | Where-Object Weight -LT 0 | Group-Object Example | Sort-Object Count -Descending | Select-Object -First 5 |
    Format-Table @{ Name = 'Example'; Expression = 'Name' }, Count

# 5. One target closely: the one that stands on the fewest examples, as its datamodel has it, and as retraining does.
$sets = $datamodels | Find-BrittleSet
$sets | Group-Object Status | Format-Table Name, Count
$closest = $sets | Where-Object Status -EQ Found | Sort-Object Size | Select-Object -First 1
$closest | Format-List
$closest.Datamodel | Get-Influencers -Top 5 | Format-Table
$closest | Test-BrittleSet -RetrainingCount $RetrainingCount | Format-Table
$closest.Datamodel | Invoke-Counterfactual -Size 5, 20 -RetrainingCount $RetrainingCount |
    Sort-Object Kind, Size | Format-Table

# 6. Take it along: a table for a spreadsheet.
$influencers | Export-Csv $CsvPath
