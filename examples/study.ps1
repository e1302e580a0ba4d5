# What datamodels are for, on one of the examples, and each claim checked by retraining:
#   ./examples/study.ps1 digits
# It begins with the example's experiment, and can be stopped and started again like it. The figures come as objects, and as a
# table in study.md of the experiment's output folder.
param(
    [Parameter(Mandatory)] [ValidateSet('digits', 'mnist5k')] [string] $Name,

    # Another experiment on the same data.
    [string] $Path = (Join-Path $PSScriptRoot $Name 'experiment.yaml'),

    # Models of the runs beside the experiment's own: at alpha .75, with training examples as targets, and with planted copies.
    [int] $Count = ($Name -eq 'digits' ? 20000 : 10000),
    [int] $LeakCount = ($Name -eq 'digits' ? 50000 : 20000),

    # Test examples beside the planted copies, and copies of either kind.
    [int] $Clean = 300,
    [int] $Copies = 150
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

# The same targets throughout: those whose brittle sets the experiment looks for, drawn at random.
$drawn = $experiment.Datamodels | Where-Object Target -In $experiment.BrittleSets.Target

# 1. Counterfactuals: the effects of removals, predicted and measured; then predicted by a fit to larger subsets.
$effects = $drawn | Invoke-Counterfactual -Size 10, 20, 40, 80 -Kind Top, Bottom, Random -Retrainings 20
$others = $training.Data | Start-SubsetTraining (Join-Path $output 'run-75') -Alpha 0.75 -Count $Count -Learner $learner |
    Invoke-DatamodelFit
$predictedByOthers = $effects | Invoke-Counterfactual -Datamodel $others
foreach ($measure in $effects + $predictedByOthers | Measure-Counterfactual | Where-Object { $null -eq $_.Kind }) {
    Add-Figure "effects of $($measure.RemovalCount) removals, from datamodels at alpha $($measure.Alpha): Spearman, Pearson" (
        Format-Number '.000' $measure.Spearman, $measure.Pearson)
}

# 2. Brittle sets: the smallest that retraining confirms, by removal and by relabelling.
$removed = $drawn | Find-BrittleSet | Test-BrittleSet -Search
$relabelled = $drawn | Find-BrittleSet -Mode Flip | Test-BrittleSet -Search
$predicted = @($removed | Where-Object PredictedSize -GT 0)
Add-Figure 'targets for which the datamodel finds a set; verified by the search' (
    "$($predicted.Count) of $($removed.Count); $(@($predicted | Where-Object Flipped).Count)")
foreach ($measure in $removed + $relabelled | Measure-BrittleSet) {
    Add-Figure "targets that flip by $($measure.Mode -eq 'Remove' ? 'removal' : 'relabelling'), with a set or without; median size" (
        "$($measure.Flipped) of $($measure.Targets - $measure.AlreadyWrong); $(Format-Number '0.#' $measure.MedianSize)")
}

# 3. Other ways to rank the training set, cut and verified in the same way, and scored on the same held-out subsets.
$compared = $training | Compare-Attribution -Target $drawn.Target -Size 1, 2, 5, 10, 20, 40, 80, 120, 160
foreach ($comparison in $compared) {
    Add-Figure "$($comparison.Method): LDS; fraction of targets flipped by 10, 20, 40, 80, 120, 160 removals" (
        '{0}; {1}' -f (Format-Number '.000' $comparison.Lds), (
            Format-Number '.00' ($comparison.Flips | Where-Object Size -GE 10).Fraction))
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
    # Copy i of either kind is of training example i.
    $found = foreach ($first in $Clean, ($Clean + $Copies)) {
        @($pairs[$method] | Where-Object { $_.Target -ge $first -and $_.Example -eq $_.Target - $first }).Count / $Copies
    }
    Add-Figure "planted copies found first by $($method): exact, with noise" (Format-Number '.000' $found)
}

# 5. Embedding, and the removal of what is at one end of a component.
$components = $experiment.Datamodels | Get-DatamodelEmbedding -Representation
$embedding = $components[0].Embedding
Add-Figure 'effective rank of the datamodels, of the representations' (
    Format-Number '0.0' $embedding.Variance.EffectiveRank, $embedding.Representation.EffectiveRank)
Add-Figure 'variance in ten components of the datamodels, of the representations' (
    Format-Number '.000' $components[9].CumulativeVariance, $components[9].RepresentationCumulativeVariance)
$ends = $components | Select-Object -First 5 | Test-EmbeddingComponent -Size 20
Add-Figure "ends of five components whose margins fall more than the others', by over 3 errors, without 20 examples of that end" (
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
$growth = $experiment.Datamodels | Measure-Datamodel -ModelCount $counts -Subsets 100 -Retrainings 20
Add-Figure "LDS by $($counts -join ', ') models" (Format-Number '.000' $growth.Lds)
$last = $growth[-1]
Add-Figure 'LDS of the last: 95 % interval, ceiling; slope and offset of margins on predictions; error' (
    '{0}; {1}; {2}' -f (Format-Number '.000' $last.LdsInterval.Low, $last.LdsInterval.High, $last.LdsCeiling),
    (Format-Number '0.00' $last.Slope, $last.Offset), (Format-Number '.000' $last.Rmse))

$table = @('| figure | measured |', '|---|---|') + @($figures | ForEach-Object { "| $($_.Figure) | $($_.Measured) |" })
Set-Content (Join-Path $output 'study.md') $table
$figures
