using System.Management.Automation;
using Datamodels.Insight;
using Datamodels.Learners;
using Datamodels.Runs;

namespace Datamodels.PowerShell.Commands;

/// <summary>
/// Checks brittle sets by retraining without them, or with their labels changed, and, as the control, on the whole training
/// set; with -Search it looks for the smallest set of each target that retraining confirms.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "BrittleSet")]
[OutputType(typeof(BrittleSet))]
public sealed class TestBrittleSetCommand : DatamodelCommand
{
    // Enough models at once that the cores stay busy, few enough that results come as they are done.
    private const int ModelsPerCore = 8;

    private readonly List<BrittleSet> _waiting = [];

    // One for each run, since each has a learner of its own.
    private readonly Dictionary<string, BrittleVerifier> _verifiers = [];
    private int _batch;

    /// <summary>The brittle sets to check, as from Find-BrittleSet.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public BrittleSet[] BrittleSet { get; set; } = [];

    /// <summary>
    /// Searches the smallest set that retraining confirms, beginning with the one given. Where none is given, since the
    /// datamodel finds none, the search begins with every example of a positive weight.
    /// </summary>
    [Parameter]
    public SwitchParameter Search { get; set; }

    /// <summary>Models retrained per set, and for the control.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int RetrainingCount { get; set; } = 20;

    /// <summary>Seed of the retrainings.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Models trained at once; 0 takes every core.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        int threads = ParallelTraining.CountOf(ThrottleLimit);
        _batch = Math.Max(1, threads * ModelsPerCore / RetrainingCount);
        WriteVerbose(
            $"{RetrainingCount} retrainings of each set, seed {Seed}, {threads} models at once, {_batch} sets in a batch.");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (BrittleSet set in BrittleSet)
        {
            // One run at a time, so that data that is gone spoils no sets but its own.
            if (_waiting.Count > 0 && _waiting[0].Datamodel.Training.Path != set.Datamodel.Training.Path)
            {
                Verify();
            }

            _waiting.Add(set);

            // A program is started for each batch, which takes long enough to have them all in one. So does a search: its last
            // rounds are of few targets.
            if (_waiting.Count >= _batch && !Search && set.Datamodel.Training.Spec.Learner is NetworkLearner)
            {
                Verify();
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_waiting.Count > 0)
        {
            Verify();
        }
    }

    private void Verify()
    {
        BrittleSet[] sets = [.. _waiting];
        _waiting.Clear();
        Attempt(sets, () =>
        {
            BrittleVerifier verifier = VerifierOf(sets[0].Datamodel.Training);
            Stream((progress, cancellation) => Search
                ? new BrittleSearch(verifier).Search(sets, progress, cancellation)
                : verifier.Verify(sets, progress, cancellation));
        });
    }

    private BrittleVerifier VerifierOf(SubsetTraining training)
    {
        if (!_verifiers.TryGetValue(training.Path, out BrittleVerifier? verifier))
        {
            verifier = new BrittleVerifier(EngineFor(training.Spec.Learner, ThrottleLimit), RetrainingCount, Seed);
            _verifiers.Add(training.Path, verifier);
        }

        return verifier;
    }
}
