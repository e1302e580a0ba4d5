using System.Management.Automation;
using Datamodels.Experiments;
using Datamodels.Learners;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Does everything that an experiment file says: subset training, fit, influencers, brittle sets, held-out scores. A
/// stopped experiment goes on where it was when it is started again.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "DatamodelExperiment", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ExperimentResult))]
public sealed class InvokeDatamodelExperimentCommand : EachPathCommand
{
    private string? _output;

    /// <summary>Folder for everything that is written; by default the one that the file names.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Models trained, and targets fitted, at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        Require(OutputPath, () => _output = OutputPath is null ? null : ResolvePath(OutputPath));

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        Experiment experiment = ExperimentFile.Read(path, _output);
        WriteVerbose(
            $"'{path}': {experiment.Plan} of '{experiment.Data}' with {experiment.Learner}, to '{experiment.Output}'.");
        if (!ShouldProcess(experiment.Output, $"Run the experiment '{path}'"))
        {
            return;
        }

        experiment = experiment with { Fit = experiment.Fit with { Threads = ThrottleLimit } };
        ITrainingEngine engine = EngineFor(experiment.Learner, ThrottleLimit);
        ExperimentResult result = Run((progress, cancellation) =>
            ExperimentRunner.Run(experiment, engine, progress, cancellation));
        foreach (string warning in result.Warnings())
        {
            WriteWarning($"'{path}': {warning}");
        }

        WriteObject(result);
    }
}
