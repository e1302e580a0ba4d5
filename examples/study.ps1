# What datamodels are for, on one of the examples, and each claim checked by retraining:
#   ./examples/study.ps1 digits
# It begins with the example's experiment, and can be stopped and started again like it. The figures come as objects, and as a
# table in study.md of the experiment's output folder.
param(
    [Parameter(Mandatory)] [ValidateSet('digits', 'mnist5k')] [string] $Name,

    # Another experiment on the same data.
    [string] $Path = (Join-Path $PSScriptRoot $Name 'experiment.yaml'),

    # Targets that are looked at by retraining, of those whose brittle sets the experiment looks for; models for each removal.
    [int] $Targets = ($Name -eq 'digits' ? 60 : 20),
    [int] $RetrainingCount = ($Name -eq 'digits' ? 20 : 5),

    # Removals of the flip curves, up to a whole class.
    [int[]] $Size = ($Name -eq 'digits' ? (1, 2, 5, 10, 20, 40, 80, 120, 160) : (10, 20, 40, 80, 160, 320, 500)),

    # Models of the runs beside the experiment's own: at alpha .25, with training examples as targets, and with planted copies.
    [int] $Count = ($Name -eq 'digits' ? 20000 : 10000),
    [int] $LeakCount = ($Name -eq 'digits' ? 50000 : 20000),

    # Test examples beside the planted copies, and copies of either kind.
    [int] $Clean = 300,
    [int] $Copies = 150,

    # Fails where a figure is not that of the table in the example's README.
    [switch] $Check
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Datamodels.psd1')
$experiment = Invoke-DatamodelExperiment $Path
$training = $experiment.Training
$learner = $training.Spec.Learner
$output = $experiment.Experiment.Output

$figures = [System.Collections.Generic.List[object]]::new()
function Add-Figure([string] $Figure, [string] $Measured) {
    $figures.Add([pscustomobject]@{ Figure = $Figure; Measured = $Measured })
}

function Format-Number([string] $Format, [object[]] $Numbers) {
    @(foreach ($number in $Numbers) { $number.ToString($Format, [cultureinfo]::InvariantCulture) }) -join ', '
}

# The same targets throughout, evenly taken from those that the experiment has drawn at random.
$all = @($experiment.Datamodels | Where-Object Target -In $experiment.BrittleSets.Target)
$drawn = foreach ($i in 0..($Targets - 1)) { $all[[Math]::Floor($i * $all.Count / $Targets)] }

# 1. Counterfactuals: the effects of removals, predicted and measured; then predicted by a fit to smaller subsets.
$effects = $drawn | Invoke-Counterfactual -Size 10, 20, 40, 80 -Kind Top, Bottom, Random -RetrainingCount $RetrainingCount
$smaller = $training.Data | Start-SubsetTraining (Join-Path $output 'run-25') -Alpha 0.25 -Count $Count -Learner $learner
$others = $smaller | Invoke-DatamodelFit
$predictedByOthers = $effects | Invoke-Counterfactual -Datamodel $others
foreach ($measure in $effects + $predictedByOthers | Measure-Counterfactual | Where-Object { $null -eq $_.Kind }) {
    Add-Figure "effects of $($measure.RemovalCount) removals, from datamodels at alpha $($measure.Alpha): Spearman, Pearson" (
        Format-Number '.000' $measure.Spearman, $measure.Pearson)
}

# 2. Brittle sets: the smallest that retraining confirms, by removal and by relabelling; by removal also from the other fit.
$removed = $drawn | Find-BrittleSet | Test-BrittleSet -Search -RetrainingCount $RetrainingCount
$relabelled = $drawn | Find-BrittleSet -Mode Flip | Test-BrittleSet -Search -RetrainingCount $RetrainingCount
$removedByOthers = $others | Where-Object Target -In $drawn.Target | Find-BrittleSet |
    Test-BrittleSet -Search -RetrainingCount $RetrainingCount
$predicted = @($removed | Where-Object PredictedSize -GT 0)
Add-Figure 'targets for which the datamodel finds a set; verified by the search' (
    "$($predicted.Count) of $($removed.Count); $(@($predicted | Where-Object Flipped).Count)")
$searches = [ordered]@{
    'removal' = $removed
    'relabelling' = $relabelled
    "removal, from datamodels at alpha $($smaller.Spec.Plan.Alpha)" = $removedByOthers
}
foreach ($search in $searches.GetEnumerator()) {
    $measure = $search.Value | Measure-BrittleSet
    Add-Figure "targets that flip by $($search.Key), with a set predicted or without; median size" (
        "$($measure.Flipped) of $($measure.Targets - $measure.AlreadyWrong); $(Format-Number '0.#' $measure.MedianSize)")
}

# 3. Other ways to rank the training set, cut and verified in the same way, and scored on held-out subsets of the same alpha.
$settings = @{ Target = $drawn.Target; Size = $Size; RetrainingCount = $RetrainingCount; Alpha = $training.Spec.Plan.Alpha }
$compared = @($smaller | Compare-Attribution Datamodel @settings) + @($training | Compare-Attribution @settings)
$shown = $Size | Where-Object { $_ -ge 10 }
foreach ($comparison in $compared) {
    $ranking = $comparison -eq $compared[0] ? "Datamodel at alpha $($smaller.Spec.Plan.Alpha)" : $comparison.Method
    Add-Figure "$($ranking): LDS; fraction of targets flipped by $($shown -join ', ') removals" (
        '{0}; {1}' -f (Format-Number '.000' $comparison.Lds), (
            Format-Number '.00' ($comparison.Flips | Where-Object Size -In $shown).Fraction))
}

# 4. Leaks: training examples planted among the test examples, as they are and with noise. With a tenth of the training set in
# each subset, few hold anything like the copy.
$leaky = & (Join-Path $PSScriptRoot 'New-PlantedData.ps1') $Name (Join-Path $output 'planted') -Clean $Clean -Copies $Copies |
    Start-SubsetTraining (Join-Path $output 'run-planted') -Alpha 0.1 -Count $LeakCount -Learner $learner
$pairs = @{
    datamodels = $leaky | Invoke-DatamodelFit | Find-DataLeak
    'representation distance' = $leaky | Get-Attribution RepresentationDistance -Top 1
}
foreach ($method in 'datamodels', 'representation distance') {
    # Behind the clean targets come the copies of the first training examples, exact ones and then others.
    $right = $pairs[$method] | Where-Object { $_.Example -eq $_.Target - $Clean }
    $found = @($right | Where-Object Example -LT $Copies).Count, @($right | Where-Object Example -GE $Copies).Count |
        ForEach-Object { $_ / $Copies }
    Add-Figure "planted copies found first by $($method): exact, with noise" (Format-Number '.000' $found)
}

# 5. Embedding, and the removal of what is at one end of a component.
$components = $experiment.Datamodels | Get-DatamodelEmbedding -Representation
$embedding = $components[0].Embedding
Add-Figure 'effective rank of the datamodels, of the representations' (
    Format-Number '0.0' $embedding.Variance.EffectiveRank, $embedding.Representation.EffectiveRank)
Add-Figure 'variance in 10 components of the datamodels, of the representations' (
    Format-Number '.000' $components[9].CumulativeVariance, $components[9].RepresentationCumulativeVariance)
$ends = $components | Select-Object -First 5 | Test-EmbeddingComponent -Size 20 -RetrainingCount $RetrainingCount
Add-Figure "ends of 5 components whose margins fall more than the others', by over 3 errors, without 20 examples of theirs" (
    "$(@($ends | Where-Object { $_.Difference -gt 3 * $_.DifferenceError }).Count) of $($ends.Count)")

# 6. The graph of the training set.
$graph = $training.Data | Start-SubsetTraining (Join-Path $output 'run-train') -TargetSet Train -Count $Count -Learner $learner |
    Invoke-DatamodelFit | Get-DatamodelGraph
$graph | Export-DatamodelGraph (Join-Path $output 'graph.graphml') -Force
foreach ($clusters in 10, 20) {
    $clustering = ($graph | Get-DatamodelCluster $clusters)[0].Clustering
    Add-Figure "purity of $clusters spectral clusters of the training set; mutual information" (
        Format-Number '.000' $clustering.Purity, $clustering.NormalizedMutualInformation)
}

# 7. More models.
$counts = 1000, 2000, 5000, 10000, 20000 | Where-Object { $_ -le $training.ModelCount }
$growth = $experiment.Datamodels | Measure-Datamodel -ModelCount $counts -SubsetCount 100 -RetrainingCount 20
Add-Figure "LDS by $($counts -join ', ') models" (Format-Number '.000' $growth.Lds)
$last = $growth[-1]
Add-Figure 'LDS of the last: 95 % interval, ceiling; slope and offset of margins on predictions; error' (
    '{0}; {1}; {2}' -f (Format-Number '.000' $last.LdsInterval.Low, $last.LdsInterval.High, $last.LdsCeiling),
    (Format-Number '0.00' $last.Slope, $last.Offset), (Format-Number '.000' $last.Rmse))

# In one table, as it stands in the README of the example.
$table = @('| figure | measured |', '|---|---|') + @($figures | ForEach-Object { "| $($_.Figure) | $($_.Measured) |" })
Set-Content (Join-Path $output 'study.md') $table
$figures
if ($Check) {
    $stated = Get-Content (Join-Path $PSScriptRoot $Name 'README.md')
    $others = @($table | Where-Object { $_ -notin $stated })
    if ($others) {
        throw "The README of $Name states other figures than these:`n$($others -join "`n")"
    }
}
