using System.Management.Automation;
using Datamodels.Learners;

namespace Datamodels.PowerShell.Commands;

/// <summary>Makes a learner: how one model is made from a subset and a seed.</summary>
[Cmdlet(VerbsCommon.New, "Learner")]
[OutputType(typeof(NetworkLearner))]
public sealed class NewLearnerCommand : DatamodelCommand
{
    private static readonly NetworkLearner s_default = new();

    /// <summary>The kind of network.</summary>
    [Parameter(Position = 0)]
    public LearnerKind Kind { get; set; } = s_default.Kind;

    /// <summary>Widths of the hidden layers, first to last; by default one of 32, and none for softmax regression.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public int[]? Hidden { get; set; }

    /// <summary>Passes over the subset.</summary>
    [Parameter]
    public int Epochs { get; set; } = s_default.Epochs;

    /// <summary>Examples in a step.</summary>
    [Parameter]
    public int BatchSize { get; set; } = s_default.BatchSize;

    /// <summary>Highest learning rate.</summary>
    [Parameter]
    public double LearningRate { get; set; } = s_default.LearningRate;

    /// <summary>Where the triangular schedule has its peak, in epochs; by default after a quarter of them.</summary>
    [Parameter]
    public double? PeakEpoch { get; set; }

    /// <summary>Momentum.</summary>
    [Parameter]
    public double Momentum { get; set; } = s_default.Momentum;

    /// <summary>Weight decay.</summary>
    [Parameter]
    public double WeightDecay { get; set; } = s_default.WeightDecay;

    /// <summary>Label smoothing.</summary>
    [Parameter]
    public double LabelSmoothing { get; set; } = s_default.LabelSmoothing;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EquatableList<int> byDefault = Kind == LearnerKind.Softmax ? [] : s_default.Hidden;
        var learner = new NetworkLearner
        {
            Kind = Kind,
            Hidden = Hidden is null ? byDefault : [.. Hidden],
            Epochs = Epochs,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            PeakEpoch = PeakEpoch ?? Epochs * (s_default.PeakEpoch / s_default.Epochs),
            Momentum = Momentum,
            WeightDecay = WeightDecay,
            LabelSmoothing = LabelSmoothing,
        };
        Require(learner, () => WriteObject(learner.Validate()));
    }
}
