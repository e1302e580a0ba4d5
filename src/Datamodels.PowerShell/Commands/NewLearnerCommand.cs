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

    /// <summary>Widths of the hidden layers of a perceptron, first to last; by default one of 32.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public int[]? Hidden { get; set; }

    /// <summary>
    /// Layers of a convolutional network, first to last, such as <c>'conv 16 3x3, batchNorm, relu', 'maxPool 2', 'dense'</c>.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Layer { get; set; }

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

    /// <summary>Mirror images that are trained on left to right, each with probability 1/2.</summary>
    [Parameter]
    public SwitchParameter Flip { get; set; }

    /// <summary>Most pixels that images that are trained on are moved by, in each direction.</summary>
    [Parameter]
    public int Translate { get; set; }

    /// <summary>Height and width of the square that is set to 0 in images that are trained on.</summary>
    [Parameter]
    public int Cutout { get; set; }

    /// <summary>Take the mean of the logits of an image and of its mirror image.</summary>
    [Parameter]
    public SwitchParameter FlipAtTest { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EquatableList<int> byDefault = Kind == LearnerKind.Perceptron ? s_default.Hidden : [];
        EquatableList<Layer> layers = [];
        Require(Layer, () => layers = [.. (Layer ?? []).SelectMany(text => Learners.Layer.Parse(text))]);
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
            Layers = layers,
            Flip = Flip,
            Translate = Translate,
            Cutout = Cutout,
            FlipAtTest = FlipAtTest,
        };
        Require(learner, () => WriteObject(learner.Validate()));
    }
}
