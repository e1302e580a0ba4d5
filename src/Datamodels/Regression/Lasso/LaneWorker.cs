namespace Datamodels.Regression;

/// <summary>
/// One thread's lanes at work: every lane goes through the lambdas of its task at its own pace, and takes the next task when it
/// is through, so that no lane waits for another.
/// </summary>
internal sealed class LaneWorker : IDisposable
{
    // Sweeps for one lambda, after which it is given up, and said so by its certificate.
    private const int MaximumSweeps = 5000;

    private readonly LassoLanes _lanes;
    private readonly HeldOutErrors? _heldOut;
    private readonly LaneTask?[] _tasks;
    private readonly int[] _sweeps;
    private readonly double[] _lambdas;
    private readonly double[] _lastLambdas;
    private readonly double[] _errors;
    private readonly double[] _ratios;
    private readonly bool[] _solved;
    private readonly bool[] _goes;

    /// <summary>Takes the lanes, and the errors of their weights on held-out rows, if any; disposes of both.</summary>
    public LaneWorker(LassoLanes lanes, HeldOutErrors? heldOut)
    {
        _lanes = lanes;
        _heldOut = heldOut;
        _tasks = new LaneTask?[lanes.Count];
        _sweeps = new int[lanes.Count];
        _lambdas = new double[lanes.Count];
        _lastLambdas = new double[lanes.Count];
        _errors = new double[lanes.Count];
        _ratios = new double[lanes.Count];
        _solved = new bool[lanes.Count];
        _goes = new bool[lanes.Count];
        Array.Fill(_errors, double.NaN);
    }

    /// <summary>Does tasks until there are no more.</summary>
    /// <param name="next">Gives the next task, with its held-out margins less the mean of the fitted; null at the end.</param>
    /// <param name="done">Takes a task that is through.</param>
    /// <param name="cancellation">Stops between panels.</param>
    public void Run(
        Func<(LaneTask Task, double[] HeldOutMargins)?> next, Action<LaneTask> done, CancellationToken cancellation)
    {
        int running = 0;
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            running += Begin(lane, next()) ? 1 : 0;
        }

        while (running > 0)
        {
            _lanes.Sweep(cancellation);
            _lanes.Certify();
            if (!MarkSolved())
            {
                continue;
            }

            _heldOut?.Compute(_solved, _errors, cancellation);
            for (int lane = 0; lane < _lanes.Count; lane++)
            {
                if (_solved[lane] && !GoOn(lane))
                {
                    done(_tasks[lane]!);
                    running -= Begin(lane, next()) ? 0 : 1;
                }
            }

            _lanes.GoOn(_goes, _ratios);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanes.Dispose();
        _heldOut?.Dispose();
    }

    private bool Begin(int lane, (LaneTask Task, double[] HeldOutMargins)? next)
    {
        _goes[lane] = false;
        _tasks[lane] = next?.Task;
        if (next is not var (task, margins))
        {
            _lanes.Stop(lane);
            return false;
        }

        _lanes.Start(lane, task.Problem);
        _heldOut?.Start(lane, margins);
        _sweeps[lane] = 0;
        _lambdas[lane] = 0;
        SetLambda(lane);
        return true;
    }

    private void SetLambda(int lane)
    {
        _lastLambdas[lane] = _lambdas[lane];
        _lambdas[lane] = _tasks[lane]!.Lambda;
        _lanes.SetLambda(lane, _lambdas[lane]);
    }

    private bool MarkSolved()
    {
        bool any = false;
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            _goes[lane] = false;
            _solved[lane] = _tasks[lane] is LaneTask task
                && (++_sweeps[lane] == MaximumSweeps || _lanes.CertificateOf(lane).DualityGap <= task.Tolerance);
            any |= _solved[lane];
        }

        return any;
    }

    // On to the lane's next lambda, if it has one.
    private bool GoOn(int lane)
    {
        double beforeLast = _lastLambdas[lane];
        double last = _lambdas[lane];
        if (!_tasks[lane]!.Next(_lanes, lane, _lanes.CertificateOf(lane), _errors[lane]))
        {
            return false;
        }

        SetLambda(lane);
        _sweeps[lane] = 0;
        _goes[lane] = true;
        _ratios[lane] = beforeLast > last ? (last - _lambdas[lane]) / (beforeLast - last) : 0;
        return true;
    }
}
