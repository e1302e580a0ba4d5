using Datamodels.Runs;

namespace Datamodels.Experiments;

/// <summary>Passes reports on under the name of the experiment's stage.</summary>
internal sealed class NamedProgress(IProgress<WorkProgress> progress, string stage) : IProgress<WorkProgress>
{
    public void Report(WorkProgress value) => progress.Report(value with
    {
        Activity = value.Activity == SubsetTraining.Checking ? $"{stage}: checking" : stage,
    });
}
