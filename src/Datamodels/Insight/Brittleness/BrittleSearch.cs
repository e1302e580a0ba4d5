using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>
/// Searches the smallest set that flips a target when models are really trained, among the first so many examples as its
/// datamodel ranks them: the search over the threshold C of the paper. Then it looks for a smaller one among the first so many
/// of the target's own class, in the same order. What it finds is verified, and so an upper bound on the true minimum, as far
/// as the mean of the retrainings is to be trusted.
/// <para>
/// It begins with the size of the set given; where the datamodel finds none, with every example of a positive weight. Which
/// sizes follow is said by <see cref="SizeBracket"/>. Each round retrains the next set of every target that is not done.
/// </para>
/// </summary>
/// <param name="verifier">Does the retraining.</param>
public sealed class BrittleSearch(BrittleVerifier verifier)
{
    /// <summary>
    /// Yields the smallest sets found, in the order given, each as soon as it and those before it are done. Their status is
    /// <see cref="BrittleStatus.Flipped"/>; <see cref="BrittleStatus.AlreadyWrong"/> for a target that models trained on all of
    /// S get wrong; or <see cref="BrittleStatus.CannotFlip"/>, with the reason.
    /// </summary>
    /// <param name="sets">Where to begin, as from <see cref="BrittleFinder"/>, verified or not.</param>
    /// <param name="progress">Told of the models of each round, at most five times a second.</param>
    /// <param name="cancellation">Stops within one model's training time.</param>
    /// <exception cref="DatamodelException">A retraining diverged, or nothing can be trained in this run.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancellation was asked for; the models trained so far are kept (<see cref="Retrainer"/>), and the same call goes on.
    /// </exception>
    /// <remarks>
    /// Holds, for each target, 12 bytes for each positive weight, or each example of its class, and the sets of one round.
    /// </remarks>
    public IEnumerable<BrittleSet> Search(
        IReadOnlyList<BrittleSet> sets, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        // With nothing changed, which is the control, each search begins.
        BrittleSet[] unchanged = [.. sets.Select(set => set with { Status = BrittleStatus.Found, Examples = [], Reason = null })];
        TargetSearch[] targets =
            [.. sets.Zip(verifier.Verify(unchanged, progress, cancellation), (set, control) => new TargetSearch(set, control))];
        int next = 0;
        for (int round = 1; next < targets.Length; round++)
        {
            TargetSearch[] open = [.. targets.Where(target => target.Result is null)];
            IProgress<WorkProgress>? named = progress is null ? null : new RoundProgress(progress, round, open.Length);
            BrittleSet[] verified = [.. verifier.Verify([.. open.Select(target => target.Next)], named, cancellation)];
            for (int i = 0; i < open.Length; i++)
            {
                open[i].Take(verified[i]);
            }

            for (; next < targets.Length && targets[next].Result is { } result; next++)
            {
                yield return result;
            }
        }
    }

    /// <summary>Where the search of one target stands.</summary>
    private sealed class TargetSearch
    {
        private readonly BrittleSet _control;
        private BrittlePrefixes _prefixes;
        private SizeBracket? _sizes;
        private bool _ofOwnClass;
        private BrittleSet? _smallest;
        private BrittleSet? _closest;

        public TargetSearch(BrittleSet set, BrittleSet control)
        {
            _prefixes = BrittlePrefixes.ByWeight(set.Datamodel, set.NewClass);
            _control = control with { SizeFactor = null, PredictedMargin = control.FullMargin };
            if (control.ControlMargin <= 0)
            {
                Result = _control with
                {
                    Status = BrittleStatus.AlreadyWrong,
                    Reason = FormattableString.Invariant($"The mean margin of {control.RetrainingCount} models trained on all ")
                        + FormattableString.Invariant($"of S is {control.ControlMargin:0.000}."),
                };
                return;
            }

            Begin(set.Status == BrittleStatus.NoSet ? int.MaxValue : set.Size, int.MaxValue);
        }

        /// <summary>The smallest set, once it is known.</summary>
        public BrittleSet? Result { get; private set; }

        /// <summary>The set to retrain next.</summary>
        public BrittleSet Next => _control with
        {
            Examples = _prefixes.Take(_sizes!.Next!.Value),
            PredictedMargin = _prefixes.MarginAt(_sizes.Next.Value),
        };

        /// <summary>Takes that set, verified.</summary>
        public void Take(BrittleSet verified)
        {
            bool flipped = verified.Status == BrittleStatus.Flipped;
            _sizes!.Take(flipped);
            _closest = _closest?.RetrainedMargin <= verified.RetrainedMargin ? _closest : verified;
            if (flipped)
            {
                _smallest = verified;
            }

            GoOn();
        }

        /// <summary>Begins with <paramref name="start"/> examples, or the nearest number that there can be.</summary>
        private void Begin(int start, int limit)
        {
            // A model cannot be trained on nothing.
            limit = Math.Min(limit, Math.Min(_prefixes.Count, _control.Datamodel.Training.TrainCount - 1));
            _sizes = limit > 0 ? new SizeBracket(Math.Clamp(start, 1, limit), limit) : null;
            GoOn();
        }

        /// <summary>Once one order is through, looks for a smaller set in the other; then that is the result.</summary>
        private void GoOn()
        {
            if (_sizes?.Next is not null)
            {
                return;
            }

            if (!_ofOwnClass)
            {
                _ofOwnClass = true;
                _prefixes = BrittlePrefixes.OfOwnClass(_control.Datamodel, _control.NewClass);
                Begin(int.MaxValue, _smallest is null ? int.MaxValue : _smallest.Size - 1);
                return;
            }

            Result = _smallest ?? (_closest ?? _control) with
            {
                Status = BrittleStatus.CannotFlip,
                Reason = _closest is null
                    ? $"There is no example that could be {_control.Change}."
                    : FormattableString.Invariant($"The mean margin of {_closest.RetrainingCount} models is at least ")
                        + FormattableString.Invariant($"{_closest.RetrainedMargin:0.000}, with {_closest.Size} examples ")
                        + $"{_closest.Change}.",
            };
        }
    }

    private sealed class RoundProgress(IProgress<WorkProgress> progress, int round, int targets) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => progress.Report(value with
        {
            Activity = FormattableString.Invariant($"{value.Activity}, round {round} of the search, {targets} targets left"),
        });
    }
}
