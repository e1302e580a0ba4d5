# The main job on real digits: 20,000 models, the datamodels of 300 test digits, brittle sets checked by retraining, and scores on
# held-out subsets. Stopped half-way, it goes on where it was. -Path takes another experiment.
param([string] $Path = (Join-Path $PSScriptRoot 'experiment.yaml'))

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../Datamodels.psd1')
$study = Invoke-DatamodelExperiment $Path
$summary = $study.Summary

'{0:n0} models of {1}, {2}; mean test accuracy {3:p1}.' -f $summary.Models, $study.Experiment.Learner,
    ($summary.ModelsPerSecond ? '{0:n0} a second' -f $summary.ModelsPerSecond : 'all trained before'), $summary.TestAccuracy
'{0} datamodels in {1:0.0} s, {2:0} weights each on average, duality gap at most {3:0.0e+0}.' -f
    $summary.TargetCount, $summary.Seconds.Fit, $summary.NonzeroWeights, $summary.WorstDualityGap

''
'Which training digits help and hurt the first three targets most:'
$study.Influencers | Where-Object { $_.Target -lt 3 -and $_.Rank -le 3 } | Format-Table

'The smallest sets of training digits whose removal flips a prediction, and whether it did:'
$study.BrittleSets | Where-Object { $_.Mode -eq 'Remove' -and $_.PredictedSize -and $_.SizeFactor } |
    Sort-Object PredictedSize, SizeFactor | Select-Object -First 8 | Format-Table

$brittle = $summary.Brittle
'{0} of {1} targets have such a set, {2} have none, {3} are wrong already; median k {4}. Flipped:' -f
    $brittle.WithSet, $brittle.Targets, $brittle.NoSet, $brittle.AlreadyWrong, $brittle.MedianSize
$brittle.Flipped | ForEach-Object { '{0,5:0.0##} k  {1:p0}' -f $_.SizeFactor, $_.Fraction }

foreach ($way in @{ Name = 'removed'; Found = $brittle }, @{ Name = 'relabelled'; Found = $summary.BrittleFlip }) {
    $search = $way.Found.Search
    if ($search) {
        'Searched by retraining, {0}: {1} of {2} with a set flip, {3} without one; {4} cannot; median size {5}.' -f $way.Name,
            $search.Verified, $way.Found.WithSet, $search.VerifiedWithoutSet, $search.CannotFlip, $search.MedianSize
    }
}

''
'How well the datamodels predict models trained on subsets they have never seen:'
$study.Measures | Format-Table

'{0:0} s in all. Everything is in {1}; summary.json has the figures.' -f $summary.Seconds.Total, $study.Experiment.Output
