using System.Management.Automation;
using Datamodels.Data;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Reads examples from CSV files, plain or gzip, and splits them into a training set and a test set. Each file gives a data set
/// of its own.
/// </summary>
[Cmdlet(VerbsData.Import, "TrainingData", DefaultParameterSetName = "Path")]
[OutputType(typeof(TrainingData))]
public sealed class ImportTrainingDataCommand : PathCommand
{
    /// <summary>Whether the first line holds column names.</summary>
    [Parameter]
    public SwitchParameter Header { get; set; }

    /// <summary>
    /// The column with the class: a name, or a number counted from 1, or from the end if negative; by default the last.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LabelColumn { get; set; } = "-1";

    /// <summary>How features are scaled, by constants of the training set alone.</summary>
    [Parameter]
    public FeatureScaling Scaling { get; set; }

    /// <summary>Test examples set aside: below 1 a fraction of all, from 1 a count.</summary>
    [Parameter]
    public double TestSize { get; set; } = 0.2;

    /// <summary>Seed of the stratified split.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Image shape where the features are pixels, such as 8x8 or 32x32x3.</summary>
    [Parameter]
    public ImageShape? ImageShape { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        var source = new DataSource
        {
            Path = path,
            Header = Header,
            LabelColumn = LabelColumn,
            Scaling = Scaling,
            TestSize = TestSize,
            Seed = Seed,
            ImageShape = ImageShape,
        };
        WriteVerbose($"Reading '{path}': label column {LabelColumn}, scaling {Scaling}, test size {TestSize}, seed {Seed}.");
        TrainingData data = Run((_, cancellation) => TrainingDataReader.Read(source, cancellation));
        WriteVerbose($"{data}.");
        WriteObject(data);
    }
}
