using System.Management.Automation;
using Datamodels.Data;
using Datamodels.PowerShell.Completion;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Reads examples from CSV, IDX (MNIST), CIFAR, NPY and NPZ files and makes a training set and a test set of them. All files of
/// one call are one set; each object from the pipeline gives a set of its own.
/// </summary>
[Cmdlet(VerbsData.Import, "TrainingData", DefaultParameterSetName = "Path")]
[OutputType(typeof(TrainingData))]
public sealed class ImportTrainingDataCommand : PathCommand
{
    /// <summary>
    /// Files of the test set, or a folder of them; wildcards are allowed. Without it, files whose names say test are the test
    /// set, else part of the examples is set aside.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PathCompleter))]
    public string[] TestPath { get; set; } = [];

    /// <summary>Whether the first line of a CSV file holds column names.</summary>
    [Parameter]
    public SwitchParameter Header { get; set; }

    /// <summary>
    /// The column of a CSV file with the class: a name, or a number counted from 1, or from the end if negative; by default the
    /// last.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LabelColumn { get; set; } = "-1";

    /// <summary>How features are scaled, by constants of the training set alone.</summary>
    [Parameter]
    public FeatureScaling Scaling { get; set; }

    /// <summary>Training examples that are used: below 1 a fraction, from 1 a count; by default all.</summary>
    [Parameter]
    public double? TrainSize { get; set; }

    /// <summary>
    /// Test examples that are used: below 1 a fraction, from 1 a count; by default the whole test set, or a fifth of all
    /// examples where the data has no test set.
    /// </summary>
    [Parameter]
    public double? TestSize { get; set; }

    /// <summary>Seed of the stratified choice of training and test examples.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Image shape where the features are pixels and the format does not say it, such as 8x8 or 32x32x3.</summary>
    [Parameter]
    public ImageShape? ImageShape { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] given = [.. Path, .. LiteralPath];
        Attempt(given.Length == 1 ? given[0] : given, () =>
        {
            var source = new DataSource
            {
                Path = [.. Path.SelectMany(ResolveWildcards), .. LiteralPath.Select(ResolveLiteral)],
                TestPath = [.. TestPath.SelectMany(ResolveWildcards)],
                Header = Header,
                LabelColumn = LabelColumn,
                Scaling = Scaling,
                TrainSize = TrainSize,
                TestSize = TestSize,
                Seed = Seed,
                ImageShape = ImageShape,
            };
            WriteVerbose($"Reading '{source}': label column {LabelColumn}, scaling {Scaling}, seed {Seed}.");
            TrainingData data = Run((_, cancellation) => TrainingDataReader.Read(source, cancellation));
            WriteVerbose($"{data}.");
            WriteObject(data);
        });
    }
}
