using System.Management.Automation.Language;
using System.Management.Automation;
using Datamodels.Learners;
using Datamodels.PowerShell.Completion;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Makes a learner: how one model is made from a subset and a seed. Either a network, trained by the module itself, or a program
/// or a script of the user's own.
/// </summary>
[Cmdlet(VerbsCommon.New, "Learner", DefaultParameterSetName = NetworkSet)]
[OutputType(typeof(NetworkLearner), ParameterSetName = [NetworkSet])]
[OutputType(typeof(ProcessLearner), ParameterSetName = [ProcessSet])]
[OutputType(typeof(ScriptLearner), ParameterSetName = [ScriptSet])]
public sealed class NewLearnerCommand : DatamodelCommand
{
    private const string NetworkSet = "Network";
    private const string ProcessSet = "Process";
    private const string ScriptSet = "ScriptBlock";

    private static readonly NetworkLearner s_default = new();

    /// <summary>The kind of network; by default a convolutional one where layers are given, else a perceptron.</summary>
    [Parameter(ParameterSetName = NetworkSet, Position = 0)]
    public LearnerKind? Kind { get; set; }

    /// <summary>Widths of the hidden layers of a perceptron, first to last; by default one of 32.</summary>
    [Parameter(ParameterSetName = NetworkSet, Position = 1)]
    [ValidateNotNull]
    public int[]? Hidden { get; set; }

    /// <summary>
    /// Layers of a convolutional network, first to last, such as <c>'conv 16 3x3, batchNorm, relu', 'maxPool 2', 'dense'</c>.
    /// </summary>
    [Parameter(ParameterSetName = NetworkSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[]? Layer { get; set; }

    /// <summary>Epochs: passes over the subset.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public int EpochCount { get; set; } = s_default.Epochs;

    /// <summary>Examples in a step of the descent.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public int BatchSize { get; set; } = s_default.BatchSize;

    /// <summary>Highest learning rate, at the peak of the triangular schedule.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public double LearningRate { get; set; } = s_default.LearningRate;

    /// <summary>Where the triangular schedule has its peak, in epochs; by default after a quarter of them.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public double? PeakEpoch { get; set; }

    /// <summary>Momentum of the descent, 0 up to but not including 1.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public double Momentum { get; set; } = s_default.Momentum;

    /// <summary>Weight decay, added to the gradient of every weight and bias as decay times its value.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public double WeightDecay { get; set; } = s_default.WeightDecay;

    /// <summary>Label smoothing s: the wanted class gets 1 - s + s/classes, each other class s/classes.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public double LabelSmoothing { get; set; } = s_default.LabelSmoothing;

    /// <summary>Mirrors images that are trained on left to right, each with probability 1/2, anew in each epoch.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public SwitchParameter Flip { get; set; }

    /// <summary>Most pixels that images that are trained on are moved by, in each direction.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public int Translate { get; set; }

    /// <summary>Height and width of the square that is set to 0 in images that are trained on.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public int Cutout { get; set; }

    /// <summary>Takes the mean of the logits of an image and of its mirror image.</summary>
    [Parameter(ParameterSetName = NetworkSet)]
    public SwitchParameter FlipAtTest { get; set; }

    /// <summary>
    /// A program that trains the models: a name that is on PATH, or a path. It is started where PowerShell is now, and is told
    /// what to do on its standard input, as docs/process-learner.md says.
    /// </summary>
    [Parameter(ParameterSetName = ProcessSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Process { get; set; } = "";

    /// <summary>Arguments of the program, each handed over as it is.</summary>
    [Parameter(ParameterSetName = ProcessSet)]
    [ValidateNotNull]
    [AllowEmptyString]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>
    /// A script that trains one model: it gets the task as its argument and gives the outputs, as docs/script-learner.md says.
    /// The run keeps its text, so it must say everything itself.
    /// </summary>
    [Parameter(ParameterSetName = ScriptSet, Mandatory = true)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <inheritdoc/>
    protected override void EndProcessing() => Require(MyInvocation.BoundParameters, () => WriteObject(ParameterSetName switch
    {
        ProcessSet => MakeProcess(),
        ScriptSet => MakeScript(),
        _ => MakeNetwork(),
    }));

    private ProcessLearner MakeProcess()
    {
        var learner = new ProcessLearner
        {
            Command = Process, Arguments = [.. ArgumentList], WorkingDirectory = ResolvePath("."),
        };
        return learner.Validate();
    }

    private ScriptLearner MakeScript()
    {
        if (ScriptBlock.Ast.Find(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true) is Ast outside)
        {
            throw new DatamodelException(
                "ScriptUsesSession", ErrorKind.InvalidArgument,
                $"The script uses '{outside}' of this session, but the run keeps the script's text alone and must be able to go "
                + "on without the session. Write the value into the script.");
        }

        return new ScriptLearner { Script = ScriptBlock.ToString().Trim() }.Validate();
    }

    private NetworkLearner MakeNetwork()
    {
        LearnerKind kind = Kind ?? (Layer is null ? s_default.Kind : LearnerKind.Convolutional);
        EquatableList<int> byDefault = kind == LearnerKind.Perceptron ? s_default.Hidden : [];
        var learner = new NetworkLearner
        {
            Kind = kind,
            Hidden = Hidden is null ? byDefault : [.. Hidden],
            Epochs = EpochCount,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            PeakEpoch = PeakEpoch ?? NetworkLearner.UsualPeak(EpochCount),
            Momentum = Momentum,
            WeightDecay = WeightDecay,
            LabelSmoothing = LabelSmoothing,
            Layers = [.. (Layer ?? []).SelectMany(text => Learners.Layer.Parse(text))],
            Flip = Flip,
            Translate = Translate,
            Cutout = Cutout,
            FlipAtTest = FlipAtTest,
        };
        return learner.Validate();
    }
}
