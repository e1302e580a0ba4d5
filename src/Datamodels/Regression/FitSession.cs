using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>
/// A fit under way: masks are packed and pairs counted once, then the targets go through in chunks. A target's numbers depend on
/// the rows and the options only, never on threads, on memory, on the other targets, or on interruptions.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="options">Settings, valid.</param>
/// <param name="store">Keeps what is done, and gives what was; null keeps nothing.</param>
/// <param name="failed">Told why a target cannot be fitted.</param>
/// <param name="progress">Told where the fit stands, on the thread that takes the results.</param>
/// <param name="cancellation">Stops within a fraction of a second.</param>
internal sealed class FitSession(
    IRunRows rows, FitOptions options, FitStore? store, Action<FitFailure> failed, IProgress<WorkProgress>? progress,
    CancellationToken cancellation) : IDisposable
{
    // What a path takes of the time, beside what the weights at its lambda take.
    private const int PathWork = 3;

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(200);

    private BitMatrix? _matrix;
    private GramPanels? _gram;
    private ITargetFit? _method;

    /// <summary>Fits the targets; yields in their order, but for those that fail.</summary>
    public IEnumerable<(int Target, FittedTarget Fit)> Fit()
    {
        int[] targets = options.Targets?.ToArray() ?? [.. Enumerable.Range(0, rows.TargetCount)];
        FitFolds folds = FitFolds.Of(rows, options);
        FitMemory memory = FitMemory.For(rows, folds, options);
        int before = 0;
        int kept = targets.Count(IsKept);
        int work = (PathWork * folds.HeldOut.Length) + 1;
        ProgressMeter? meter = null;
        foreach (int[] chunk in targets.Chunk(memory.ChunkSize))
        {
            int[] missing = [.. chunk.Where(target => !IsKept(target))];
            IEnumerator<(int Place, FittedTarget Fit)>? fitted = null;
            TargetMargins[] margins = [];
            if (missing.Length > 0)
            {
                margins = TargetMargins.Read(rows, missing, cancellation);
            }

            TargetMargins[] good = [.. margins.Where(target => target.Problem is null)];
            if (good.Length > 0)
            {
                Prepare(folds, memory);
                meter ??= new ProgressMeter(progress, "Fitting datamodels", targets.Length, kept);
                TargetMargins.Sum(good, _matrix!, options.ThreadCount, cancellation);
                int done = before + chunk.Length - missing.Length;
                LambdaChoice[] choices = Choose(good, paths => meter.Report((long)(done + (PathWork * paths / work))));
                int chosen = PathWork * folds.HeldOut.Length * good.Length;
                fitted = _method!
                    .Refit(good, choices, refits => meter.Report((long)(done + ((chosen + refits) / work))), cancellation)
                    .GetEnumerator();
            }

            using (fitted)
            {
                // What is done before its turn is kept at once, and given in its turn.
                var waiting = new Dictionary<int, FittedTarget>();
                int next = 0;
                int place = 0;
                foreach (int target in chunk)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (next == margins.Length || margins[next].Target != target)
                    {
                        yield return (target, Kept(target));
                    }
                    else if (margins[next++].Problem is DatamodelException problem)
                    {
                        failed(new FitFailure(target, problem));
                    }
                    else
                    {
                        FittedTarget? fit;
                        while (!waiting.Remove(place, out fit))
                        {
                            fitted!.MoveNext();
                            store?.Add(good[fitted.Current.Place].Target, fitted.Current.Fit);
                            waiting.Add(fitted.Current.Place, fitted.Current.Fit);
                        }

                        place++;
                        yield return (target, fit);
                    }
                }
            }

            before += chunk.Length;
        }

        meter?.Report(targets.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _gram?.Dispose();

    private bool IsKept(int target) => store is not null && store.TryGetFit(target, out _);

    private FittedTarget Kept(int target) =>
        store!.TryGetFit(target, out FittedTarget? fit) ? fit : throw new InvalidOperationException($"{target} is not kept.");

    // Lambdas that were chosen before an interruption are not chosen again.
    private LambdaChoice[] Choose(TargetMargins[] targets, Action<double> report)
    {
        var choices = new LambdaChoice[targets.Length];
        var open = new List<int>();
        for (int i = 0; i < targets.Length; i++)
        {
            if (options.Chooses && store?.TryGetChoice(targets[i].Target, out choices[i]) != true)
            {
                open.Add(i);
            }
        }

        if (open.Count > 0)
        {
            TargetMargins[] unchosen = [.. open.Select(i => targets[i])];
            foreach ((int place, LambdaChoice choice) in _method!.Choose(unchosen, report, cancellation))
            {
                store?.Add(unchosen[place].Target, choice);
                choices[open[place]] = choice;
            }
        }

        return choices;
    }

    // Once, when the first target is there to be fitted.
    private void Prepare(FitFolds folds, FitMemory memory)
    {
        if (_method is not null)
        {
            return;
        }

        _matrix = BitMatrix.Read(rows, folds.RowCounts, cancellation);
        _method = options.Method switch
        {
            FitMethod.Lasso => new LassoFit(_matrix, Count(memory), folds, options),
            FitMethod.Ridge => new RidgeTargets(_matrix, Count(memory), folds, options),
            FitMethod.LeastSquares => Direct(() => new LeastSquaresFit(
                CentredGram.Read(Count(memory), cancellation), options.Tolerance, options.ThreadCount, cancellation)),
            FitMethod.DifferenceOfMeans => Direct(() => new MeanDifferenceFit(_matrix.CountOnes(), _matrix.RowCount)),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, null),
        };

        static DirectTargets Direct(Func<ITargetMethod> method) => new(new Lazy<ITargetMethod>(method));
    }

    private GramPanels Count(FitMemory memory)
    {
        var meter = new ProgressMeter(progress, "Counting pairs of examples", rows.TrainCount);
        var fraction = new Fraction();
        Task<GramPanels> counting = Task.Run(() => GramPanels.Count(
            _matrix!, memory.PanelBytes, Path.GetTempPath(), options.ThreadCount, fraction, cancellation));
        do
        {
            meter.Report((long)(fraction.Value * rows.TrainCount));
        }
        while (!((IAsyncResult)counting).AsyncWaitHandle.WaitOne(s_wait));

        _gram = counting.GetAwaiter().GetResult();
        return _gram;
    }

    private sealed class Fraction : IProgress<double>
    {
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Report(double value) => Volatile.Write(ref _value, value);
    }
}
