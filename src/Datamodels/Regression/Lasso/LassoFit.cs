namespace Datamodels.Regression;

/// <summary>
/// The lasso of many targets over one Gram matrix: lambda is chosen on each fold's complement, for all targets at a time,
/// with the fold taken out of the Gram matrix and put back; then all rows are fitted at the chosen lambda.
/// </summary>
/// <param name="matrix">The masks.</param>
/// <param name="gram">Their Gram matrix over all segments; the same again after each call.</param>
/// <param name="folds">What is held out.</param>
/// <param name="options">Settings.</param>
internal sealed class LassoFit(BitMatrix matrix, GramPanels gram, FitFolds folds, FitOptions options) : ITargetFit
{
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public IEnumerable<(int Place, LambdaChoice Choice)> Choose(
        TargetMargins[] targets, Action<double> report, CancellationToken cancellation)
    {
        double[] largest = Array.ConvertAll(
            targets, margins => options.LambdaMax(new LassoProblem(gram, margins.SumsWithout(-1))));
        var errors = new LambdaErrors[targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            errors[i] = new LambdaErrors();
        }

        int before = 0;
        foreach (int fold in folds.HeldOut)
        {
            gram.Subtract(matrix, fold, cancellation);
            var rows = new HeldOutRows(matrix, fold, cancellation);
            (LaneTask, double[])? Path(int i)
            {
                var problem = new LassoProblem(gram, targets[i].SumsWithout(fold));
                RowSegment segment = matrix.Segments[fold];
                double[] margins = targets[i].Values.AsSpan(segment.FirstRow, segment.RowCount).ToArray();
                for (int row = 0; row < margins.Length; row++)
                {
                    margins[row] -= problem.Mean;
                }

                return (new LambdaPath(problem, largest[i], options), margins);
            }

            int lanes = FitMemory.Lanes(targets.Length, Threads(targets.Length), FitMemory.MaximumLanes);
            var under = new TasksUnderWay();
            using var work = new PieceWork<LambdaPath>(targets.Length, Threads(targets.Length), (next, done, stop) =>
            {
                (LassoLanes Lanes, HeldOutErrors Errors) pair = LassoLanes.Create(gram, rows, lanes, options.L1Ratio);
                using var worker = new LaneWorker(pair.Lanes, pair.Errors);
                Run(worker, under, next, Path, done, stop);
            }, cancellation);
            int earlier = before;
            foreach ((int i, LambdaPath path) in Results(work, targets.Length, () => report(earlier + work.Done + under.Done)))
            {
                errors[i].Add(path, targets[i].Segments[fold], matrix.Segments[fold].RowCount);
                if (fold == folds.HeldOut[^1])
                {
                    yield return (i, errors[i].Choose(largest[i], options));
                }
            }

            before += targets.Length;
            report(before);
            gram.Add(matrix, fold, cancellation);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(int Place, FittedTarget Fit)> Refit(
        TargetMargins[] targets, LambdaChoice[] choices, Action<double> report, CancellationToken cancellation)
    {
        int lanes = FitMemory.Lanes(targets.Length, Threads(targets.Length), FitMemory.MaximumExactLanes);
        var under = new TasksUnderWay();
        using var work = new PieceWork<FittedTarget>(targets.Length, Threads(targets.Length), (next, done, stop) =>
        {
            using var worker = new LaneWorker(LassoLanes.Create(gram, lanes, options.L1Ratio), null);
            Run<LassoRefit>(
                worker, under, next,
                i =>
                {
                    var problem = new LassoProblem(gram, targets[i].SumsWithout(-1));
                    double lambda = choices[i].Lambda;
                    if (lambda < options.LambdaMax(problem))
                    {
                        return (new LassoRefit(problem, lambda, options), []);
                    }

                    // From lambda_max up the mean alone is the solution.
                    done(i, Empty(targets[i], choices[i]));
                    return null;
                },
                (i, refit) => done(i, Fitted(targets[i], choices[i], refit)), stop);
        }, cancellation);
        foreach ((int, FittedTarget) fitted in Results(work, targets.Length, () => report(work.Done + under.Done)))
        {
            yield return fitted;
        }
    }

    private int Threads(int targets) => Math.Min(options.ThreadCount, targets);

    // All results as they are done, reporting before each of them and while there is none.
    private static IEnumerable<(int Place, TResult Result)> Results<TResult>(PieceWork<TResult> work, int count, Action report)
        where TResult : class
    {
        for (int taken = 0; taken < count; taken++)
        {
            (int, TResult) next;
            while (!work.TryTake(s_wait, out next))
            {
                report();
            }

            report();
            yield return next;
        }
    }

    // Feeds a worker with the tasks of the targets whose places it is given, but for those that need none.
    private static void Run<TTask>(
        LaneWorker worker, TasksUnderWay under, Func<int?> next, Func<int, (LaneTask Task, double[] HeldOut)?> task,
        Action<int, TTask> done, CancellationToken cancellation)
        where TTask : LaneTask
    {
        var places = new Dictionary<LaneTask, int>();
        worker.Run(
            () =>
            {
                while (next() is int i)
                {
                    if (task(i) is var (made, heldOut))
                    {
                        places.Add(made, i);
                        under.Add(made);
                        return (made, heldOut);
                    }
                }

                return null;
            },
            through =>
            {
                places.Remove(through, out int place);
                under.Remove(through);
                done(place, (TTask)through);
            },
            cancellation);
    }

    private FittedTarget Empty(TargetMargins margins, LambdaChoice choice)
    {
        TargetSums sums = margins.SumsWithout(-1);
        double bias = margins.Shift + (sums.Sum / gram.RowCount);
        return new FittedTarget([], [], bias, choice.Lambda, choice.HeldOutR2, 0, 0, choice.Converged)
            .WithResiduals(gram.RowCount * sums.VarianceOver(gram.RowCount), gram.RowCount);
    }

    private FittedTarget Fitted(TargetMargins margins, LambdaChoice choice, LassoRefit refit)
    {
        FittedTarget fit = FittedTarget.FromDense(refit.Weights, refit.Problem.BiasOf(refit.Weights) + margins.Shift) with
        {
            Lambda = choice.Lambda,
            HeldOutR2 = choice.HeldOutR2,
            DualityGap = refit.Certificate.DualityGap,
            KktResidual = refit.Certificate.KktResidual,
            Converged = choice.Converged && refit.Certificate.DualityGap <= options.Tolerance,
        };
        double l1 = options.L1Ratio * choice.Lambda;
        return fit.WithResiduals(refit.Problem.ResidualSquares(refit.Weights, l1, choice.Lambda - l1), gram.RowCount);
    }

    /// <summary>The tasks in the lanes of all threads.</summary>
    private sealed class TasksUnderWay
    {
        private readonly Lock _gate = new();
        private readonly HashSet<LaneTask> _tasks = [];

        /// <summary>What is done of them, as a number of whole ones.</summary>
        public double Done
        {
            get
            {
                lock (_gate)
                {
                    return _tasks.Sum(task => task.Done);
                }
            }
        }

        public void Add(LaneTask task)
        {
            lock (_gate)
            {
                _tasks.Add(task);
            }
        }

        public void Remove(LaneTask task)
        {
            lock (_gate)
            {
                _tasks.Remove(task);
            }
        }
    }
}
