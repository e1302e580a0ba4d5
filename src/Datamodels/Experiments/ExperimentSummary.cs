namespace Datamodels.Experiments;

/// <summary>The figures of an experiment; written to <c>summary.json</c> by <see cref="SummaryFile"/>.</summary>
public sealed record ExperimentSummary
{
    /// <summary>Models that the datamodels are fitted to.</summary>
    public required int Models { get; init; }

    /// <summary>Those of them that were trained in this session; the others were there already.</summary>
    public required int ModelsTrained { get; init; }

    /// <summary>Those of them that had been there, but damaged.</summary>
    public required int ModelsDamaged { get; init; }

    /// <summary>Models trained a second in this session; null if none were.</summary>
    public double? ModelsPerSecond => ModelsTrained > 0 ? ModelsTrained / Seconds.Training : null;

    /// <summary>Fraction of the training set in each subset, inside (0, 1).</summary>
    public required double Alpha { get; init; }

    /// <summary>Size of the training set, n.</summary>
    public required int TrainCount { get; init; }

    /// <summary>Number of targets.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Fraction of the targets that a model gets right, mean over the models, 0..1; null where neither margins nor
    /// correctness are recorded.</summary>
    public required double? TestAccuracy { get; init; }

    /// <summary>Those of them that could not be fitted. All that is said of fits is over the others.</summary>
    public required int TargetsNotFitted { get; init; }

    /// <summary>
    /// Held-out R2 of the fits against single models, mean over targets; at most 1, null where the method chooses no lambda.
    /// </summary>
    public required double? HeldOutR2 { get; init; }

    /// <summary>Weights other than 0, mean over targets.</summary>
    public required double NonzeroWeights { get; init; }

    /// <summary>Largest relative duality gap of the fits; null where the method has none.</summary>
    public required double? WorstDualityGap { get; init; }

    /// <summary>Largest KKT residual of the fits; null where the method has none.</summary>
    public required double? WorstKktResidual { get; init; }

    /// <summary>Targets whose fit did not reach its tolerance.</summary>
    public required int NotConverged { get; init; }

    /// <summary>What was found of brittleness by removal; null where it was not studied.</summary>
    public required BrittleSummary? Brittle { get; init; }

    /// <summary>What was found of brittleness by relabelling; null where it was not studied.</summary>
    public required BrittleSummary? BrittleFlip { get; init; }

    /// <summary>How long each stage took in this session.</summary>
    public required ExperimentSeconds Seconds { get; init; }

    /// <summary>Name of the training engine.</summary>
    public required string Engine { get; init; }

    /// <summary>Threads that trained and fitted.</summary>
    public required int Threads { get; init; }

    /// <summary>Version of this library.</summary>
    public string Version { get; } = typeof(ExperimentSummary).Assembly.GetName().Version!.ToString(3);

    /// <summary>What every experiment has.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Models} models, {TargetCount} targets")
        + (HeldOutR2 is { } r2 ? FormattableString.Invariant($", held-out R2 {r2:0.000}") : "");
}

/// <summary>Wall-clock seconds of each stage of an experiment, in this session.</summary>
public sealed record ExperimentSeconds
{
    /// <summary>Reading the data.</summary>
    public double Data { get; init; }

    /// <summary>Training the models on subsets.</summary>
    public double Training { get; init; }

    /// <summary>Fitting the datamodels.</summary>
    public double Fit { get; init; }

    /// <summary>Finding brittle sets and retraining.</summary>
    public double Brittle { get; init; }

    /// <summary>Training on held-out subsets, and scoring.</summary>
    public double HeldOut { get; init; }

    /// <summary>All of it, influencers and files too.</summary>
    public double Total { get; init; }
}
